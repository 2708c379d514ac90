//! `wirewarp ip ...`

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum IpCommand {
    /// Show the pool with its use
    List {
        /// VPS
        vps: String,
    },
    /// Add an address to the pool (all that are found when left out)
    Add {
        /// VPS
        vps: String,
        /// PUBLIC, or PUBLIC=PRIVATE where the provider maps it
        address: Option<String>,
    },
    /// Take an address that no peer has out of the pool
    Remove {
        /// VPS
        vps: String,
        /// Address
        address: String,
    },
    /// Give the address to new peers again
    Enable {
        /// VPS
        vps: String,
        /// Address
        address: String,
    },
    /// Do not give the address to new peers
    Disable {
        /// VPS
        vps: String,
        /// Address
        address: String,
    },
}
