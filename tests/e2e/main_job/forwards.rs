//! Port forwards of every shape, and those that are refused.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{BOTH, FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::{Tcp, Udp};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_player_reaches_the_vm_by_tcp_and_udp_and_is_seen", single),
        Case::new("lists_ranges_and_offsets_lead_where_they_say", shapes),
        Case::new("a_forward_of_one_protocol_leaves_the_other_closed", one_protocol),
        Case::new("a_removed_forward_answers_no_more", removed),
        Case::new("a_disabled_forward_is_closed_until_it_is_enabled", disabled),
        Case::new("a_port_that_is_taken_is_refused_with_its_owner_named", taken),
        Case::new("ports_of_sshd_and_wireguard_and_of_programs_are_refused", guarded),
        Case::new("a_dry_run_and_no_apply_leave_the_host_alone", not_applied),
    ]
}

fn single(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let server = lab.serve("vm", &[25565], &[25565])?;
    let _open = site.open(&["attic", "25565", "--proto", "both"])?;
    for protocol in BOTH {
        let answer = site.player_is_seen(protocol, FIRST, 25565)?;
        ensure!(answer.port == 25565, "{answer:?}");
    }
    ensure!(server.seen()?.len() == 2, "{:?}", server.seen()?);
    Ok(())
}

fn shapes(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let tcp = [80, 8443, 9000, 9005, 9010, 27000, 27025, 27050];
    let _server = lab.serve("vm", &tcp, &tcp)?;
    let ports = "80,443->8443,8000-8010->9000,27000-27050";
    let _open = site.open(&["attic", ports, "--proto", "both"])?;
    for protocol in BOTH {
        for (public, arrives) in [
            (80, 80),
            (443, 8443),
            (8000, 9000),
            (8005, 9005),
            (8010, 9010),
            (27000, 27000),
            (27025, 27025),
            (27050, 27050),
        ] {
            let answer = site.player_is_seen(protocol, FIRST, public)?;
            ensure!(answer.port == arrives, "{public}: {answer:?}");
        }
    }
    let beside = [8443, 9000, 9010].map(|port| (Tcp, (FIRST, port).into()));
    site.silent("player", &beside)
}

fn one_protocol(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[7777, 7778], &[7777, 7778])?;
    let _udp = site.open(&["attic", "7777", "--proto", "udp"])?;
    let _tcp = site.open(&["attic", "7778"])?;
    site.player_is_seen(Udp, FIRST, 7777)?;
    site.player_is_seen(Tcp, FIRST, 7778)?;
    site.silent(
        "player",
        &[(Tcp, (FIRST, 7777).into()), (Udp, (FIRST, 7778).into())],
    )
}

fn removed(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[2456], &[2456])?;
    let open = site.open(&["attic", "2456", "--proto", "both"])?;
    for protocol in BOTH {
        site.player_is_seen(protocol, FIRST, 2456)?;
    }
    open.close()?;
    site.silent("player", &BOTH.map(|protocol| (protocol, (FIRST, 2456).into())))?;
    site.nothing_to_do()
}

fn disabled(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[34197], &[])?;
    let _open = site.open(&["attic", "34197", "--label", "factory"])?;
    site.player_is_seen(Tcp, FIRST, 34197)?;
    site.me.change(&["port", "disable", "factory"])?;
    site.silent("player", &[(Tcp, (FIRST, 34197).into())])?;
    site.me.change(&["port", "enable", "factory"])?;
    site.player_is_seen(Tcp, FIRST, 34197).map(drop)
}

fn taken(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _open = site.open(&["attic", "5000-5010", "--label", "cameras"])?;
    let words = ["port", "add", "attic", "5005"];
    site.me.refused(1, &words, &["5005", "cameras"])?;
    // The other protocol of the same port is free.
    site.open(&["attic", "5005", "--proto", "udp"])?.close()
}

fn guarded(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let before = site.me.json(&["port", "list"])?;
    site.me
        .refused(1, &["port", "add", "attic", "22"], &["22", "sshd"])?;
    let wireguard = ["port", "add", "attic", "51820", "--proto", "udp"];
    site.me.refused(1, &wireguard, &["51820", "WireGuard"])?;
    site.me
        .refused(1, &["port", "add", "attic", "all"], &["SSH or the tunnel"])?;
    let shop = "systemd-run --unit=shop systemd-socket-activate -l 8088 /bin/cat";
    lab.exec("vps1", shop)?.ok()?;
    let listens = "ss -Hltn sport = 8088 | grep -q 8088";
    lab.wait_until("vps1", listens, std::time::Duration::from_secs(5))?;
    site.me
        .refused(1, &["port", "add", "attic", "8088"], &["8088", "systemd-socket"])?;
    lab.exec("vps1", "systemctl stop shop")?.ok()?;
    site.me
        .refused(64, &["port", "add", "attic", "80-20"], &["80-20"])?;
    ensure!(
        site.me.json(&["port", "list"])? == before,
        "something was recorded"
    );
    site.nothing_to_do()
}

fn not_applied(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[6000], &[])?;
    let said = site.me.ok(&["port", "add", "attic", "6000", "--dry-run"])?;
    ensure!(said.contains("6000"), "{said}");
    ensure!(site.me.json(&["port", "list"])? == serde_json::json!([]));
    let later = site.open(&["attic", "6000", "--no-apply"])?;
    site.silent("player", &[(Tcp, (FIRST, 6000).into())])?;
    let plan = site.me.run(&["plan"])?;
    ensure!(plan.status == 2, "{plan:?}");
    site.me.change(&["apply"])?;
    site.player_is_seen(Tcp, FIRST, 6000)?;
    later.close()
}
