//! Every single fault that the facts can show, on every lane where it can be.

use super::*;

pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) hop: Hop,
    /// A word of the sentence or its hints.
    pub(super) word: &'static str,
    pub(super) facts: Facts,
}

/// Collects the faults of one lane.
struct Faults<'a> {
    lane: &'a Lane,
    all: Vec<Fault>,
}

impl Faults<'_> {
    /// Nothing comes back from behind `hop`, and `change` is seen besides.
    fn add(&mut self, hop: Hop, name: &'static str, word: &'static str, change: impl FnOnce(&mut Facts)) {
        let facts = silent_from(hop, self.lane);
        self.add_to(facts, hop, name, word, change);
    }

    /// All is well but for `change`.
    fn add_to_healthy(
        &mut self,
        hop: Hop,
        name: &'static str,
        word: &'static str,
        change: impl FnOnce(&mut Facts),
    ) {
        self.add_to(healthy(self.lane), hop, name, word, change);
    }

    fn add_to(
        &mut self,
        mut facts: Facts,
        hop: Hop,
        name: &'static str,
        word: &'static str,
        change: impl FnOnce(&mut Facts),
    ) {
        change(&mut facts);
        self.all.push(Fault {
            name,
            hop,
            word,
            facts,
        });
    }

    fn is_tcp(&self) -> bool {
        self.lane.protocol == Protocol::Tcp
    }

    fn is_peer(&self) -> bool {
        self.lane.target == ForwardTarget::Peer
    }

    fn is_vm(&self) -> bool {
        matches!(self.lane.target, ForwardTarget::Vm { .. })
    }
}

pub(super) fn faults(lane: &Lane) -> Vec<Fault> {
    let mut faults = Faults { lane, all: vec![] };
    of_the_name(&mut faults);
    before_the_vps(&mut faults);
    not_in_force(&mut faults);
    on_the_vps(&mut faults);
    in_the_tunnel(&mut faults);
    on_the_peer(&mut faults);
    of_the_machine(&mut faults);
    of_the_program(&mut faults);
    faults.all
}

fn resolved(addresses: Vec<Ipv4Addr>) -> NameFact {
    NameFact::Resolved {
        name: "play.example.org".into(),
        addresses,
    }
}

fn of_the_name(faults: &mut Faults<'_>) {
    faults.add_to_healthy(Hop::Name, "the name leads elsewhere", "192.0.2.1", |f| {
        f.name = Some(resolved(vec![Ipv4Addr::new(192, 0, 2, 1)]));
    });
    faults.add_to_healthy(Hop::Name, "there is no such name", "no address", |f| {
        f.name = Some(resolved(vec![]));
    });
}

fn before_the_vps(faults: &mut Faults<'_>) {
    let hop = Hop::ProviderFirewall;
    faults.add(hop, "the provider drops it", "arrived", |_| {});
    faults.add(
        hop,
        "the provider drops it, seen by the inner counter alone",
        "arrived",
        |f| f.vps.arrived = None,
    );
    faults.add(
        hop,
        "the provider drops ours, and not what others send",
        "of others",
        |f| {
            f.vps.others = Some(true);
        },
    );
    faults.add(hop, "the provider refuses it", "refuses", |f| {
        f.reach = Some(Reach::Refused);
    });
    faults.add(hop, "no route to the VPS", "no way", |f| {
        f.reach = Some(Reach::Unreachable {
            what: "no route to host".into(),
        });
    });
    if faults.is_tcp() {
        faults.add(hop, "a box before the VPS cuts", "refuses", |f| {
            f.reach = Some(Reach::Reset { after_ms: 3 });
        });
    }
    faults.add(hop, "the VPS is off", "SSH", |f| {
        f.vps = VpsFacts {
            ssh: Some(false),
            ..VpsFacts::default()
        };
        f.tunnel = None;
    });
}

fn not_in_force(faults: &mut Faults<'_>) {
    for (off, word) in [
        (Off::Disabled, "port enable 00000000"),
        (Off::Suspended, "peer resume attic"),
        (Off::NoKey, "peer config attic"),
    ] {
        faults.add(Hop::VpsRule, "it is not in force", word, |f| {
            f.off = Some(off);
            f.vps.rule = Some(Rule::Missing);
            f.vps.arrived = Some(0);
        });
    }
}

fn on_the_vps(faults: &mut Faults<'_>) {
    let (hop, inside) = (Hop::VpsRule, faults.lane.inside);
    let answered = silent_from(Hop::Guest, faults.lane);
    faults.add_to(
        answered,
        hop,
        "a firewall of the VPS drops the answers",
        "answers of",
        |f| {
            f.home.flow = Some(Flow::Answered);
            f.vps.replied = Some(true);
        },
    );
    faults.add(hop, "the rule is gone", "no rule", |f| {
        f.vps.rule = Some(Rule::Missing);
        f.vps.arrived = Some(0);
        f.vps.drift = Some(vec!["packet rules: table inet wirewarp is not there".into()]);
    });
    faults.add_to_healthy(
        hop,
        "the rule is gone and the VPS itself answers",
        "VPS itself",
        |f| {
            f.vps.rule = Some(Rule::Missing);
        },
    );
    faults.add(hop, "the rule leads elsewhere", "10.99.9.9", |f| {
        f.vps.rule = Some(Rule::Leads {
            address: Ipv4Addr::new(10, 99, 9, 9),
            port: None,
        });
    });
    faults.add(hop, "the rule leads to another port", ":80", |f| {
        f.vps.rule = Some(Rule::Leads {
            address: inside,
            port: Some(80),
        });
    });
    faults.add(hop, "forwarding is off on the VPS", "ip_forward", |f| {
        f.vps.drift = Some(vec!["sysctl net.ipv4.ip_forward is 0".into()]);
    });
    faults.add(
        hop,
        "Docker's FORWARD on the VPS drops",
        "another firewall",
        |f| {
            f.vps.firewalls = vec!["Docker: table ip filter, chain FORWARD: policy drop".into()];
        },
    );
}

fn in_the_tunnel(faults: &mut Faults<'_>) {
    let hop = Hop::Tunnel;
    faults.add(hop, "the tunnel never came up", "never", |f| {
        f.tunnel = Some(Handshake::Never);
        f.home = HomeFacts {
            ssh: Some(false),
            ..HomeFacts::default()
        };
    });
    faults.add(hop, "the tunnel is down", "2 hours", |f| {
        f.tunnel = Some(Handshake::Ago { seconds: 7_300 });
    });
    faults.add(hop, "the tunnel loses everything", "does not come out", |f| {
        f.vps.passed = Some(true);
    });
    faults.add(
        hop,
        "the tunnel loses everything and home is not reached",
        "internet",
        |f| {
            f.vps.passed = Some(true);
            f.home = HomeFacts {
                ssh: Some(false),
                ..HomeFacts::default()
            };
        },
    );
    faults.add(
        hop,
        "wireguard-go was stopped at home",
        "interface is not there",
        |f| {
            f.home.received = None;
            f.home.drift = Some(vec!["ww0: the tunnel interface is not there".into()]);
        },
    );
    // The try is small: it went well.
    faults.add_to_healthy(hop, "the tunnel loses large packets", "--measure", |f| {
        f.large_ping = Some(false);
    });
    faults.add_to_healthy(
        hop,
        "a manual peer's tunnel loses large packets",
        "there (",
        |f| {
            f.large_ping = Some(false);
            f.home = HomeFacts {
                by_hand: true,
                ..HomeFacts::default()
            };
        },
    );
}

fn on_the_peer(faults: &mut Faults<'_>) {
    let hop = Hop::PeerRouting;
    faults.add(hop, "a rule is missing on the peer", "ip rule", |f| {
        f.home.drift = Some(vec!["ip rule 7701 is missing".into()]);
    });
    faults.add(hop, "ufw on the peer drops", "drops", |f| {
        f.home.firewalls = vec!["ufw: chain FORWARD: policy drop".into()];
    });
    faults.add(
        hop,
        "ufw on the peer drops and what came is not counted",
        "drops",
        |f| f.home.received = None,
    );
    faults.add(hop, "a firewall of the peer refuses", "refuses", |f| {
        f.reach = Some(Reach::Refused);
    });
    let facts = silent_from(Hop::Guest, faults.lane);
    faults.add_to(
        facts.clone(),
        hop,
        "answers leave by the home line",
        "do not come back",
        |f| {
            f.home.flow = Some(Flow::Answered);
        },
    );
    if !faults.is_vm() {
        faults.add_to(
            facts,
            hop,
            "answers of the peer or LAN machine are lost",
            "do not come back",
            |_| {},
        );
    }
}

fn of_the_machine(faults: &mut Faults<'_>) {
    let hop = Hop::Guest;
    if faults.is_peer() {
        return;
    }
    faults.add(hop, "the machine is off", "switched on", |f| {
        (f.home.alive, f.home.inner) = (Some(false), Some(Inner::Unreachable));
    });
    faults.add(
        hop,
        "the machine is off and only ARP says so",
        "does not answer",
        |f| {
            (f.home.alive, f.home.inner) = (Some(false), Some(Inner::Silent));
        },
    );
    if faults.is_tcp() {
        faults.add(hop, "the machine drops TCP", "firewall of its own", |f| {
            f.home.inner = Some(Inner::Silent);
        });
    }
    if faults.is_vm() {
        faults.add(hop, "the VM's gateway is another", "default gateway", |_| {});
        faults.add(
            hop,
            "the VM's firewall refuses the internet",
            "refuses the internet",
            |f| {
                f.reach = Some(Reach::Refused);
            },
        );
        faults.add(
            hop,
            "the VM's firewall resets connections from the internet, which are forgotten at once",
            "by its firewall, or",
            |f| {
                f.reach = Some(Reach::Refused);
                f.home.flow = None;
            },
        );
    }
}

fn of_the_program(faults: &mut Faults<'_>) {
    let (hop, peer) = (Hop::Program, faults.is_peer());
    faults.add(hop, "nothing listens", "nothing listens", |f| {
        f.reach = Some(Reach::Refused);
        f.home.inner = Some(Inner::Refused);
        f.home.listeners = peer.then(Vec::new);
    });
    faults.add(
        hop,
        "nothing listens and the refusal is lost",
        "nothing listens",
        |f| {
            f.home.inner = Some(Inner::Refused);
        },
    );
    faults.add(
        hop,
        "nothing listens behind a manual peer",
        "nothing listens",
        |f| {
            f.reach = Some(Reach::Refused);
            f.home = HomeFacts {
                by_hand: true,
                ..HomeFacts::default()
            };
        },
    );
    if peer {
        faults.add(hop, "the program listens on 127.0.0.1", "127.0.0.1", |f| {
            f.home.inner = Some(Inner::Refused);
            let only_here = Listening {
                address: Some(Ipv4Addr::LOCALHOST),
                owner: "java".into(),
            };
            f.home.listeners = Some(vec![only_here]);
        });
    }
    if faults.is_tcp() {
        faults.add(hop, "the program cuts connections", "cuts", |f| {
            f.reach = Some(Reach::Reset { after_ms: 5 });
        });
    }
}
