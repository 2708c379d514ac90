use proptest::prelude::*;

use super::*;

fn bridge() -> BridgeName {
    "wwbr0".parse().expect("it is a bridge's name")
}

fn vm(text: &str) -> Nic {
    Nic::parse(GuestKind::Vm, text).expect("it is a NIC")
}

#[test]
fn another_bridge_keeps_mac_firewall_rate_and_what_is_unknown() {
    let mut nic = vm("virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1,future=x,queues=4,rate=12.5,tag=7");
    assert_eq!(nic.mac(), "BC:24:11:00:00:64".parse().ok());
    assert_eq!(
        (nic.tag(), nic.has_firewall(), nic.is_link_down()),
        (Some(7), true, false)
    );
    nic.set_bridge(&bridge());
    assert_eq!(
        nic.to_string(),
        "virtio=BC:24:11:00:00:64,bridge=wwbr0,firewall=1,future=x,queues=4,rate=12.5"
    );
}

#[test]
fn the_long_way_of_writing_model_and_mac_is_read_too() {
    for text in [
        "model=virtio,macaddr=bc:24:11:00:00:64,bridge=vmbr0",
        "bridge=vmbr0,e1000=bc:24:11:00:00:64",
        "virtio,bridge=vmbr0,macaddr=BC:24:11:00:00:64",
    ] {
        let nic = vm(text);
        assert_eq!(nic.to_string(), text);
        assert_eq!(nic.bridge(), Some("vmbr0"));
        assert_eq!(nic.mac(), "BC:24:11:00:00:64".parse().ok(), "{text}");
    }
    assert_eq!(vm("virtio,bridge=vmbr1").mac(), None);
}

#[test]
fn a_container_keeps_its_interface_and_gets_an_address() {
    let text = "name=eth0,bridge=vmbr0,firewall=1,gw=192.168.1.1,hwaddr=BC:24:11:00:00:65,ip=192.168.1.9/24,type=veth";
    let mut nic = Nic::parse(GuestKind::Ct, text).expect("it is a NIC");
    assert_eq!(nic.interface(), Some("eth0"));
    nic.set_bridge(&bridge());
    nic.set_ct_address(CtAddress::Dhcp);
    assert_eq!(
        nic.to_string(),
        "name=eth0,bridge=wwbr0,firewall=1,hwaddr=BC:24:11:00:00:65,ip=dhcp,type=veth"
    );
}

#[test]
fn new_ones_read_as_they_are_written() {
    let mac = "BC:24:11:00:00:66".parse().ok();
    let nic = Nic::new_vm(&bridge(), mac);
    assert_eq!(
        nic.to_string(),
        "virtio=BC:24:11:00:00:66,bridge=wwbr0,firewall=0"
    );
    assert_eq!(vm(&nic.to_string()), nic);
    let address = CtAddress::Fixed {
        address: "10.99.5.2/24".parse().expect("it is a network"),
        gateway: "10.99.5.1".parse().ok(),
    };
    let nic = Nic::new_ct("ww0", &bridge(), None, address).expect("it is a NIC");
    assert_eq!(
        nic.to_string(),
        "name=ww0,bridge=wwbr0,ip=10.99.5.2/24,gw=10.99.5.1"
    );
    assert!(Nic::new_ct("a,b=c", &bridge(), None, CtAddress::Dhcp).is_err());
}

#[test]
fn what_would_not_be_written_back_as_it_is_is_refused() {
    for bad in [
        "",
        ",",
        "virtio,,bridge=a",
        "bridge=vmbr0",
        "virtio,bridge=a,bridge=b",
        "virtio=nomac",
        "virtio\n",
    ] {
        assert!(Nic::parse(GuestKind::Vm, bad).is_err(), "{bad:?}");
    }
    assert!(Nic::parse(GuestKind::Ct, "bridge=vmbr0").is_err());
    assert!(Nic::parse(GuestKind::Vm, &format!("virtio,a={}", "x".repeat(5000))).is_err());
}

#[test]
fn the_first_free_index_fills_a_gap_and_there_are_32() {
    let taken = ["net0", "net2", "net3", "net07", "net32", "netx", "net+1"];
    let taken = taken.into_iter().filter_map(NicIndex::of_key);
    assert_eq!(
        NicIndex::first_free(taken).map(NicIndex::key),
        Some("net1".into())
    );
    assert_eq!(NicIndex::first_free((0..=31).filter_map(NicIndex::new)), None);
}

/// Texts as Proxmox writes them, with options that this program has never heard of among them.
fn written(first: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let known = prop::sample::subsequence(
        vec![
            "bridge=vmbr0",
            "firewall=1",
            "link_down=1",
            "mtu=1400",
            "queues=8",
            "rate=3.5",
            "trunks=2;4",
        ],
        0..=7,
    );
    let unknown = prop::collection::btree_map("x[a-z-]{1,8}", prop::option::of("[^,\\p{C}]{0,12}"), 0..4);
    (first, known, unknown).prop_map(|(first, known, unknown)| {
        let mut parts = vec![first];
        parts.extend(known.into_iter().map(str::to_owned));
        parts.extend(unknown.into_iter().map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name,
        }));
        parts.join(",")
    })
}

fn mac_text() -> impl Strategy<Value = String> {
    any::<[u8; 6]>().prop_map(|bytes| Mac::new(bytes).to_string())
}

proptest! {
    #[test]
    fn reading_and_writing_a_machines_nic_is_the_identity(
        text in written((prop::sample::select(MODELS), prop::option::of(mac_text())).prop_map(|(model, mac)| match mac {
            Some(mac) => format!("{model}={mac}"),
            None => model.to_owned(),
        }))
    ) {
        prop_assert_eq!(vm(&text).to_string(), text);
    }

    #[test]
    fn reading_and_writing_a_containers_nic_is_the_identity(
        text in written(mac_text().prop_map(|mac| format!("name=eth0,hwaddr={mac}")))
    ) {
        let nic = Nic::parse(GuestKind::Ct, &text).expect("it is a NIC");
        prop_assert_eq!(nic.to_string(), text);
    }

    #[test]
    fn going_to_another_bridge_changes_no_other_option(text in written(mac_text().prop_map(|mac| format!("virtio={mac}")))) {
        let before = vm(&text);
        let mut after = before.clone();
        after.set_bridge(&bridge());
        prop_assert_eq!(after.mac(), before.mac());
        let others = |text: &str| -> Vec<String> {
            let ours = |part: &&str| !["bridge=", "tag=", "trunks="].iter().any(|name| part.starts_with(name));
            text.split(',').filter(ours).map(str::to_owned).collect()
        };
        prop_assert_eq!(others(&after.to_string()), others(&text));
    }

    #[test]
    fn no_text_makes_the_reader_fail_other_than_by_an_error(text in ".{0,200}") {
        for kind in [GuestKind::Vm, GuestKind::Ct] {
            if let Ok(nic) = Nic::parse(kind, &text) {
                prop_assert_eq!(nic.to_string(), text.clone());
            }
        }
    }
}
