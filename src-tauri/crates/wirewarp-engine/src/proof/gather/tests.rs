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

use super::*;
use crate::proof::{
    Lane, Query,
    hops::{Flows, HomeFacts, Inner, Rule, VpsFacts},
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
        tunnel_index: 0,
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

const RULES: &str = r#"
nft -f - <<'NFT'
table inet wirewarp {
	map ip_203_0_113_10_tcp {
		type inet_service : ipv4_addr . inet_service
		flags interval
		elements = { 8080 : 10.99.5.2 . 80, 25565 : 10.99.5.2 . 25566 }
	}
	map ip_203_0_113_10_udp_range {
		type inet_service : ipv4_addr
		flags interval
		elements = { 27000-27050 : 10.99.5.2, 28000-28010 : 10.99.5.3 }
	}
	chain ip_203_0_113_10 {
		dnat ip to tcp dport map @ip_203_0_113_10_tcp
		dnat ip to udp dport map @ip_203_0_113_10_udp_range
	}
	chain ip_203_0_113_11 {
		dnat ip to 10.99.6.2
	}
}
table inet wirewarp_counters {
	set tcp_in { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	set tcp_out { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	set udp_in { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
}
add element inet wirewarp_counters tcp_in { 203.0.113.10 . 25565 counter packets 5 bytes 300 }
add element inet wirewarp_counters tcp_in { 203.0.113.10 . 8080 counter packets 7 bytes 300 }
add element inet wirewarp_counters udp_in { 203.0.113.10 . 25565 counter packets 9 bytes 300 }
NFT
"#;

fn filled(seen: &vps::Seen, id: usize, lane: &Lane) -> VpsFacts {
    let mut facts = VpsFacts::default();
    vps::fill(&mut facts, id, lane, &vps::Seen::default(), seen);
    facts
}

#[test]
fn rules_and_counters_are_read_from_a_real_nft() {
    let target = ForwardTarget::Peer;
    let lanes = [
        lane("203.0.113.10", Protocol::Tcp, 25_565, target),
        lane("203.0.113.10", Protocol::Udp, 27_010, target),
        lane("203.0.113.11", Protocol::Udp, 99, target),
        lane("203.0.113.10", Protocol::Udp, 99, target),
        lane("203.0.113.10", Protocol::Udp, 28_010, target),
        lane("203.0.113.10", Protocol::Tcp, 80, target),
    ];
    let Some(output) = run_in_namespace(&format!("{RULES}{}", vps::script(&lanes))) else {
        return;
    };
    let seen = vps::read(&output).unwrap();
    let leads = |address: &str, port| {
        Some(Rule::Leads {
            address: address.parse().unwrap(),
            port,
        })
    };
    let rules: Vec<_> = (0..lanes.len()).map(|id| seen.rule(id)).collect();
    assert_eq!(
        rules,
        [
            leads("10.99.5.2", Some(25_566)),
            leads("10.99.5.2", None),
            leads("10.99.6.2", None),
            Some(Rule::Missing),
            leads("10.99.5.3", None),
            Some(Rule::Missing),
        ]
    );
    let mut facts = VpsFacts::default();
    vps::fill(&mut facts, 0, &lanes[0], &seen, &seen);
    assert_eq!(
        (facts.arrived, facts.passed, facts.replied),
        (None, Some(0), Some(0))
    );
    let more = vps::read(&output.replace("count 0 in 5", "count 0 in 8")).unwrap();
    vps::fill(&mut facts, 0, &lanes[0], &seen, &more);
    assert_eq!(facts.passed, Some(3));
    // The counters were made anew in between.
    vps::fill(
        &mut facts,
        0,
        &lanes[0],
        &more,
        &vps::read(&output.replace("in 5", "in 2")).unwrap(),
    );
    assert_eq!(facts.passed, Some(2));
}

#[test]
fn a_vps_without_our_table_has_no_rule_and_one_without_nft_tells_nothing() {
    let lanes = [lane("203.0.113.10", Protocol::Tcp, 25_565, ForwardTarget::Peer)];
    if let Some(output) = run_in_namespace(&vps::script(&lanes)) {
        let facts = filled(&vps::read(&output).unwrap(), 0, &lanes[0]);
        assert_eq!((facts.rule, facts.passed), (Some(Rule::Missing), None));
    }
    let facts = filled(&vps::read("wirewarp-proof vps 1\nend\n").unwrap(), 0, &lanes[0]);
    assert_eq!((facts.rule, facts.passed), (None, None));
}

/// Ports of this machine: a TCP server, a free TCP port, a UDP server that answers, one that is silent, a free UDP port.
fn ports() -> (Vec<(Protocol, u16, Inner)>, UdpSocket, TcpListener) {
    let listener = TcpListener::bind((LOCAL, 0)).unwrap();
    let free = TcpListener::bind((LOCAL, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let answers = UdpSocket::bind((LOCAL, 0)).unwrap();
    let silent = UdpSocket::bind((LOCAL, 0)).unwrap();
    let free_udp = UdpSocket::bind((LOCAL, 0)).unwrap().local_addr().unwrap().port();
    let ports = vec![
        (Protocol::Tcp, listener.local_addr().unwrap().port(), Inner::Open),
        (Protocol::Tcp, free, Inner::Refused),
        (Protocol::Udp, answers.local_addr().unwrap().port(), Inner::Open),
        (Protocol::Udp, silent.local_addr().unwrap().port(), Inner::Silent),
        (Protocol::Udp, free_udp, Inner::Refused),
    ];
    thread::spawn(move || {
        let mut buffer = [0; 64];
        while let Ok((count, from)) = answers.recv_from(&mut buffer) {
            assert_eq!(&buffer[..count], b"wirewarp check\n");
            answers.send_to(b"ok", from).unwrap();
        }
    });
    (ports, silent, listener)
}

/// Runs the peer's script on loopback and checks each probe.
fn probes_tell_ports_apart(shell: &[&str], path: Option<&str>) {
    let (ports, _silent, _listener) = ports();
    for target in [ForwardTarget::Vm { address: LOCAL }, ForwardTarget::Peer] {
        let lanes: Vec<Lane> = ports
            .iter()
            .map(|(p, port, _)| lane("203.0.113.10", *p, *port, target))
            .collect();
        let output = run(shell, path, &home::script(&lanes));
        let seen = home::read(&output).unwrap();
        for (id, (protocol, port, wanted)) in ports.iter().enumerate() {
            let mut facts = HomeFacts::default();
            seen.fill(&mut facts, id, &lanes[id]);
            assert_eq!(
                facts.inner,
                Some(*wanted),
                "{protocol} {port} {target:?}: {output}"
            );
        }
    }
}

#[test]
fn probes_with_perl_tell_ports_apart() {
    for shell in [&["dash", "-s"][..], &["busybox", "ash", "-s"], &["bash", "-s"]] {
        if Command::new(shell[0]).arg("--help").output().is_ok() {
            probes_tell_ports_apart(shell, None);
        }
    }
}

#[test]
fn probes_without_perl_tell_ports_apart() {
    let tools = std::env::temp_dir().join(format!("wirewarp-proof-{}", std::process::id()));
    std::fs::create_dir_all(&tools).unwrap();
    for tool in [
        "sh", "bash", "awk", "sed", "grep", "cat", "sort", "head", "timeout", "ip",
    ] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|dir| dir.join(tool))
            .find(|p| p.exists());
        std::os::unix::fs::symlink(found.unwrap(), tools.join(tool)).unwrap();
    }
    probes_tell_ports_apart(&["sh", "-s"], tools.to_str());
    std::fs::remove_dir_all(&tools).unwrap();
}

#[test]
fn listeners_of_the_peer_itself_are_found_with_their_address() {
    if Command::new("ss").arg("-V").output().is_err() {
        return eprintln!("not run: ss is not here");
    }
    let (only_here, everywhere) = (
        TcpListener::bind((LOCAL, 0)).unwrap(),
        UdpSocket::bind("0.0.0.0:0").unwrap(),
    );
    let lanes = [
        lane(
            "203.0.113.10",
            Protocol::Tcp,
            only_here.local_addr().unwrap().port(),
            ForwardTarget::Peer,
        ),
        lane(
            "203.0.113.10",
            Protocol::Udp,
            everywhere.local_addr().unwrap().port(),
            ForwardTarget::Peer,
        ),
        lane(
            "203.0.113.10",
            Protocol::Udp,
            only_here.local_addr().unwrap().port(),
            ForwardTarget::Peer,
        ),
    ];
    let seen = home::read(&run(&["sh", "-s"], None, &home::script(&lanes))).unwrap();
    let addresses = |id: usize| -> Vec<Option<Ipv4Addr>> {
        let mut facts = HomeFacts::default();
        seen.fill(&mut facts, id, &lanes[id]);
        facts
            .listeners
            .unwrap()
            .iter()
            .map(|listening| listening.address)
            .collect()
    };
    assert_eq!(addresses(0), [Some(LOCAL)]);
    assert_eq!(addresses(1), [None]);
    assert_eq!(addresses(2), []);
}

/// Sends UDP through a real connection tracking with and without the tunnel's mark.
const FLOWS: &str = r#"
ip link set lo up
nft -f - <<'NFT'
table ip t {
	chain o {
		type filter hook output priority -150;
		udp dport { 4001, 4002 } ct direction original ct mark set 0x00770005
		udp dport 4004 ct direction original ct mark set 0x00780000
	}
}
NFT
perl -MSocket -e '
    socket(my $a, PF_INET, SOCK_DGRAM, 17); bind($a, sockaddr_in(4001, inet_aton("127.0.0.1")));
    socket(my $b, PF_INET, SOCK_DGRAM, 17);
    for my $port (4001 .. 4004) { send($b, "x", 0, sockaddr_in($port, inet_aton("127.0.0.1"))); }
    my $from = recv($a, my $x, 9, 0); send($a, "y", 0, $from);'
"#;

#[test]
fn connections_that_came_by_the_tunnel_are_told_from_others() {
    if Command::new("conntrack").arg("--version").output().is_err() {
        return eprintln!("not run: conntrack is not here");
    }
    let target = ForwardTarget::Vm { address: LOCAL };
    let lanes: Vec<Lane> = (4001..=4005)
        .map(|port| lane("203.0.113.10", Protocol::Udp, port, target))
        .collect();
    let Some(output) = run_in_namespace(&format!("{FLOWS}{}", home::script(&lanes))) else {
        return;
    };
    let seen = home::read(&output).unwrap();
    let flows: Vec<(u32, u32)> = (0..lanes.len())
        .map(|id| {
            let mut facts = HomeFacts::default();
            seen.fill(&mut facts, id, &lanes[id]);
            let Flows { seen, replied } = facts.flows.unwrap();
            (seen, replied)
        })
        .collect();
    assert_eq!(flows, [(1, 1), (1, 0), (0, 0), (0, 0), (0, 0)], "{output}");
}

#[test]
fn a_machine_that_is_not_there_is_told_by_arp() {
    let target = ForwardTarget::Vm {
        address: Ipv4Addr::new(10, 99, 2, 2),
    };
    let lanes = [lane("203.0.113.10", Protocol::Tcp, 25_565, target)];
    let bridge = "ip link add wwbr0 type bridge; ip addr add 10.99.2.1/24 dev wwbr0; ip link set wwbr0 up
        ip link add p type veth peer name q; ip link set p master wwbr0; ip link set p up; ip link set q up\n";
    let Some(output) = run_in_namespace(&format!("{bridge}{}", home::script(&lanes))) else {
        return;
    };
    let mut facts = HomeFacts::default();
    home::read(&output).unwrap().fill(&mut facts, 0, &lanes[0]);
    // Kernels differ in whether a neighbour that is not there ends a connect at once.
    let inner = facts.inner.unwrap();
    assert!(matches!(inner, Inner::Unreachable | Inner::Silent), "{output}");
    assert_eq!(facts.alive, Some(false), "{output}");
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
    let script = home::script(&lanes);
    assert!(script.len() < 400_000, "{}", script.len());
    let cut = &script[..script.find("main <<").unwrap()];
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
        "(rule|count|flows|probe|alive|listen|listeners|set|table)?( [0-9a-z:.%*-]{0,12}){0,5}|\\PC{0,40}", 0..40,
    )) {
        for role in ["vps", "home"] {
            let output = format!("wirewarp-proof {role} 1\n{}\nend\n", lines.join("\n"));
            prop_assert!(vps::read(&output).is_ok() == (role == "vps"));
            prop_assert!(home::read(&output).is_ok() == (role == "home"));
        }
    }
}
