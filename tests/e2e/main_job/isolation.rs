//! Nothing at home is opened but what was asked for, and the VPS is no way into other networks.

use std::net::Ipv4Addr;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::topology::{LAN2, PLAYER, ROUTER_LAN};
use wirewarp_tests::site::{BOTH, FIRST, HOME, Site, put_wrong};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::{self, Tcp, Udp};

/// Where clouds keep what a guest must not see.
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// `vps2` as the provider's inside knows it.
const INSIDE: Ipv4Addr = Ipv4Addr::new(172, 31, 5, 20);

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("from_the_vps_only_what_is_forwarded_can_be_reached", from_the_vps),
        Case::new(
            "a_vps_in_wrong_hands_gets_no_further_and_the_drift_is_repaired",
            wrong_hands,
        ),
        Case::new("the_vm_reaches_nothing_of_the_home", vm_to_home),
        Case::new("the_vm_reaches_nothing_of_the_providers_inside", vm_to_provider),
        Case::new("when_the_tunnel_is_down_nothing_leaks_by_the_home_line", leaks),
    ]
}

fn both(address: Ipv4Addr, port: u16) -> [(Protocol, std::net::SocketAddr); 2] {
    BOTH.map(|protocol| (protocol, (address, port).into()))
}

fn from_the_vps(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let given = site.given("attic")?;
    let _vm = lab.serve("vm", &[25565, 9999], &[25565, 9999])?;
    let _home = lab.serve("home", &[16261, 9999], &[16261, 9999])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    let _peer = site.open(&["attic", "16261", "--proto", "both", "--to", "peer"])?;
    for protocol in BOTH {
        lab.ask("vps1", protocol, (given.first_vm(), 25565))?;
        lab.ask("vps1", protocol, (given.tunnel_ip, 16261))?;
    }
    let closed = [
        both(given.first_vm(), 9999),
        both(given.tunnel_ip, 9999),
        both(given.tunnel_ip, 25565),
        both(given.vm_network.hosts().next().context("no gateway")?, 9999),
    ];
    site.silent("vps1", &closed.concat())?;
    site.silent("player", &both(FIRST, 9999))
}

/// Somebody on the VPS adds the home LAN to its tunnel and its routes.
fn wrong_hands(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _lan = lab.serve("lan2", &[8096], &[8096])?;
    let _home = lab.serve("home", &[9999], &[9999])?;
    let all = "key=$(wg show ww0 peers) && wg set ww0 peer $key allowed-ips \
         $(wg show ww0 allowed-ips | cut -f 2 | tr ' ' ,),192.168.20.0/24 && \
         ip route add 192.168.20.0/24 dev ww0";
    put_wrong(lab, "vps1", all)?;
    let closed = [both(LAN2, 8096), both(HOME, 9999)];
    site.silent("vps1", &closed.concat())?;
    let drift = site.me.run(&["drift", "nyc"])?;
    ensure!(
        drift.status == 2 && drift.stdout.contains("192.168.20.0/24"),
        "{drift:?}"
    );
    site.me.change(&["drift", "nyc", "--repair"])?;
    let after = site.me.run(&["drift", "nyc"])?;
    ensure!(after.status == 0, "{after:?}");
    let route = lab.exec("vps1", "ip route show 192.168.20.0/24")?;
    ensure!(route.ok()?.is_empty(), "{route:?}");
    Ok(())
}

fn vm_to_home(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let given = site.given("attic")?;
    let gateway = given.vm_network.hosts().next().context("no gateway")?;
    let _lan = lab.serve("lan2", &[8096], &[8096])?;
    let _home = lab.serve("home", &[9999], &[9999])?;
    let _router = lab.serve("router", &[8080], &[8080])?;
    lab.ask("home", Tcp, (LAN2, 8096))?;
    lab.ask("home", Tcp, (ROUTER_LAN, 8080))?;
    let closed = [
        both(LAN2, 8096),
        both(HOME, 9999),
        both(gateway, 9999),
        both(given.tunnel_ip, 9999),
        both(ROUTER_LAN, 8080),
    ];
    let sshd = [HOME, gateway, given.tunnel_ip].map(|address| (Tcp, (address, 22).into()));
    site.silent("vm", &[closed.concat(), sshd.to_vec()].concat())
}

fn vm_to_provider(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    lab.nets()
        .ip("hub", &format!("address replace {METADATA}/32 dev inet0"))?;
    lab.nets()
        .ip("hub", &format!("address replace {LAN2}/32 dev inet0"))?;
    // Bound to its address: the hub would answer datagrams from another of its own.
    let _metadata = lab.serve_on("hub", METADATA, &[8775], &[8775])?;
    let _lan = lab.serve_on("hub", LAN2, &[8775], &[8775])?;
    let _inside = lab.serve("vps2", &[8775], &[8775])?;
    for address in [METADATA, INSIDE, LAN2] {
        lab.ask("vps1", Tcp, (address, 8775))?;
        lab.ask("vps1", Udp, (address, 8775))?;
    }
    let closed = [METADATA, INSIDE, LAN2].map(|address| both(address, 8775));
    let outcome = site.silent("vm", &closed.concat());
    lab.nets()
        .ip("hub", &format!("address del {METADATA}/32 dev inet0"))?;
    lab.nets()
        .ip("hub", &format!("address del {LAN2}/32 dev inet0"))?;
    outcome
}

fn leaks(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let outside = lab.serve("player", &[4000], &[4000])?;
    lab.ask("vm", Udp, (PLAYER, 4000))?;
    let seen = outside.seen()?.len();
    put_wrong(lab, "home", "ip link set ww0 down")?;
    let asked = site.silent("vm", &both(PLAYER, 4000));
    let seen_after = outside.seen()?.len();
    site.me.change(&["drift", "attic", "--repair"])?;
    asked?;
    ensure!(
        seen == seen_after,
        "it came by the home line: {:?}",
        outside.seen()?
    );
    lab.ask("vm", Udp, (PLAYER, 4000)).map(drop)
}
