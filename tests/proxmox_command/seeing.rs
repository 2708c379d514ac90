//! What there is: guests, one guest, bridges, nodes that are down.

use std::net::IpAddr;

use serde_json::json;
use wirewarp_tests::proxmox::{AnswerFault, INTERFACES, Kind, NODE, Reach, Standin};

use crate::{signed_in, standin, typed};

const VM: &str = "\
agent: 1
cores: 1
memory: 512
name: web
net0: virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1
ostype: l26
";

const CONTAINER: &str = "\
arch: amd64
hostname: ct1
memory: 256
net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:65,ip=dhcp,type=veth
ostype: debian
";

/// Two guests, the machine running with an agent.
fn with_guests() -> Standin {
    let standin = standin();
    standin.change(|cluster| {
        cluster.add_guest(100, Kind::Qemu, NODE, VM);
        cluster.add_guest(101, Kind::Lxc, NODE, CONTAINER);
        cluster.run_guest(100).unwrap();
        cluster.set_agent(100, true);
        cluster.set_os(
            100,
            json!({"id": "debian", "pretty-name": "Debian GNU/Linux 13 (trixie)"}),
        );
        let address: IpAddr = "192.168.1.77".parse().unwrap();
        cluster.add_address(100, 0, address, 24);
    });
    standin
}

fn with_second_node(standin: &Standin) {
    standin.change(|cluster| {
        cluster.name_cluster("attic");
        cluster.add_node("pve2", "192.168.1.11", INTERFACES);
        cluster.add_guest(200, Kind::Qemu, "pve2", &VM.replace("web", "far"));
    });
}

#[test]
fn guests_and_nodes_are_listed_with_the_time() {
    let standin = with_guests();
    standin.change(|cluster| {
        cluster.add_guest(102, Kind::Qemu, NODE, "name: base\ntemplate: 1\n");
        cluster.lock_guest(101, Some("backup"));
    });
    let laptop = signed_in(&standin);
    let said = laptop.json(&typed("proxmox guests pve"), &[]);
    let guests = said["guests"].as_array().unwrap();
    let of = |key: &str| -> Vec<_> { guests.iter().map(|guest| guest[key].clone()).collect() };
    assert_eq!(of("vmid"), [100, 101, 102]);
    assert_eq!(of("kind"), ["vm", "ct", "vm"]);
    assert_eq!(of("name"), ["web", "ct1", "base"]);
    assert_eq!(of("state"), ["running", "stopped", "stopped"]);
    assert_eq!(of("template"), [false, false, true]);
    assert_eq!(of("lock"), [json!(null), json!("backup"), json!(null)]);
    assert_eq!(said["nodes"][0]["name"], NODE);
    assert_eq!(said["nodes"][0]["online"], true);
    assert!(said["at"].as_str().unwrap().ends_with('Z'));
    let table = laptop.ok(&typed("proxmox guests pve"), &[]);
    for word in [
        "pve1",
        "VM",
        "container",
        "running",
        "stopped, locked: backup",
        "template",
        "As of 20",
    ] {
        assert!(table.contains(word), "no {word}: {table}");
    }
}

#[test]
fn a_guest_tells_its_cards_and_addresses() {
    let standin = with_guests();
    let laptop = signed_in(&standin);
    let said = laptop.json(&typed("proxmox guest pve 100"), &[]);
    assert_eq!(said["system"], "Debian GNU/Linux 13 (trixie)");
    assert_eq!(said["nics"][0]["bridge"], "vmbr0");
    assert_eq!(
        said["nics"][0]["addresses"],
        json!(["192.168.1.77/24", "fe80::be24:11ff:fe00:64/64"])
    );
    assert_eq!(said["silent"], json!(null));
    let table = laptop.ok(&typed("proxmox guest pve 100"), &[]);
    for word in ["net0", "BC:24:11:00:00:64", "192.168.1.77/24", "As of 20"] {
        assert!(table.contains(word), "no {word}: {table}");
    }
}

#[test]
fn a_guest_whose_agent_is_silent_says_why_addresses_are_missing() {
    let standin = with_guests();
    standin.change(|cluster| cluster.set_agent(100, false));
    let laptop = signed_in(&standin);
    let said = laptop.json(&typed("proxmox guest pve 100"), &[]);
    assert_eq!(said["nics"][0]["addresses"], json!([]));
    assert!(said["silent"].as_str().unwrap().contains("agent"), "{said}");
    assert_eq!(said["system"], "Linux");
    let table = laptop.ok(&typed("proxmox guest pve 100"), &[]);
    assert!(table.contains("No addresses: "), "{table}");
}

#[test]
fn a_guest_that_does_not_run_says_that_and_its_agent_is_not_asked() {
    let standin = standin();
    standin.change(|cluster| {
        cluster.add_guest(100, Kind::Qemu, NODE, &VM.replace("l26", "win11"));
        cluster.add_guest(101, Kind::Lxc, NODE, CONTAINER);
    });
    let laptop = signed_in(&standin);
    for (vmid, system) in [(100, "Windows 11, 2022 or 2025"), (101, "debian")] {
        standin.forget_requests();
        let said = laptop.json(&typed(&format!("proxmox guest pve {vmid}")), &[]);
        assert_eq!(said["silent"], "the guest does not run");
        assert_eq!(said["system"], system);
        assert_eq!(said["nics"][0]["bridge"], "vmbr0");
        assert_eq!(standin.calls(), 2, "{:?}", standin.requests());
    }
}

#[test]
fn a_guest_whose_agent_hangs_or_lies_is_shown_all_the_same() {
    let standin = with_guests();
    let laptop = signed_in(&standin);
    for (fault, why) in [
        (AnswerFault::Huge, "larger than"),
        (AnswerFault::Html(500), "not the Proxmox API"),
        (AnswerFault::Silent, "did not answer within 15 s"),
    ] {
        standin.spoil("GET", "network-get-interfaces", fault);
        let said = laptop.json(&typed("proxmox guest pve 100"), &[]);
        assert_eq!(said["guest"]["name"], "web");
        assert!(said["silent"].as_str().unwrap().contains(why), "{said}");
    }
}

#[test]
fn a_guest_that_is_not_there_is_told_with_those_that_are() {
    let standin = with_guests();
    let laptop = signed_in(&standin);
    let error = laptop.error(&typed("proxmox guest pve 999"), &[]);
    error.says("not_found", &["“999”", "100 web", "101 ct1"]);
    laptop.usage(&typed("proxmox guest pve 7"), &[]);
    laptop.usage(&typed("proxmox guest pve web"), &[]);
}

#[test]
fn bridges_of_all_nodes_are_listed() {
    let standin = with_guests();
    with_second_node(&standin);
    let laptop = signed_in(&standin);
    let said = laptop.json(&typed("proxmox bridges pve"), &[]);
    let nodes: Vec<_> = said["bridges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bridge| bridge["node"].clone())
        .collect();
    assert_eq!(nodes, [NODE, "pve2"]);
    let bridge = &said["bridges"][0];
    assert_eq!(
        (&bridge["name"], &bridge["address"]),
        (&json!("vmbr0"), &json!("192.168.1.10/24"))
    );
    assert_eq!(
        (&bridge["ports"], &bridge["pending"]),
        (&json!("eno1"), &json!(null))
    );
    let table = laptop.ok(&typed("proxmox bridges pve"), &[]);
    for word in ["vmbr0", "192.168.1.10/24", "eno1", "pve2", "As of 20"] {
        assert!(table.contains(word), "no {word}: {table}");
    }
}

#[test]
fn edits_that_somebody_has_pending_are_shown() {
    let standin = with_guests();
    standin.change(|cluster| {
        let text = format!("{INTERFACES}\nauto vmbr9\niface vmbr9 inet manual\n\tbridge-ports none\n");
        cluster.stage_interfaces(NODE, &text);
    });
    let laptop = signed_in(&standin);
    let table = laptop.ok(&typed("proxmox bridges pve"), &[]);
    assert!(table.contains("edits of the network of pve1 pending"), "{table}");
    assert!(!table.contains("+auto vmbr9"), "{table}");
    let table = laptop.ok(&typed("proxmox bridges pve --diff"), &[]);
    assert!(table.contains("+auto vmbr9"), "{table}");
}

#[test]
fn a_node_that_is_down_hides_nothing_of_the_others() {
    for reach in [Reach::Down, Reach::BadCertificate] {
        let standin = with_guests();
        with_second_node(&standin);
        standin.change(|cluster| cluster.set_reach("pve2", reach));
        let laptop = signed_in(&standin);
        let seen = laptop.json(&typed("proxmox guests pve"), &[]);
        assert_eq!(seen["guests"].as_array().unwrap().len(), 3);
        if reach == Reach::Down {
            assert_eq!(seen["nodes"][1]["online"], false);
            assert_eq!(seen["guests"][2]["state"], "unknown");
            let table = laptop.ok(&typed("proxmox guests pve"), &[]);
            assert!(table.contains("down"), "{table}");
        }
        let bridges = laptop.json(&typed("proxmox bridges pve"), &[]);
        assert_eq!(bridges["bridges"][0]["node"], NODE);
        assert_eq!(bridges["silent"][0]["name"], "pve2");
        let table = laptop.ok(&typed("proxmox bridges pve"), &[]);
        assert!(table.contains("pve2 was not asked: "), "{table}");
        let error = laptop.error(&typed("proxmox guest pve 200"), &[]);
        error.says("proxmox_node_unreachable", &["Is that node on?"]);
    }
}

#[test]
fn a_guest_that_moved_is_found_on_its_new_node() {
    let standin = with_guests();
    with_second_node(&standin);
    let laptop = signed_in(&standin);
    standin.change(|cluster| cluster.migrate_guest(100, "pve2"));
    let said = laptop.json(&typed("proxmox guest pve 100"), &[]);
    assert_eq!(said["guest"]["node"], "pve2");
}

#[test]
fn five_hundred_guests_take_three_questions_at_most() {
    let standin = standin();
    standin.change(|cluster| {
        for vmid in 1000..1500 {
            cluster.add_guest(vmid, Kind::Qemu, NODE, &VM.replace("web", &format!("vm{vmid}")));
        }
    });
    let laptop = signed_in(&standin);
    standin.forget_requests();
    let said = laptop.json(&typed("proxmox guests pve"), &[]);
    assert_eq!(said["guests"].as_array().unwrap().len(), 500);
    assert!(standin.calls() <= 3, "{:?}", standin.requests());
}

#[test]
fn markup_and_control_characters_of_a_guest_are_shown_harmlessly() {
    let standin = standin();
    let evil = "<img src=x onerror=alert(1)>\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2028}end";
    standin.change(|cluster| {
        cluster.add_guest(100, Kind::Qemu, NODE, VM);
        cluster.set_guest_key(100, "name", Some(evil));
        cluster.lock_guest(100, Some("back\u{1b}[31mup"));
        cluster.run_guest(100).unwrap();
        cluster.set_agent(100, true);
        cluster.set_os(100, json!({"id": "x", "pretty-name": "Li\u{1b}[5mnux"}));
    });
    let laptop = signed_in(&standin);
    for line in ["guests pve", "guest pve 100", "guest pve 999"] {
        for json in ["", " --json"] {
            let output = laptop.run(&typed(&format!("proxmox {line}{json}")), &[]);
            for text in [&output.stdout, &output.stderr] {
                let odd = text.chars().find(|c| {
                    (c.is_control() && *c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2028}')
                });
                assert_eq!(odd, None, "{text:?}");
            }
            assert!(
                format!("{}{}", output.stdout, output.stderr).contains("<img src=x"),
                "{output:?}"
            );
        }
    }
    let lines = laptop.ok(&typed("proxmox guests pve"), &[]);
    assert!(
        lines
            .lines()
            .any(|line| line.contains("<img") && line.contains("running")),
        "{lines}"
    );
}
