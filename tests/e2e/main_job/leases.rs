//! Addresses of VMs that are fixed, and given by DHCP on their bridge alone.

use std::net::Ipv4Addr;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::Tcp;
use wirewarp_tests::traffic::dhcp::Lease;

/// Served by the VM at the address that it is given.
const PORT: u16 = 25601;

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "a_vm_asks_for_its_address_and_players_reach_it_there",
        given_by_dhcp,
    )]
}

/// The VM as it was, at the first address of the network, when this is dropped.
struct AsItWas<'site>(&'site Site<'site>);

impl Drop for AsItWas<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.connect("vm", "attic") {
            eprintln!("the VM has another address than before: {error:#}");
        }
    }
}

fn given_by_dhcp(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = AsItWas(&site);
    for guest in ["vm", "vm2"] {
        lab.attach(guest, "wwbr0", None)?;
    }
    let network = site.given("attic")?.vm_network;
    let address = network.hosts().nth(6).context("no seventh address")?;
    let card = lab.mac("vm")?;
    let wish = format!("{card}={address}");
    let words = ["peer", "lease", "attic", "--set", &wish, "--name", "web"];
    let dry = site.me.ok(&[&words[..], &["--dry-run"]].concat())?;
    let says = format!(
        "give {address} to “web” ({}) by DHCP on wwbr0",
        card.to_uppercase()
    );
    ensure!(dry.contains(&says), "{dry}");
    let said = site.me.change(&words)?;
    ensure!(said["leases"][0]["address"] == address.to_string(), "{said}");
    site.nothing_to_do()?;
    let runs_as = process(lab)?;

    let lease = beside_a_stranger(lab)?;
    let gateway = network.hosts().next();
    ensure!(
        lease.address.addr() == address && lease.address.trunc() == network,
        "{lease:?}"
    );
    ensure!(
        lease.gateway == gateway && Some(lease.server) == gateway,
        "{lease:?}"
    );
    ensure!(lease.dns == Some(Ipv4Addr::new(1, 1, 1, 1)), "{lease:?}");
    ensure!(lease.mtu == Some(1420), "{lease:?}");

    let _server = lab.serve("vm", &[PORT], &[])?;
    let open = site.open(&["attic", &PORT.to_string(), "--to", &address.to_string()])?;
    site.player_is_seen(Tcp, FIRST, PORT)?;
    ensure!(process(lab)? == runs_as, "a forward has it begin anew");
    site.nothing_to_do()?;

    it_is_missed_and_taken_away(&site)?;
    site.player_is_seen(Tcp, FIRST, PORT)?;
    open.close()?;
    site.me.change(&["peer", "lease", "attic", "--drop", &card])?;
    ensure!(process(lab)?.is_empty(), "it runs for nobody");
    site.nothing_to_do()
}

/// What the VM is given; another machine on its bridge, which asks at the same time, gets nothing.
fn beside_a_stranger(lab: &Lab) -> Result<Lease> {
    thread::scope(|scope| {
        let stranger = scope.spawn(|| lab.lease("vm2"));
        let lease = lab.lease("vm");
        let stranger = stranger.join().map_err(|_| anyhow!("panicked"))?;
        ensure!(stranger.is_err(), "a stranger was given {stranger:?}");
        lease
    })
}

/// Whoever runs as our DHCP server on `home`, by number.
fn process(lab: &Lab) -> Result<String> {
    let found = lab.exec("home", "pidof dnsmasq || :")?;
    found.ok().map(str::to_owned)
}

/// A server that died is seen and put right; with everything of ours it goes.
fn it_is_missed_and_taken_away(site: &Site) -> Result<()> {
    let lab = site.lab;
    let load = |verb: &str| lab.exec("home", &format!("sh /etc/wirewarp/current/load {verb}"));
    lab.exec(
        "home",
        "systemctl stop wirewarp-watch.timer wirewarp-watch.service wirewarp-dhcp@ww0",
    )?
    .ok()?;
    let check = load("check")?;
    let missed = "ww0: the DHCP server on wwbr0 does not run";
    ensure!(check.stdout.contains(missed), "{check:?}");
    load("all")?.ok()?;
    ensure!(!process(lab)?.is_empty(), "it was not put right");

    // A bridge made anew has another number, on which the server that runs would hear nothing.
    lab.exec("home", "ip link delete wwbr0")?.ok()?;
    load("all")?.ok()?;
    lab.attach("vm", "wwbr0", None)?;
    lab.lease("vm")?;

    load("none")?.ok()?;
    ensure!(process(lab)?.is_empty(), "it outlived everything of ours");
    site.me.change(&["drift", "attic", "--repair"])?;
    ensure!(!process(lab)?.is_empty(), "the repair did not bring it back");
    lab.attach("vm", "wwbr0", None)?;
    lab.lease("vm").map(drop)
}
