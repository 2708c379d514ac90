//! `wirewarp proxmox ...`

use clap::{Args, Subcommand, ValueHint};

use super::attach::{Attach, Detach};

#[derive(Debug, Subcommand)]
pub enum ProxmoxCommand {
    /// Sign in to a Proxmox host and keep it in the inventory
    Add(Box<ProxmoxAdd>),
    /// Sign in to a known Proxmox host anew, or as somebody else
    Login {
        /// Its name
        name: String,
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// List Proxmox hosts
    List,
    /// Show the nodes and guests of a Proxmox host as they are now
    Guests {
        /// Its name
        name: String,
    },
    /// Show one guest with its network cards and addresses
    Guest {
        /// Name of the Proxmox host
        name: String,
        /// Number of the guest
        vmid: u32,
    },
    /// Show the bridges of all nodes as they are now
    Bridges {
        /// Name of the Proxmox host
        name: String,
    },
    /// Bring a guest onto a peer's network, and open ports to it
    Attach(Box<Attach>),
    /// Show the guests that are attached, and where they differ from how they were left
    Attached {
        /// Name of the Proxmox host
        name: String,
    },
    /// Give a guest what it had before it was attached
    Detach(Detach),
    /// Trust the certificate that it shows now (you renewed it, or reinstalled the host)
    Trust {
        /// Its name
        name: String,
        /// The fingerprint to accept, as Proxmox shows it under the node's System, Certificates
        #[arg(long, value_name = "SHA256")]
        trust: Option<String>,
    },
    /// Forget a Proxmox host and its secret; nothing changes there
    Remove {
        /// Its name
        name: String,
        /// Forget it with the guests that are attached through it (it is gone for good)
        #[arg(long)]
        forget: bool,
    },
}

#[derive(Debug, Args)]
pub struct ProxmoxAdd {
    /// What to call it
    pub name: String,
    /// Where its window opens, e.g. `https://192.168.1.10:8006`
    #[arg(long, value_hint = ValueHint::Url)]
    pub url: String,
    /// Accept this certificate: its SHA-256, as Proxmox shows it under the node's System, Certificates
    #[arg(long, value_name = "SHA256")]
    pub trust: Option<String>,
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// Who signs in.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that can be typed"
)]
pub struct SignInArgs {
    /// Read an API token, user@realm!name=secret, from the first line of standard input
    #[arg(long, conflicts_with = "user")]
    pub token_stdin: bool,
    /// User and realm, e.g. root@pam
    #[arg(long, value_name = "USER@REALM")]
    pub user: Option<String>,
    /// Read the user's password from the first line of standard input
    #[arg(long, requires = "user")]
    pub password_stdin: bool,
    /// Read the code of the second factor from the next line of standard input
    #[arg(long, requires = "password_stdin")]
    pub code_stdin: bool,
    /// Make an API token for WireWarp, with the rights that it needs and no others, and keep that
    #[arg(long, requires = "user")]
    pub make_token: bool,
    /// Keep the password
    #[arg(long, requires = "user", conflicts_with = "make_token")]
    pub keep_password: bool,
}
