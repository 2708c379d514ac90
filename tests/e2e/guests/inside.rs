//! An address that the guest's own system takes from its agent: on real Debians, and on a Windows of which only the agent is
//! there.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::Output;
use wirewarp_tests::lab::topology::PLAYER;
use wirewarp_tests::proxmox::{Cluster, Kind, NODE, Ran, Version};
use wirewarp_tests::site::BOTH;
use wirewarp_tests::suite::Case;

use crate::place::{PUBLIC, Place};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_guest_keeps_the_address_that_its_agent_set", networkd),
        Case::new("a_card_that_had_an_address_has_it_back", ifupdown),
        Case::new("a_connection_of_the_guest_is_in_force_again", network_manager),
        Case::new("a_windows_guest_is_given_its_values_line_by_line", windows),
        Case::new(
            "an_agent_that_cannot_do_it_is_refused_before_anything_is_done",
            refusals,
        ),
    ]
}

const GAME: [&str; 6] = ["--ports", "25565", "--proto", "both", "--address", "agent"];

/// How long a machine may take to give a card that it knows its address.
const SOON: Duration = Duration::from_secs(15);

/// Everything below /etc of a machine, with its digests; what its network left of itself.
const STATE: &str =
    "find /etc -type f | sort | xargs sha256sum; ip -4 rule; ip -4 route; cat /sys/class/net/ens18/mtu";

/// Debian 13 with systemd-networkd, one card more: it keeps its way out, and answers players by the tunnel.
fn networkd(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    lab.boot(&["box"])?;
    machine(&place, 102, "box", "")?;
    let files = "find /etc -type f | sort | xargs sha256sum; ip -4 rule; ip -4 route";
    let (inside, before) = (lab.exec("box", files)?, place.texts(102));

    place.standin.forget_requests();
    let said = place.attach("102", &GAME)?;
    // Four more than by DHCP: what it runs, who would take the address, the address, and whether it is there.
    let asked = place.standin.requests();
    let follows = |target: &str| target.contains("/tasks/") || target.contains("exec-status");
    let asked: Vec<_> = asked
        .iter()
        .filter(|request| !follows(&request.target))
        .map(|request| format!("{} {}", request.method, request.target))
        .collect();
    ensure!(asked.len() <= 18, "{} calls: {asked:#?}", asked.len());
    let steps = said["guest"]["steps"].to_string();
    ensure!(
        steps.contains("through the guest agent") && steps.contains("systemd-networkd"),
        "{said}"
    );
    let address: Ipv4Addr = said["guest"]["address"].as_str().context("no address")?.parse()?;
    reached(&place, "box", address)?;
    let route = lab.exec("box", "ip -4 route show default")?;
    ensure!(
        route.stdout.contains("192.168.20.1") && !route.stdout.contains("10.99."),
        "{route:?}"
    );

    lab.reboot("box")?;
    place.standin.change(|cluster| cluster.run_guest(102))?;
    lab.wait_until("box", &format!("ip -4 address show | grep -q {address}"), SOON)?;
    reached(&place, "box", address)?;

    // Somebody takes it away by hand: seen, told, and put right by the same again.
    lab.exec("box", &format!("ip address del {address}/24 dev ens18"))?
        .ok()?;
    let seen = place.me.run(&["proxmox", "attached", "pve"])?;
    ensure!(
        seen.status == 2 && seen.stdout.contains("does not have"),
        "{seen:?}"
    );
    place.attach_here("102", &["--address", "agent"])?;
    ensure!(place.me.run(&["proxmox", "attached", "pve"])?.status == 0);
    reached(&place, "box", address)?;

    place.detach("102")?;
    place.is_given_back(102, &before)?;
    same(&inside, &lab.exec("box", files)?)?;
    lab.power_off("box")
}

/// Debian 12 with ifupdown, whose only card moves: its own address and way out are back afterwards.
fn ifupdown(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V8)?;
    lab.boot(&["den"])?;
    machine(
        &place,
        103,
        "den",
        "net0: virtio=BC:24:11:00:00:67,bridge=vmbr0,firewall=1\n",
    )?;
    let own = "auto ens18\niface ens18 inet static\n address 192.168.20.67/24\n gateway 192.168.20.1\n";
    let prepare = format!(
        "echo 'source /etc/network/interfaces.d/*' >> /etc/network/interfaces
         mkdir -p /etc/network/interfaces.d && printf '{}' > /etc/network/interfaces.d/own
         ip route del default && ifup ens18",
        own.replace('\n', "\\n")
    );
    lab.exec("den", &prepare)?.ok()?;
    let (inside, before) = (lab.exec("den", STATE)?, place.texts(103));

    let game = [&GAME[..], &["--nic", "replace"]].concat();
    lost_half_way(&place, 103);
    let failed = place.try_attach("103", &place.on_home(&game))?;
    ensure!(
        failed.status != 0 && failed.stdout.contains("proxmox_agent_silent"),
        "{failed:?}"
    );
    ensure!(
        lab.exec("den", "ip -4 address show dev ens18")?
            .stdout
            .contains("10.99.")
    );
    place.standin.change(|cluster| cluster.set_agent(103, true));
    place.detach("103")?;
    place.is_given_back(103, &before)?;
    same(&inside, &lab.exec("den", STATE)?)?;

    let said = place.attach("103", &game)?;
    ensure!(said["guest"]["steps"].to_string().contains("ifupdown"), "{said}");
    place.plays("den", PUBLIC, 25565)?;
    // As at its next start, from its files alone.
    lab.exec("den", "ifdown ens18 && ip address flush dev ens18 && ifup -a")?
        .ok()?;
    place.plays("den", PUBLIC, 25565)?;

    // A guest that does not answer keeps what is in it, and that is said before.
    place.standin.change(|cluster| cluster.set_agent(103, false));
    let words = ["proxmox", "detach", "pve", "103", "--dry-run", "--json"];
    let dry = place.me.run(&words)?.json::<Value>()?;
    ensure!(
        dry["guest"]["notes"].to_string().contains("does not answer"),
        "{dry}"
    );
    place.standin.change(|cluster| cluster.set_agent(103, true));
    place.detach("103")?;
    place.is_given_back(103, &before)?;
    same(&inside, &lab.exec("den", STATE)?)?;
    lab.power_off("den")
}

/// Debian 12 with NetworkManager, which has a connection for the only card already.
fn network_manager(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    lab.boot(&["barn"])?;
    let install = "apt-get update && apt-get install --yes --no-install-recommends network-manager";
    lab.exec("barn", install)?.ok()?;
    machine(
        &place,
        104,
        "barn",
        "net0: virtio=BC:24:11:00:00:68,bridge=vmbr0,firewall=1\n",
    )?;
    let own = "ip route del default
        nmcli connection add type ethernet con-name own ifname ens18 ipv4.method manual \
            ipv4.addresses 192.168.20.68/24 ipv4.gateway 192.168.20.1 ipv4.dns 192.168.20.1
        nmcli connection up own";
    lab.exec("barn", own)?.ok()?;
    let (inside, before) = (lab.exec("barn", STATE)?, place.texts(104));

    let said = place.attach("104", &[&GAME[..], &["--nic", "replace"]].concat())?;
    ensure!(
        said["guest"]["steps"].to_string().contains("NetworkManager"),
        "{said}"
    );
    place.plays("barn", PUBLIC, 25565)?;
    // As at its next start, from its files alone.
    lab.exec(
        "barn",
        "systemctl stop NetworkManager && ip address flush dev ens18 && systemctl start NetworkManager",
    )?
    .ok()?;
    lab.wait_until("barn", "ip -4 address show dev ens18 | grep -q 10.99.", SOON)?;
    place.plays("barn", PUBLIC, 25565)?;

    place.detach("104")?;
    place.is_given_back(104, &before)?;
    lab.wait_until(
        "barn",
        "nmcli -t -f NAME connection show --active | grep -qx own",
        SOON,
    )?;
    same(&inside, &lab.exec("barn", STATE)?)?;
    lab.power_off("barn")
}

/// Its PowerShell is not run here: what it is given is compared, and what it would do is done for it.
fn windows(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    let before = place.texts(100);
    let nets = lab.nets().clone();
    place.standin.change(|cluster| {
        cluster.set_os(
            100,
            json!({"id": "mswindows", "pretty-name": "Windows Server 2022 Standard"}),
        );
        says(cluster, 0, "Windows\r\n");
    });
    place
        .standin
        .before("GET", "agent/network-get-interfaces", move |_| {
            drop(nets.ip("vm", "address add 10.99.1.2/24 dev ens18"));
            drop(nets.ip("vm", "route replace default via 10.99.1.1"));
        });
    let said = place.attach("100", &[&GAME[..], &["--nic", "replace"]].concat())?;
    let steps = said["guest"]["steps"].to_string();
    ensure!(
        steps.contains("Windows' own settings") && steps.contains("10.99.1.2/24"),
        "{said}"
    );
    place.plays("vm", PUBLIC, 25565)?;
    place.standin.change(|cluster| says(cluster, 0, "clear\r\n"));
    place.detach("100")?;
    place.is_given_back(100, &before)?;

    let executed = place.standin.change(|cluster| cluster.executed(100));
    let values =
        "bc:24:11:00:00:64\r\n10.99.1.2/24\r\n10.99.1.1\r\ndefault\r\n1420\r\n1.1.1.1\r\n9.9.9.9\r\n";
    let inputs: Vec<&str> = executed.iter().map(|ran| ran.input.as_str()).collect();
    ensure!(
        inputs == ["look", "set", "clear"].map(|action| format!("{action}\r\n{values}")),
        "{inputs:?}"
    );
    ensure!(executed.iter().all(|ran| ran.arguments == executed[0].arguments));
    Ok(())
}

fn refusals(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    let before = place.texts(100);
    let refused = |code: &str, says: &str| -> Result<()> {
        let words = place.on_home(&["--address", "agent", "--dry-run"]);
        let said = place.try_attach("100", &words)?;
        let all = format!("{}{}", said.stdout, said.stderr);
        ensure!(
            said.status != 0 && all.contains(code) && all.contains(says),
            "{code}: {said:?}"
        );
        Ok(())
    };
    let change = |change: fn(&mut Cluster)| place.standin.change(change);
    change(|cluster| says_at(cluster, "/bin/sh", 3, "no manager\n"));
    refused("proxmox_not_in_guest", "NetworkManager")?;
    change(|cluster| says_at(cluster, "/bin/sh", 0, "\u{1b}]0;you are root\u{7}"));
    refused("proxmox_not_in_guest", "did not say")?;
    change(|cluster| cluster.block_agent(100, "guest-exec"));
    refused("proxmox_agent_blocks", "guest-exec")?;
    change(|cluster| cluster.set_agent(100, false));
    refused("proxmox_agent_silent", "qemu-guest-agent")?;
    change(|cluster| {
        cluster.set_agent(100, true);
        let rights = Version::V9.rights().iter().copied();
        let fewer: Vec<&str> = rights
            .filter(|right| *right != "VM.GuestAgent.Unrestricted")
            .collect();
        cluster.withdraw("app@pve");
        cluster.grant("app@pve", "/", &fewer);
    });
    refused("proxmox_forbidden", "VM.GuestAgent.Unrestricted")?;
    ensure!(place.texts(100) == before);
    Ok(())
}

/// Its agent falls silent when the address is set and nobody has seen that yet.
fn lost_half_way(place: &Place, vmid: u32) {
    place
        .standin
        .before("GET", "agent/network-get-interfaces", move |cluster| {
            cluster.set_agent(vmid, false);
        });
}

/// The player reaches a server that listens on the guest's new address, and is seen.
fn reached(place: &Place, guest: &str, address: Ipv4Addr) -> Result<()> {
    let _server = place.lab.serve_on(guest, address, &[25565], &[25565])?;
    for protocol in BOTH {
        let answer = place.lab.ask("player", protocol, (PUBLIC, 25565));
        let answer = answer.with_context(|| format!("by {protocol:?}"))?;
        ensure!(answer.peer.ip() == PLAYER, "the server sees {answer:?}");
    }
    Ok(())
}

/// A machine of the lab as a running guest whose agent answers.
fn machine(place: &Place, vmid: u32, name: &str, more: &str) -> Result<()> {
    place.standin.change(|cluster| {
        let config = format!("agent: 1\nmemory: 512\nname: {name}\n{more}ostype: l26\n");
        cluster.add_guest(vmid, Kind::Qemu, NODE, &config);
        cluster.set_agent(vmid, true);
        cluster.run_guest(vmid)
    })
}

fn says(cluster: &mut Cluster, code: i32, out: &str) {
    says_at(cluster, "powershell.exe", code, out);
}

fn says_at(cluster: &mut Cluster, program: &str, code: i32, out: &str) {
    let ran = Ran {
        code,
        out: out.to_owned(),
        err: String::new(),
    };
    cluster.add_program(100, &[program], ran);
}

fn same(before: &Output, after: &Output) -> Result<()> {
    ensure!(
        before.stdout == after.stdout,
        "it was\n{}\nand is\n{}",
        before.stdout,
        after.stdout
    );
    Ok(())
}
