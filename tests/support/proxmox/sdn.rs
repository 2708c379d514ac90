//! As much of the software-defined network as a test needs to have one: zones, virtual networks and their subnets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answer::{Outcome, Refusal};
use super::cluster::{Cluster, Request};
use super::task::Work;

/// What is configured, and what of it is in force.
#[derive(Clone, Debug, Default)]
pub(super) struct Sdn {
    zones: BTreeMap<String, Value>,
    /// The zone of each virtual network.
    networks: BTreeMap<String, String>,
    subnets: BTreeMap<String, Value>,
    /// Virtual networks that are bridges by now.
    pub applied: BTreeSet<String>,
}

/// Answers a method below `/cluster/sdn`.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let params = request.params;
    let sdn = &mut cluster.sdn;
    match (request.method, request.path) {
        ("GET", _) => return Ok(Value::Array(sdn.zones.values().cloned().collect()).into()),
        ("POST", "/cluster/sdn/zones") => {
            let zone = params.text("zone");
            let entry = json!({"zone": zone, "type": params.text("type")});
            if sdn.zones.insert(zone.to_owned(), entry).is_some() {
                return Err(Refusal::failed(format!(
                    "create sdn zone object failed: sdn zone object ID '{zone}' already defined"
                )));
            }
        }
        ("POST", "/cluster/sdn/vnets") => {
            let (network, zone) = (params.text("vnet"), params.text("zone"));
            if !sdn.zones.contains_key(zone) {
                return Err(Refusal::failed(format!(
                    "create sdn vnet object failed: sdn zone '{zone}' does not exist"
                )));
            }
            sdn.networks.insert(network.to_owned(), zone.to_owned());
        }
        ("POST", _) => {
            let (network, subnet) = (params.text("vnet"), params.text("subnet"));
            let zone = sdn.networks.get(network).cloned();
            let zone = zone.ok_or_else(|| Refusal::failed(format!("sdn vnet '{network}' does not exist")))?;
            let path = format!("/sdn/zones/{zone}/{network}");
            let entry = json!({"subnet": subnet, "vnet": network, "gateway": params.get("gateway")});
            cluster.need(request.who, &path, &["SDN.Allocate"])?;
            cluster.sdn.subnets.insert(subnet.to_owned(), entry);
        }
        _ => {
            let node = cluster.local.clone();
            let upid = cluster.start_task(&node, "reloadnetworkall", "", request.who, Work::ApplySdn);
            return Ok(json!(upid).into());
        }
    }
    Ok(Value::Null.into())
}

impl Cluster {
    /// The configured networks are bridges from now on.
    pub(super) fn apply_sdn(&mut self) {
        self.sdn.applied = self.sdn.networks.keys().cloned().collect();
    }
}
