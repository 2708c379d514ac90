//! The parser on any text, and the script with the real ping(8) through a router of its own.

use proptest::prelude::*;
use std::process::Command;

use super::*;
use crate::session::LocalRunner;

const SERVER: Ipv4Addr = Ipv4Addr::new(10, 2, 0, 2);

fn echoes(lines: &str) -> Vec<Echo> {
    lines.lines().filter_map(Echo::parse).collect()
}

fn path(lines: &str) -> PathMtu {
    PathMtu::of_each(&[SERVER], &echoes(lines))[&SERVER]
}

#[test]
fn the_largest_that_is_answered_counts() {
    assert_eq!(path("10.2.0.2 84 yes\n10.2.0.2 1480 yes"), PathMtu::Carries(1480));
    let narrow = "10.2.0.2 84 yes\n10.2.0.2 1480 no\n10.2.0.2 1400 yes\n10.2.0.2 1380 no\n10.2.0.2 1280 yes";
    assert_eq!(path(narrow), PathMtu::Carries(1400));
    // The interface itself carries no more.
    assert_eq!(path("10.2.0.2 1200 yes\n10.2.0.2 84 yes"), PathMtu::Carries(1200));
}

#[test]
fn silence_is_told_from_a_filter_of_large_pings_and_from_no_try() {
    assert_eq!(path("10.2.0.2 84 no\n10.2.0.2 1480 no"), PathMtu::NoAnswer);
    assert_eq!(
        path("10.2.0.2 84 yes\n10.2.0.2 1480 no\n10.2.0.2 1280 no"),
        PathMtu::OnlySmall
    );
    assert_eq!(path(""), PathMtu::Untried);
    assert_eq!(path("10.2.0.3 1480 yes"), PathMtu::Untried, "of another address");
}

#[test]
fn what_is_no_answer_is_passed_over() {
    for line in [
        "",
        "10.2.0.2",
        "10.2.0.2 1400",
        "10.2.0.2 70000 yes",
        "x 1400 yes",
        "10.2.0.2 1400 yes no",
    ] {
        assert_eq!(Echo::parse(line), None, "{line:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_an_answer_or_none(line in "([0-9.]{0,15} [0-9]{0,6} (yes|no)?|\\PC{0,40})") {
        if let Some(echo) = Echo::parse(&line) {
            let word = if echo.answered { "yes" } else { "no" };
            prop_assert_eq!(Echo::parse(&format!("{} {} {word}", echo.to, echo.size)), Some(echo));
        }
    }

    #[test]
    fn no_more_is_promised_than_was_answered(sizes in proptest::collection::vec((0u16..1600, any::<bool>()), 0..20)) {
        let of = |(size, answered): &(u16, bool)| Echo { to: SERVER, size: *size, answered: *answered };
        let echoes: Vec<Echo> = sizes.iter().map(of).collect();
        if let PathMtu::Carries(most) = PathMtu::of(&echoes) {
            prop_assert!(echoes.iter().any(|echo| echo.answered && echo.size == most));
            prop_assert!(echoes.iter().all(|echo| !echo.answered || echo.size <= most));
        }
    }
}

/// A home, a router and a server, each a network namespace below that of the shell, which is the home's. `line` runs at
/// the router, whose `w0` leads to the server. The namespaces go with the shell.
fn world(line: &str) -> String {
    format!(
        "unshare -n sleep 20 & router=$!; unshare -n sleep 20 & server=$!; trap 'kill $router $server' EXIT; sleep 0.3
at_router() {{ nsenter -t $router -n \"$@\"; }}; at_server() {{ nsenter -t $server -n \"$@\"; }}
ip link add e0 type veth peer name r0 netns $router; ip addr add 10.1.0.2/24 dev e0; ip link set e0 up
at_router ip link add w0 type veth peer name e0 netns $server
at_router ip addr add 10.1.0.1/24 dev r0; at_router ip addr add 10.2.0.1/24 dev w0
at_router ip link set r0 up; at_router ip link set w0 up; at_router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
at_server ip addr add {SERVER}/24 dev e0; at_server ip link set e0 up; at_server ip route add default via 10.2.0.1
ip route add default via 10.1.0.1
{line}
"
    )
}

/// The router tells nobody what it drops.
const BLACK_HOLE: &str = "at_router nft -f - <<END
table ip silent {
  chain out {
    type filter hook output priority 0
    icmp type destination-unreachable icmp code frag-needed drop
  }
}
END
";

/// What is measured there with the real script; none where the system forbids such namespaces.
fn measured(line: &str) -> Option<PathMtu> {
    let allowed = Command::new("unshare")
        .args(["-rn", "nft", "list", "tables"])
        .output();
    if !allowed.is_ok_and(|out| out.status.success()) {
        eprintln!("not run: no network namespace with nft can be made here");
        return None;
    }
    let script = format!("{}{}", world(line), script(SERVER));
    let runner = LocalRunner {
        prefix: ["unshare", "-rn"].map(str::to_owned).to_vec(),
        environment: vec![],
    };
    let mut lines = String::new();
    let mut take = |line: &str| {
        lines.push_str(line.strip_prefix("echo ").unwrap_or_default());
        lines.push('\n');
    };
    let ran = async {
        runner
            .run_script(&script, &ScriptLimits::default(), &mut take)
            .await
    };
    tokio::runtime::Runtime::new().unwrap().block_on(ran).unwrap();
    Some(path(&lines))
}

#[test]
fn a_wide_path_carries_all_that_a_tunnel_needs() {
    let found = measured("");
    assert!(
        found.is_none_or(|found| found == PathMtu::Carries(1480)),
        "{found:?}"
    );
}

#[test]
fn a_narrow_path_is_found_whether_its_router_tells_or_not() {
    let narrow = "at_router ip link set w0 mtu 1393";
    let told = measured(narrow);
    assert!(
        told.is_none_or(|found| found == PathMtu::Carries(1393)),
        "{told:?}"
    );
    let silent = measured(&format!("{narrow}\n{BLACK_HOLE}"));
    assert!(
        silent.is_none_or(|found| found == PathMtu::Carries(1380)),
        "{silent:?}"
    );
}

#[test]
fn an_interface_of_less_is_not_asked_for_more() {
    let found = measured("ip link set e0 mtu 1370");
    assert!(
        found.is_none_or(|found| found == PathMtu::Carries(1370)),
        "{found:?}"
    );
}

#[test]
fn a_server_that_answers_no_ping_leaves_the_path_unknown() {
    let found = measured("at_server sh -c 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all'");
    assert!(found.is_none_or(|found| found == PathMtu::NoAnswer), "{found:?}");
    let filter = "at_router nft -f - <<END
table ip large { chain f { type filter hook forward priority 0; icmp type echo-request meta length > 1000 drop; }; }
END
";
    let found = measured(filter);
    assert!(found.is_none_or(|found| found == PathMtu::OnlySmall), "{found:?}");
}

#[test]
fn a_script_that_is_cut_measures_nothing() {
    let whole = script(SERVER);
    let cut = &whole[..whole.len() - "main\n".len()];
    let out = Command::new("sh").args(["-c", cut]).output().unwrap();
    assert!(out.stdout.is_empty(), "{out:?}");
}
