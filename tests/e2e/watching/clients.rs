//! Who is connected through a forward: seen, ended, kept out for a while, let in again.

use std::net::Ipv4Addr;
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{end, wait_for};
use wirewarp_tests::lab::topology::{HUB, PLAYER};
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;

pub fn cases() -> Vec<Case> {
    vec![Case::new(
        "a_client_is_seen_ended_and_kept_out_for_a_while",
        watched,
    )]
}

/// Echoes to everybody for as long as they stay.
const SERVER: &str = r#"
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
Server(("0.0.0.0", 25565), Echo).serve_forever()
"#;

/// Says something five times a second; ends with 0 after `argv[3]` words, with 7 when it is cut off, with 8 where nobody answers.
const CLIENT: &str = r#"
import socket, sys, time
try:
    line = socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)
    line.settimeout(5)
    for _ in range(int(sys.argv[3])):
        line.sendall(b"x" * 1000)
        got = 0
        while got < 1000:
            part = line.recv(4096)
            if not part: sys.exit(7)
            got += len(part)
        time.sleep(0.2)
except ConnectionResetError:
    sys.exit(7)
except OSError:
    sys.exit(8)
"#;

fn words(times: u32) -> [String; 6] {
    let at = FIRST.to_string();
    ["/usr/bin/python3", "-c", CLIENT, &at, "25565", &times.to_string()].map(str::to_owned)
}

/// Somebody who plays.
pub struct Player<'lab> {
    /// Where.
    pub lab: &'lab Lab,
    /// From which node.
    pub node: &'static str,
}

/// Has the VM answer players.
pub fn serve(lab: &Lab) -> Result<Child> {
    let server = lab
        .command_in("vm", &["/usr/bin/python3", "-c", SERVER])
        .spawn()?;
    let player = Player { lab, node: "player" };
    wait_for("the server", Duration::from_secs(10), || {
        Ok((player.comes()? == 0).then_some(()))
    })?;
    Ok(server)
}

impl Player<'_> {
    /// Stays.
    pub fn stays(&self) -> Result<Child> {
        let words = words(10_000);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(self.lab.command_in(self.node, &words).spawn()?)
    }

    /// Comes and goes; how that ended.
    pub fn comes(&self) -> Result<i32> {
        let words = words(1);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(self.lab.exec_in(self.node, &words)?.status)
    }
}

fn watched(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25565", "--label", "game"])?;
    let mut server = serve(lab)?;
    let (player, other) = (Player { lab, node: "player" }, Player { lab, node: "hub" });
    let (mut first, mut second) = (player.stays()?, other.stays()?);
    sleep(Duration::from_secs(2));

    let seen = list(&site)?;
    for address in [PLAYER, HUB] {
        let client = of(&seen, address).with_context(|| format!("{address} is not in {seen}"))?;
        ensure!(client["connections"] == 1, "{seen}");
        ensure!(
            client["to_home"].as_u64().is_some_and(|sent| sent > 3000),
            "{seen}"
        );
        ensure!(
            client["from_home"].as_u64().is_some_and(|sent| sent > 3000),
            "{seen}"
        );
        let since = client["since"].as_i64().context("no age")?;
        let age = seen["at"].as_i64().unwrap_or(0) - since;
        ensure!((1..30).contains(&age), "{age} s: {seen}");
        ensure!(client["ports"] == serde_json::json!(["25565/tcp"]), "{seen}");
    }
    ensure!(
        site.me
            .ok(&["client", "list", "game"])?
            .contains(&PLAYER.to_string())
    );

    let address = PLAYER.to_string();
    let ended = site.me.json(&["client", "end", "game", &address])?;
    ensure!(ended["ended"] == 1, "{ended}");
    let code = wait_for("the end", Duration::from_secs(5), || Ok(first.try_wait()?))?;
    ensure!(code.code() == Some(7), "{code:?}");
    let seen = list(&site)?;
    ensure!(of(&seen, PLAYER).is_none() && of(&seen, HUB).is_some(), "{seen}");
    // It may come again.
    ensure!(player.comes()? == 0);

    let mut third = player.stays()?;
    sleep(Duration::from_secs(1));
    site.me
        .ok(&["client", "block", "game", &address, "--for", "1h"])?;
    let code = wait_for("the end", Duration::from_secs(10), || Ok(third.try_wait()?))?;
    ensure!(code.code() != Some(0), "{code:?}");
    ensure!(player.comes()? == 8, "it came in again");
    ensure!(other.comes()? == 0, "somebody else is kept out too");
    let seen = list(&site)?;
    let left = seen["blocked"][0]["until"].as_i64().unwrap_or(0) - seen["at"].as_i64().unwrap_or(0);
    ensure!((3500..=3600).contains(&left), "{seen}");
    // An apply lets nobody in.
    let more = site.open(&["attic", "40000"])?;
    ensure!(player.comes()? == 8, "an apply let it in");
    more.close()?;

    site.me.ok(&["client", "unblock", "game", &address])?;
    ensure!(player.comes()? == 0, "it is kept out still");
    site.me
        .ok(&["client", "block", "game", &address, "--for", "8s"])?;
    ensure!(player.comes()? == 8);
    sleep(Duration::from_secs(6));
    ensure!(player.comes()? == 0, "the time is over");
    ensure!(second.try_wait()?.is_none(), "the other one was cut off");

    site.me
        .refused(1, &["client", "list", "nowhere"], &["no port forward"])?;
    end(&mut second);
    end(&mut server);
    opened.close()
}

fn list(site: &Site<'_>) -> Result<Value> {
    site.me.json(&["client", "list", "game"])
}

fn of(seen: &Value, address: Ipv4Addr) -> Option<Value> {
    let clients = seen["clients"].as_array()?;
    clients
        .iter()
        .find(|client| client["address"] == address.to_string())
        .cloned()
}
