//! Single cases, refusals among them.

use super::*;

#[test]
fn the_plan_of_a_first_attach_says_all_of_it() {
    let world = world(GuestKind::Vm);
    let wish = wanted(NicWish::New { mac: new_mac() }, AddressWish::Dhcp);
    let calls = plan(&world, &wish, None).unwrap().calls;
    let nic = "virtio=BC:24:11:AA:00:01,bridge=wwbr0,firewall=0".to_owned();
    assert_eq!(
        calls,
        vec![
            Call::CreateBridge(bridge()),
            Call::ApplyNetwork,
            Call::Configure(Configure {
                set: BTreeMap::from([("net1".into(), nic)]),
                delete: BTreeSet::new(),
                digest: world.guest().digest,
            }),
        ]
    );
}

#[test]
fn a_container_gets_a_name_that_none_has_and_its_address() {
    let world = world(GuestKind::Ct);
    let attachment = plan(&world, &wanted(NicWish::New { mac: new_mac() }, fixed()), None).unwrap();
    assert_eq!(
        attachment.record.settings["net1"].after,
        "name=eth1,bridge=wwbr0,hwaddr=BC:24:11:AA:00:01,ip=10.99.1.2/24,gw=10.99.1.1"
    );
}

#[test]
fn a_guest_that_stays_on_the_lan_is_not_touched() {
    let world = world(GuestKind::Vm);
    let attachment = plan(&world, &wanted(NicWish::KeepOnLan, AddressWish::Untouched), None).unwrap();
    assert_eq!((attachment.calls, attachment.record.bridge), (vec![], None));
}

#[test]
fn edits_of_somebody_else_are_neither_applied_nor_thrown_away() {
    let mut world = world(GuestKind::Vm);
    let wish = wanted(replace(0), AddressWish::Dhcp);
    let record = plan(&world, &wish, None).unwrap().record;
    let mut staged = world.in_force.clone();
    staged.get_mut("vmbr0").unwrap().cidr = None;
    world.staged = Some(staged.clone());
    let refusal = plan(&world, &wish, None).unwrap_err();
    assert_eq!(refusal.code(), "proxmox_others_edits");
    // Also where ours are among them.
    let (name, interface) = interface_of(&bridge());
    staged.insert(name, interface);
    world.staged = Some(staged);
    assert_eq!(
        plan(&world, &wish, None).unwrap_err().code(),
        "proxmox_others_edits"
    );
    let detach = detach(&record, &world.network(), None, false);
    assert_eq!(detach.calls, vec![]);
    assert!(matches!(detach.left[..], [Left::OthersEdits(_)]));
}

#[test]
fn a_bridge_that_is_not_ours_or_has_moved_is_refused() {
    let wish = wanted(replace(0), AddressWish::Dhcp);
    for (change, code) in [
        (
            (|found| found.kind = "OVSBridge".into()) as fn(&mut Interface),
            "proxmox_bridge_taken",
        ),
        (
            |found| found.bridge_ports = Some("eno2".into()),
            "proxmox_bridge_taken",
        ),
        (|found| found.comments = None, "proxmox_bridge_taken"),
        (|found| found.cidr = None, "proxmox_bridge_differs"),
    ] {
        let mut world = world(GuestKind::Vm);
        let (name, mut interface) = interface_of(&bridge());
        change(&mut interface);
        world.in_force.insert(name, interface);
        assert_eq!(plan(&world, &wish, None).unwrap_err().code(), code);
    }
}

#[test]
fn templates_locked_guests_and_pending_changes_are_refused() {
    let wish = wanted(replace(0), AddressWish::Dhcp);
    let refused = |change: fn(&mut World)| {
        let mut world = world(GuestKind::Vm);
        change(&mut world);
        plan(&world, &wish, None).unwrap_err().user().code
    };
    assert_eq!(
        refused(|world| drop(world.values.insert("template".into(), "1".into()))),
        "proxmox_template"
    );
    assert_eq!(
        refused(|world| drop(world.values.insert("lock".into(), "backup".into()))),
        "proxmox_guest_locked"
    );
    assert_eq!(
        refused(|world| drop(world.pending.insert("net0".into(), Pending::Delete))),
        "proxmox_pending_change"
    );
    assert_eq!(
        refused(|world| drop(world.values.remove("net0"))),
        "proxmox_no_such_nic"
    );
}

#[test]
fn a_nic_that_somebody_has_moved_on_is_left_to_them() {
    let mut world = world(GuestKind::Vm);
    let attachment = plan(&world, &wanted(replace(0), AddressWish::Dhcp), None).unwrap();
    world.make_all(&attachment.calls);
    let moved = "virtio=BC:24:11:00:00:64,bridge=vmbr7";
    world.values.insert("net0".into(), moved.into());
    let left = world.detach_wholly(&attachment.record);
    let name = "net0".to_owned();
    let now = Some(moved.to_owned());
    assert_eq!(left, vec![Left::Changed { name, now }]);
    assert_eq!(world.values["net0"], moved);
}

#[test]
fn a_guest_that_does_not_let_go_gives_the_nic_back_at_its_next_start() {
    let mut world = world(GuestKind::Vm);
    let wish = wanted(NicWish::New { mac: new_mac() }, AddressWish::Dhcp);
    let attachment = plan(&world, &wish, None).unwrap();
    world.make_all(&attachment.calls);
    world.pluggable = false;
    assert_eq!(
        world.detach_wholly(&attachment.record),
        vec![Left::AtNextStart("net1".into())]
    );
    assert_eq!(world.pending, BTreeMap::from([("net1".into(), Pending::Delete)]));
}

#[test]
fn a_bridge_that_was_only_staged_is_never_put_into_force_to_be_taken_away() {
    let mut world = world(GuestKind::Vm);
    let attachment = plan(&world, &wanted(replace(0), AddressWish::Dhcp), None).unwrap();
    world.make(&attachment.calls[0]).unwrap();
    let back = detach(&attachment.record, &world.network(), Some(&world.guest()), false);
    assert_eq!((back.calls, back.left), (vec![Call::RevertNetwork], vec![]));
}

#[test]
fn another_address_for_an_attached_guest_keeps_the_way_back() {
    let before = world(GuestKind::Ct);
    let mut world = before.clone();
    let first = plan(&world, &wanted(replace(0), AddressWish::Dhcp), None).unwrap();
    world.make_all(&first.calls);
    let second = plan(&world, &wanted(replace(0), fixed()), Some(&first.record)).unwrap();
    world.make_all(&second.calls);
    assert_eq!(merge::get(&world.values["net0"], "ip"), Some("10.99.1.2/24"));
    world.detach_wholly(&second.record);
    assert_eq!(world, before);
}

#[test]
fn the_bridge_stays_for_the_others_and_goes_when_the_guest_is_gone() {
    let mut world = world(GuestKind::Ct);
    let attachment = plan(&world, &wanted(replace(0), fixed()), None).unwrap();
    world.make_all(&attachment.calls);
    let used = detach(&attachment.record, &world.network(), Some(&world.guest()), true);
    assert!(matches!(used.calls[..], [Call::Configure(_)]));
    let gone = detach(&attachment.record, &world.network(), None, false);
    assert_eq!(
        gone.calls,
        vec![Call::DeleteBridge("wwbr0".parse().unwrap()), Call::ApplyNetwork]
    );
}
