//! What is recorded and not applied, told without a look at any host.

use wirewarp_model::{Host, Inventory, Name};
use wirewarp_plan::render::{self, Context};

use crate::{Engine, error::EngineError};

/// A host that an apply would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingHost {
    /// Its name.
    pub name: Name,
    /// Why.
    pub why: PendingWhy,
}

/// Why a host is not as the inventory wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingWhy {
    /// It was never set up.
    New,
    /// What is wanted has changed since.
    Changed,
    /// At the last look what was applied was not in force there: the host was reinstalled, or has gone back.
    Lost,
    /// It was removed from the inventory, and is to be left as it was found.
    Leaving,
}

impl Engine {
    /// Hosts whose files would differ from those applied last, or that were last seen without them, by name. What hands
    /// did to those files is not seen here.
    pub async fn pending(&self, inventory: &Inventory) -> Result<Vec<PendingHost>, EngineError> {
        let mut pending = vec![];
        for host in &inventory.hosts {
            if let Some(why) = self.why_pending(inventory, host).await? {
                let name = host.name.clone();
                pending.push(PendingHost { name, why });
            }
        }
        pending.sort_by_key(|host| host.name.key());
        Ok(pending)
    }

    pub(crate) async fn why_pending(
        &self,
        inventory: &Inventory,
        host: &Host,
    ) -> Result<Option<PendingWhy>, EngineError> {
        if inventory.is_leaving(host.id) {
            return Ok(Some(PendingWhy::Leaving));
        }
        let Some(last) = self.store.last_applied(host.id).await? else {
            return Ok(Some(PendingWhy::New));
        };
        let seen = self.store.last_observed(host.id).await?;
        let in_force = seen
            .as_ref()
            .map(|seen| seen.ours.as_ref().map_or(0, |ours| ours.generation));
        if in_force.is_some_and(|generation| generation != last.generation) {
            return Ok(Some(PendingWhy::Lost));
        }
        let sshd_ports = seen.map(|seen| seen.sshd_ports);
        let wanted = render::bundle(&Context {
            inventory,
            host: host.id,
            generation: last.generation,
            program: env!("CARGO_PKG_VERSION"),
            sshd_ports: &sshd_ports.unwrap_or_default(),
        })?;
        // The manifest repeats the others' digests, beside names and the program's version.
        let files = |bundle: &wirewarp_model::bundle::Bundle| {
            let mut files = bundle.files.clone();
            files.remove("manifest.json");
            files
        };
        Ok((files(&wanted) != files(&last.bundle)).then_some(PendingWhy::Changed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, person::Nobody};
    use std::sync::Arc;
    use uuid::Uuid;
    use wirewarp_model::{
        Access, HostId, OperationId, PlanId, PublicIp, PublicIpId, PublicIpState, Vps, VpsId, WgPublicKey,
        observed::{Observed, Ours},
    };
    use wirewarp_store::NewOperation;

    async fn engine(folder: &std::path::Path) -> Engine {
        let options = Options {
            data_dir: folder.to_owned(),
        };
        let engine = Engine::open(options, Arc::new(Nobody)).await.unwrap();
        let id = HostId(Uuid::new_v4());
        let ip = PublicIp {
            id: PublicIpId(Uuid::new_v4()),
            address: "203.0.113.10".parse().unwrap(),
            on_host: "203.0.113.10".parse().unwrap(),
            interface: "eth0".parse().unwrap(),
            state: PublicIpState::Active,
        };
        let vps = Vps {
            id: VpsId(Uuid::new_v4()),
            name: "nyc".parse().unwrap(),
            host: id,
            tunnel_network: "10.0.0.0/24".parse().unwrap(),
            listen_port: "51820".parse().unwrap(),
            endpoint: ip.address,
            public_key: Some(WgPublicKey::from_bytes([7; 32])),
            ips: vec![ip],
        };
        let host = Host {
            id,
            name: "nyc".parse().unwrap(),
            access: Access::Local,
            machine_id: None,
        };
        change(&engine, |inventory| {
            inventory.hosts.push(host);
            inventory.vpses.push(vps);
        })
        .await;
        engine
    }

    async fn change(engine: &Engine, change: impl FnOnce(&mut Inventory) + Send) {
        let edit = |inventory: &Inventory| {
            let mut after = inventory.clone();
            change(&mut after);
            Ok(after)
        };
        let proposal = engine.propose("test", edit).await.unwrap();
        engine.record(&proposal).await.unwrap();
    }

    async fn why(engine: &Engine) -> Option<PendingWhy> {
        let inventory = engine.inventory().await.unwrap();
        let pending = engine.pending(&inventory).await.unwrap();
        assert!(pending.len() <= 1);
        pending.first().map(|host| host.why)
    }

    /// Remembers a look at which a generation was in force, or nothing of ours was there.
    async fn look(engine: &Engine, host: HostId, generation: Option<u64>) {
        let ours = generation.map(|generation| Ours {
            generation,
            ..Ours::default()
        });
        let seen = Observed {
            ours,
            ..Observed::default()
        };
        engine.store.remember_observed(host, &seen).await.unwrap();
    }

    #[tokio::test]
    async fn a_host_is_pending_exactly_while_its_files_would_differ_or_are_not_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(folder.path()).await;
        assert_eq!(why(&engine).await, Some(PendingWhy::New));
        let inventory = engine.inventory().await.unwrap();
        let host = inventory.hosts[0].id;
        let bundle = render::bundle(&Context {
            inventory: &inventory,
            host,
            generation: 4,
            program: "an older one",
            sshd_ports: &[],
        });
        let id = OperationId(Uuid::new_v4());
        let operation = NewOperation {
            id,
            host,
            host_name: &inventory.hosts[0].name,
            plan: PlanId(Uuid::new_v4()),
            base: 3,
            generation: 4,
            action: "vps.add",
            bundle: &bundle.unwrap(),
        };
        engine.store.begin_operation(operation).await.unwrap();
        engine.store.record_applied(host, 4, id).await.unwrap();
        assert_eq!(why(&engine).await, None);
        change(&engine, |inventory| {
            inventory.vpses[0].listen_port = "51821".parse().unwrap();
        })
        .await;
        assert_eq!(why(&engine).await, Some(PendingWhy::Changed));
        change(&engine, |inventory| {
            inventory.vpses[0].listen_port = "51820".parse().unwrap();
        })
        .await;
        assert_eq!(why(&engine).await, None);
        look(&engine, host, Some(4)).await;
        assert_eq!(why(&engine).await, None);
        look(&engine, host, None).await;
        assert_eq!(why(&engine).await, Some(PendingWhy::Lost));
        look(&engine, host, Some(3)).await;
        assert_eq!(why(&engine).await, Some(PendingWhy::Lost));
        change(&engine, |inventory| inventory.vpses.clear()).await;
        assert_eq!(why(&engine).await, Some(PendingWhy::Leaving));
    }
}
