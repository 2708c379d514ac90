//! Manual peers: a device that is set up by hand with the configuration that the command prints. Here `lan2` is that
//! device, with the real `wg-quick`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{must, run, wait_for};
use wirewarp_tests::lab::topology::{PLAYER, ROUTER_WAN};
use wirewarp_tests::site::{BOTH, SECOND, Site};
use wirewarp_tests::suite::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_manual_peer_with_a_full_tunnel_sees_the_players", full_tunnel),
        Case::new(
            "a_manual_peer_that_is_masqueraded_keeps_its_own_line",
            masqueraded,
        ),
        Case::new("a_new_configuration_makes_the_old_one_stop", renewed),
    ]
}

/// `wg-quick up` in the namespace of a node; `down` when it is dropped.
struct Quick<'lab> {
    lab: &'lab Lab,
    node: &'lab str,
    config: PathBuf,
}

impl<'lab> Quick<'lab> {
    fn up(lab: &'lab Lab, node: &'lab str, config: &Path) -> Result<Self> {
        // Its control socket lies in a folder of the whole machine: hence a name that no other lab has.
        let config = config.with_file_name(format!("ww{}m.conf", lab.id()));
        let quick = Self { lab, node, config };
        quick.run("up")?;
        Ok(quick)
    }

    fn run(&self, verb: &str) -> Result<()> {
        let config = self.config.display().to_string();
        let mut command =
            self.lab
                .nets()
                .command(self.node, Duration::from_secs(30), &["wg-quick", verb, &config]);
        command.env("WG_QUICK_USERSPACE_IMPLEMENTATION", "wireguard-go");
        run(command, b"")?.ok().map(drop)
    }
}

impl Drop for Quick<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.run("down") {
            eprintln!("the tunnel of {} is still up: {error:#}", self.node);
        }
    }
}

/// Where the configuration is to be written for [`Quick`].
fn config_file(lab: &Lab, site: &Site) -> PathBuf {
    site.me.home().join(format!("ww{}m.conf", lab.id()))
}

fn full_tunnel(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let config = config_file(lab, &site);
    let (png, svg) = (site.me.home().join("qr.png"), site.me.home().join("qr.svg"));
    let [config_word, png_word, svg_word] = [&config, &png, &svg].map(|path| path.display().to_string());
    let second = SECOND.to_string();
    site.me.change(&[
        "peer",
        "add",
        "laptop",
        "--manual",
        "--vps",
        "nyc",
        "--ip",
        &second,
        "--config-file",
        &config_word,
        "--qr-png",
        &png_word,
        "--qr-svg",
        &svg_word,
    ])?;
    codes_show(&png, &svg)?;
    let text = fs::read_to_string(&config)?;
    ensure!(
        text.contains("0.0.0.0/0") && text.contains("PrivateKey"),
        "{text}"
    );

    let attic = site.given("attic")?;
    let laptop = site.given("laptop")?;
    let _vm = lab.serve("vm", &[9999], &[9999])?;
    let _open = site.open(&["laptop", "25565", "--proto", "both"])?;
    {
        let _tunnel = Quick::up(lab, "lan2", &config)?;
        let _server = lab.serve("lan2", &[25565, 9998], &[25565, 9998])?;
        answers_soon(lab)?;
        for protocol in BOTH {
            site.player_is_seen(protocol, SECOND, 25565)?;
        }
        is_seen_at(lab, SECOND)?;
        let others = BOTH.map(|protocol| (protocol, (attic.first_vm(), 9999).into()));
        site.silent("lan2", &others)?;
        let from_vm = BOTH.map(|protocol| (protocol, (laptop.tunnel_ip, 9998).into()));
        site.silent("vm", &from_vm)?;
    }
    is_seen_at(lab, ROUTER_WAN)?;
    Ok(())
}

/// The tunnel begins with its first packet.
fn answers_soon(lab: &Lab) -> Result<()> {
    wait_for("the manual peer's tunnel", Duration::from_secs(10), || {
        let asked = lab.ask_within(
            "player",
            wirewarp_tests::traffic::Protocol::Tcp,
            (SECOND, 25565),
            Duration::from_secs(1),
        );
        Ok(asked.ok())
    })
    .map(drop)
}

fn is_seen_at(lab: &Lab, expected: Ipv4Addr) -> Result<()> {
    let _outside = lab.serve("player", &[4000], &[4000])?;
    for protocol in BOTH {
        let answer = lab.ask("lan2", protocol, (PLAYER, 4000))?;
        ensure!(answer.peer.ip() == IpAddr::V4(expected), "{answer:?}");
    }
    Ok(())
}

/// Both are whole: the PNG by its first and last bytes (PNG specification, sections 5.2 and 11.2.5), both for their
/// owner alone.
fn codes_show(png: &Path, svg: &Path) -> Result<()> {
    let bytes = fs::read(png)?;
    ensure!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "no PNG");
    ensure!(bytes.ends_with(b"IEND\xae\x42\x60\x82"), "the PNG is cut off");
    let text = fs::read_to_string(svg)?;
    ensure!(
        text.contains("<svg") && text.trim_end().ends_with("</svg>"),
        "no SVG"
    );
    for path in [png, svg] {
        let mode = must(&["stat", "-c", "%a", &path.display().to_string()])?;
        ensure!(mode == "600", "{} has mode {mode}", path.display());
    }
    Ok(())
}

fn masqueraded(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let config = config_file(lab, &site);
    let path = config.display().to_string();
    let second = SECOND.to_string();
    if site.has_peer("laptop")? {
        site.me.change(&["peer", "remove", "laptop"])?;
    }
    site.me.change(&[
        "peer",
        "add",
        "router",
        "--manual",
        "--mode",
        "masquerade",
        "--vps",
        "nyc",
        "--ip",
        &second,
        "--config-file",
        &path,
    ])?;
    let _open = site.open(&["router", "25565", "--proto", "both"])?;
    let text = fs::read_to_string(&config)?;
    ensure!(!text.contains("0.0.0.0/0"), "{text}");
    {
        let _tunnel = Quick::up(lab, "lan2", &config)?;
        let _server = lab.serve("lan2", &[25565], &[25565])?;
        answers_soon(lab)?;
        for protocol in BOTH {
            let answer = lab.ask("player", protocol, (SECOND, 25565))?;
            let server = tunnel_address_of_vps(lab)?;
            ensure!(answer.peer.ip() == IpAddr::V4(server), "{answer:?}");
        }
        is_seen_at(lab, ROUTER_WAN)?;
    }
    Ok(())
}

fn tunnel_address_of_vps(lab: &Lab) -> Result<Ipv4Addr> {
    let said = lab.exec("vps1", "ip -4 -o address show dev ww0")?;
    let words: Vec<&str> = said.ok()?.split_whitespace().collect();
    let address = words.get(3).and_then(|word| word.split('/').next());
    Ok(address.context("ww0 has no address")?.parse()?)
}

fn renewed(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    if site.has_peer("laptop")? || site.has_peer("router")? {
        let name = if site.has_peer("router")? {
            "router"
        } else {
            "laptop"
        };
        site.me.change(&["peer", "remove", name])?;
    }
    let config = config_file(lab, &site);
    let path = config.display().to_string();
    let second = SECOND.to_string();
    let words = [
        "peer",
        "add",
        "phone",
        "--manual",
        "--vps",
        "nyc",
        "--ip",
        &second,
        "--config-file",
        &path,
    ];
    site.me.change(&words)?;
    let _open = site.open(&["phone", "25565"])?;
    let _server = lab.serve("lan2", &[25565], &[])?;
    let old = Quick::up(lab, "lan2", &config)?;
    answers_soon(lab)?;
    site.me
        .change(&["peer", "config", "phone", "--config-file", &path])?;
    let tcp = wirewarp_tests::traffic::Protocol::Tcp;
    site.silent("player", &[(tcp, (SECOND, 25565).into())])?;
    drop(old);
    let _new = Quick::up(lab, "lan2", &config)?;
    answers_soon(lab)?;
    Ok(())
}
