use super::{Blocked, MOST_FLOWS, Seen, ended, length, parse};

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[test]
fn what_a_host_says_is_read() {
    let seen = parse(&lines(
        "flow tcp 198.51.100.7 40000 25565 1200 93000 71\nflow udp 198.51.100.8 4 19132 - - -\nmore 3\n\
         blocked 192.0.2.9 59m58s120ms",
    ))
    .expect("it can be read");
    assert_eq!(seen.flows.len(), 2);
    assert_eq!(
        (seen.flows[0].to_home, seen.flows[0].from_home, seen.flows[0].age),
        (Some(1200), Some(93_000), Some(71))
    );
    assert_eq!(seen.flows[1].age, None);
    assert_eq!(seen.more, 3);
    let client = "192.0.2.9".parse().unwrap();
    assert_eq!(seen.blocked, [Blocked { client, left: 3598 }]);
    assert_eq!(parse(&[]).unwrap(), Seen::default());
}

#[test]
fn what_makes_no_sense_is_shown() {
    for line in [
        "flow tcp 198.51.100.7 40000 25565 1200 93000",
        "flow icmp 198.51.100.7 40000 25565 1 1 1",
        "flow tcp 198.51.100.7 70000 25565 1 1 1",
        "blocked 192.0.2.9 soon",
        "more",
        "$(reboot)",
    ] {
        let error = parse(&lines(line)).expect_err(line);
        assert!(error.to_string().contains(line), "{error}");
    }
    assert!(ended(&lines("ended many")).is_err());
    assert_eq!(ended(&lines("ended 4")).ok(), Some(4));
}

#[test]
fn a_host_that_tells_of_too_many_is_not_believed() {
    let flow = "flow tcp 198.51.100.7 40000 25565 1 1 1\n".repeat(MOST_FLOWS + 10);
    assert_eq!(parse(&lines(&flow)).unwrap().flows.len(), MOST_FLOWS);
}

#[test]
fn nfts_lengths_of_time_are_seconds() {
    assert_eq!(length("1d2h3m4s5ms"), Some(93_784));
    assert_eq!(length("1w"), Some(604_800));
    assert_eq!(length("999ms"), Some(0));
    for wrong in ["1", "s", "1x", "-1s", "99999999999999999999s"] {
        assert_eq!(length(wrong), None, "{wrong}");
    }
}
