use std::fmt::Write;
use wirewarp_model::{Protocol, polled::CpuTime};

use super::{PollError, parse, poll};
use crate::session::LocalRunner;

const KEY: &str = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

fn answer(lines: &str) -> String {
    format!("banner\nm begin\nclock 1700000000\nuptime 12.34\nboot b-1\n{lines}m end\n")
}

#[test]
fn every_figure_is_read() {
    let text = answer(&format!(
        "kernel 6.1.0-18-amd64\nload 0.15\ncpu 10 1 5 80 4 0 0 0 0 0\nmemory 2000 1500\ndisk 9000 4000\nreboot\n\
         network eth0 123 456\npeer ww0 {KEY} 198.51.100.7:4711 1699999990 10 20\n\
         peer ww0 {KEY} (none) 0 0 0\nport udp 203.0.113.10 27015 7 8 2\nport tcp 203.0.113.10 25565 5 6 1\nupdates 3\n"
    ));
    let polled = parse("m", &text).expect("it can be read");
    assert_eq!(
        (polled.clock, polled.uptime_ms, polled.load),
        (1_700_000_000, 12_340, 15)
    );
    assert_eq!(polled.cpu, CpuTime { busy: 16, total: 100 });
    assert_eq!((polled.memory.total, polled.disk.available), (2000, 4000));
    assert!(polled.reboot_needed);
    assert_eq!(polled.network.map(|network| network.sent), Some(456));
    assert_eq!(polled.daily.and_then(|daily| daily.security_updates), Some(3));
    assert_eq!(polled.peers[0].endpoint.as_deref(), Some("198.51.100.7:4711"));
    assert_eq!(polled.peers[1].endpoint, None);
    let ports: Vec<_> = polled
        .ports
        .iter()
        .map(|port| (port.protocol, port.port, port.connections))
        .collect();
    assert_eq!(ports, [(Protocol::Tcp, 25565, 1), (Protocol::Udp, 27015, 2)]);
}

#[test]
fn what_is_missing_or_makes_no_sense_is_named() {
    let refused = |text: &str| parse("m", text).expect_err("it is refused").to_string();
    assert!(matches!(
        parse("m", "m begin\nclock 1\n"),
        Err(PollError::BrokeOff)
    ));
    assert!(refused("m begin\nclock 1\nuptime 1\nm end\n").contains("boot"));
    assert!(refused(&answer("memory lots\n")).contains("memory lots"));
    assert!(refused(&answer("cpu 18446744073709551615 1 1 1\n")).contains("cpu"));
    assert!(parse("m", &answer("something new 1 2\n")).is_ok());
}

#[tokio::test]
async fn this_machine_answers_within_four_kilobytes() {
    let polled = poll(&LocalRunner::default(), false).await.expect("it answers");
    assert!(polled.clock > 1_700_000_000 && polled.uptime_ms > 0 && !polled.boot.is_empty());
    assert!(polled.cpu.total > polled.cpu.busy && polled.memory.total > polled.memory.available);
    assert!(polled.disk.total > 0 && polled.daily.is_none());
    let mut lines = String::new();
    for port in 0..20 {
        let _ = writeln!(
            lines,
            "peer ww0 {KEY} 198.51.100.107:54711 1699999990 18446744073709 28446744073709"
        );
        let _ = writeln!(
            lines,
            "port tcp 203.0.113.10 {} 18446744073 28446744073 12",
            25_565 + port
        );
    }
    assert!(answer(&lines).len() < 4096, "{}", answer(&lines).len());
}
