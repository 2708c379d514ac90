//! Players play while a check runs: what they get is no evidence of what we get, one way or the other.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{BOTH, FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::{Protocol, Stream};

use crate::place::{blames, check, place};

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "players_on_the_same_port_do_not_blur_what_is_found",
        busy,
    )]
}

/// Streams that were there before, and players who come anew all the time.
fn players(site: &Site) -> Result<Vec<Stream>> {
    BOTH.into_iter()
        .map(|protocol| site.lab.stream("player", protocol, (FIRST, 7777), 50))
        .collect()
}

fn newcomers(site: &Site, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let on = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while on.load(std::sync::atomic::Ordering::Relaxed) {
                drop(site.lab.ask("player", Protocol::Udp, (FIRST, 7777)));
                drop(site.lab.ask("player", Protocol::Tcp, (FIRST, 7777)));
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let said = work();
        on.store(false, std::sync::atomic::Ordering::Relaxed);
        said
    })
}

fn busy(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let echo = lab.serve("vm", &[7777], &[7777])?;
    let _open = site.open(&["attic", "7777", "--proto", "both", "--label", "busy"])?;
    let streams = players(&site)?;
    newcomers(&site, || {
        for said in check(&site, "busy", 0)? {
            let udp = said["title"].as_str().unwrap_or_default().contains("udp");
            let wanted = if udp { "delivered" } else { "works" };
            ensure!(said["outcome"]["kind"] == wanted, "{said:#}");
        }
        lab.block("admin", "meta l4proto { tcp, udp } th dport 7777")?;
        let blocked = blames(
            &site,
            "busy",
            "provider_firewall",
            &["Packets of others do arrive there"],
        );
        lab.unblock("admin")?;
        blocked
    })?;
    for stream in streams {
        let tally = stream.finish()?;
        ensure!(tally.answered > 100 && tally.lost == 0, "{tally:?}");
    }
    let _streams = players(&site)?;
    drop(echo);
    blames(&site, "busy", "program", &["nothing listens on"])
}
