//! Shells for the person: each over a connection of its own, beside those that the engine works with.

use wirewarp_model::{Access, Name};
use wirewarp_remote::ssh::{ShellInput, ShellOutput, TerminalSize};

use crate::{Engine, error::EngineError, preview::host_named};

impl Engine {
    /// Opens a shell on a host, as the user that the inventory has for it.
    pub async fn open_shell(
        &self,
        name: &Name,
        size: TerminalSize,
    ) -> Result<(ShellInput, ShellOutput), EngineError> {
        let inventory = self.inventory().await?;
        let host = host_named(&inventory, name)?;
        let Access::Ssh(ssh) = &host.access else {
            let message = format!("“{name}” is this machine; WireWarp opens terminals over SSH alone.");
            return Err(EngineError::refused(
                "local",
                message,
                &["Use the terminal that this system has."],
            ));
        };
        let connection = self.hosts.for_terminal(&inventory, host, ssh).await;
        let connection = connection.map_err(|error| error.on(&host.name))?;
        let shell = connection.shell(size).await;
        shell.map_err(|error| EngineError::ssh(error).on(&host.name))
    }
}
