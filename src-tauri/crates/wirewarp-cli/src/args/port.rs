//! `wirewarp port ...`

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum PortCommand {
    /// Open ports on the peer's public address
    Add(PortAdd),
    /// List forwards
    List {
        /// Of this peer alone
        peer: Option<String>,
    },
    /// Close forwards for good
    Remove(Chosen),
    /// Put forwards in force
    Enable(Chosen),
    /// Take forwards out of force and keep them
    Disable(Chosen),
}

#[derive(Debug, Args)]
pub struct PortAdd {
    /// Peer
    pub peer: String,
    /// Ports: 25565 · 80,443 · 27000-27050 · 443->8443 · 8000-8010->9000; `all` for the whole address, ICMP included
    #[arg(required_unless_present_any = ["template", "from"], conflicts_with_all = ["template", "from"], value_name = "PORTS|all")]
    pub ports: Option<String>,
    /// Protocol [default: tcp]
    #[arg(long, value_name = "tcp|udp|both", conflicts_with = "template")]
    pub proto: Option<String>,
    /// Machine that answers: address of a VM or of the LAN, or `peer` for the peer itself [default: the first VM]
    #[arg(long, value_name = "ADDR")]
    pub to: Option<String>,
    /// What to call it
    #[arg(long)]
    pub label: Option<String>,
    /// Ports of a game or service; see `wirewarp template list`
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// Read many from a file (`-`: standard input): one `PORTS [PROTOCOL [TARGET [LABEL]]]` a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["template", "to", "label", "proto"])]
    pub from: Option<std::path::PathBuf>,
    /// Record them disabled
    #[arg(long)]
    pub disabled: bool,
}

/// Forwards, chosen one by one or by peer.
#[derive(Debug, Args)]
pub struct Chosen {
    /// Identifiers (or their first characters) or labels
    #[arg(required_unless_present = "of")]
    pub forwards: Vec<String>,
    /// All of this peer
    #[arg(long, value_name = "PEER", conflicts_with = "forwards")]
    pub of: Option<String>,
}
