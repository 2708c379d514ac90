//! `wirewarp client ...`.

use clap::{Args, Subcommand};
use std::net::Ipv4Addr;

use super::watch::seconds;

#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Show who is connected through a forward now, and who is kept out
    List {
        /// Identifier or label
        forward: String,
    },
    /// End what a client has open through a forward; it may come again
    End(Whom),
    /// Keep a client out of a forward's public address for a while
    Block {
        #[command(flatten)]
        whom: Whom,
        /// How long, e.g. 10m, 1h, 7d
        #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = seconds)]
        time: i64,
    },
    /// Let a client in again
    Unblock(Whom),
}

#[derive(Debug, Args)]
pub struct Whom {
    /// Identifier or label
    pub forward: String,
    /// Address of the client
    pub client: Ipv4Addr,
}
