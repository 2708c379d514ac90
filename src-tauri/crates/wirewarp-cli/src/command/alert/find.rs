//! What is meant by a name.

use uuid::Uuid;
use wirewarp_engine::alert::{AlertChannel, AlertRule, Alerting};
use wirewarp_model::Inventory;

use crate::context::Failure;

pub fn rule<'a>(alerting: &'a Alerting, name: &str) -> Result<&'a AlertRule, Failure> {
    let same = |rule: &&AlertRule| rule.name.as_str().to_lowercase() == name.to_lowercase();
    let begins = |rule: &&AlertRule| name.len() >= 4 && rule.id.to_string().starts_with(name);
    let mut rules = alerting.rules.iter();
    rules
        .find(same)
        .or_else(|| {
            let found: Vec<_> = alerting.rules.iter().filter(begins).collect();
            (found.len() == 1).then(|| found[0])
        })
        .ok_or_else(|| {
            missing(
                "rule",
                name,
                alerting.rules.iter().map(|rule| rule.name.to_string()),
            )
        })
}

pub fn channel<'a>(alerting: &'a Alerting, name: &str) -> Result<&'a AlertChannel, Failure> {
    let mut channels = alerting.channels.iter();
    channels
        .find(|channel| channel.name.as_str().eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            let known = alerting.channels.iter().map(|channel| channel.name.to_string());
            missing("channel", name, known)
        })
}

/// The machine of a VPS, a peer, another machine, or a forward.
pub fn object(inventory: &Inventory, name: &str) -> Result<Uuid, Failure> {
    let is = |other: &wirewarp_model::Name| other.as_str().eq_ignore_ascii_case(name);
    let vps = inventory.vpses.iter().find(|vps| is(&vps.name));
    let peer = inventory.peers.iter().find(|peer| is(&peer.name));
    let host = inventory.hosts.iter().find(|host| is(&host.name));
    let forward = inventory.forwards.iter().find(|forward| {
        let id = forward.id.to_string();
        forward.label.as_str() == name || (name.len() >= 4 && id.starts_with(name))
    });
    vps.map(|vps| vps.host.0)
        .or_else(|| peer.map(|peer| peer.id.0))
        .or_else(|| host.map(|host| host.id.0))
        .or_else(|| forward.map(|forward| forward.id.0))
        .ok_or_else(|| Failure::Usage(format!("There is no VPS, machine, peer or forward “{name}”.")))
}

/// What an identifier is called; itself if nothing has it any more.
pub fn called(inventory: &Inventory, id: Uuid) -> String {
    let host = inventory.hosts.iter().find(|host| host.id.0 == id);
    let peer = inventory.peers.iter().find(|peer| peer.id.0 == id);
    let forward = inventory.forwards.iter().find(|forward| forward.id.0 == id);
    host.map(|host| host.name.to_string())
        .or_else(|| peer.map(|peer| peer.name.to_string()))
        .or_else(|| {
            forward
                .map(|forward| forward.label.to_string())
                .filter(|label| !label.is_empty())
        })
        .unwrap_or_else(|| id.to_string())
}

fn missing(what: &str, name: &str, known: impl Iterator<Item = String>) -> Failure {
    let known: Vec<String> = known.collect();
    let there_is = if known.is_empty() {
        format!("There is no {what} yet.")
    } else {
        format!("There is: {}.", known.join(", "))
    };
    Failure::Usage(format!("There is no {what} “{name}”. {there_is}"))
}
