//! The peer: connections that came by the tunnel, and tries from the peer to the target.

use std::{collections::BTreeMap, fmt::Write as _, net::Ipv4Addr};
use wirewarp_model::{ForwardTarget, Protocol};

use super::GatherError;
use crate::proof::{
    Lane,
    hops::{Flows, HomeFacts, Inner, Listening},
};

/// Mark of the first tunnel's connections, in bits 16 to 23.
const FIRST_MARK: u8 = 0x77;

/// The script for one peer's host. Run it within 30 s of the try: that is how long the kernel remembers a UDP packet without
/// an answer (`nf_conntrack_udp_timeout`). Give it the lanes of this host alone, each with the number that the output calls
/// it by: the probes of another home's targets would go astray.
pub fn script_of<'a>(lanes: impl IntoIterator<Item = (usize, &'a Lane)>) -> String {
    let rows: Vec<String> = lanes.into_iter().map(|(id, lane)| line(id, lane)).collect();
    super::script(include_str!("home.sh"), &rows)
}

/// The script for lanes that all belong to one host, numbered by their place.
pub fn script(lanes: &[Lane]) -> String {
    script_of(lanes.iter().enumerate())
}

fn line(id: usize, lane: &Lane) -> String {
    let target = match lane.target {
        ForwardTarget::Vm { address } | ForwardTarget::Lan { address, .. } => address.to_string(),
        ForwardTarget::Peer => "self".to_owned(),
    };
    let mut payload = String::new();
    for byte in lane.query.datagram().unwrap_or_default() {
        let _ = write!(payload, "{byte:02x}");
    }
    // A TCP lane has none; the script still reads eight words.
    let payload = if payload.is_empty() { "-" } else { &payload };
    let mark = u16::from(FIRST_MARK) + u16::from(lane.tunnel_index);
    let (protocol, inside, port) = (lane.protocol, lane.inside, lane.target_port);
    format!(
        "{id} {protocol} {inside} {port} {mark} {target} {} {payload}",
        lane.endpoint
    )
}

/// What the peer printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    flows: BTreeMap<usize, Flows>,
    probes: BTreeMap<usize, Inner>,
    alive: BTreeMap<Ipv4Addr, bool>,
    /// None if they were not read.
    listeners: Option<Vec<(Protocol, u16, Listening)>>,
}

/// Reads the output. Lines that are not understood are passed over; an output without its end is an error.
pub fn read(output: &str) -> Result<Seen, GatherError> {
    let mut seen = Seen::default();
    for words in super::body("the peer", "home", output)? {
        seen.take(&words);
    }
    Ok(seen)
}

impl Seen {
    fn take(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["flows", id, seen, replied] => {
                let flows = Flows {
                    seen: seen.parse().ok()?,
                    replied: replied.parse().ok()?,
                };
                self.flows.insert(id.parse().ok()?, flows);
            }
            ["probe", id, word] => {
                self.probes.insert(id.parse().ok()?, inner(word)?);
            }
            ["alive", address, word] => {
                self.alive.insert(address.parse().ok()?, *word == "yes");
            }
            ["listeners", "read"] => self.listeners = Some(vec![]),
            ["listen", protocol, local, owner @ ..] => {
                let listener = listening(protocol, local, &owner.join(" "))?;
                self.listeners.get_or_insert_default().push(listener);
            }
            _ => {}
        }
        Some(())
    }

    /// Puts what was seen of lane `id` into `facts`.
    pub fn fill(&self, facts: &mut HomeFacts, id: usize, lane: &Lane) {
        facts.flows = self.flows.get(&id).copied();
        facts.inner = self.probes.get(&id).copied();
        match lane.target {
            ForwardTarget::Vm { address } | ForwardTarget::Lan { address, .. } => {
                facts.alive = self.alive.get(&address).copied();
            }
            ForwardTarget::Peer => facts.listeners = self.listeners.as_deref().map(|all| on_port(all, lane)),
        }
    }
}

fn on_port(all: &[(Protocol, u16, Listening)], lane: &Lane) -> Vec<Listening> {
    let same = |(protocol, port, _): &&(Protocol, u16, Listening)| {
        *protocol == lane.protocol && *port == lane.target_port.number()
    };
    all.iter()
        .filter(same)
        .map(|(_, _, listening)| listening.clone())
        .collect()
}

fn inner(word: &str) -> Option<Inner> {
    match word {
        "open" => Some(Inner::Open),
        "refused" => Some(Inner::Refused),
        "silent" => Some(Inner::Silent),
        "unreachable" => Some(Inner::Unreachable),
        _ => None,
    }
}

/// Reads a local address as ss(8) writes it: `0.0.0.0:22`, `127.0.0.53%lo:53`, `*:80`, `[::]:80`. A socket of IPv6's
/// "any" takes IPv4 too (`net.ipv6.bindv6only` is 0 by default); other IPv6 addresses do not matter here.
fn listening(protocol: &str, local: &str, owner: &str) -> Option<(Protocol, u16, Listening)> {
    let protocol = match protocol {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    let (address, port) = local.rsplit_once(':')?;
    let address = match address.split('%').next()? {
        "*" | "0.0.0.0" | "[::]" => None,
        text => Some(
            text.trim_start_matches("[::ffff:")
                .trim_end_matches(']')
                .parse()
                .ok()?,
        ),
    };
    Some((
        protocol,
        port.parse().ok()?,
        Listening {
            address,
            owner: owner.to_owned(),
        },
    ))
}
