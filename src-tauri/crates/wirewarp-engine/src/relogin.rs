//! Another way to log in to a host that is known: its address, port, user, key or password has changed.

use wirewarp_model::{Access, Inventory, Name};

use crate::{Engine, edit::Proposal, error::EngineError, hosts::login::HostLogin, preview::host_named};

impl Engine {
    /// Logs in the new way, sees that it is the same machine, and proposes to use that way from now on. Nothing on the
    /// host is changed, but for a key that was asked to be installed.
    pub async fn relogin(&self, name: &Name, mut login: HostLogin) -> Result<Proposal, EngineError> {
        let inventory = self.inventory().await?;
        let host = host_named(&inventory, name)?;
        let id = host.id;
        let session = self.hosts.first(&login).await?;
        let observed = self.look(name, &session).await?;
        let known = host.machine_id.as_ref();
        if known.is_some() && known != observed.machine_id.as_ref() {
            return Err(EngineError::refused(
                "other_machine",
                format!("That is another machine than “{name}”."),
                &[
                    "If the server was reinstalled, remove it with “forget” and add it again",
                    "Else check the address",
                ],
            ));
        }
        if login.install_key {
            self.install_key(id, name, &mut login, &session).await?;
        }
        let access = Access::Ssh(login.access.clone());
        let mut after: Inventory = inventory.clone();
        for host in after.hosts.iter_mut().filter(|host| host.id == id) {
            host.access = access.clone();
        }
        self.hosts.keep(id, session).await;
        Ok(Proposal::new(inventory, after, "host.login")
            .with_login(id, login)
            .with_look(id, observed))
    }
}
