//! The decision on lanes of every protocol and target.

mod faults;
mod properties;
mod single_faults;

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
        tunnel_ip: TUNNEL_IP,
        tunnel_index: 0,
        mtu: 1340,
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
            passed: Some(true),
            replied: Some(true),
            returned: Some(2),
            others: Some(true),
            drift: Some(vec![]),
            firewalls: vec![],
        },
        tunnel: Some(Handshake::Ago { seconds: 40 }),
        ping: Some(true),
        large_ping: Some(true),
        off: None,
        home: HomeFacts {
            ssh: Some(true),
            by_hand: false,
            received: Some(3),
            flow: Some(Flow::Answered),
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
    (facts.vps.replied, facts.vps.returned) = (Some(false), Some(0));
    facts.home.flow = Some(if hop > Hop::PeerRouting {
        Flow::Unanswered
    } else {
        Flow::None
    });
    // The VPS pings the peer by itself, whatever became of the try.
    facts.home.received = Some(u64::from(hop != Hop::Tunnel));
    facts.ping = Some(hop != Hop::Tunnel);
    facts.large_ping = facts.ping;
    facts.vps.passed = Some(hop > Hop::VpsRule);
    facts.vps.others = facts.vps.passed;
    facts.vps.arrived = Some(u64::from(hop > Hop::ProviderFirewall));
    facts
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
