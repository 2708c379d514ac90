//! Each fault alone, with everything known and with one fact missing.

use super::faults::{Fault, faults};
use super::*;

#[test]
fn each_single_fault_is_named_and_nothing_else_is() {
    for lane in lanes() {
        for fault in faults(&lane) {
            let report = judge(&lane, &fault.facts);
            let what = format!(
                "{} on {} {:?}: {report:#?}",
                fault.name, lane.protocol, lane.target
            );
            assert_eq!(report.verdict, Verdict::Fails { hop: fault.hop }, "{what}");
            let found = &report.hops[fault.hop as usize];
            assert_eq!((found.hop, found.state), (fault.hop, State::Failed), "{what}");
            assert!(
                !found.do_next.is_empty() && found.do_next.iter().all(|hint| !hint.is_empty()),
                "{what}"
            );
            let text = format!("{} {}", found.why, found.do_next.join(" "));
            assert!(text.contains(fault.word), "{what}");
        }
    }
}

type Forget = fn(&mut Facts);

/// Each way in which one fact can be unknown.
const FORGET: [(&str, Forget); 21] = [
    ("name", |f| f.name = None),
    ("reach", |f| f.reach = None),
    ("VPS on SSH", |f| f.vps.ssh = None),
    ("rule", |f| f.vps.rule = None),
    ("arrived", |f| f.vps.arrived = None),
    ("passed", |f| f.vps.passed = None),
    ("replied", |f| f.vps.replied = None),
    ("returned", |f| f.vps.returned = None),
    ("others", |f| f.vps.others = None),
    ("drift of the VPS", |f| f.vps.drift = None),
    ("handshake", |f| f.tunnel = None),
    ("peer on SSH", |f| f.home.ssh = None),
    ("ping", |f| f.ping = None),
    ("large ping", |f| f.large_ping = None),
    ("received at home", |f| f.home.received = None),
    ("flow", |f| f.home.flow = None),
    ("drift of the peer", |f| f.home.drift = None),
    ("alive", |f| f.home.alive = None),
    ("inner", |f| f.home.inner = None),
    ("listeners", |f| f.home.listeners = None),
    ("whole peer", |f| f.home = HomeFacts::default()),
];

/// Faults that look alike once a fact is missing: the sentence then names both.
const LOOK_ALIKE: [(&str, Hop, &str); 6] = [
    (
        "a firewall of the peer refuses",
        Hop::Guest,
        "or by another one on attic",
    ),
    (
        "the VM's firewall resets connections from the internet, which are forgotten at once",
        Hop::Program,
        "or a firewall",
    ),
    (
        "wireguard-go was stopped at home",
        Hop::PeerRouting,
        "interface is not there",
    ),
    ("a firewall of the peer refuses", Hop::Program, "or a firewall"),
    (
        "the VM's firewall refuses the internet",
        Hop::Program,
        "or a firewall",
    ),
    (
        "the tunnel loses everything",
        Hop::PeerRouting,
        "or they are lost",
    ),
];

fn is_right(fault: &Fault, report: &Report) -> bool {
    let Verdict::Fails { hop } = report.verdict else {
        return true;
    };
    let names_both = |(name, other, word): (&str, Hop, &str)| {
        name == fault.name && other == hop && report.summary.contains(word)
    };
    hop == fault.hop || LOOK_ALIKE.into_iter().any(names_both)
}

#[test]
fn a_fact_that_is_not_known_makes_the_answer_vaguer_and_not_another() {
    let mut wrong = vec![];
    for lane in lanes() {
        for fault in faults(&lane) {
            for (forgotten, forget) in FORGET {
                let mut facts = fault.facts.clone();
                forget(&mut facts);
                let report = judge(&lane, &facts);
                if !is_right(&fault, &report) {
                    let (name, protocol, target) = (fault.name, lane.protocol, lane.target);
                    wrong.push(format!(
                        "{name} on {protocol} {target:?} without {forgotten}: {}",
                        report.summary
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
