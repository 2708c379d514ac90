//! The parsers on every kind of text, and the scripts on real tools: nft and conntrack in a network namespace that ends
//! with its shell, probes on loopback.

use proptest::prelude::*;
use std::{
    fmt::Write as _,
    io::Write as _,
    net::{Ipv4Addr, TcpListener, UdpSocket},
    process::{Command, Stdio},
    thread,
};
use uuid::Uuid;
use wirewarp_model::{ForwardId, ForwardTarget, Port, Protocol};

mod home_script;
mod vps_script;

use super::*;
use crate::proof::{
    Lane, Origin, Query, Reach,
    hops::{Flow, HomeFacts, Inner, Rule, VpsFacts},
};

const LOCAL: Ipv4Addr = Ipv4Addr::LOCALHOST;

fn lane(public: &str, protocol: Protocol, port: u16, target: ForwardTarget) -> Lane {
    let (public, port): (Ipv4Addr, _) = (public.parse().unwrap(), Port::new(port).unwrap());
    Lane {
        forward: ForwardId(Uuid::nil()),
        vps: "nyc".parse().unwrap(),
        peer: "attic".parse().unwrap(),
        public,
        on_host: public,
        protocol,
        public_port: port,
        inside: LOCAL,
        target,
        target_port: port,
        gateway: LOCAL,
        tunnel_ip: LOCAL,
        tunnel_index: 0,
        mtu: 1340,
        endpoint: LOCAL,
        query: Query::Datagram,
    }
}

/// Runs `script` with `shell`; `path` stands for the tools that are there.
fn run(shell: &[&str], path: Option<&str>, script: &str) -> String {
    let mut command = Command::new(shell[0]);
    command
        .args(&shell[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// Runs a script in a network namespace of its own, as root of a user namespace; none where the system forbids that.
fn run_in_namespace(script: &str) -> Option<String> {
    let allowed = Command::new("unshare")
        .args(["-rn", "nft", "list", "tables"])
        .output();
    if !allowed.is_ok_and(|out| out.status.success()) {
        eprintln!("not run: no network namespace with nft can be made here");
        return None;
    }
    Some(run(&["unshare", "-rn", "sh"], None, script))
}

#[test]
fn an_output_that_is_cut_is_an_error_with_its_last_line() {
    let error = vps::read("wirewarp-proof vps 1\nrule 0 10.0.0.1").unwrap_err();
    assert!(error.to_string().contains("rule 0 10.0.0.1"), "{error}");
    let error = home::read("sudo: a password is required\x1b[2J").unwrap_err();
    assert!(
        error.to_string().contains("password is required") && !error.to_string().contains('\x1b'),
        "{error}"
    );
    let long = "x".repeat(MOST + 1);
    assert!(matches!(vps::read(&long), Err(GatherError::TooLong { .. })));
}

#[test]
fn a_script_of_many_lanes_stays_small_and_runs_nothing_if_cut() {
    let lanes: Vec<Lane> = (1..=3000)
        .map(|port| lane("203.0.113.10", Protocol::Udp, port, ForwardTarget::Peer))
        .collect();
    let script = home::script(lanes.iter().enumerate(), When::After);
    assert!(script.len() < 400_000, "{}", script.len());
    let cut = &script[..script.find("main after <<").unwrap()];
    assert_eq!(run(&["sh", "-s"], None, cut), "");
    let mut wanted = String::new();
    for id in 0..3000 {
        let _ = writeln!(wanted, "{id} ");
    }
    assert_eq!(script.matches(" self ").count(), wanted.lines().count() + 2);
}

proptest! {
    #[test]
    fn no_output_makes_a_parser_panic(lines in proptest::collection::vec(
        "(rule|count|new|flow|flows|probe|alive|listen|listeners|set|table|received|tunnel|large|client)?( [0-9a-z:.%*-]{0,12}){0,5}|\\PC{0,40}", 0..40,
    )) {
        for role in ["vps", "home"] {
            let output = format!("wirewarp-proof {role} 1\n{}\nend\n", lines.join("\n"));
            prop_assert!(vps::read(&output).is_ok() == (role == "vps"));
            prop_assert!(home::read(&output).is_ok() == (role == "home"));
        }
    }
}
