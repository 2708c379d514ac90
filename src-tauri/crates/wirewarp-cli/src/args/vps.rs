//! `wirewarp vps ...`

use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

use super::Removal;

#[derive(Debug, Subcommand)]
pub enum VpsCommand {
    /// Connect a VPS and make it a WireGuard server
    Add(Box<VpsAdd>),
    /// List VPSes
    List,
    /// Show one VPS
    Show {
        /// Its name
        name: String,
    },
    /// Bring one VPS to what the inventory says
    Apply {
        /// Its name
        name: String,
    },
    /// Give it another name
    Rename {
        /// Its name
        name: String,
        /// Its new name
        new_name: String,
    },
    /// Forget the remembered host key and ask for the new one (you reinstalled the server)
    Trust {
        /// VPS or peer
        name: String,
        /// The fingerprint to accept, as `ssh-keygen -lf` prints it
        #[arg(long, value_name = "SHA256:..")]
        trust: Option<String>,
    },
    /// Leave the host as it was found and forget it
    Remove(Removal),
}

#[derive(Debug, Args)]
pub struct VpsAdd {
    /// What to call it
    pub name: String,
    #[command(flatten)]
    pub ssh: SshArgs,
    /// Addresses inside the tunnel [default: 10.0.0.0/24 unless it collides]
    #[arg(long, value_name = "CIDR")]
    pub tunnel_network: Option<String>,
    /// UDP port of WireGuard
    #[arg(long, value_name = "PORT", default_value = "51820")]
    pub listen_port: String,
    /// Public addresses for the IP pool [default: all that are found]; PUBLIC=PRIVATE where the provider maps them
    #[arg(long = "ip", value_name = "ADDR")]
    pub ips: Vec<String>,
}

/// How a host is reached.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that can be typed"
)]
pub struct SshArgs {
    /// Address, name, user@address, or an alias of ~/.ssh/config
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Hostname)]
    pub host: Option<String>,
    /// SSH port
    #[arg(long, value_name = "N")]
    pub port: Option<String>,
    /// User to log in as
    #[arg(long, value_name = "U")]
    pub user: Option<String>,
    /// Private key file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "agent")]
    pub key: Option<PathBuf>,
    /// Use ssh-agent alone
    #[arg(long)]
    pub agent: bool,
    /// Read the SSH password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Read the sudo password from the next line of standard input
    #[arg(long)]
    pub sudo_password_stdin: bool,
    /// Jump host: user@address:port or an alias
    #[arg(long, value_name = "H")]
    pub jump: Option<String>,
    /// Accept this host key, as `ssh-keygen -lf` prints its fingerprint
    #[arg(long, value_name = "SHA256:..")]
    pub trust: Option<String>,
    /// With a password: make a key, install it on the host, and use it from now on
    #[arg(long, requires = "password_stdin")]
    pub install_key: bool,
}
