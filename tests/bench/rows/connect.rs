//! How long it takes to open a connection through a VPS with thousands of forwards.

use std::env;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_plan::render::{self, Context as Rendering};
use wirewarp_tests::lab::process::{must, run as run_to_end};

use super::Row;
use crate::clock::Times;
use crate::inside::{FIRST, SERVER_PORT, STEP};
use crate::inventory::{HOST, Wish, inventory};
use crate::report::{Measured, Target};
use crate::stage::Stage;

pub const ROW: Row = Row {
    name: "connect",
    about: "opening a connection with 10,000 forwards, against 1,000 and against iptables",
    run,
};

/// All of the ports, and every tenth.
const MANY: u16 = 10_000;
const LONGEST: Duration = Duration::from_mins(10);

/// Ways to forward, each in a namespace of its own between one client and one server.
const GATEWAYS: [Gateway; 4] = [
    Gateway {
        number: 0,
        name: "g0",
    },
    Gateway {
        number: 1,
        name: "g1",
    },
    Gateway {
        number: 2,
        name: "g2",
    },
    Gateway {
        number: 3,
        name: "g3",
    },
];
const CLIENT: &str = "gc";
const SERVER: &str = "gs";

#[derive(Clone, Copy)]
struct Gateway {
    number: u8,
    name: &'static str,
}

impl Gateway {
    fn public(self) -> String {
        format!("10.20.{}.1", self.number)
    }

    fn target(self) -> String {
        format!("10.30.{}.2", self.number)
    }
}

fn run(stage: &Stage) -> Result<Vec<Measured>> {
    let [thousand, many, legacy, nft] = GATEWAYS;
    wire(stage)?;
    maps(stage, thousand, STEP)?;
    maps(stage, many, 1)?;
    list(stage, legacy, "iptables-legacy-restore")?;
    list(stage, nft, "iptables-nft-restore")?;
    let mut server = accept(stage)?;
    let measured = measure(stage, "any").and_then(|any| Ok((any, measure(stage, "last")?)));
    drop(server.stdin.take());
    server.wait()?;
    let ([thousand, many, legacy, nft], [_, many_last, legacy_last, nft_last]) = measured?;
    let list = |name, place| format!("10,000 rules of {name}, {place}");
    Ok(vec![
        compared("with 1,000", 1.05, &many, &thousand),
        compared(&list("iptables-legacy", "any port"), 0.2, &many, &legacy),
        compared(&list("iptables-nft", "any port"), 0.2, &many, &nft),
        compared(
            &list("iptables-legacy", "the last port"),
            0.2,
            &many_last,
            &legacy_last,
        ),
        compared(&list("iptables-nft", "the last port"), 0.2, &many_last, &nft_last),
    ])
}

fn compared(against: &str, most: f64, ours: &Times, theirs: &Times) -> Measured {
    let what = "time to open a connection with 10,000 forwards";
    let mut one = Measured::ratio(what, against, Target::AtMost(most), ours, theirs);
    // Thousands of times say no more than their median.
    one.times.clear();
    one
}

/// Client, gateways and server, each a namespace that goes with the lab.
fn wire(stage: &Stage) -> Result<()> {
    let nets = stage.lab.nets();
    for node in [CLIENT, SERVER].into_iter().chain(GATEWAYS.map(|one| one.name)) {
        let name = nets.name(node);
        if must(&["ip", "-n", &name, "link"]).is_err() {
            must(&["ip", "netns", "add", &name])?;
        }
        nets.ip(node, "link set lo up")?;
    }
    for gateway in GATEWAYS {
        lay(stage, gateway)?;
    }
    Ok(())
}

fn lay(stage: &Stage, gateway: Gateway) -> Result<()> {
    let Gateway { number, name } = gateway;
    let nets = stage.lab.nets();
    for (far, port, own, network) in [(CLIENT, "in", "c", 20), (SERVER, "ww0", "s", 30)] {
        let (there, interface) = (nets.name(far), format!("{own}{number}"));
        let cable = format!("link add {port} type veth peer name {interface} netns {there}");
        nets.ip(name, &cable)?;
        nets.ip(
            name,
            &format!("address add 10.{network}.{number}.1/24 dev {port}"),
        )?;
        nets.ip(name, &format!("link set {port} up"))?;
        nets.ip(
            far,
            &format!("address add 10.{network}.{number}.2/24 dev {interface}"),
        )?;
        nets.ip(far, &format!("link set {interface} up"))?;
    }
    nets.ip(
        SERVER,
        &format!("route add 10.20.{number}.0/24 via 10.30.{number}.1"),
    )?;
    nets.must(name, &["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"])?;
    Ok(())
}

/// The rules that `WireWarp` renders, with a forward at each `step`th port.
fn maps(stage: &Stage, gateway: Gateway, step: u16) -> Result<()> {
    let ports = (0..MANY / step).map(|index| Wish {
        peer: 0,
        ports: format!("{}->{SERVER_PORT}", FIRST + step * index),
    });
    let network = format!("10.30.{}.0/24", gateway.number);
    let inventory = inventory(&gateway.public(), &network, 1, ports)?;
    let bundle = render::bundle(&Rendering {
        inventory: &inventory,
        host: HOST,
        generation: 1,
        program: "bench",
        sshd_ports: &[],
    })?;
    for file in ["rules.nft", "counters.nft"] {
        if let Some(rules) = bundle.files.get(file) {
            stage.lab.nets().load_rules(gateway.name, &rules.text)?;
        }
    }
    Ok(())
}

/// The same forwards as a list.
fn list(stage: &Stage, gateway: Gateway, program: &str) -> Result<()> {
    let (public, target) = (gateway.public(), gateway.target());
    let rules = (FIRST..FIRST + MANY).fold(String::new(), |mut rules, port| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            rules,
            "-A PREROUTING -d {public} -p tcp --dport {port} -j DNAT --to-destination {target}:{SERVER_PORT}"
        );
        rules
    });
    let text = format!("*nat\n{rules}COMMIT\n");
    let command = stage.lab.nets().command(gateway.name, LONGEST, &[program]);
    run_to_end(command, text.as_bytes())?.ok()?;
    Ok(())
}

fn accept(stage: &Stage) -> Result<Child> {
    let this = this()?;
    let mut command = stage
        .lab
        .nets()
        .command(SERVER, LONGEST, &[&this, "--inside", "accept"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut said = String::new();
    let out = child.stdout.take().context("it has no output")?;
    BufReader::new(out).read_line(&mut said)?;
    ensure!(said.trim() == "ready", "the server said {said:?}");
    Ok(child)
}

/// `which` port: any, or the last of the lists.
fn measure(stage: &Stage, which: &str) -> Result<[Times; 4]> {
    let this = this()?;
    let rounds = stage.rounds(9000).to_string();
    let public = GATEWAYS.map(Gateway::public);
    let mut words = vec![this.as_str(), "--inside", "connect", which, &rounds];
    words.extend(public.iter().map(String::as_str));
    let output = run_to_end(stage.lab.nets().command(CLIENT, LONGEST, &words), b"")?;
    let times: [Vec<f64>; 4] = output.json()?;
    Ok(times.map(|times| times.into_iter().collect()))
}

fn this() -> Result<String> {
    Ok(env::current_exe()?.display().to_string())
}
