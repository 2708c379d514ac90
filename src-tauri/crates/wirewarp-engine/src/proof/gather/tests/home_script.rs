//! The peer's script on real sockets, a real conntrack and a real bridge.

use super::*;

fn all(lanes: &[Lane]) -> String {
    home::script(lanes.iter().enumerate(), When::After)
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
        let output = run(shell, path, &all(&lanes));
        let seen = home::read(&output).unwrap();
        for (id, (protocol, port, wanted)) in ports.iter().enumerate() {
            let mut facts = HomeFacts::default();
            seen.fill(&mut facts, id, &lanes[id], None);
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
    let seen = home::read(&run(&["sh", "-s"], None, &all(&lanes))).unwrap();
    let addresses = |id: usize| -> Vec<Option<Ipv4Addr>> {
        let mut facts = HomeFacts::default();
        seen.fill(&mut facts, id, &lanes[id], None);
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
    socket(my $b, PF_INET, SOCK_DGRAM, 17); bind($b, sockaddr_in(40000, inet_aton("127.0.0.1")));
    socket(my $c, PF_INET, SOCK_DGRAM, 17); bind($c, sockaddr_in(40001, inet_aton("127.0.0.1")));
    send($c, "x", 0, sockaddr_in(4002, inet_aton("127.0.0.1")));
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
    let Some(output) = run_in_namespace(&format!("{FLOWS}{}", all(&lanes))) else {
        return;
    };
    let seen = home::read(&output).unwrap();
    let silent = Reach::Silent { sent: 1 };
    let flow_of = |id: usize, port: u16| {
        let source = SocketAddrV4::new(LOCAL, port);
        let origin = Origin {
            local: Some(source),
            seen_as: Some(LOCAL),
        };
        seen.flow((id, &lanes[id]), Some(source), origin, &silent)
    };
    let flows: Vec<_> = (0..lanes.len()).map(|id| flow_of(id, 40_000)).collect();
    let none = Some(Flow::None);
    assert_eq!(
        flows,
        [Some(Flow::Answered), Some(Flow::Unanswered), none, none, none],
        "{output}"
    );
    // The other player asked 4002 alone.
    assert_eq!(flow_of(0, 40_002), none, "{output}");
    assert_eq!(flow_of(1, 40_001), Some(Flow::Unanswered), "{output}");
}

#[test]
fn a_machine_that_is_not_there_is_told_by_arp() {
    let target = ForwardTarget::Vm {
        address: Ipv4Addr::new(10, 99, 2, 2),
    };
    let lanes = [lane("203.0.113.10", Protocol::Tcp, 25_565, target)];
    let bridge = "ip link add wwbr0 type bridge; ip addr add 10.99.2.1/24 dev wwbr0; ip link set wwbr0 up
        ip link add p type veth peer name q; ip link set p master wwbr0; ip link set p up; ip link set q up\n";
    let Some(output) = run_in_namespace(&format!("{bridge}{}", all(&lanes))) else {
        return;
    };
    let mut facts = HomeFacts::default();
    home::read(&output).unwrap().fill(&mut facts, 0, &lanes[0], None);
    // Kernels differ in whether a neighbour that is not there ends a connect at once.
    let inner = facts.inner.unwrap();
    assert!(matches!(inner, Inner::Unreachable | Inner::Silent), "{output}");
    assert_eq!(facts.alive, Some(false), "{output}");
}
