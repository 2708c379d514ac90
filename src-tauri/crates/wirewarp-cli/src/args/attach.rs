//! `wirewarp proxmox attach` and `detach`.

use clap::{Args, ValueEnum};

use super::vps::SshArgs;

#[derive(Debug, Args)]
pub struct Attach {
    /// Name of the Proxmox host
    pub name: String,
    /// Number of the guest
    pub vmid: u32,
    /// Ports to open to it, as for `wirewarp port add`
    #[arg(long, value_name = "PORTS", conflicts_with = "template")]
    pub ports: Option<String>,
    /// Protocol of the ports: tcp, udp or both
    #[arg(long, value_name = "PROTO", requires = "ports")]
    pub proto: Option<String>,
    /// A named set of ports, e.g. minecraft
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// What to call what is opened
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// How it gets onto the network: one network card more (`new`), one that it has (`replace` or `replace:net1`), or not at
    /// all (`lan`: it stays on the LAN, and its server sees the node instead of the players)
    #[arg(long, value_name = "new|replace[:netN]|lan", default_value = "new")]
    pub nic: String,
    /// Who tells it its address [default: its configuration for containers and cloud-init, else DHCP]
    #[arg(long, value_enum)]
    pub address: Option<AddressArg>,
    /// With `--nic lan`: its address there [default: what the guest tells]
    #[arg(long, value_name = "ADDR")]
    pub lan_address: Option<String>,
    /// Peer on its node whose tunnel it takes; a new one is made if there is none of this name
    #[arg(long, value_name = "NAME")]
    pub peer: Option<String>,
    /// Of a new peer: VPS on which it hangs [default: the only one]
    #[arg(long)]
    pub vps: Option<String>,
    /// Of a new peer: public address of the pool, `round-robin` or `least-used`
    #[arg(long, value_name = "ADDR")]
    pub ip: Option<String>,
    /// Afterwards connect to what leads to it, from this machine, and name what fails (exit code 4)
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub ssh: SshArgs,
    #[command(flatten)]
    pub tasks: Tasks,
}

/// How long tasks of the node may take.
#[derive(Debug, Clone, Copy, Args)]
pub struct Tasks {
    /// How long a task of the node may take before it is left to itself
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(5..=3600))]
    pub task_timeout: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AddressArg {
    /// DHCP on the node, with a lease fixed to the card
    Dhcp,
    /// Its configuration in Proxmox: containers, and machines with cloud-init
    Config,
    /// Its guest agent, inside of it: a running machine with Linux or Windows
    Agent,
    /// You, inside the guest
    ByHand,
}

#[derive(Debug, Args)]
pub struct Detach {
    /// Name of the Proxmox host
    pub name: String,
    /// Number of the guest
    pub vmid: u32,
    #[command(flatten)]
    pub tasks: Tasks,
}
