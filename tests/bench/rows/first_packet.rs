//! From an empty VPS and an empty machine at home to a player's first packet.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::Value;
use wirewarp_tests::traffic::Protocol;

use super::Row;
use crate::clock::in_turns;
use crate::report::{Measured, Target};
use crate::ssh::Ssh;
use crate::stage::{Stage, must};

pub const ROW: Row = Row {
    name: "first-packet",
    about: "empty VPS and peer to a player's first packet, against installing the packages alone",
    run,
};

const HOSTS: [&str; 2] = ["vps1", "home"];
const PORT: u16 = 25_565;
const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    stage.boot(&HOSTS)?;
    // The first round, which is not counted, also says what has to be installed.
    let packages = std::cell::RefCell::new([const { Vec::new() }; 2]);
    let [ours, bare] = in_turns(
        stage.rounds(5),
        [
            Box::new(|round| {
                let (took, installed) = whole_way(stage, round)?;
                packages.replace(installed);
                Ok(took)
            }),
            Box::new(|_| bare_installs(stage, &packages.borrow())),
        ],
    )?;
    let what = "empty VPS and peer to first player packet";
    let against = "the same hosts' bare package installs over `ssh`";
    Ok(vec![Measured::ratio(
        what,
        against,
        Target::AtMost(1.3),
        &ours,
        &bare,
    )])
}

fn reset(stage: &Stage) -> Result<()> {
    stage.lab.at_once(&HOSTS, |host| stage.lab.reset(host))
}

/// `vps add`, `peer add`, `port add`, and a packet of a player; with the packages that each host got.
fn whole_way(stage: &Stage, round: usize) -> Result<(Duration, [Vec<String>; 2])> {
    reset(stage)?;
    let operator = stage.operator(&format!("first{round}"))?;
    let _server = stage.lab.serve("home", &[], &[PORT])?;
    let [vps, home] = [operator.login("vps1")?.words, operator.login("home")?.words];
    let began = Instant::now();
    let run = |words: &[&str], more: &[String]| -> Result<Value> {
        let mut command = stage.wirewarp(&operator, words);
        command.args(more).args(["--yes", "--json"]);
        must(command, "")?.json()
    };
    let first = run(&["vps", "add", "nyc"], &vps)?;
    let second = run(&["peer", "add", "attic", "--vps", "nyc"], &home)?;
    let port = PORT.to_string();
    run(
        &["port", "add", "attic", &port, "--proto", "udp", "--to", "peer"],
        &[],
    )?;
    let to = SocketAddr::from((PUBLIC, PORT));
    stage
        .lab
        .ask("player", Protocol::Udp, to)
        .context("no packet came through")?;
    let took = began.elapsed();
    Ok((took, [packages(&first, "nyc")?, packages(&second, "attic")?]))
}

/// The packages of a host in the plan that a command printed.
fn packages(report: &Value, host: &str) -> Result<Vec<String>> {
    let hosts = report["plan"]["hosts"]
        .as_array()
        .context("the report has no plan")?;
    let of = hosts.iter().find(|one| one["name"] == host);
    let list = of.and_then(|one| one["packages"].as_array());
    let names = list.with_context(|| format!("the plan does not have {host}"))?;
    Ok(names
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect())
}

/// What anybody has to do at least: the same packages on the same hosts.
fn bare_installs(stage: &Stage, packages: &[Vec<String>; 2]) -> Result<Duration> {
    reset(stage)?;
    let mut took = Duration::ZERO;
    for (host, packages) in HOSTS.iter().zip(packages) {
        let ssh = Ssh::to(stage.lab, host)?;
        let script = format!(
            "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install {}",
            packages.join(" ")
        );
        let began = Instant::now();
        must(ssh.command(&script), "")?;
        took += began.elapsed();
    }
    Ok(took)
}
