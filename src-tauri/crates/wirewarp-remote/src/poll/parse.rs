//! A poll's lines, one by one.

use std::str::{FromStr, SplitAsciiWhitespace};
use wirewarp_model::{
    Protocol,
    error::excerpt,
    polled::{Capacity, CpuTime, Daily, Polled, PolledInterface, PolledPeer, PolledPort},
};

use super::PollError;

/// Most peers and most ports that are taken; a host with more is not ours.
const MOST: usize = 70_000;

pub(super) fn parse(mark: &str, text: &str) -> Result<Polled, PollError> {
    let (begin, end) = (format!("{mark} begin\n"), format!("{mark} end\n"));
    let body = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once(&end))
        .ok_or(PollError::BrokeOff)?
        .0;
    let (mut polled, mut seen) = (Polled::default(), Seen::default());
    for line in body.lines() {
        read(line, &mut polled, &mut seen).ok_or_else(|| PollError::line(line))?;
    }
    seen.whole()?;
    polled.ports.sort_unstable();
    Ok(polled)
}

/// Which of the figures that every host has were there.
#[derive(Default)]
struct Seen {
    clock: bool,
    uptime: bool,
    boot: bool,
}

impl Seen {
    fn whole(&self) -> Result<(), PollError> {
        let needed = [
            ("clock", self.clock),
            ("uptime", self.uptime),
            ("boot", self.boot),
        ];
        let missing = needed.into_iter().find(|(_, is_there)| !is_there);
        missing.map_or(Ok(()), |(name, _)| Err(PollError::Lacks(name)))
    }
}

fn read(line: &str, polled: &mut Polled, seen: &mut Seen) -> Option<()> {
    let mut words = line.split_ascii_whitespace();
    match words.next() {
        Some("clock") => {
            polled.clock = word(&mut words)?;
            seen.clock = true;
        }
        Some("uptime") => {
            polled.uptime_ms = thousandths(words.next()?)?;
            seen.uptime = true;
        }
        Some("boot") => {
            polled.boot = excerpt(words.next()?);
            seen.boot = true;
        }
        Some("kernel") => polled.kernel = excerpt(words.next()?),
        Some("load") => polled.load = u32::try_from(thousandths(words.next()?)? / 10).ok()?,
        Some("cpu") => polled.cpu = cpu(&mut words)?,
        Some("memory") => polled.memory = capacity(&mut words)?,
        Some("disk") => polled.disk = capacity(&mut words)?,
        Some("reboot") => polled.reboot_needed = true,
        Some("network") => polled.network = Some(interface(&mut words)?),
        Some("updates") => {
            let security_updates = words.next()?.parse().ok();
            polled.daily = Some(Daily { security_updates });
        }
        Some("peer") if polled.peers.len() < MOST => polled.peers.push(peer(&mut words)?),
        Some("port") if polled.ports.len() < MOST => polled.ports.push(port(&mut words)?),
        _ => {}
    }
    Some(())
}

fn word<T: FromStr>(words: &mut SplitAsciiWhitespace<'_>) -> Option<T> {
    words.next()?.parse().ok()
}

/// A decimal number with at most three places behind the point, in thousandths.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let places: String = places.chars().chain("000".chars()).take(3).collect();
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(1000)?.checked_add(places.parse().ok()?)
}

/// user, nice, system, idle, iowait, irq, softirq, steal: those behind are parts of the first two (proc(5)).
fn cpu(words: &mut SplitAsciiWhitespace<'_>) -> Option<CpuTime> {
    let ticks: Vec<u64> = words.take(8).map(str::parse).collect::<Result<_, _>>().ok()?;
    let idle = ticks.get(3)?.checked_add(ticks.get(4).copied().unwrap_or(0))?;
    let total = ticks.iter().try_fold(0_u64, |sum, tick| sum.checked_add(*tick))?;
    Some(CpuTime {
        busy: total.checked_sub(idle)?,
        total,
    })
}

fn capacity(words: &mut SplitAsciiWhitespace<'_>) -> Option<Capacity> {
    let (total, available) = (word(words)?, word(words)?);
    Some(Capacity { total, available })
}

fn interface(words: &mut SplitAsciiWhitespace<'_>) -> Option<PolledInterface> {
    Some(PolledInterface {
        name: word(words)?,
        received: word(words)?,
        sent: word(words)?,
    })
}

fn peer(words: &mut SplitAsciiWhitespace<'_>) -> Option<PolledPeer> {
    Some(PolledPeer {
        interface: word(words)?,
        key: word(words)?,
        endpoint: words
            .next()
            .map(|text| (text != "(none)").then(|| excerpt(text)))?,
        latest_handshake: word(words)?,
        received: word(words)?,
        sent: word(words)?,
    })
}

fn port(words: &mut SplitAsciiWhitespace<'_>) -> Option<PolledPort> {
    let protocol = match words.next()? {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    Some(PolledPort {
        protocol,
        address: word(words)?,
        port: word(words)?,
        to_home: word(words)?,
        from_home: word(words)?,
        connections: word(words)?,
    })
}
