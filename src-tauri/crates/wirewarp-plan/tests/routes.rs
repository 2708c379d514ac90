//! What of a machine's own traffic goes through its tunnel: files, words and findings. With real packets in `network.rs`.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod support;

use support::{HOME_HOST, VPS_HOST, against, applied, full, machine, second, with_attic};
use wirewarp_model::{
    HostId, Inventory, Peer, PeerState,
    bundle::Bundle,
    observed::{Interface, Observed},
};
use wirewarp_plan::{
    check::{Finding, Sightings, check},
    plan::{plan, unified},
    render::{Context, bundle},
};

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn rendered(inventory: &Inventory, host: HostId) -> Bundle {
    let context = Context {
        inventory,
        host,
        generation: 3,
        program: "0.1.0",
        sshd_ports: &[22],
    };
    bundle(&context).unwrap()
}

#[test]
fn a_home_whose_own_traffic_leaves_by_the_tunnel() {
    let taking = |route: &str| {
        let mut inventory = with_attic();
        inventory.peers[0].route = route.parse().unwrap();
        inventory
    };
    for route in ["everything", "198.51.100.0/24,192.0.2.7"] {
        let only_replies = rendered(&with_attic(), HOME_HOST);
        let takes = rendered(&taking(route), HOME_HOST);
        let diffs = ["rules.nft", "load"].map(|path| {
            let text = |bundle: &Bundle| bundle.files[path].text.clone();
            unified(["replies", route], &text(&only_replies), &text(&takes))
        });
        insta::assert_snapshot!(diffs.concat());
        assert_eq!(
            rendered(&taking(route), VPS_HOST).files["rules.nft"],
            rendered(&with_attic(), VPS_HOST).files["rules.nft"]
        );
    }
}

#[test]
fn a_suspended_peer_takes_nothing_of_its_machine() {
    let mut quiet = with_attic();
    quiet.peers[0].state = PeerState::Suspended;
    let mut taking = quiet.clone();
    taking.peers[0].route = "everything".parse().unwrap();
    for path in ["rules.nft", "load"] {
        let text = |inventory: &Inventory| rendered(inventory, HOME_HOST).files[path].text.clone();
        assert_eq!(text(&quiet), text(&taking));
    }
}

#[test]
fn what_a_machine_sends_by_its_tunnel_is_said_in_words() {
    let at_home = |before: &str, after: &str| {
        let (mut one, mut two) = (with_attic(), with_attic());
        one.peers[0].route = before.parse().unwrap();
        two.peers[0].route = after.parse().unwrap();
        let done = plan(&one, HOME_HOST, against(&machine(), None), vec![]).unwrap();
        let seen = applied(machine(), &done.bundle, 1);
        plan(&two, HOME_HOST, against(&seen, Some(&done)), vec![])
            .unwrap()
            .changes
    };
    let ways = ["replies", "everything", "198.51.100.0/24", "replies"];
    let said = ways.windows(2).map(|pair| {
        format!(
            "{} -> {}\n{}\n",
            pair[0],
            pair[1],
            at_home(pair[0], pair[1]).join("\n")
        )
    });
    insta::assert_snapshot!(said.collect::<String>());
}

#[test]
fn udp_to_the_machine_itself_takes_its_new_way_at_once() {
    let (before, mut after) = (full(), full());
    after.peers[0].route = "everything".parse().unwrap();
    let done = plan(&before, HOME_HOST, against(&machine(), None), vec![]).unwrap();
    let seen = applied(machine(), &done.bundle, 1);
    let flush = plan(&after, HOME_HOST, against(&seen, Some(&done)), vec![])
        .unwrap()
        .flush;
    let shown: Vec<String> = flush
        .iter()
        .map(|flow| format!("{} {:?}", flow.address, flow.ports.unwrap().0))
        .collect();
    assert_eq!(
        shown,
        ["10.0.0.3 Udp"],
        "TCP, VMs and the LAN keep theirs: {flush:?}"
    );
    assert_eq!(flush[0].ports.unwrap().1.to_string(), "19000-19003");
}

#[test]
fn what_a_machine_sends_changes_only_the_record_on_its_vps() {
    let mut after = full();
    after.peers[0].route = "everything".parse().unwrap();
    let plan = second(&full(), &after);
    assert!(plan.is_empty() && plan.record_stale && plan.changes.is_empty());
}

#[test]
fn one_tunnel_of_a_machine_takes_everything_and_the_other_is_told_who() {
    let mut inventory = with_attic();
    let other = Peer {
        tunnel_index: 1,
        ..support::peer(3, "loft")
    };
    inventory.peers.push(other);
    let mut of = |attic: &str, loft: &str| {
        inventory.peers[0].route = attic.parse().unwrap();
        inventory.peers[1].route = loft.parse().unwrap();
        check(&inventory, &Sightings::new())
    };
    for (attic, loft) in [
        ("everything", "198.51.100.0/24"),
        ("192.0.2.0/24", "198.51.100.0/24"),
        ("replies", "everything"),
    ] {
        assert!(of(attic, loft).is_empty(), "{attic} {loft}");
    }
    for (attic, loft, what) in [
        ("everything", "everything", "everything"),
        ("198.51.100.7", "198.51.100.0/24", "198.51.100.7/32"),
    ] {
        let findings = of(attic, loft);
        assert_eq!(codes(&findings), ["route_taken"]);
        assert!(
            findings[0]
                .message
                .starts_with(&format!("{what} goes through VPS nyc")),
            "{findings:?}"
        );
        assert!(
            findings[0].message.contains("by peer attic; loft cannot"),
            "{findings:?}"
        );
    }
}

#[test]
fn destinations_that_cannot_go_through_the_tunnel_are_refused() {
    let mut inventory = full();
    let at_home = Interface {
        addresses: vec!["198.51.100.9/24".parse().unwrap()],
        ..machine().interfaces[0].clone()
    };
    let home = Observed {
        interfaces: vec![at_home],
        ..machine()
    };
    let seen = Sightings::from([(HOME_HOST, home)]);
    for (route, code) in [
        ("203.0.113.0/24", "route_to_vps"),
        ("203.0.113.11", "route_to_vps"),
        ("198.51.0.0/16", "route_at_home"),
    ] {
        inventory.peers[0].route = route.parse().unwrap();
        let findings = check(&inventory, &seen);
        assert_eq!(codes(&findings), [code], "{route}: {findings:?}");
    }
    inventory.peers[0].route = "192.0.2.0/24".parse().unwrap();
    assert!(check(&inventory, &seen).is_empty());
    inventory.peers[1].route = "everything".parse().unwrap();
    assert_eq!(codes(&check(&inventory, &seen)), ["manual_peer"]);
}
