//! Trying a machine before it is added: nothing on it, and nothing here, is changed.

use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{Host, HostId, Name, observed::Observed};
use wirewarp_plan::check::{Finding, check_host};
use wirewarp_remote::ssh::{Privilege, SshFiles};

use crate::{Engine, edit::discover, error::EngineError, hosts::login::HostLogin, vps::dialled};

/// A machine that answered.
#[derive(Debug, Clone)]
pub struct Probed {
    /// Address and port that were dialled, and the way there.
    pub endpoint: String,
    /// The fingerprint of its host key.
    pub fingerprint: String,
    /// The user that was logged in as.
    pub user: String,
    /// Whether that is root; else it becomes root by sudo.
    pub is_root: bool,
    /// What was seen.
    pub observed: Observed,
    /// Public addresses that were found.
    pub public_ips: Vec<Ipv4Addr>,
    /// What is wrong, in the way, or good to know.
    pub findings: Vec<Finding>,
    /// The name by which the inventory knows this machine already.
    pub known_as: Option<Name>,
}

impl Engine {
    /// Connects to a machine and looks at it.
    pub async fn probe(&self, login: &HostLogin) -> Result<Probed, EngineError> {
        let session = self.hosts.first(login).await?;
        let observed = self.look(&"new".parse()?, &session).await?;
        let inventory = self.inventory().await?;
        let same = |host: &&Host| host.machine_id.is_some() && host.machine_id == observed.machine_id;
        let known = inventory.hosts.iter().find(same);
        let id = known.map_or(HostId(Uuid::nil()), |host| host.id);
        let ips = discover::public_ips(&observed, dialled(&session).await);
        Ok(Probed {
            endpoint: session.endpoint().map(ToString::to_string).unwrap_or_default(),
            fingerprint: session
                .host_key()
                .map(|key| key.fingerprint())
                .unwrap_or_default(),
            user: session.user().unwrap_or_default().to_owned(),
            is_root: matches!(session.privilege, Privilege::Root),
            public_ips: ips.into_iter().map(|ip| ip.address).collect(),
            findings: check_host(&inventory, id, &observed),
            known_as: known.map(|host| host.name.clone()),
            observed,
        })
    }

    /// Hosts that the person's SSH configuration names, with where each leads.
    pub fn ssh_config_hosts(&self) -> Result<Vec<(String, String)>, EngineError> {
        SshFiles::of_this_user().named_hosts().map_err(EngineError::ssh)
    }
}
