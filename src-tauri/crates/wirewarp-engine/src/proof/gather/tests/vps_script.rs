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
	set udp_new { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	set udp_in { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	set udp_out { type ipv4_addr . inet_service; size 131072; flags dynamic; counter; }
	chain prerouting {
		type filter hook prerouting priority -99; policy accept;
		ct state new ct status dnat meta l4proto udp add @udp_new { ct original ip daddr . ct original proto-dst }
	}
	chain forward {
		type filter hook forward priority 10; policy accept;
		oifname "ww0" ct status dnat ct direction original meta l4proto udp add @udp_in { ct original ip daddr . ct original proto-dst }
	}
}
table ip other { chain f { type filter hook forward priority 0; udp dport 4002 drop; }; }
NFT
nsenter -t $player -n perl -MSocket -e '
    socket(my $s, PF_INET, SOCK_DGRAM, 17);
    for my $port (4001 .. 4003) { send($s, "x", 0, sockaddr_in($port, inet_aton("203.0.113.10"))); }'
sleep 0.2
kill $player
"#;

#[test]
fn the_counter_at_the_front_door_tells_a_firewall_of_the_vps_from_one_before_it() {
    let lane = |port| lane("203.0.113.10", Protocol::Udp, port, ForwardTarget::Peer);
    let lanes = [lane(4001), lane(4002), lane(4003)];
    let Some(output) = run_in_namespace(&format!("{FRONT_DOOR}{}", vps::script(&lanes))) else {
        return;
    };
    let after = vps::read(&output).unwrap();
    let before = vps::read(&output.replace("count ", "other ")).unwrap();
    let counts: Vec<_> = (0..lanes.len())
        .map(|id| {
            let mut facts = VpsFacts::default();
            vps::fill(&mut facts, id, &lanes[id], &before, &after);
            (facts.arrived, facts.passed, facts.replied)
        })
        .collect();
    let zero = Some(0);
    assert_eq!(
        counts,
        [
            (Some(1), Some(1), zero),
            (Some(1), zero, zero),
            (zero, zero, zero)
        ],
        "{output}"
    );
}
