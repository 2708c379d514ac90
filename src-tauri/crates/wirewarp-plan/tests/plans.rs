//! Plans: what they change, what they leave alone, and that they end.

mod support;

use std::net::Ipv4Addr;
use support::{
    HOME_HOST, VPS_HOST, against, applied, first, forward, full, lan, machine, second, vm, with_attic,
    with_vps,
};
use wirewarp_model::{
    ForwardTarget, MtuOrigin, PeerState, Port, PortForwardPorts, Protocol, Protocols, bundle::FlowFlush,
};
use wirewarp_plan::{
    check::Severity,
    plan::{FileState, drift, plan, removal},
    render::{read_manifest, seal},
};

#[test]
fn the_first_plan_says_everything_in_words() {
    let plan = first(&full());
    assert_eq!((plan.base, plan.generation), (0, 1));
    insta::assert_snapshot!(format!(
        "{}\n---\n{}",
        plan.changes.join("\n"),
        plan.steps.join("\n")
    ));
}

#[test]
fn a_vps_without_peers_can_be_planned() {
    assert!(!first(&with_vps()).is_empty());
}

#[test]
fn a_new_forward_shows_as_one_line_and_flushes_its_port_alone() {
    let (before, mut after) = (full(), full());
    let attic = after.peers[0].id;
    after
        .forwards
        .push(forward(50, attic, "7777", Protocols::Udp, vm(9)));
    let plan = second(&before, &after);
    assert_eq!(
        plan.changes,
        ["forward 7777 udp on 203.0.113.11 to 10.99.2.9 behind attic"]
    );
    let port = Port::new(7777).unwrap();
    let address = Ipv4Addr::new(203, 0, 113, 11);
    assert_eq!(
        plan.flush,
        [FlowFlush {
            address,
            ports: Some((Protocol::Udp, port.into()))
        }]
    );
    let paths: Vec<&str> = plan.diffs.iter().map(|diff| diff.path.as_str()).collect();
    assert_eq!(paths, ["rules.nft"]);
    let added: Vec<&str> = plan.diffs[0]
        .unified
        .lines()
        .filter(|l| l.starts_with('+') || l.starts_with('-'))
        .collect();
    assert_eq!(added.len(), 3, "the header, and one line: {added:?}");
}

#[test]
fn a_label_alone_changes_nothing_but_the_record() {
    let (before, mut after) = (full(), full());
    after.forwards[1].label = "shooter".parse().unwrap();
    let plan = second(&before, &after);
    assert!(plan.is_empty() && plan.record_stale && plan.steps.is_empty());
}

#[test]
fn another_mtu_is_one_line_and_changes_links_and_routes_alone() {
    let (before, mut after) = (full(), full());
    after.peers[0].mtu = 1340;
    let plan = second(&before, &after);
    assert_eq!(
        plan.changes,
        ["packets of up to 1340 bytes through the tunnel of attic, not 1420; connections go on"]
    );
    assert!(plan.flush.is_empty());
    let paths: Vec<&str> = plan.diffs.iter().map(|diff| diff.path.as_str()).collect();
    assert_eq!(paths, ["load"]);
    let load = &plan.bundle.files["load"].text;
    for line in [
        "mtu ww0 1420",
        "route main 10.99.2.0/24 dev ww0 mtu 1340",
        "route main 10.0.0.3 dev ww0 mtu 1340",
    ] {
        assert!(load.lines().any(|there| there == line), "{line} is not in {load}");
    }
}

#[test]
fn where_an_mtu_comes_from_changes_nothing_but_the_record() {
    let (before, mut after) = (full(), full());
    after.peers[0].mtu_origin = MtuOrigin::Set;
    let plan = second(&before, &after);
    assert!(plan.is_empty() && plan.record_stale && plan.changes.is_empty());
}

#[test]
fn a_moved_range_flushes_only_what_moved() {
    let (before, mut after) = (full(), full());
    after.forwards[1].ports = PortForwardPorts::Ports {
        protocols: Protocols::Udp,
        mappings: "27000-27040,27041-27050->28041".parse().unwrap(),
    };
    let plan = second(&before, &after);
    assert_eq!(plan.flush.len(), 1);
    assert_eq!(plan.flush[0].ports.unwrap().1.to_string(), "27041-27050");
}

#[test]
fn a_port_at_home_that_two_forwards_lead_to_keeps_its_flows_while_one_is_there() {
    let mut before = full();
    let attic = before.peers[0].id;
    let lan = lan(30, 129);
    before
        .forwards
        .push(forward(60, attic, "7000-7010", Protocols::Tcp, lan));
    let mut after = before.clone();
    before
        .forwards
        .push(forward(61, attic, "7100->7005", Protocols::Tcp, lan));
    let done = plan(&before, HOME_HOST, against(&machine(), None), vec![]).unwrap();
    let seen = applied(machine(), &done.bundle, 1);
    let fewer = plan(&after, HOME_HOST, against(&seen, Some(&done)), vec![]).unwrap();
    assert_eq!((fewer.generation, fewer.flush.as_slice()), (1, &[][..]));
    after.forwards.pop();
    let fewest = plan(&after, HOME_HOST, against(&seen, Some(&done)), vec![]).unwrap();
    assert_eq!(fewest.flush[0].ports.unwrap().1.to_string(), "7000-7010");
}

#[test]
fn a_suspended_peer_leaves_no_trace_in_the_files() {
    let mut inventory = full();
    inventory.peers[0].state = PeerState::Suspended;
    let bundle = first(&inventory).bundle;
    let texts = ["rules.nft", "ww0.conf", "load"]
        .map(|path| bundle.files[path].text.clone())
        .concat();
    assert!(
        !texts.contains("10.99.2.") && !texts.contains("10.0.0.3"),
        "{texts}"
    );
}

#[test]
fn a_file_changed_on_the_host_is_drift_and_is_planned_again() {
    let inventory = full();
    let done = first(&inventory);
    let mut seen = applied(machine(), &done.bundle, 1);
    seen.ours
        .as_mut()
        .unwrap()
        .digests
        .insert("rules.nft".to_owned(), "0".repeat(64));
    let found = drift(&done.bundle, Some(&done.bundle), &seen);
    assert!(found.is_drift());
    assert_eq!(
        (found.files[0].path.as_str(), found.files[0].state),
        ("rules.nft", FileState::ChangedThere)
    );
    let repair = plan(&inventory, VPS_HOST, against(&seen, Some(&done)), vec![]).unwrap();
    assert_eq!(
        (repair.generation, repair.changes.len(), repair.flush.len()),
        (2, 0, 0)
    );
}

#[test]
fn live_drift_is_put_right_by_a_new_generation_of_the_same_content() {
    let inventory = full();
    let done = first(&inventory);
    let mut seen = applied(machine(), &done.bundle, 1);
    seen.ours.as_mut().unwrap().drift = vec!["ww0: MTU is 1300, not 1420".to_owned()];
    let repair = plan(&inventory, VPS_HOST, against(&seen, Some(&done)), vec![]).unwrap();
    assert!(!repair.is_empty() && repair.diffs.is_empty() && repair.flush.is_empty());
    assert_eq!((repair.base, repair.generation), (1, 2));
    assert_eq!(repair.changes, ["put right: ww0: MTU is 1300, not 1420"]);
}

#[test]
fn an_offered_wish_is_no_drift() {
    let (before, mut after) = (full(), full());
    after.forwards.pop();
    let done = first(&before);
    let seen = applied(machine(), &done.bundle, 1);
    let wish = first(&after);
    assert!(!drift(&wish.bundle, Some(&done.bundle), &seen).is_drift());
}

#[test]
fn removal_takes_everything_and_says_so() {
    let done = first(&full());
    let seen = applied(machine(), &done.bundle, 1);
    let gone = removal(VPS_HOST, against(&seen, Some(&done)), vec![]);
    assert_eq!((gone.generation, gone.base), (0, 1));
    assert!(gone.bundle.files.is_empty() && !gone.is_empty());
    assert!(
        gone.changes.iter().all(|line| line.starts_with("no longer")
            || line.starts_with("shut")
            || line.starts_with("close"))
    );
    assert!(gone.diffs.iter().all(|diff| diff.after.is_none()));
}

#[test]
fn a_suspension_says_what_becomes_of_the_vms() {
    let (before, mut after) = (with_attic(), with_attic());
    after.peers[0].state = PeerState::Suspended;
    let done = plan(&before, HOME_HOST, against(&machine(), None), vec![]).unwrap();
    let seen = applied(machine(), &done.bundle, 1);
    let rests = plan(&after, HOME_HOST, against(&seen, Some(&done)), vec![]).unwrap();
    assert_eq!(
        rests.changes,
        [
            "disconnect ww0 from VPS nyc",
            "shut VMs of 10.99.2.0/24 in while peer attic is suspended"
        ]
    );
}

#[test]
fn a_removal_that_nobody_can_confirm_says_why() {
    let done = plan(&full(), HOME_HOST, against(&machine(), None), vec![]).unwrap();
    let seen = applied(machine(), &done.bundle, 1);
    let gone = removal(HOME_HOST, against(&seen, Some(&done)), vec![]);
    let by = gone
        .clone()
        .leaving_by(&"attic".parse().unwrap(), &"nyc".parse().unwrap(), VPS_HOST);
    assert_eq!(by.leaves_by, Some(VPS_HOST));
    let [finding] = by.findings.as_slice() else {
        panic!("{:?}", by.findings)
    };
    assert_eq!(
        (finding.code.as_str(), finding.severity),
        ("unconfirmed", Severity::Warning)
    );
    assert!(
        finding.message.contains("cannot be confirmed"),
        "{}",
        finding.message
    );
    assert!(gone.steps.iter().any(|step| step.starts_with("confirm")));
    assert_eq!(
        by.steps,
        [
            "hand the whole clean-up over and hear that it has begun",
            "take away everything of generation 1, with nobody watching"
        ]
    );
}

#[test]
fn missing_tools_become_the_distributions_packages() {
    let mut bare = machine();
    bare.tools.clear();
    bare.kernel_wireguard = false;
    let apt = plan(&full(), HOME_HOST, against(&bare, None), vec![]).unwrap();
    assert_eq!(
        apt.packages,
        [
            "conntrack",
            "iproute2",
            "iputils-ping",
            "nftables",
            "wireguard-go",
            "wireguard-tools"
        ]
    );
    bare.package_manager = Some(wirewarp_model::observed::PackageManager::Dnf);
    let dnf = plan(&full(), HOME_HOST, against(&bare, None), vec![]).unwrap();
    assert!(
        dnf.packages.contains(&"conntrack-tools".to_owned()) && dnf.packages.contains(&"iproute".to_owned())
    );
}

#[test]
fn a_key_made_later_fits_its_hole_and_the_digests() {
    let mut inventory = full();
    inventory.vpses[0].public_key = None;
    let owner = inventory.vpses[0].id.0;
    let mut bundle = plan(&inventory, HOME_HOST, against(&machine(), None), vec![])
        .unwrap()
        .bundle;
    assert!(bundle.has_placeholders());
    bundle.fill_key(owner, support::key(7));
    seal(&mut bundle);
    assert!(!bundle.has_placeholders());
    inventory.vpses[0].public_key = Some(support::key(7));
    let known = plan(&inventory, HOME_HOST, against(&machine(), None), vec![])
        .unwrap()
        .bundle;
    let digests = |bundle: &wirewarp_model::bundle::Bundle| {
        read_manifest(&bundle.files["manifest.json"].text)
            .unwrap()
            .digests
    };
    assert_eq!(digests(&bundle), digests(&known));
}

#[test]
fn ten_thousand_forwards_on_a_hundred_peers_are_planned_quickly() {
    let mut inventory = with_attic();
    inventory.peers.clear();
    for n in 1..=100_u8 {
        inventory.peers.push(support::peer(n, &format!("peer{n}")));
    }
    for n in 0..10_000_u16 {
        let peer = inventory.peers[usize::from(n % 100)].clone();
        let target = ForwardTarget::Vm {
            address: peer.first_vm(),
        };
        inventory.forwards.push(forward(
            n.into(),
            peer.id,
            &(20_000 + n).to_string(),
            Protocols::Both,
            target,
        ));
    }
    let seen = machine();
    let start = std::time::Instant::now();
    let done = plan(&inventory, VPS_HOST, against(&seen, None), vec![]).unwrap();
    eprintln!("first plan of 10,000 forwards: {:?}", start.elapsed());
    let there = applied(machine(), &done.bundle, 1);
    let start = std::time::Instant::now();
    assert!(
        plan(&inventory, VPS_HOST, against(&there, Some(&done)), vec![])
            .unwrap()
            .is_empty()
    );
    eprintln!("plan with nothing to do: {:?}", start.elapsed());
    let peer = inventory.peers[3].id;
    inventory.forwards.push(forward(
        20_000,
        peer,
        "19999",
        Protocols::Udp,
        ForwardTarget::Peer,
    ));
    let start = std::time::Instant::now();
    let one = plan(&inventory, VPS_HOST, against(&there, Some(&done)), vec![]).unwrap();
    eprintln!("plan of one more forward: {:?}", start.elapsed());
    assert_eq!((one.changes.len(), one.flush.len()), (1, 1));
    let start = std::time::Instant::now();
    let index = wirewarp_plan::check::ForwardIndex::new(&inventory);
    eprintln!("index: {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let wish = inventory.forwards[7].ports.clone();
    assert_eq!(
        index
            .conflicts(&inventory, Ipv4Addr::new(203, 0, 113, 11), &wish, None)
            .len(),
        2
    );
    eprintln!("one question to it: {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let _ = wirewarp_plan::check::check(&inventory, &[(VPS_HOST, machine())].into());
    eprintln!("check: {:?}", start.elapsed());
}

#[test]
fn a_renewed_key_lies_beside_the_old_one() {
    let mut inventory = full();
    inventory.peers[0].key_serial = 3;
    let bundle = plan(&inventory, HOME_HOST, against(&machine(), None), vec![])
        .unwrap()
        .bundle;
    assert_eq!(bundle.keys, [support::interface("ww0.3")]);
    assert!(bundle.files["load"].text.contains("\ntunnel ww0 0 ww0.3 off\n"));
}
