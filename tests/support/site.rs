//! The set-up that most stories begin with: the VPS `nyc` (`vps1`), the peer `attic` (`home`) on it, and the VM `vm`
//! behind that, all added with the real command; and questions that players ask there.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use ipnet::Ipv4Net;
use serde_json::Value;

use crate::lab::Lab;
use crate::lab::topology::PLAYER;
use crate::traffic::{Answer, Protocol};
use crate::wirewarp::Operator;

/// First address of `vps1`, by which it is managed.
pub const FIRST: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);
/// Second address of `vps1`.
pub const SECOND: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 11);
/// The public address of `vps2`, which its provider maps.
pub const MAPPED: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 20);
/// `home` on its LAN.
pub const HOME: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 10);

/// Both protocols.
pub const BOTH: [Protocol; 2] = [Protocol::Tcp, Protocol::Udp];

/// A lab with its operator.
#[derive(Clone, Debug)]
pub struct Site<'lab> {
    /// The lab.
    pub lab: &'lab Lab,
    /// Who types the commands.
    pub me: Operator<'lab>,
}

/// What a peer was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its address in the tunnel.
    pub tunnel_ip: Ipv4Addr,
    /// The network of its VMs.
    pub vm_network: Ipv4Net,
    /// Its place among the tunnels of its machine: 1 is `ww1`.
    pub tunnel_index: u64,
}

impl Given {
    /// The address of its first VM.
    pub fn first_vm(&self) -> Ipv4Addr {
        self.vm_network.hosts().nth(1).unwrap_or(self.vm_network.addr())
    }
}

impl<'lab> Site<'lab> {
    /// An operator who has added nothing yet.
    pub fn new(lab: &'lab Lab) -> Result<Self> {
        let me = Operator::new(lab, "anna")?;
        Ok(Self { lab, me })
    }

    /// The set-up. Made by the first who asks, then found.
    pub fn ready(lab: &'lab Lab) -> Result<Self> {
        let site = Self::new(lab)?;
        if !site.has_peer("attic")? {
            site.me.add_vps("nyc", "vps1", &[])?;
            site.me.add_peer("attic", "home", &["--vps", "nyc"])?;
            site.connect("vm", "attic")?;
        }
        Ok(site)
    }

    /// Whether a peer of this name is in the inventory.
    pub fn has_peer(&self, name: &str) -> Result<bool> {
        let peers = self.me.json(&["peer", "list"])?;
        let names = peers.as_array().into_iter().flatten();
        Ok(names
            .filter_map(|peer| peer["name"].as_str())
            .any(|it| it == name))
    }

    /// What a peer was given.
    pub fn given(&self, peer: &str) -> Result<Given> {
        let shown = self.me.json(&["peer", "show", peer])?;
        let word = |field: &str| text(&shown["peer"], field);
        let index = shown["peer"]["tunnel_index"].as_u64();
        Ok(Given {
            tunnel_ip: word("tunnel_ip")?.parse()?,
            vm_network: word("vm_network")?.parse()?,
            tunnel_index: index.context("no tunnel_index")?,
        })
    }

    /// Puts a guest on the bridge of a peer, as its first VM.
    pub fn connect(&self, guest: &str, peer: &str) -> Result<()> {
        let given = self.given(peer)?;
        let address = Ipv4Net::new(given.first_vm(), given.vm_network.prefix_len())?;
        let bridge = format!("wwbr{}", given.tunnel_index);
        self.lab.attach(guest, &bridge, Some(address))
    }

    /// Adds forwards, which go again when this is dropped, also after a failure.
    pub fn open(&self, words: &[&str]) -> Result<Opened<'_>> {
        let said = self.me.change(&[&["port", "add"], words].concat())?;
        let ids = said["forwards"].as_array().cloned().unwrap_or_default();
        let ids: Vec<String> = ids.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        ensure!(!ids.is_empty(), "no forward in {said}");
        Ok(Opened { site: self, ids })
    }

    /// The player asks at a public address; the server there must see the player's own address.
    pub fn player_is_seen(&self, protocol: Protocol, address: Ipv4Addr, port: u16) -> Result<Answer> {
        let answer = self.lab.ask("player", protocol, (address, port));
        let answer = answer.with_context(|| format!("the player at {address}:{port} by {protocol:?}"))?;
        ensure!(
            answer.peer.ip() == IpAddr::V4(PLAYER),
            "the server sees {answer:?}"
        );
        Ok(answer)
    }

    /// Nothing answers at any of these, asked for two seconds, all at once.
    pub fn silent(&self, from: &str, places: &[(Protocol, SocketAddr)]) -> Result<()> {
        let ask = |(protocol, place): &(Protocol, SocketAddr)| {
            let asked = self
                .lab
                .ask_within(from, *protocol, *place, Duration::from_secs(2));
            ensure!(
                asked.is_err(),
                "{from} reached {place} by {protocol:?}: {asked:?}"
            );
            Ok(())
        };
        thread::scope(|scope| {
            let threads: Vec<_> = places
                .iter()
                .map(|place| scope.spawn(move || ask(place)))
                .collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("panicked"))))
        })
    }

    /// Every host is as the inventory wants it.
    pub fn nothing_to_do(&self) -> Result<()> {
        let plan = self.me.run(&["plan"])?;
        ensure!(plan.status == 0, "there is something to do: {plan:?}");
        Ok(())
    }
}

/// Forwards that go when this is dropped.
#[derive(Debug)]
pub struct Opened<'site> {
    site: &'site Site<'site>,
    /// Their identifiers.
    pub ids: Vec<String>,
}

impl Opened<'_> {
    /// Removes them now.
    pub fn close(mut self) -> Result<()> {
        self.remove()
    }

    fn remove(&mut self) -> Result<()> {
        let ids = std::mem::take(&mut self.ids);
        if ids.is_empty() {
            return Ok(());
        }
        let mut words = vec!["port", "remove"];
        words.extend(ids.iter().map(String::as_str));
        self.site.me.change(&words).map(drop)
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.remove() {
            eprintln!("forwards of this case are still there: {error:#}");
        }
    }
}

/// A text field of a JSON object.
pub fn text(object: &Value, field: &str) -> Result<String> {
    let found = object[field].as_str().map(str::to_owned);
    found.with_context(|| format!("no text {field:?} in {object}"))
}

/// Puts something wrong on a host. Its timer would put that right in the middle of the case and is stopped before; every
/// apply and repair starts it again.
pub fn put_wrong(lab: &Lab, host: &str, script: &str) -> Result<()> {
    let stop = "systemctl stop wirewarp-watch.timer wirewarp-watch.service";
    lab.exec(host, &format!("{stop} && {{ {script}; }}"))?
        .ok()
        .map(drop)
}
