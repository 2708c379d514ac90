//! Attach and detach against a node that behaves as Proxmox was seen to.

mod cases;
mod properties;
mod simulated;

use std::collections::BTreeMap;

use self::simulated::{World, interface_of};
use super::*;
use crate::{guests::GuestKind, network::Interface};

fn new_mac() -> Mac {
    Mac::new([0xBC, 0x24, 0x11, 0xAA, 0, 1])
}

fn bridge() -> NewBridge {
    NewBridge {
        name: "wwbr0".parse().unwrap(),
        address: "10.99.1.1/24".parse().unwrap(),
        comment: "made by WireWarp".into(),
    }
}

fn wanted(nic: NicWish, address: AddressWish) -> Wanted {
    Wanted {
        bridge: bridge(),
        nic,
        address,
    }
}

fn replace(index: u8) -> NicWish {
    NicWish::Replace {
        index: NicIndex::new(index).unwrap(),
    }
}

fn fixed() -> AddressWish {
    AddressWish::Fixed {
        address: "10.99.1.2/24".parse().unwrap(),
        gateway: Some("10.99.1.1".parse().unwrap()),
    }
}

fn uplink() -> (String, Interface) {
    let address = "10.20.0.11/24".parse().unwrap();
    let (_, mut interface) = interface_of(&NewBridge {
        name: "vmbr0".parse().unwrap(),
        address,
        comment: String::new(),
    });
    interface.bridge_ports = Some("eno1".into());
    interface.active = true;
    ("vmbr0".into(), interface)
}

fn world(kind: GuestKind) -> World {
    let nic = match kind {
        GuestKind::Vm => "virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1,tag=5",
        GuestKind::Ct => {
            "name=eth0,bridge=vmbr0,firewall=1,gw=192.168.1.1,hwaddr=BC:24:11:00:00:65,ip=192.168.1.9/24,type=veth"
        }
    };
    World {
        kind,
        values: BTreeMap::from([("net0".into(), nic.into()), ("cores".into(), "1".into())]),
        pending: BTreeMap::new(),
        pluggable: true,
        in_force: BTreeMap::from([uplink()]),
        staged: None,
    }
}

fn plan(world: &World, wanted: &Wanted, earlier: Option<&Record>) -> Result<Attachment, Refusal> {
    attach(wanted, &world.network(), &world.guest(), earlier)
}
