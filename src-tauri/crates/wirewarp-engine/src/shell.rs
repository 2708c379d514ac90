//! Shells for the person: each over a connection of its own, beside those that the engine works with.

use wirewarp_model::{Access, GuestKind, Host, Inventory, Name};
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
        self.in_terminal(&inventory, host, size, None).await
    }

    /// Opens the console of a guest of a Proxmox host: a shell in a container, the serial port of a machine. By way of its node,
    /// which has to be a machine of the inventory.
    pub async fn open_console(
        &self,
        proxmox: &Name,
        vmid: u32,
        size: TerminalSize,
    ) -> Result<(ShellInput, ShellOutput), EngineError> {
        let inventory = self.inventory().await?;
        let (host, kind) = self.node_of_guest(&inventory, proxmox, vmid).await?;
        let command = match kind {
            GuestKind::Ct => format!("pct enter {vmid}"),
            GuestKind::Vm => format!("qm terminal {vmid}"),
        };
        self.in_terminal(&inventory, host, size, Some(&command)).await
    }

    /// `command`: what root runs there instead of the login shell.
    async fn in_terminal(
        &self,
        inventory: &Inventory,
        host: &Host,
        size: TerminalSize,
        command: Option<&str>,
    ) -> Result<(ShellInput, ShellOutput), EngineError> {
        let name = &host.name;
        let Access::Ssh(ssh) = &host.access else {
            let message = format!("“{name}” is this machine; WireWarp opens terminals over SSH alone.");
            return Err(EngineError::refused(
                "local",
                message,
                &["Use the terminal that this system has."],
            ));
        };
        let connection = self.hosts.for_terminal(inventory, host, ssh).await;
        let connection = connection.map_err(|error| error.on(&host.name))?;
        let by_root = command.map(|command| match connection.user() {
            "root" => command.to_owned(),
            // It asks in the terminal where it has to.
            _ => format!("sudo {command}"),
        });
        let shell = connection.shell(size, by_root.as_deref()).await;
        shell.map_err(|error| EngineError::ssh(error).on(&host.name))
    }
}
