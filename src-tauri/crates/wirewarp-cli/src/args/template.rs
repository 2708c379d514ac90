//! `wirewarp template ...`

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// List the built-in ones and your own
    List,
    /// Add one of your own, e.g. `wirewarp template add myserver "25565 tcp+udp, 8123 tcp"`
    Add {
        /// Its name
        name: String,
        /// Its ports
        ports: String,
    },
    /// Remove one of your own
    Remove {
        /// Its name
        name: String,
    },
}
