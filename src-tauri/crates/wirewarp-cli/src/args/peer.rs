//! `wirewarp peer ...`

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;
use wirewarp_model::Peer;

use super::{Removal, vps::SshArgs};

#[derive(Debug, Subcommand)]
pub enum PeerCommand {
    /// Connect a machine at home
    Add(Box<PeerAdd>),
    /// List peers
    List,
    /// Show one peer
    Show {
        /// Its name
        name: String,
    },
    /// Make the configuration of a manual peer again (its key changes unless it was kept)
    Config(PeerConfig),
    /// Give it another public IP; its forwards and egress go along
    Move {
        /// Its name
        name: String,
        /// Address of the pool, `round-robin` or `least-used`
        #[arg(long, value_name = "ADDR")]
        ip: String,
    },
    /// Take it out of force and keep its numbers and forwards
    Suspend {
        /// Names
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Put it in force again
    Resume {
        /// Names
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Give it another name
    Rename {
        /// Its name
        name: String,
        /// Its new name
        new_name: String,
    },
    /// Show how large packets may be in its tunnel, or change that; the tunnel and its connections go on
    Mtu {
        /// Its name
        name: String,
        /// MTU of the tunnel in bytes
        #[arg(long, value_name = "BYTES", value_parser = mtu_range())]
        set: Option<u16>,
        /// Measure the path from the peer to its VPS, and take the MTU that fits it
        #[arg(long, conflicts_with = "set")]
        measure: bool,
    },
    /// Measure latency, loss and the largest packet through the tunnel now; of all peers when left out
    Measure {
        /// Names
        names: Vec<String>,
    },
    /// Show what of its machine's own traffic goes through the tunnel, or change that
    Route {
        /// Its name
        name: String,
        /// What goes through the tunnel besides its VMs: `replies` to what came by it, `everything` that is not for the
        /// home, or networks such as 198.51.100.0/24
        #[arg(value_name = "replies|everything|CIDR")]
        route: Vec<String>,
    },
    /// Show the machines of its VM network whose addresses are fixed, or fix one: they are given by DHCP
    Lease(PeerLease),
    /// Make a new tunnel key on its host
    RotateKeys {
        /// Its name
        name: String,
    },
    /// Leave its host as it was found and forget it, with its forwards
    Remove(Removal),
}

fn mtu_range() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(i64::from(Peer::LEAST_MTU)..=9000)
}

#[derive(Debug, Args)]
pub struct PeerAdd {
    /// What to call it
    pub name: String,
    /// VPS on which it hangs [default: the only one]
    #[arg(long)]
    pub vps: Option<String>,
    #[command(flatten)]
    pub ssh: SshArgs,
    /// It is this machine
    #[arg(long, conflicts_with_all = ["host", "manual"])]
    pub local: bool,
    /// Make a configuration file for a device that is set up by hand
    #[arg(long, conflicts_with = "host")]
    pub manual: bool,
    /// How the manual peer uses the tunnel
    #[arg(long, value_enum, default_value = "full-tunnel", requires = "manual")]
    pub mode: ManualModeArg,
    /// Public address: one of the pool, `round-robin` or `least-used`
    #[arg(long, default_value = "round-robin", value_name = "ADDR")]
    pub ip: String,
    /// VM network [default: the next free 10.99.N.0/24]
    #[arg(long, value_name = "CIDR")]
    pub network: Option<String>,
    /// Existing interface for the VM network's gateway address [default: a bridge is made]
    #[arg(long, value_name = "NAME")]
    pub vm_interface: Option<String>,
    /// MTU of the tunnel in bytes [default: what the path to the VPS is measured to carry, 1420 at most]
    #[arg(long, value_name = "BYTES", value_parser = mtu_range())]
    pub mtu: Option<u16>,
    /// What of the machine's own traffic goes through the tunnel: `replies` to what came by it, `everything` that is not
    /// for the home, or networks with commas between them
    #[arg(
        long,
        value_name = "replies|everything|CIDR,..",
        default_value = "replies",
        hide_default_value = true,
        conflicts_with = "manual"
    )]
    pub route: String,
    #[command(flatten)]
    pub output: ConfigOutput,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ManualModeArg {
    /// All its traffic goes through the VPS; it sees the real clients
    FullTunnel,
    /// Only the tunnel goes through; the VPS stands in for the clients
    Masquerade,
}

#[derive(Debug, Args)]
pub struct PeerLease {
    /// Its name
    pub name: String,
    /// Network card of the machine, and its address [default: the next that is free]
    #[arg(long, value_name = "MAC[=ADDR]")]
    pub set: Option<String>,
    /// What to call the machine
    #[arg(long = "name", value_name = "TEXT", requires = "set")]
    pub label: Option<String>,
    /// Network card of a machine whose address is no longer fixed
    #[arg(long, value_name = "MAC", conflicts_with = "set")]
    pub drop: Option<String>,
}

#[derive(Debug, Args)]
pub struct PeerConfig {
    /// Its name
    pub name: String,
    #[command(flatten)]
    pub output: ConfigOutput,
}

/// Where a manual peer's configuration goes.
#[derive(Debug, Args)]
pub struct ConfigOutput {
    /// Write the configuration to this file (0600) instead of showing it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config_file: Option<PathBuf>,
    /// Show a QR code in the terminal
    #[arg(long)]
    pub qr: bool,
    /// Write a QR code as PNG
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub qr_png: Option<PathBuf>,
    /// Write a QR code as SVG
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub qr_svg: Option<PathBuf>,
    /// Keep the private key in the keychain, so that the configuration can be shown again
    #[arg(long)]
    pub keep_key: bool,
}
