//! A Proxmox host with one node, the lab's `home`, and its guests `vm` (100), `vm2` (101) and, with systems of
//! their own, `box` (102), `den` (103) and `barn` (104); somebody who is signed in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::Output;
use wirewarp_tests::lab::topology::PLAYER;
use wirewarp_tests::proxmox::{INTERFACES, Kind, NODE, Standin, Version};
use wirewarp_tests::site::{BOTH, FIRST};
use wirewarp_tests::wirewarp::{Login, Operator};

/// The virtual machine, with its one NIC on the bridge to the LAN.
pub const VM: &str = "\
agent: 1
memory: 512
name: minecraft
net0: virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1
ostype: l26
";

/// Another one.
const VM2: &str = "\
agent: 1
memory: 512
name: web
net0: virtio=BC:24:11:00:00:65,bridge=vmbr0,firewall=1
ostype: l26
";

pub struct Place<'lab> {
    pub lab: &'lab Lab,
    pub me: Operator<'lab>,
    pub standin: Standin,
    login: Login,
}

impl<'lab> Place<'lab> {
    /// Somebody who has a VPS and is signed in to a new stand-in, whatever a case before left.
    pub fn new(lab: &'lab Lab, version: Version) -> Result<Self> {
        let place = Self::unknown(lab, version)?;
        let (me, standin) = (&place.me, &place.standin);
        let has = |what: &str| -> Result<bool> {
            let listed = me.json(&[what, "list"])?;
            Ok(listed.as_array().is_some_and(|all| !all.is_empty()))
        };
        if !has("vps")? {
            me.add_vps("nyc", "vps1", &[])?;
        }
        if has("proxmox")? {
            me.change(&["proxmox", "remove", "pve", "--forget"])?;
        }
        let token = standin.make_token("app@pve", "test", version.rights())?;
        let (url, trust) = (standin.url(), standin.fingerprint());
        let add = ["proxmox", "add", "pve", "--url", &url, "--trust", &trust];
        let words = [&add[..], &["--token-stdin", "--json"]].concat();
        me.run_with(&words, &format!("{token}\n"))?.json::<Value>()?;
        Ok(place)
    }

    /// A new stand-in that nobody knows yet.
    pub fn unknown(lab: &'lab Lab, version: Version) -> Result<Self> {
        // A node is called as its machine is.
        lab.exec("home", &format!("hostname {NODE}"))?.ok()?;
        let node = lab.hypervisor(
            "home",
            &[
                (100, "vm"),
                (101, "vm2"),
                (102, "box"),
                (103, "den"),
                (104, "barn"),
            ],
        );
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let standin = Standin::start_at(version, here, Box::new(node), INTERFACES)?;
        standin.change(|cluster| {
            for (vmid, config) in [(100, VM), (101, VM2)] {
                cluster.add_guest(vmid, Kind::Qemu, NODE, config);
                cluster.set_agent(vmid, true);
                cluster.run_guest(vmid)?;
            }
            Ok::<(), anyhow::Error>(())
        })?;
        let me = Operator::new(lab, "anna")?;
        let login = me.login("home")?;
        Ok(Self {
            lab,
            me,
            standin,
            login,
        })
    }

    /// The words, and those that log in to the node for a new peer.
    pub fn on_home<'a>(&'a self, words: &[&'a str]) -> Vec<&'a str> {
        let login = self.login.words.iter().map(String::as_str);
        words.iter().copied().chain(login).collect()
    }

    /// Tries to attach a guest, and says how that ended.
    pub fn try_attach(&self, vmid: &str, more: &[&str]) -> Result<Output> {
        let mut words = vec!["proxmox", "attach", "pve", vmid, "--yes", "--json"];
        words.extend(more);
        self.me.run_with(&words, &self.login.input)
    }

    /// Attaches a guest by a peer that its node has already.
    pub fn attach_here(&self, vmid: &str, more: &[&str]) -> Result<Value> {
        self.try_attach(vmid, more)?.json()
    }

    /// Signs in with a new token.
    pub fn sign_in_anew(&self) -> Result<()> {
        let rights = self.standin.version().rights();
        let token = self.standin.make_token("app@pve", "again", rights)?;
        let words = ["proxmox", "login", "pve", "--token-stdin"];
        self.me.run_with(&words, &format!("{token}\n"))?.ok().map(drop)
    }

    /// Whether a guest of the stand-in is attached, or was begun to be.
    pub fn is_recorded(&self, vmid: u64) -> Result<bool> {
        // Ends with 2 where one differs, as one that was begun does.
        let said = self.me.run(&["proxmox", "attached", "pve", "--json"])?;
        let attached: Value = serde_json::from_str(&said.stdout)?;
        let guests = attached.as_array().cloned().unwrap_or_default();
        Ok(guests.iter().any(|guest| guest["vmid"].as_u64() == Some(vmid)))
    }

    /// Attaches a guest by a new peer; what the command said.
    pub fn attach(&self, vmid: &str, more: &[&str]) -> Result<Value> {
        self.try_attach(vmid, &self.on_home(more))?.json()
    }

    pub fn detach(&self, vmid: &str) -> Result<Value> {
        self.me.change(&["proxmox", "detach", "pve", vmid])
    }

    /// The player reaches the server in a guest, which sees the player.
    pub fn plays(&self, guest: &str, at: Ipv4Addr, port: u16) -> Result<()> {
        let _server = self.lab.serve(guest, &[port], &[port])?;
        for protocol in BOTH {
            let answer = self.lab.ask("player", protocol, (at, port));
            let answer = answer.with_context(|| format!("the player at {at}:{port} by {protocol:?}"))?;
            ensure!(
                answer.peer.ip() == IpAddr::V4(PLAYER),
                "the server sees {answer:?}"
            );
        }
        Ok(())
    }

    /// The texts of the node's network and of a guest.
    pub fn texts(&self, vmid: u32) -> (Option<String>, Option<String>) {
        (
            self.standin.interfaces_text(NODE),
            self.standin.guest_config_text(vmid),
        )
    }

    /// Nothing of WireWarp is on the node any more, and its guest is as it was to the byte.
    pub fn is_given_back(&self, vmid: u32, before: &(Option<String>, Option<String>)) -> Result<()> {
        ensure!(self.texts(vmid) == *before, "{:?}", self.texts(vmid));
        ensure!(
            self.standin.staged_text(NODE).is_none(),
            "something is staged still"
        );
        let left = self.lab.exec(
            "home",
            "ls -d /etc/wirewarp /sys/class/net/vmww* /sys/class/net/ww* 2>/dev/null; nft list tables",
        )?;
        ensure!(
            !left.stdout.contains("ww") && !left.stdout.contains("wirewarp"),
            "{left:?}"
        );
        Ok(())
    }
}

/// The VPS's first address, which the first peer gets.
pub const PUBLIC: Ipv4Addr = FIRST;
