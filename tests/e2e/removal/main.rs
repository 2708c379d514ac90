//! Removal leaves the hosts as they were found.

mod found;
mod only_way;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::{Lab, LabSpec};
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::{Case, Suite};

use found::{Found, found};

const HOSTS: [&str; 3] = ["vps1", "vps2", "home"];

fn main() -> ExitCode {
    let cases = vec![
        Case::new("removal_leaves_the_hosts_as_they_were_found", all_gone),
        Case::new("removal_with_packages_leaves_not_even_those", packages_gone),
        Case::new("what_others_have_on_a_host_outlives_our_removal", others_stay),
        Case::new(
            "a_peer_that_is_reached_through_its_tunnel_alone_is_removed",
            only_way::gone,
        ),
        Case::new(
            "a_peer_goes_and_its_neighbour_on_the_machine_stays",
            neighbour_stays,
        ),
    ];
    Suite::new(LabSpec::standard(), cases).run()
}

fn as_found(lab: &Lab) -> Result<Vec<Found>> {
    HOSTS.into_iter().map(|host| found(lab, host)).collect()
}

/// Everything there is: two VPSes, a home with a tunnel to each, forwards of every target.
fn put_everything(site: &Site) -> Result<()> {
    site.me.add_vps("nyc", "vps1", &[])?;
    site.me.add_vps("fra", "vps2", &[])?;
    site.me.add_peer("attic", "home", &["--vps", "nyc"])?;
    site.me.add_peer("cellar", "home", &["--vps", "fra"])?;
    for (peer, card) in [("attic", "BC:24:11:00:00:01"), ("cellar", "BC:24:11:00:00:02")] {
        site.me
            .change(&["port", "add", peer, "25565", "--proto", "both"])?;
        site.me.change(&["port", "add", peer, "16261", "--to", "peer"])?;
        site.me
            .change(&["port", "add", peer, "8096", "--to", "192.168.20.30"])?;
        site.me.change(&["peer", "lease", peer, "--set", card])?;
    }
    Ok(())
}

fn take_everything(site: &Site, more: &[&str]) -> Result<()> {
    let vps = site
        .me
        .refused(1, &["vps", "remove", "nyc"], &["attic", "peer remove"])?;
    ensure!(!vps.is_empty());
    for words in [
        ["peer", "remove", "attic"],
        ["peer", "remove", "cellar"],
        ["vps", "remove", "nyc"],
        ["vps", "remove", "fra"],
    ] {
        site.me.change(&[words.as_slice(), more].concat())?;
    }
    let status = site.me.json(&["status"])?;
    ensure!(
        status["hosts"] == serde_json::json!([]) && status["forwards"] == 0,
        "{status}"
    );
    Ok(())
}

fn all_gone(lab: &Lab) -> Result<()> {
    let site = Site::new(lab)?;
    let before = as_found(lab)?;
    put_everything(&site)?;
    take_everything(&site, &[])?;
    for (before, after) in before.iter().zip(as_found(lab)?) {
        before.is_again(&after, true)?;
    }
    // And again, on hosts that have seen us before.
    site.me.add_vps("nyc", "vps1", &[])?;
    site.me.change(&["vps", "remove", "nyc"]).map(drop)
}

fn packages_gone(lab: &Lab) -> Result<()> {
    let site = Site::new(lab)?;
    lab.at_once(&HOSTS, |host| lab.reset(host))?;
    let before = as_found(lab)?;
    put_everything(&site)?;
    take_everything(&site, &["--remove-packages"])?;
    for (before, after) in before.iter().zip(as_found(lab)?) {
        before.is_again(&after, false)?;
    }
    Ok(())
}

/// `vps2` routes, filters and marks for somebody else, with nftables of its own.
fn others_stay(lab: &Lab) -> Result<()> {
    let site = Site::new(lab)?;
    lab.reset("vps2")?;
    let others = "apt-get update -q && apt-get install -yq nftables && \
         sysctl -w net.ipv4.ip_forward=1 net.ipv4.conf.eth0.rp_filter=1 && \
         nft 'add table inet mine; add chain inet mine pre { type filter hook prerouting priority -150; }; \
              add rule inet mine pre meta mark set meta mark or 0x1' && \
         ip link add br7 type bridge && ip address add 10.7.0.1/24 dev br7 && ip link set br7 up && \
         ip rule add fwmark 0x1 lookup 100 pref 100 && ip route add 10.8.0.0/24 dev br7 table 100 && \
         printf '[Service]\\nExecStart=/bin/sleep 7200\\n' > /etc/systemd/system/mine.service && \
         systemctl daemon-reload && systemctl start mine";
    lab.exec("vps2", others)?.ok()?;
    let before = found(lab, "vps2")?;
    site.me.add_vps("fra", "vps2", &[])?;
    site.me.change(&["vps", "remove", "fra", "--remove-packages"])?;
    before.is_again(&found(lab, "vps2")?, false)?;
    lab.exec("vps2", "systemctl is-active mine && nft --version")?
        .ok()
        .map(drop)
}

fn neighbour_stays(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    if !site.has_peer("shed")? {
        site.me
            .add_peer("shed", "home", &["--vps", "nyc", "--ip", "203.0.113.11"])?;
    }
    let _server = lab.serve("vm", &[25565], &[])?;
    let open = site.open(&["attic", "25565"])?;
    site.me.change(&["peer", "remove", "shed"])?;
    let links = lab.exec("home", "ls /sys/class/net")?;
    let links: Vec<&str> = links.ok()?.split_whitespace().collect();
    ensure!(links.contains(&"ww0") && !links.contains(&"ww1"), "{links:?}");
    ensure!(!links.contains(&"wwbr1"), "{links:?}");
    let tcp = wirewarp_tests::traffic::Protocol::Tcp;
    site.player_is_seen(tcp, wirewarp_tests::site::FIRST, 25565)?;
    open.close()?;
    site.nothing_to_do()
}
