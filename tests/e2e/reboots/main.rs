//! What is in force stays in force without the program: after reboots, power cuts, and others who flush the rules.
//!
//! `home` runs Debian 13 here: its systemd-networkd deletes routing rules that are not its own.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::lab::topology::{PLAYER, ROUTER_WAN};
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, Release};
use wirewarp_tests::site::{BOTH, FIRST, HOME, Site};
use wirewarp_tests::suite::{Case, Suite};
use wirewarp_tests::traffic::{Protocol, Server};

/// The timer looks each minute; then a handshake and an answer.
const WITHIN: Duration = Duration::from_secs(75);

fn main() -> ExitCode {
    let cases = vec![
        Case::new("the_forwards_work_again_after_the_vps_was_rebooted", vps_rebooted),
        Case::new(
            "the_forwards_work_again_after_the_home_was_rebooted",
            home_rebooted,
        ),
        Case::new("what_left_by_the_tunnel_does_so_after_a_reboot", route_kept),
        Case::new("the_forwards_work_again_after_both_lost_power", power_lost),
        Case::new(
            "a_restart_of_the_hosts_own_nftables_is_made_good_at_once",
            restarted,
        ),
        Case::new("flushed_rules_are_back_within_the_minute", flushed),
        Case::new("another_address_of_the_home_is_noticed", renumbered),
        Case::new(
            "another_address_of_the_peer_on_its_lan_is_noticed",
            moved_on_the_lan,
        ),
    ];
    let spec = LabSpec::empty()
        .with(HostSpec::vps1())
        .with(HostSpec::home().release(Release::Trixie));
    Suite::new(spec, cases).run()
}

/// Programs that answer, in the VM and on `home`. They end with their host.
fn servers(lab: &Lab) -> Result<[Server; 2]> {
    Ok([
        lab.serve("vm", &[25565], &[25565])?,
        lab.serve("home", &[16261], &[16261])?,
    ])
}

/// The set-up with a forward to the VM and one to the peer itself.
fn ready(lab: &Lab) -> Result<Site<'_>> {
    let site = Site::ready(lab)?;
    if site.me.json(&["port", "list"])? == serde_json::json!([]) {
        let vm = ["port", "add", "attic", "25565", "--proto", "both"];
        site.me.change(&vm)?;
        let peer = ["port", "add", "attic", "16261", "--proto", "both", "--to", "peer"];
        site.me.change(&peer)?;
    }
    Ok(site)
}

/// Everything that was asked for works within `limit`, and nothing is left to do.
fn works(site: &Site, limit: Duration) -> Result<()> {
    for protocol in BOTH {
        for port in [25565, 16261] {
            let what = format!("{port}/{}", protocol.word());
            wait_for(&what, limit, || {
                let second = Duration::from_secs(1);
                let asked = site.lab.ask_within("player", protocol, (FIRST, port), second);
                Ok(asked.ok())
            })?;
            site.player_is_seen(protocol, FIRST, port)?;
        }
    }
    let _outside = site.lab.serve("player", &[4000], &[])?;
    let vm = site.lab.ask("vm", Protocol::Tcp, (PLAYER, 4000))?;
    ensure!(vm.peer.ip() == FIRST, "{vm:?}");
    let home = site.lab.ask("home", Protocol::Tcp, (PLAYER, 4000))?;
    ensure!(home.peer.ip() == ROUTER_WAN, "{home:?}");
    site.nothing_to_do()?;
    for host in ["vps1", "home"] {
        let failed = site.lab.exec(host, "systemctl --failed --no-legend")?;
        ensure!(failed.ok()?.is_empty(), "{host}: {failed:?}");
    }
    Ok(())
}

fn vps_rebooted(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    let _servers = servers(lab)?;
    works(&site, Duration::from_secs(1))?;
    lab.reboot("vps1")?;
    works(&site, WITHIN)
}

fn home_rebooted(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    lab.reboot("home")?;
    lab.reattach("vm")?;
    let _servers = servers(lab)?;
    works(&site, Duration::from_secs(20))
}

/// From the first packet on: nothing of it leaves by the home line while the machine starts.
fn route_kept(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    site.me.change(&["peer", "route", "attic", "everything"])?;
    let outside = lab.serve("player", &[4000], &[4000])?;
    lab.exec("home", KEEPS_ASKING)?.ok()?;
    lab.reboot("home")?;
    lab.reattach("vm")?;
    wait_for("the home by its tunnel", WITHIN, || {
        Ok((outside.seen()?.len() > 10).then_some(()))
    })?;
    site.nothing_to_do()?;
    lab.exec("home", "systemctl disable --now keeps-asking")?.ok()?;
    let seen = outside.seen()?;
    ensure!(
        seen.iter().all(|client| client.peer.ip() == FIRST),
        "it leaked: {seen:?}"
    );
    drop(outside);
    site.me.change(&["peer", "route", "attic", "replies"])?;
    let _servers = servers(lab)?;
    works(&site, Duration::from_secs(20))
}

/// A service that begins before the network does, and tells the player that it is there over and over.
const KEEPS_ASKING: &str = r#"cat >/etc/keeps-asking <<'END'
while :; do
    echo '{"number": 1, "nonce": "1"}' >/dev/udp/203.0.113.100/4000
    sleep 0.05
done
END
cat >/etc/systemd/system/keeps-asking.service <<'END'
[Unit]
DefaultDependencies=no
After=local-fs.target wirewarp-early.service
[Service]
ExecStart=/bin/bash /etc/keeps-asking
StandardError=null
[Install]
WantedBy=sysinit.target
END
systemctl enable keeps-asking"#;

fn power_lost(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    let both = ["vps1", "home"];
    lab.at_once(&both, |host| lab.power_loss(host))?;
    lab.boot(&both)?;
    lab.reattach("vm")?;
    let _servers = servers(lab)?;
    works(&site, WITHIN)
}

fn restarted(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    let _servers = servers(lab)?;
    for host in ["vps1", "home"] {
        for verb in ["restart", "reload", "stop", "start"] {
            lab.exec(host, &format!("systemctl {verb} nftables"))?.ok()?;
        }
        lab.exec(host, "nft list tables | grep -q 'inet filter'")?
            .ok()
            .context("the host's own rules were not loaded")?;
    }
    works(&site, Duration::from_secs(10))?;
    // So that the next cases boot without them.
    lab.at_once(&["vps1", "home"], |host| {
        lab.exec(host, "systemctl disable nftables")?.ok().map(drop)
    })
}

fn flushed(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    let _servers = servers(lab)?;
    lab.exec("vps1", "nft flush ruleset")?.ok()?;
    lab.exec("home", "nft flush ruleset; systemctl restart systemd-networkd")?
        .ok()?;
    works(&site, WITHIN)
}

/// The router gets another address from its provider: the tunnel must come back by itself.
fn renumbered(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    let _servers = servers(lab)?;
    lab.renumber_home("203.0.113.51".parse()?)?;
    let player = ("player", Protocol::Udp, (FIRST, 25565));
    let back = wait_for("the tunnel from the new address", WITHIN, || {
        let second = Duration::from_secs(1);
        Ok(lab.ask_within(player.0, player.1, player.2, second).ok())
    });
    lab.renumber_home(ROUTER_WAN)?;
    back?;
    works(&site, WITHIN)
}

/// The router's DHCP gives the peer another address: what is forwarded to the peer itself must follow.
fn moved_on_the_lan(lab: &Lab) -> Result<()> {
    let site = ready(lab)?;
    let _servers = servers(lab)?;
    let change = |old: &str, new: &str| {
        format!(
            "ip address add {new}/24 dev eth0 && ip address delete {old}/24 dev eth0 && \
             ip route replace default via 192.168.20.1 dev eth0"
        )
    };
    let home = HOME.to_string();
    lab.exec("home", &change(&home, "192.168.20.77"))?.ok()?;
    for protocol in BOTH {
        wait_for("the peer at its new address", WITHIN, || {
            let second = Duration::from_secs(1);
            Ok(lab.ask_within("player", protocol, (FIRST, 16261), second).ok())
        })?;
    }
    lab.exec("home", &change("192.168.20.77", &home))?.ok()?;
    works(&site, WITHIN)
}
