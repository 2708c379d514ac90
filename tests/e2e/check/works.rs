//! Nothing fails.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::BOTH;
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::games::{MOST, NAME, PLAYERS};

use crate::place::{GAMES, check, place, works};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("game_servers_are_proved_with_name_and_players", games),
        Case::new("a_udp_program_that_knows_no_such_packet_has_been_reached", silent),
        Case::new("a_range_is_proved_by_a_port_whose_game_is_known", range),
    ]
}

fn games(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    let checks = works(&site, GAMES)?;
    ensure!(checks.len() == 3, "{checks:#?}");
    for said in checks {
        let game = &said["reach"]["details"];
        ensure!(game["kind"] == "game" && game["name"] == NAME, "{said:#}");
        ensure!(
            game["players"][0] == PLAYERS && game["players"][1] == MOST,
            "{said:#}"
        );
        let hops = said["hops"].as_array().into_iter().flatten();
        ensure!(hops.clone().count() == 7, "{said:#}");
        for hop in hops {
            ensure!(hop["state"] == "proved", "{said:#}");
        }
    }
    let text = site.me.ok(&["check", GAMES])?;
    ensure!(text.contains(NAME) && text.contains("3 of 20 players"), "{text}");
    Ok(())
}

/// Players were answered a moment ago on the same ports: that is no evidence of what became of our packets.
fn silent(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _echo = lab.serve("vm", &[7777], &[7777])?;
    let _open = site.open(&["attic", "7777", "--proto", "both", "--label", "echo"])?;
    for protocol in BOTH {
        site.player_is_seen(protocol, wirewarp_tests::site::FIRST, 7777)?;
    }
    for said in check(&site, "echo", 0)? {
        let wanted = if said["title"].as_str().unwrap_or_default().contains("udp") {
            "delivered"
        } else {
            "works"
        };
        ensure!(said["outcome"]["kind"] == wanted, "{said:#}");
    }
    Ok(())
}

fn range(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    let _open = site.open(&[
        "attic",
        "29000-29050->27000-27050",
        "--proto",
        "udp",
        "--label",
        "range",
    ])?;
    let said = works(&site, "range")?;
    ensure!(said.len() == 1 && said[0]["port"] == 29015, "{said:#?}");
    ensure!(
        said[0]["title"]
            .as_str()
            .unwrap_or_default()
            .contains("29000-29050/udp"),
        "{said:#?}"
    );
    Ok(())
}
