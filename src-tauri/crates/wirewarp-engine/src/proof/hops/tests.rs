use proptest::prelude::*;
use std::net::Ipv4Addr;
use uuid::Uuid;
use wirewarp_model::{ForwardId, ForwardTarget, Port, Protocol};

use super::*;
use crate::proof::{
    Reach,
    query::{Details, Game, Query},
};

const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);
const VM: Ipv4Addr = Ipv4Addr::new(10, 99, 2, 2);
const TUNNEL_IP: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
const ALIAS: Ipv4Addr = Ipv4Addr::new(10, 99, 2, 130);

fn vm() -> ForwardTarget {
    ForwardTarget::Vm { address: VM }
}

fn lan() -> ForwardTarget {
    ForwardTarget::Lan {
        address: Ipv4Addr::new(192, 168, 20, 30),
        alias: ALIAS,
    }
}

fn lane(protocol: Protocol, target: ForwardTarget) -> Lane {
    let port = Port::new(25_565).unwrap();
    Lane {
        forward: ForwardId(Uuid::nil()),
        vps: "nyc".parse().unwrap(),
        peer: "attic".parse().unwrap(),
        public: PUBLIC,
        on_host: PUBLIC,
        protocol,
        public_port: port,
        inside: match target {
            ForwardTarget::Vm { address } => address,
            ForwardTarget::Peer => TUNNEL_IP,
            ForwardTarget::Lan { alias, .. } => alias,
        },
        target,
        target_port: port,
        gateway: Ipv4Addr::new(10, 99, 2, 1),
        tunnel_index: 0,
        endpoint: PUBLIC,
        query: crate::proof::query_for(protocol, port, None),
    }
}

/// All is well and was seen to be, by every means.
fn healthy(lane: &Lane) -> Facts {
    Facts {
        name: Some(NameFact::Resolved {
            name: "play.example.org".into(),
            addresses: vec![PUBLIC],
        }),
        vantage: Vantage::Outside,
        reach: Some(Reach::Answered {
            round_trip_ms: 41,
            details: Details::Game(Game::default()),
        }),
        vps: VpsFacts {
            ssh: Some(true),
            rule: Some(Rule::Leads {
                address: lane.inside,
                port: None,
            }),
            arrived: Some(3),
            passed: Some(3),
            replied: Some(2),
            drift: Some(vec![]),
            firewalls: vec![],
        },
        tunnel: Some(Handshake::Ago { seconds: 40 }),
        home: HomeFacts {
            ssh: Some(true),
            arrived: Some(3),
            flows: Some(Flows { seen: 1, replied: 1 }),
            drift: Some(vec![]),
            firewalls: vec![],
            alive: Some(true),
            inner: Some(Inner::Open),
            listeners: (lane.target == ForwardTarget::Peer).then(|| {
                vec![Listening {
                    address: None,
                    owner: "java".into(),
                }]
            }),
        },
    }
}

/// What is seen when nothing comes back from behind `hop`; everything up to it works.
fn silent_from(hop: Hop, lane: &Lane) -> Facts {
    let mut facts = healthy(lane);
    facts.reach = Some(match lane.protocol {
        Protocol::Tcp => Reach::TimedOut,
        Protocol::Udp => Reach::Silent { sent: 3 },
    });
    facts.vps.replied = Some(0);
    facts.home.flows = Some(Flows {
        seen: u32::from(hop > Hop::PeerRouting),
        replied: 0,
    });
    facts.home.arrived = Some(u64::from(hop > Hop::Tunnel));
    facts.vps.passed = Some(u64::from(hop > Hop::VpsRule));
    facts.vps.arrived = Some(u64::from(hop > Hop::ProviderFirewall));
    facts
}

struct Fault {
    name: &'static str,
    hop: Hop,
    /// Makes the facts of the fault; none if it cannot be on this lane.
    facts: fn(&Lane) -> Option<Facts>,
    /// A word of the sentence.
    word: &'static str,
}

fn from(hop: Hop, lane: &Lane, change: impl FnOnce(&mut Facts)) -> Option<Facts> {
    let mut facts = silent_from(hop, lane);
    change(&mut facts);
    Some(facts)
}

fn tcp(lane: &Lane) -> bool {
    lane.protocol == Protocol::Tcp
}

fn peer(lane: &Lane) -> bool {
    lane.target == ForwardTarget::Peer
}

fn is_vm(lane: &Lane) -> bool {
    matches!(lane.target, ForwardTarget::Vm { .. })
}

/// Every single fault that the facts can show.
fn faults() -> Vec<Fault> {
    let mut all = faults_before();
    all.extend(faults_at_home());
    all.extend(faults_of_the_program());
    all
}

fn faults_before() -> Vec<Fault> {
    use Hop::{Name, ProviderFirewall as Provider, Tunnel, VpsRule};
    vec![
        Fault {
            name: "the name leads elsewhere",
            hop: Name,
            word: "192.0.2.1",
            facts: |l| {
                let mut facts = healthy(l);
                let addresses = vec![Ipv4Addr::new(192, 0, 2, 1)];
                facts.name = Some(NameFact::Resolved {
                    name: "play.example.org".into(),
                    addresses,
                });
                Some(facts)
            },
        },
        Fault {
            name: "there is no such name",
            hop: Name,
            word: "no address",
            facts: |l| {
                from(Name, l, |f| {
                    f.name = Some(NameFact::Resolved {
                        name: "play.example.org".into(),
                        addresses: vec![],
                    })
                })
            },
        },
        Fault {
            name: "the provider drops it",
            hop: Provider,
            word: "arrived",
            facts: |l| from(Provider, l, |_| {}),
        },
        Fault {
            name: "the provider drops it and only the inner counter is there",
            hop: Provider,
            word: "arrived",
            facts: |l| from(Provider, l, |f| f.vps.arrived = None),
        },
        Fault {
            name: "the provider refuses it",
            hop: Provider,
            word: "refuses",
            facts: |l| from(Provider, l, |f| f.reach = Some(Reach::Refused)),
        },
        Fault {
            name: "no route to the VPS",
            hop: Provider,
            word: "no way",
            facts: |l| {
                from(Provider, l, |f| {
                    f.reach = Some(Reach::Unreachable {
                        what: "no route to host".into(),
                    })
                })
            },
        },
        Fault {
            name: "a box before the VPS cuts",
            hop: Provider,
            word: "refuses",
            facts: |l| {
                if !tcp(l) {
                    return None;
                }
                from(Provider, l, |f| f.reach = Some(Reach::Reset { after_ms: 3 }))
            },
        },
        Fault {
            name: "the VPS is off",
            hop: Provider,
            word: "SSH",
            facts: |l| {
                from(Provider, l, |f| {
                    f.vps = VpsFacts {
                        ssh: Some(false),
                        ..VpsFacts::default()
                    };
                    f.tunnel = None;
                })
            },
        },
        Fault {
            name: "the rule is gone",
            hop: VpsRule,
            word: "no rule",
            facts: |l| {
                from(VpsRule, l, |f| {
                    f.vps.rule = Some(Rule::Missing);
                    f.vps.arrived = Some(0);
                    f.vps.drift = Some(vec!["packet rules: table inet wirewarp is not there".into()]);
                })
            },
        },
        Fault {
            name: "the rule is gone and the VPS itself answers",
            hop: VpsRule,
            word: "VPS itself",
            facts: |l| {
                let mut facts = healthy(l);
                facts.vps.rule = Some(Rule::Missing);
                Some(facts)
            },
        },
        Fault {
            name: "the rule leads elsewhere",
            hop: VpsRule,
            word: "10.99.9.9",
            facts: |l| {
                from(VpsRule, l, |f| {
                    f.vps.rule = Some(Rule::Leads {
                        address: Ipv4Addr::new(10, 99, 9, 9),
                        port: None,
                    });
                })
            },
        },
        Fault {
            name: "the rule leads to another port",
            hop: VpsRule,
            word: ":80",
            facts: |l| {
                from(VpsRule, l, |f| {
                    f.vps.rule = Some(Rule::Leads {
                        address: l.inside,
                        port: Some(80),
                    });
                })
            },
        },
        Fault {
            name: "forwarding is off on the VPS",
            hop: VpsRule,
            word: "ip_forward",
            facts: |l| {
                from(VpsRule, l, |f| {
                    f.vps.drift = Some(vec!["sysctl net.ipv4.ip_forward is 0".into()])
                })
            },
        },
        Fault {
            name: "Docker's FORWARD on the VPS drops",
            hop: VpsRule,
            word: "another firewall",
            facts: |l| {
                from(VpsRule, l, |f| {
                    f.vps.firewalls = vec!["Docker: table ip filter, chain FORWARD: policy drop".into()]
                })
            },
        },
        Fault {
            name: "the tunnel never came up",
            hop: Tunnel,
            word: "never",
            facts: |l| {
                from(Tunnel, l, |f| {
                    f.tunnel = Some(Handshake::Never);
                    f.home = HomeFacts {
                        ssh: Some(false),
                        ..HomeFacts::default()
                    };
                })
            },
        },
        Fault {
            name: "the tunnel is down",
            hop: Tunnel,
            word: "2 hours",
            facts: |l| {
                from(Tunnel, l, |f| {
                    f.tunnel = Some(Handshake::Ago { seconds: 7_300 });
                })
            },
        },
        Fault {
            name: "the tunnel loses everything",
            hop: Tunnel,
            word: "none comes out",
            facts: |l| from(Tunnel, l, |f| f.vps.passed = Some(1)),
        },
    ]
}

fn faults_at_home() -> Vec<Fault> {
    use Hop::{Guest, PeerRouting as Routing};
    vec![
        Fault {
            name: "a rule is missing on the peer",
            hop: Routing,
            word: "ip rule",
            facts: |l| {
                from(Routing, l, |f| {
                    f.home.drift = Some(vec!["ip rule 7701 is missing".into()])
                })
            },
        },
        Fault {
            name: "ufw on the peer drops",
            hop: Routing,
            word: "drops",
            facts: |l| {
                from(Routing, l, |f| {
                    f.home.firewalls = vec!["ufw: chain FORWARD: policy drop".into()];
                })
            },
        },
        Fault {
            name: "ufw on the peer drops and arrivals are not counted",
            hop: Routing,
            word: "drops",
            facts: |l| from(Routing, l, |f| f.home.arrived = None),
        },
        Fault {
            name: "a firewall of the peer refuses",
            hop: Routing,
            word: "refuses",
            facts: |l| from(Routing, l, |f| f.reach = Some(Reach::Refused)),
        },
        Fault {
            name: "answers leave by the home line",
            hop: Routing,
            word: "do not come back",
            facts: |l| from(Guest, l, |f| f.home.flows = Some(Flows { seen: 1, replied: 1 })),
        },
        Fault {
            name: "answers of the peer or LAN machine are lost",
            hop: Routing,
            word: "do not come back",
            facts: |l| {
                if is_vm(l) {
                    return None;
                }
                from(Guest, l, |_| {})
            },
        },
        Fault {
            name: "the machine is off",
            hop: Guest,
            word: "switched on",
            facts: |l| {
                if peer(l) {
                    return None;
                }
                from(Guest, l, |f| {
                    (f.home.alive, f.home.inner) = (Some(false), Some(Inner::Unreachable))
                })
            },
        },
        Fault {
            name: "the machine is off and only ARP says so",
            hop: Guest,
            word: "does not answer",
            facts: |l| {
                if peer(l) {
                    return None;
                }
                from(Guest, l, |f| {
                    (f.home.alive, f.home.inner) = (Some(false), Some(Inner::Silent))
                })
            },
        },
        Fault {
            name: "the machine drops TCP",
            hop: Guest,
            word: "firewall of its own",
            facts: |l| {
                if peer(l) || !tcp(l) {
                    return None;
                }
                from(Guest, l, |f| f.home.inner = Some(Inner::Silent))
            },
        },
        Fault {
            name: "the VM's gateway is another",
            hop: Guest,
            word: "default gateway",
            facts: |l| {
                if !is_vm(l) {
                    return None;
                }
                from(Guest, l, |_| {})
            },
        },
        Fault {
            name: "the VM's firewall refuses the internet",
            hop: Guest,
            word: "refuses the internet",
            facts: |l| {
                if !is_vm(l) {
                    return None;
                }
                from(Guest, l, |f| f.reach = Some(Reach::Refused))
            },
        },
    ]
}

fn faults_of_the_program() -> Vec<Fault> {
    use Hop::Program;
    vec![
        Fault {
            name: "nothing listens",
            hop: Program,
            word: "nothing listens",
            facts: |l| {
                from(Program, l, |f| {
                    f.reach = Some(Reach::Refused);
                    f.vps.replied = Some(1);
                    f.home.inner = Some(Inner::Refused);
                    f.home.listeners = peer(l).then(Vec::new);
                })
            },
        },
        Fault {
            name: "nothing listens and the refusal is lost",
            hop: Program,
            word: "nothing listens",
            facts: |l| from(Program, l, |f| f.home.inner = Some(Inner::Refused)),
        },
        Fault {
            name: "nothing listens behind a manual peer",
            hop: Program,
            word: "nothing listens",
            facts: |l| {
                from(Program, l, |f| {
                    f.reach = Some(Reach::Refused);
                    f.vps.replied = Some(1);
                    f.home = HomeFacts::default();
                })
            },
        },
        Fault {
            name: "the program listens on 127.0.0.1",
            hop: Program,
            word: "127.0.0.1",
            facts: |l| {
                if !peer(l) {
                    return None;
                }
                from(Program, l, |f| {
                    f.home.inner = Some(Inner::Refused);
                    f.home.listeners = Some(vec![Listening {
                        address: Some(Ipv4Addr::LOCALHOST),
                        owner: "java".into(),
                    }]);
                })
            },
        },
        Fault {
            name: "the program cuts connections",
            hop: Program,
            word: "cuts",
            facts: |l| {
                if !tcp(l) {
                    return None;
                }
                from(Program, l, |f| f.reach = Some(Reach::Reset { after_ms: 5 }))
            },
        },
    ]
}

fn lanes() -> Vec<Lane> {
    let mut lanes = vec![];
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        for target in [vm(), ForwardTarget::Peer, lan()] {
            lanes.push(lane(protocol, target));
        }
    }
    lanes
}

#[test]
fn each_single_fault_is_named_and_nothing_else_is() {
    for lane in lanes() {
        for fault in faults() {
            let Some(facts) = (fault.facts)(&lane) else {
                continue;
            };
            let report = judge(&lane, &facts);
            let what = format!(
                "{} on {} {:?}: {report:#?}",
                fault.name, lane.protocol, lane.target
            );
            assert_eq!(report.verdict, Verdict::Fails { hop: fault.hop }, "{what}");
            let found = &report.hops[fault.hop as usize];
            assert_eq!((found.hop, found.state), (fault.hop, State::Failed), "{what}");
            assert!(
                found.do_next.iter().all(|hint| !hint.is_empty()) && !found.do_next.is_empty(),
                "{what}"
            );
            let text = format!("{} {}", found.why, found.do_next.join(" "));
            assert!(text.contains(fault.word), "{what}");
        }
    }
}

#[test]
fn when_all_is_well_every_hop_is_proved() {
    for lane in lanes() {
        let report = judge(&lane, &healthy(&lane));
        assert_eq!(report.verdict, Verdict::Works);
        assert!(
            report.hops.iter().all(|hop| hop.state == State::Proved),
            "{report:#?}"
        );
    }
}

#[test]
fn an_answer_alone_proves_every_hop_but_the_name() {
    let lane = lane(Protocol::Udp, vm());
    let facts = Facts {
        reach: healthy(&lane).reach,
        ..Facts::default()
    };
    let report = judge(&lane, &facts);
    assert_eq!(report.verdict, Verdict::Works);
    let states: Vec<State> = report.hops.iter().map(|hop| hop.state).collect();
    assert_eq!(states[0], State::Unknown);
    assert!(
        states[1..].iter().all(|state| *state == State::Proved),
        "{report:#?}"
    );
}

#[test]
fn silence_of_a_udp_program_is_told_as_delivered() {
    for target in [vm(), ForwardTarget::Peer, lan()] {
        let mut lane = lane(Protocol::Udp, target);
        let mut facts = silent_from(Hop::Program, &lane);
        facts.home.inner = Some(Inner::Silent);
        for (query, word) in [
            (Query::Datagram, "many programs"),
            (Query::Source, "server query"),
        ] {
            lane.query = query;
            let report = judge(&lane, &facts);
            assert_eq!(report.verdict, Verdict::Delivered, "{report:#?}");
            assert!(report.summary.contains(word), "{}", report.summary);
            assert!(
                report.hops[..6].iter().all(|hop| hop.state == State::Proved),
                "{report:#?}"
            );
        }
    }
}

#[test]
fn the_sentence_of_the_manual_is_said() {
    let lane = lane(Protocol::Udp, vm());
    let mut facts = silent_from(Hop::Program, &lane);
    facts.home.inner = Some(Inner::Refused);
    let summary = judge(&lane, &facts).summary;
    assert_eq!(
        summary,
        "The packet reached 10.99.2.2 and nothing listens on UDP 25565. Is the game server running?"
    );
}

#[test]
fn a_connection_that_the_vps_never_saw_proves_nothing() {
    let lane = lane(Protocol::Tcp, vm());
    let mut facts = silent_from(Hop::ProviderFirewall, &lane);
    facts.reach = Some(Reach::Connected {
        round_trip_ms: 1,
        said: None,
        closed: false,
        unanswered: None,
    });
    facts.home.inner = None;
    let report = judge(&lane, &facts);
    assert_eq!(report.verdict, Verdict::Undecided, "{report:#?}");
    assert!(report.hops[1].why.contains("in its place"), "{report:#?}");
}

#[test]
fn a_try_from_the_vps_itself_does_not_prove_the_way_to_it() {
    let lane = lane(Protocol::Tcp, vm());
    let mut facts = healthy(&lane);
    facts.vantage = Vantage::Inside {
        which: "the VPS itself".into(),
    };
    let report = judge(&lane, &facts);
    assert_eq!(report.verdict, Verdict::Works);
    assert_eq!(report.hops[1].state, State::Unknown);
    assert!(report.summary.contains("the VPS itself"), "{}", report.summary);
}

#[test]
fn without_facts_nothing_is_claimed() {
    let lane = lane(Protocol::Tcp, vm());
    let report = judge(&lane, &Facts::default());
    assert_eq!(report.verdict, Verdict::Undecided);
    assert!(
        report
            .hops
            .iter()
            .all(|hop| hop.state == State::Unknown && !hop.why.is_empty()),
        "{report:#?}"
    );
}

fn maybe<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(proptest::sample::select(values))
}

fn reaches() -> Vec<Reach> {
    vec![
        Reach::Answered {
            round_trip_ms: 1,
            details: Details::Game(Game::default()),
        },
        Reach::Connected {
            round_trip_ms: 1,
            said: None,
            closed: true,
            unanswered: Some(Query::MinecraftJava),
        },
        Reach::Silent { sent: 3 },
        Reach::Refused,
        Reach::TimedOut,
        Reach::Unreachable { what: "x".into() },
        Reach::Reset { after_ms: 3 },
        Reach::NotSent { why: "x".into() },
    ]
}

fn names() -> Vec<NameFact> {
    let resolved = |addresses| NameFact::Resolved {
        name: "x.example".into(),
        addresses,
    };
    vec![
        NameFact::NotUsed,
        resolved(vec![]),
        resolved(vec![PUBLIC]),
        resolved(vec![VM]),
    ]
}

prop_compose! {
    fn any_vps()(
        ssh in any::<Option<bool>>(),
        rule in maybe(vec![
            Rule::Missing,
            Rule::Leads { address: VM, port: None },
            Rule::Leads { address: TUNNEL_IP, port: Some(25_565) },
            Rule::Leads { address: ALIAS, port: Some(1) },
        ]),
        arrived in maybe(vec![0, 1]),
        passed in maybe(vec![0, 1]),
        replied in maybe(vec![0, 1]),
        drift in maybe(vec![vec![], vec!["x".to_owned()]]),
        firewalls in proptest::sample::select(vec![vec![], vec!["ufw".to_owned()]]),
    ) -> VpsFacts {
        VpsFacts { ssh, rule, arrived, passed, replied, drift, firewalls }
    }
}

prop_compose! {
    fn any_home()(
        ssh in any::<Option<bool>>(),
        arrived in maybe(vec![0, 1]),
        flows in maybe(vec![
            Flows { seen: 0, replied: 0 }, Flows { seen: 1, replied: 0 }, Flows { seen: 2, replied: 1 },
        ]),
        drift in maybe(vec![vec![], vec!["x".to_owned()]]),
        alive in any::<Option<bool>>(),
        inner in maybe(vec![Inner::Open, Inner::Refused, Inner::Silent, Inner::Unreachable]),
        listeners in maybe(vec![
            vec![], vec![Listening { address: Some(Ipv4Addr::LOCALHOST), owner: String::new() }],
        ]),
    ) -> HomeFacts {
        HomeFacts { ssh, arrived, flows, drift, firewalls: vec![], alive, inner, listeners }
    }
}

prop_compose! {
    fn any_facts()(
        name in maybe(names()),
        outside in any::<bool>(),
        reach in maybe(reaches()),
        vps in any_vps(),
        tunnel in maybe(vec![
            Handshake::Never, Handshake::Ago { seconds: 5 }, Handshake::Ago { seconds: u64::MAX },
        ]),
        home in any_home(),
    ) -> Facts {
        let vantage = if outside { Vantage::Outside } else { Vantage::Inside { which: "the peer".into() } };
        Facts { name, vantage, reach, vps, tunnel, home }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    #[test]
    fn at_most_one_hop_fails_and_nothing_is_claimed_behind_it(facts in any_facts(), at in 0usize..6) {
        let report = judge(&lanes()[at], &facts);
        let hops: Vec<Hop> = report.hops.iter().map(|finding| finding.hop).collect();
        prop_assert_eq!(hops, Hop::ALL.to_vec());
        let failed = report.hops.iter().position(|finding| finding.state == State::Failed);
        for (at, finding) in report.hops.iter().enumerate() {
            let behind = failed.is_some_and(|failed| at > failed);
            prop_assert_eq!(finding.state == State::NotReached, behind);
            prop_assert_eq!(finding.why.is_empty(), behind);
            prop_assert!(finding.state != State::Failed || failed == Some(at));
        }
        let fails = failed.map(|at| Verdict::Fails { hop: Hop::ALL[at] });
        prop_assert!(fails.is_none_or(|fails| fails == report.verdict));
        let blames = matches!(report.verdict, Verdict::Fails { .. });
        prop_assert_eq!(fails.is_some(), blames);
        prop_assert!(!report.summary.is_empty());
    }

    #[test]
    fn a_program_that_answered_is_never_blamed(facts in any_facts(), at in 0usize..6) {
        let lane = &lanes()[at];
        let mut facts = facts;
        facts.reach = healthy(lane).reach;
        facts.name = Some(NameFact::NotUsed);
        facts.vps.rule = healthy(lane).vps.rule;
        prop_assert_eq!(judge(lane, &facts).verdict, Verdict::Works);
    }
}
