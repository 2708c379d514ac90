//! Who reaches whom, and who is seen as whom.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::topology::{LAN2, PLAYER, ROUTER_WAN};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::{Protocol, client};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("hosts_run_the_release_that_was_asked_for", releases),
        Case::new("hosts_settle_without_a_failed_unit", settled),
        Case::new("a_case_stands_where_the_operator_stands", stands_at_admin),
        Case::new("a_server_sees_the_player", sees_the_player),
        Case::new("a_mapped_host_is_reached_and_seen_at_its_public_address", mapped),
        Case::new(
            "the_home_is_seen_as_its_router_and_cannot_be_entered",
            home_is_closed,
        ),
        Case::new("a_guest_gets_its_address_by_dhcp", dhcp),
        Case::new("a_vm_hangs_on_a_bridge_of_home_again_after_a_reboot", vm),
    ]
}

fn at(address: [u8; 4], port: u16) -> SocketAddr {
    SocketAddr::from((address, port))
}

fn releases(lab: &Lab) -> Result<()> {
    for (host, release) in [("vps1", "12"), ("vps2", "13"), ("home", "12")] {
        let said = lab.ssh(host, ". /etc/os-release; echo $VERSION_ID $(hostname)")?;
        ensure!(said.ok()? == format!("{release} {host}"), "{said:?}");
    }
    Ok(())
}

fn settled(lab: &Lab) -> Result<()> {
    for host in ["vps1", "vps2", "home"] {
        let said = lab.exec(
            host,
            "systemctl is-system-running; systemctl --failed --no-legend",
        )?;
        ensure!(said.stdout.trim() == "running", "{host}: {said:?}");
    }
    Ok(())
}

fn stands_at_admin(_: &Lab) -> Result<()> {
    for address in [[203, 0, 113, 10], [203, 0, 113, 20], [192, 168, 20, 10]] {
        client::wait_tcp(at(address, 22), Some("SSH-"), Duration::from_secs(5))?;
    }
    Ok(())
}

fn sees_the_player(lab: &Lab) -> Result<()> {
    let server = lab.serve("vps1", &[25565], &[25565, 27000])?;
    for (protocol, address, port) in [
        (Protocol::Tcp, [203, 0, 113, 10], 25565),
        (Protocol::Tcp, [203, 0, 113, 11], 25565),
        (Protocol::Udp, [203, 0, 113, 10], 27000),
    ] {
        let answer = lab.ask("player", protocol, at(address, port))?;
        ensure!(answer.peer.ip() == IpAddr::V4(PLAYER), "{answer:?}");
        ensure!(answer.port == port, "{answer:?}");
    }
    ensure!(server.seen()?.len() == 3, "{:?}", server.seen()?);
    Ok(())
}

fn mapped(lab: &Lab) -> Result<()> {
    let _inside = lab.serve("vps2", &[80], &[80])?;
    let _outside = lab.serve("player", &[80], &[])?;
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        let answer = lab.ask("player", protocol, at([203, 0, 113, 20], 80))?;
        ensure!(answer.peer.ip() == IpAddr::V4(PLAYER), "{answer:?}");
    }
    let answer = lab.ask("vps2", Protocol::Tcp, (PLAYER, 80))?;
    ensure!(
        answer.peer.ip() == IpAddr::V4(Ipv4Addr::new(203, 0, 113, 20)),
        "{answer:?}"
    );
    let itself = lab.ask("vps2", Protocol::Tcp, at([203, 0, 113, 20], 80))?;
    ensure!(itself.port == 80, "{itself:?}");
    Ok(())
}

fn home_is_closed(lab: &Lab) -> Result<()> {
    let _outside = lab.serve("player", &[80], &[80])?;
    let _inside = lab.serve("home", &[80], &[80])?;
    for (node, protocol) in [("home", Protocol::Tcp), ("lan2", Protocol::Udp)] {
        let answer = lab.ask(node, protocol, (PLAYER, 80))?;
        ensure!(answer.peer.ip() == IpAddr::V4(ROUTER_WAN), "{answer:?}");
    }
    let neighbour = lab.ask("lan2", Protocol::Tcp, at([192, 168, 20, 10], 80))?;
    ensure!(neighbour.peer.ip() == IpAddr::V4(LAN2), "{neighbour:?}");
    let second = Duration::from_secs(1);
    for address in [[192, 168, 20, 10], [203, 0, 113, 50]] {
        let entered = lab.ask_within("player", Protocol::Tcp, at(address, 80), second);
        ensure!(entered.is_err(), "the player got into the home: {entered:?}");
    }
    Ok(())
}

fn vm(lab: &Lab) -> Result<()> {
    let bridge =
        "ip link add vmbr9 type bridge && ip link set vmbr9 up && ip addr add 10.99.9.1/24 dev vmbr9";
    lab.exec("home", bridge)?.ok()?;
    lab.attach("vm", "vmbr9", Some("10.99.9.2/24".parse()?))?;
    let _server = lab.serve("vm", &[80], &[])?;
    let answer = lab.ask("home", Protocol::Tcp, at([10, 99, 9, 2], 80))?;
    ensure!(answer.peer.ip() == IpAddr::from([10, 99, 9, 1]), "{answer:?}");
    let link = lab.nets().ip("vm", "link show eth0")?;
    ensure!(link.contains(&lab.mac("vm")?), "{link}");

    lab.reboot("home")?;
    lab.exec("home", bridge)?.ok()?;
    lab.reattach("vm")?;
    lab.ask("home", Protocol::Tcp, at([10, 99, 9, 2], 80))?;
    let link = lab.nets().ip("vm", "link show eth0")?;
    ensure!(
        link.contains(&lab.mac("vm")?),
        "the VM's Ethernet address changed: {link}"
    );
    Ok(())
}

fn dhcp(lab: &Lab) -> Result<()> {
    let serve = "apt-get update -q && apt-get install -yq dnsmasq-base && ip link add vmbr8 type bridge && \
         ip link set vmbr8 up && ip addr add 10.99.8.1/24 dev vmbr8 && systemd-run --unit=leases dnsmasq \
         --keep-in-foreground --port=0 --interface=vmbr8 --bind-interfaces --dhcp-leasefile=/run/leases \
         --dhcp-range=10.99.8.0,static --dhcp-option=option:dns-server,9.9.9.9";
    let fixed = format!("{serve} --dhcp-host={},10.99.8.7", lab.mac("vm")?);
    lab.exec("home", &fixed)?.ok()?;
    lab.attach("vm", "vmbr8", None)?;
    let lease = lab.lease("vm")?;
    ensure!(lease.address == "10.99.8.7/24".parse()?, "{lease:?}");
    ensure!(lease.gateway == Some(Ipv4Addr::new(10, 99, 8, 1)), "{lease:?}");
    ensure!(lease.dns == Some(Ipv4Addr::new(9, 9, 9, 9)), "{lease:?}");
    let _server = lab.serve("home", &[80], &[])?;
    let answer = lab.ask("vm", Protocol::Tcp, at([10, 99, 8, 1], 80))?;
    ensure!(answer.peer.ip() == IpAddr::from([10, 99, 8, 7]), "{answer:?}");
    lab.reset("home")
}
