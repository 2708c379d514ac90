//! The network of a lab as data: nodes, bridges and cables.
//!
//! ```text
//!            player .100   vps1 .10 .11   vps61 ... .61   admin .200
//!               |             |              |              |  \
//!  hub  ===== inet0 203.0.113.0/24 (hub .1) ==============================
//!   |  1:1 203.0.113.20                          |                  \
//!  p-vps2 172.31.5.1/24                        router .50            \
//!   |                                             |                   \
//!  vps2 172.31.5.20                     lan0 192.168.20.0/24 (router .1, admin .200)
//!                                          |            |
//!                              home .10  lan2 .30
//!                                |  vmport0
//!                               vm
//! ```

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use sha2::{Digest, Sha256};

use super::spec::{HostSpec, LabSpec, Place};

/// The gateway of everything on the internet side.
pub const HUB: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
/// The router's address on the internet: what a VPS sees of the home.
pub const ROUTER_WAN: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 50);
/// The router's address on the home LAN.
pub const ROUTER_LAN: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 1);
/// The player's address: what a server at home should see.
pub const PLAYER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 100);
/// The operator's laptop, on the internet.
pub const ADMIN: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 200);
/// The operator's laptop, on the home LAN.
pub const ADMIN_LAN: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 200);
/// Another machine of the home LAN.
pub const LAN2: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 30);

/// One end of a cable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plug {
    /// The node that has it.
    pub node: String,
    /// The interface's name there.
    pub port: String,
    /// The bridge of that node that it is put on.
    pub bridge: Option<String>,
    /// The addresses that the lab gives it. None if the node's own system does that, or nobody.
    pub addresses: Vec<Ipv4Net>,
    /// The default gateway behind it.
    pub gateway: Option<Ipv4Addr>,
    /// Whether the lab switches it on. A host's own system does that for its `eth0`.
    pub up: bool,
}

impl Plug {
    fn new(node: &str, port: &str) -> Self {
        Self {
            node: node.to_owned(),
            port: port.to_owned(),
            bridge: None,
            addresses: Vec::new(),
            gateway: None,
            up: true,
        }
    }

    fn on(mut self, bridge: &str) -> Self {
        self.bridge = Some(bridge.to_owned());
        self
    }

    fn with(mut self, address: Ipv4Addr, gateway: Option<Ipv4Addr>) -> Self {
        self.addresses.push(slash24(address));
        self.gateway = gateway;
        self
    }

    fn down(mut self) -> Self {
        self.up = false;
        self
    }

    /// An Ethernet address that is the same each time, so that neighbours know a host again after a reboot.
    pub fn mac(&self) -> String {
        let digest = Sha256::digest(format!("{}/{}", self.node, self.port));
        let tail: Vec<String> = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        format!("02:{}", tail.join(":"))
    }
}

/// Two plugs that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cable {
    /// The end at the infrastructure: a port of the hub, the router or `home`.
    pub near: Plug,
    /// The end at the node that hangs on it.
    pub far: Plug,
}

impl Cable {
    /// The ends, the given node's first, if it has one.
    pub fn of(&self, node: &str) -> Option<(&Plug, &Plug)> {
        if self.far.node == node {
            Some((&self.far, &self.near))
        } else if self.near.node == node {
            Some((&self.near, &self.far))
        } else {
            None
        }
    }
}

/// Everything that is wired.
#[derive(Clone, Debug)]
pub struct Topology {
    /// The nodes, each a network namespace.
    pub nodes: Vec<String>,
    /// Bridges with their own addresses, by node and name.
    pub bridges: BTreeMap<(String, String), Vec<Ipv4Net>>,
    /// The cables.
    pub cables: Vec<Cable>,
    /// nftables rulesets of nodes that translate.
    pub rules: BTreeMap<String, String>,
}

/// The network that a specification asks for.
pub fn topology(spec: &LabSpec) -> Topology {
    let mut cables = vec![
        Cable {
            near: Plug::new("hub", "p-router").on("inet0"),
            far: Plug::new("router", "wan0").with(ROUTER_WAN, Some(HUB)),
        },
        Cable {
            near: Plug::new("hub", "p-player").on("inet0"),
            far: Plug::new("player", "eth0").with(PLAYER, Some(HUB)),
        },
        Cable {
            near: Plug::new("hub", "p-admin").on("inet0"),
            far: Plug::new("admin", "eth0").with(ADMIN, Some(HUB)),
        },
        Cable {
            near: Plug::new("router", "p-admin").on("lan0"),
            far: Plug::new("admin", "eth1").with(ADMIN_LAN, None),
        },
        Cable {
            near: Plug::new("router", "p-lan2").on("lan0"),
            far: Plug::new("lan2", "eth0").with(LAN2, Some(ROUTER_LAN)),
        },
    ];
    let mut nodes = ["hub", "router", "player", "admin", "lan2"]
        .map(String::from)
        .to_vec();
    for host in &spec.hosts {
        nodes.push(host.name.clone());
        nodes.extend(host.guests.iter().cloned());
        cables.push(host_cable(host));
        cables.extend(guest_cables(host));
    }
    Topology {
        nodes,
        bridges: bridges(spec),
        cables,
        rules: rules(spec),
    }
}

fn bridges(spec: &LabSpec) -> BTreeMap<(String, String), Vec<Ipv4Net>> {
    let mut internet = vec![slash24(HUB)];
    internet.extend(mapped(spec).map(|(public, _)| host_route(public)));
    let key = |node: &str, name: &str| (node.to_owned(), name.to_owned());
    BTreeMap::from([
        (key("hub", "inet0"), internet),
        (key("router", "lan0"), vec![slash24(ROUTER_LAN)]),
    ])
}

fn host_cable(host: &HostSpec) -> Cable {
    let port = format!("p-{}", host.name);
    let far = Plug::new(&host.name, "eth0").down();
    let near = match &host.place {
        Place::Internet { .. } => Plug::new("hub", &port).on("inet0"),
        Place::Mapped { private, .. } => Plug::new("hub", &port).with(first_of(*private), None),
        Place::Home { .. } => Plug::new("router", &port).on("lan0"),
    };
    Cable { near, far }
}

fn guest_cables(host: &HostSpec) -> impl Iterator<Item = Cable> {
    let guests = host.guests.iter().enumerate();
    guests.map(|(index, guest)| Cable {
        near: Plug::new(&host.name, &format!("vmport{index}")).down(),
        far: Plug::new(guest, "eth0").down(),
    })
}

fn mapped(spec: &LabSpec) -> impl Iterator<Item = (Ipv4Addr, Ipv4Addr)> {
    spec.hosts.iter().filter_map(|host| match host.place {
        Place::Mapped { public, private } => Some((public, private)),
        Place::Internet { .. } | Place::Home { .. } => None,
    })
}

fn rules(spec: &LabSpec) -> BTreeMap<String, String> {
    let inward: Vec<String> = mapped(spec)
        .map(|(public, private)| format!("ip daddr {public} dnat to {private}\n"))
        .collect();
    let outward: Vec<String> = mapped(spec)
        .map(|(public, private)| format!("ip saddr {private} snat to {public}\n"))
        .collect();
    let (inward, outward) = (inward.concat(), outward.concat());
    let hub = format!(
        "table ip provider {{\n\
         chain in {{ type nat hook prerouting priority -100; {inward} }}\n\
         chain out {{ type nat hook postrouting priority 100; {outward} }}\n}}\n"
    );
    // Nothing begun on the internet gets into the home.
    let router = "table ip home {\n\
         chain out { type nat hook postrouting priority 100; oifname \"wan0\" masquerade\n }\n\
         chain pass { type filter hook forward priority 0; policy drop;\n\
         ct state established,related accept\n iifname \"lan0\" accept\n }\n\
         chain in { type filter hook input priority 0; iifname \"wan0\" ct state new drop\n }\n}\n";
    BTreeMap::from([("hub".to_owned(), hub), ("router".to_owned(), router.to_owned())])
}

/// The gateway of a host, by its place.
pub fn gateway(place: &Place) -> Ipv4Addr {
    match place {
        Place::Internet { .. } => HUB,
        Place::Mapped { private, .. } => first_of(*private),
        Place::Home { .. } => ROUTER_LAN,
    }
}

/// The addresses that a host's `eth0` has.
pub fn interface_addresses(place: &Place) -> Vec<Ipv4Net> {
    match place {
        Place::Internet { addresses } => addresses.iter().copied().map(slash24).collect(),
        Place::Mapped { private, .. } => vec![slash24(*private)],
        Place::Home { address } => vec![slash24(*address)],
    }
}

fn first_of(address: Ipv4Addr) -> Ipv4Addr {
    let [a, b, c, _] = address.octets();
    Ipv4Addr::new(a, b, c, 1)
}

fn slash24(address: Ipv4Addr) -> Ipv4Net {
    Ipv4Net::new_assert(address, 24)
}

fn host_route(address: Ipv4Addr) -> Ipv4Net {
    Ipv4Net::new_assert(address, 32)
}
