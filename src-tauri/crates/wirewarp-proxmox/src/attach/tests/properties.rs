//! What holds for every guest, every wish and every point at which it ends.

use proptest::prelude::*;

use super::*;
use crate::nic::Nic;

fn any_world() -> impl Strategy<Value = World> {
    let kinds = prop_oneof![Just(GuestKind::Vm), Just(GuestKind::Ct)];
    let nics = proptest::collection::btree_set(0u8..6, 1..5);
    (kinds, nics, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(kind, nics, cloud_init, bridge_is_there, options)| {
            let mut world = world(kind);
            world.values.remove("net0");
            for index in nics {
                let value = a_nic(kind, index, options);
                let name = format!("net{index}");
                let value = world.as_it_is_written(&name, &value);
                world.values.insert(name, value);
                if kind == GuestKind::Vm && options {
                    world
                        .values
                        .insert(format!("ipconfig{index}"), "ip=dhcp,ip6=auto".into());
                }
            }
            if cloud_init && kind == GuestKind::Vm {
                world.values.insert(
                    "ide2".into(),
                    "local:100/vm-100-cloudinit.qcow2,media=cdrom".into(),
                );
            }
            if bridge_is_there {
                let (name, mut interface) = interface_of(&bridge());
                interface.active = true;
                world.in_force.insert(name, interface);
            }
            world
        },
    )
}

fn a_nic(kind: GuestKind, index: u8, options: bool) -> String {
    let mac = format!("BC:24:11:00:01:{index:02X}");
    let more = if options {
        ",firewall=1,rate=3,tag=7,link_down=1"
    } else {
        ""
    };
    match kind {
        GuestKind::Vm => format!("e1000={mac},bridge=vmbr0{more}"),
        GuestKind::Ct => format!("name=eth{index},bridge=vmbr0,hwaddr={mac},ip=dhcp{more}"),
    }
}

fn any_wish() -> impl Strategy<Value = (bool, AddressWish)> {
    let addresses = prop_oneof![
        Just(AddressWish::Dhcp),
        Just(fixed()),
        Just(AddressWish::Untouched)
    ];
    (any::<bool>(), addresses)
}

/// A new NIC, or the guest's first one replaced.
fn wanted_of(world: &World, (new, address): (bool, AddressWish)) -> Wanted {
    let first = world
        .values
        .keys()
        .find_map(|name| NicIndex::of_key(name))
        .unwrap();
    let nic = if new {
        NicWish::New { mac: new_mac() }
    } else {
        NicWish::Replace { index: first }
    };
    wanted(nic, address)
}

/// The world before, without the bridge: that goes with the last guest, whoever made it.
fn without_the_bridge(world: &World) -> World {
    let mut world = world.clone();
    world.in_force.remove("wwbr0");
    world
}

proptest! {
    #[test]
    fn from_every_point_of_an_attach_the_way_leads_back(
        before in any_world(), wish in any_wish(), made in 0usize..6, pluggable in any::<bool>(),
    ) {
        let wanted = wanted_of(&before, wish);
        let mut world = World { pluggable, ..before.clone() };
        let attachment = plan(&world, &wanted, None).unwrap();
        for call in attachment.calls.iter().take(made) {
            if world.make(call).is_err() {
                break;
            }
        }
        let left = world.detach_wholly(&attachment.record);
        prop_assert_eq!(left, vec![]);
        prop_assert_eq!(World { pluggable: true, ..world }, without_the_bridge(&before));
    }

    #[test]
    fn attaching_what_is_attached_is_nothing_and_begun_ones_are_finished(
        before in any_world(), wish in any_wish(), made in 0usize..6,
    ) {
        let wanted = wanted_of(&before, wish);
        let mut world = before.clone();
        let first = plan(&world, &wanted, None).unwrap();
        world.make_all(&first.calls[..made.min(first.calls.len())]);
        world.attach_wholly(&wanted, &first.record);
        world.detach_wholly(&first.record);
        prop_assert_eq!(world, without_the_bridge(&before));
    }

    #[test]
    fn an_attach_after_a_failed_hot_plug_is_tried_again_and_leads_back(before in any_world(), wish in any_wish()) {
        let wanted = wanted_of(&before, wish);
        let mut world = World { pluggable: false, ..before.clone() };
        let first = plan(&world, &wanted, None).unwrap();
        for call in &first.calls {
            if world.make(call).is_err() {
                break;
            }
        }
        world.pluggable = true;
        world.attach_wholly(&wanted, &first.record);
        let index = NicIndex::of_key(first.record.settings.keys().next_back().unwrap()).unwrap();
        let nic = Nic::parse(world.kind, &world.values[&index.key()]).unwrap();
        prop_assert_eq!(nic.bridge(), Some("wwbr0"));
        prop_assert_eq!(&world.pending, &BTreeMap::new());
        world.detach_wholly(&first.record);
        prop_assert_eq!(world, without_the_bridge(&before));
    }

    #[test]
    fn a_replaced_nic_keeps_its_address_firewall_and_rate(before in any_world(), address in any_wish()) {
        let wanted = wanted_of(&before, (false, address.1));
        let NicWish::Replace { index } = wanted.nic else { unreachable!() };
        let mut world = before.clone();
        world.make_all(&plan(&world, &wanted, None).unwrap().calls);
        let (was, is) = (&before.values[&index.key()], &world.values[&index.key()]);
        prop_assert_eq!(Nic::parse(world.kind, was).unwrap().mac(), Nic::parse(world.kind, is).unwrap().mac());
        for kept in ["firewall", "rate", "name"] {
            prop_assert_eq!(merge::get(was, kept), merge::get(is, kept));
        }
    }

    #[test]
    fn what_somebody_changed_in_between_stays(before in any_world(), wish in any_wish()) {
        let wanted = wanted_of(&before, wish);
        let mut world = before.clone();
        let attachment = plan(&world, &wanted, None).unwrap();
        world.make_all(&attachment.calls);
        world.values.insert("cores".into(), "8".into());
        world.values.insert("net20".into(), a_nic(world.kind, 20, false));
        world.detach_wholly(&attachment.record);
        let mut expected = without_the_bridge(&before);
        expected.values.insert("cores".into(), "8".into());
        expected.values.insert("net20".into(), a_nic(before.kind, 20, false));
        prop_assert_eq!(world, expected);
    }

    #[test]
    fn a_record_is_kept_as_text_and_read_again(before in any_world(), wish in any_wish()) {
        let record = plan(&before, &wanted_of(&before, wish), None).unwrap().record;
        let text = serde_json::to_string(&record).unwrap();
        prop_assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}
