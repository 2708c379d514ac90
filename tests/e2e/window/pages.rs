//! Every page with the lab's real data, in both themes; none of them complains.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::Value;
use wirewarp_tests::site::FIRST;
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::window::{PATIENCE, Role, Theme, Window};

use crate::PASSWORD_HOST;
use crate::story::{Story, case_with_site};
use crate::terminal;

/// How long traffic is watched before it is shown.
const CURVE: Duration = Duration::from_secs(8);

/// The name of a picture, and the page's address.
const PAGES: [(&str, &str); 19] = [
    ("dashboard", "/"),
    ("vpses", "/vpses"),
    ("vps", "/vpses/nyc"),
    ("vps-peers", "/vpses/nyc?tab=peers"),
    ("vps-traffic", "/vpses/nyc?tab=metrics"),
    ("vps-activity", "/vpses/nyc?tab=activity"),
    ("peers", "/peers"),
    ("peer", "/peers/attic"),
    ("forwards", "/forwards"),
    ("forwards-table", "/forwards?view=table"),
    ("forwards-new", "/forwards?open=new"),
    ("activity", "/activity"),
    ("alerts", "/alerts"),
    ("settings", "/settings"),
    ("settings-defaults", "/settings?section=defaults"),
    ("settings-terminal", "/settings?section=terminal"),
    ("settings-templates", "/settings?section=templates"),
    ("settings-about", "/settings?section=about"),
    ("help", "/help"),
];

/// Forwards: peer, ports, and more words of `port add`.
const FORWARDS: [(&str, &str, &[&str]); 5] = [
    ("attic", "25565", &["--label", "survival"]),
    ("attic", "27015", &["--proto", "udp", "--label", "arena"]),
    ("attic", "8123", &["--to", "peer", "--label", "map"]),
    (
        "attic",
        "2456-2458",
        &["--proto", "udp", "--label", "valheim", "--disabled"],
    ),
    ("cellar", "80,443", &["--to", "peer", "--label", "web"]),
];

pub fn cases() -> Vec<Case> {
    vec![case_with_site(
        "every_page_is_shown_in_both_themes_and_none_complains",
        pages,
    )]
}

fn pages(story: &mut Story) -> Result<()> {
    let lab = story.lab;
    let _games = lab.host_games("vm")?;
    let _web = lab.serve("home", &[80, 443, 8123], &[])?;
    furnish(story)?;
    let _traffic = lab.stream("player", Protocol::Tcp, (FIRST, 8123), 200)?;
    let window = story.window()?;
    // What another program changed is seen without being asked for.
    window.says("cellar", PATIENCE)?;
    check(window)?;
    shell(window)?;
    for theme in Theme::ALL {
        window.wear(theme)?;
        for (name, place) in PAGES {
            window.go(place)?;
            window.picture(&format!("{name}-{}", theme.word()))?;
            window.is_quiet()?;
        }
        window.go("/terminal")?;
        window.picture(&format!("terminal-{}", theme.word()))?;
    }
    Ok(())
}

/// With the command, while the window is open.
fn furnish(story: &Story) -> Result<()> {
    let (lab, me) = (story.lab, &story.site.me);
    if me.run(&["vps", "show", "ams"])?.status != 0 {
        if !lab.is_on(PASSWORD_HOST) {
            lab.boot(&[PASSWORD_HOST])?;
        }
        me.add_vps("ams", PASSWORD_HOST, &[])?;
    }
    me.add_peer("cellar", "home", &["--vps", "ams"])?;
    let before = me.json(&["port", "list"])?;
    for forward in before.as_array().into_iter().flatten() {
        let id = forward["id"].as_str().unwrap_or_default();
        me.ok(&["port", "remove", id, "--no-apply"])?;
    }
    for (peer, ports, more) in FORWARDS {
        me.ok(&[&["port", "add", peer, ports, "--no-apply"], more].concat())?;
    }
    me.ok(&["apply", "--yes"])?;
    let after = me.json(&["port", "list"])?;
    anyhow::ensure!(after.as_array().map(Vec::len) == Some(FORWARDS.len()), "{after}");
    Ok(())
}

/// Looks at all hosts twice, so that there is traffic to be shown, and checks every forward.
fn check(window: &Window) -> Result<()> {
    look(window)?;
    window.go("/forwards")?;
    window.press("Check all")?;
    window.says("of 20 players", Duration::from_secs(60))?;
    window.picture("checks")?;
    // Several looks make a curve of the traffic.
    let began = Instant::now();
    while began.elapsed() < CURVE {
        look(window)?;
    }
    anyhow::ensure!(
        !window.text()?.contains("not applied"),
        "it has not noticed that another program applied"
    );
    Ok(())
}

fn look(window: &Window) -> Result<()> {
    let looked = window.run_async(
        "return await window.__TAURI_INTERNALS__.invoke('status', { hosts: [] })",
        &[],
    )?;
    let hosts = looked.as_array().map_or(&[][..], Vec::as_slice);
    let well = |host: &Value| host["health"] == "ok";
    anyhow::ensure!(hosts.len() == 3 && hosts.iter().all(well), "{looked:#}");
    Ok(())
}

fn shell(window: &Window) -> Result<()> {
    terminal::open(window)?;
    terminal::enter(window, "clear; ls --color=always /etc/wirewarp/current/; wg show")?;
    window.says("latest handshake", PATIENCE)?;
    window.press("Split to the right")?;
    window.shows(Role::Button, "Close terminal nyc", PATIENCE)?;
    terminal::prompt(window, PATIENCE)?;
    let rules = "nft list tables; nft list map inet wirewarp ip_203_0_113_10_tcp";
    terminal::enter(window, &format!("clear; {rules}"))?;
    window.says("elements", PATIENCE)
}
