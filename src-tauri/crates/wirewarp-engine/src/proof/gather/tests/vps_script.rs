//! The VPS's script on a real nft.

use super::*;

const RULES: &str = r"
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
";

fn all(lanes: &[Lane]) -> String {
    vps::script(lanes.iter().enumerate(), When::Before)
}

/// What a silent try from `port` gives between two readings, and the address that the VPS saw it come from.
fn tried(
    (before, after): (&vps::Seen, &vps::Seen),
    (id, lane): (usize, &Lane),
    (address, port): (Ipv4Addr, u16),
) -> (VpsFacts, Option<SocketAddrV4>) {
    let origin = Origin {
        local: Some(SocketAddrV4::new(address, port)),
        seen_as: Some(address),
    };
    let mut facts = VpsFacts::default();
    let readings = vps::Readings {
        id,
        lane,
        before,
        after,
    };
    let source = readings.fill(&mut facts, origin, &Reach::Silent { sent: 1 });
    (facts, source)
}

fn filled(seen: &vps::Seen, id: usize, lane: &Lane) -> VpsFacts {
    tried((&vps::Seen::default(), seen), (id, lane), (LOCAL, 1)).0
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
    let Some(output) = run_in_namespace(&format!("{RULES}{}", all(&lanes))) else {
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
    let between =
        |before: &vps::Seen, after: &vps::Seen| tried((before, after), (0, &lanes[0]), (LOCAL, 1)).0;
    let facts = between(&seen, &seen);
    assert_eq!(
        (facts.arrived, facts.passed, facts.returned, facts.others),
        (None, Some(false), Some(0), Some(false))
    );
    let more = vps::read(&output.replace("count 0 in 5", "count 0 in 8")).unwrap();
    assert_eq!(between(&seen, &more).others, Some(true));
    // The counters were made anew in between.
    let anew = vps::read(&output.replace("in 5", "in 2")).unwrap();
    assert_eq!(between(&more, &anew).others, Some(true));
}

#[test]
fn a_vps_without_our_table_has_no_rule_and_one_without_nft_tells_nothing() {
    let lanes = [lane("203.0.113.10", Protocol::Tcp, 25_565, ForwardTarget::Peer)];
    if let Some(output) = run_in_namespace(&all(&lanes)) {
        let facts = filled(&vps::read(&output).unwrap(), 0, &lanes[0]);
        assert_eq!((facts.rule, facts.arrived), (Some(Rule::Missing), None));
    }
    let facts = filled(&vps::read("wirewarp-proof vps 1\nend\n").unwrap(), 0, &lanes[0]);
    assert_eq!((facts.rule, facts.passed), (None, None));
}

/// A VPS between a player's namespace and `ww0`, with both counters and a firewall that drops what is forwarded.
const FRONT_DOOR: &str = r#"
unshare -n sleep 20 & player=$!
sleep 0.3
ip link add eth0 type veth peer name eth0 netns $player
ip addr add 203.0.113.10/24 dev eth0; ip link set eth0 up
nsenter -t $player -n sh -c 'ip addr add 203.0.113.100/24 dev eth0; ip link set eth0 up'
ip link add ww0 type veth peer name far; ip link set far up; ip link set ww0 up; ip addr add 10.99.5.1/24 dev ww0
ip neigh add 10.99.5.2 lladdr 02:00:00:00:00:02 dev ww0
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - <<'NFT'
table inet wirewarp {
	map ip_203_0_113_10_udp { type inet_service : ipv4_addr . inet_service; flags interval; elements = { 4001 : 10.99.5.2 . 4001, 4002 : 10.99.5.2 . 4002 }; }
	chain ip_203_0_113_10 { dnat ip to udp dport map @ip_203_0_113_10_udp; }
	chain prerouting { type nat hook prerouting priority -110; ip daddr vmap { 203.0.113.10 : jump ip_203_0_113_10 }; }
}
table inet wirewarp_counters {
	set udp_new { type ipv4_addr . inet_service . ipv4_addr . inet_service; size 9; flags dynamic,timeout; timeout 1m; counter; }
	set udp_in { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	set udp_out { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	chain prerouting {
		type filter hook prerouting priority -99; policy accept;
		ct state new ct status dnat meta l4proto udp add @udp_new { ct original ip daddr . ct original proto-dst . ct original ip saddr . ct original proto-src }
	}
	chain forward {
		type filter hook forward priority 10; policy accept;
		oifname "ww0" ct status dnat ct direction original meta l4proto udp add @udp_in { ct original ip daddr . ct original proto-dst }
	}
}
table ip other { chain f { type filter hook forward priority 0; udp dport 4002 drop; }; }
NFT
nsenter -t $player -n perl -MSocket -e '
    for my $from (@ARGV) {
        socket(my $s, PF_INET, SOCK_DGRAM, 17); bind($s, sockaddr_in($from, INADDR_ANY));
        for my $port (4001 .. 4003) { send($s, "x", 0, sockaddr_in($port, inet_aton("203.0.113.10"))); }
    }' 40000 40001
sleep 0.2
kill $player
"#;

#[test]
fn the_counter_at_the_front_door_tells_a_firewall_of_the_vps_from_one_before_it() {
    let lane = |port| Lane {
        inside: Ipv4Addr::new(10, 99, 5, 2),
        ..lane("203.0.113.10", Protocol::Udp, port, ForwardTarget::Peer)
    };
    let lanes = [lane(4001), lane(4002), lane(4003)];
    let Some(output) = run_in_namespace(&format!("{FRONT_DOOR}{}", all(&lanes))) else {
        return;
    };
    let after = vps::read(&output).unwrap();
    let before = vps::read(
        &output
            .replace("count ", "other ")
            .replace("new ", "other ")
            .replace("flow ", "other "),
    );
    let before = before.unwrap();
    let of = |origin: (Ipv4Addr, u16)| -> Vec<_> {
        let lane = |id: usize| tried((&before, &after), (id, &lanes[id]), origin);
        (0..lanes.len())
            .map(|id| {
                (
                    lane(id).0.arrived,
                    lane(id).0.passed,
                    lane(id).1.map(|source| source.port()),
                )
            })
            .collect()
    };
    let (zero, no, ours) = (Some(0), Some(false), Some(40_000));
    assert_eq!(
        of((Ipv4Addr::new(203, 0, 113, 100), 40_000)),
        [(Some(1), Some(true), ours), (Some(1), no, ours), (zero, no, None)],
        "{output}"
    );
    // Somebody who sent nothing: all that came is of others.
    assert_eq!(of((LOCAL, 39_999)), [(zero, no, None); 3], "{output}");
}

#[test]
fn a_set_that_is_full_says_nothing_of_newcomers() {
    let lanes = [lane("203.0.113.10", Protocol::Udp, 4001, ForwardTarget::Peer)];
    let full = r"nft -f - <<'NFT'
table inet wirewarp_counters {
	set udp_new { type ipv4_addr . inet_service . ipv4_addr . inet_service; size 2; flags dynamic,timeout; timeout 1m; counter; }
}
add element inet wirewarp_counters udp_new { 203.0.113.10 . 9 . 1.2.3.4 . 5, 203.0.113.10 . 9 . 1.2.3.4 . 6 }
NFT
";
    let Some(output) = run_in_namespace(&format!("{full}{}", all(&lanes))) else {
        return;
    };
    assert!(output.contains("full udp new"), "{output}");
    assert_eq!(filled(&vps::read(&output).unwrap(), 0, &lanes[0]).arrived, None);
}

#[test]
fn a_tunnel_that_is_narrower_than_its_mtu_answers_small_pings_alone() {
    let lanes = [lane("203.0.113.10", Protocol::Tcp, 25_565, ForwardTarget::Peer)];
    let ask = vps::script(lanes.iter().enumerate(), When::After);
    for (mtu, large) in [(1340, true), (1339, false)] {
        let Some(output) = run_in_namespace(&format!("ip link set lo mtu {mtu} up\n{ask}")) else {
            return;
        };
        let seen = vps::read(&output).unwrap();
        let answers = (seen.answers_in_tunnel(LOCAL), seen.answers_large_in_tunnel(LOCAL));
        assert_eq!(answers, (Some(true), Some(large)), "{output}");
    }
    let nothing = vps::read("wirewarp-proof vps 1\nlarge x yes\nlarge 10.0.0.2\nend\n").unwrap();
    assert_eq!(nothing.answers_large_in_tunnel(LOCAL), None);
}
