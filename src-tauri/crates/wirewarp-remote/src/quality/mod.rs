//! How well tunnels carry, as their VPS sees it: round trips, loss, and how large packets may be. Nothing is changed.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use crate::{
    path::{Echo, PATH, PathMtu},
    session::{RunError, ScriptLimits, ScriptRunner},
};

const QUALITY: &str = include_str!("quality.sh");

const LIMITS: ScriptLimits = ScriptLimits {
    time: Duration::from_secs(30),
    stdout: 1 << 20,
};

/// How well a tunnel carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// Pings that were sent.
    pub sent: u32,
    /// Pings that came back.
    pub received: u32,
    /// The mean round trip in microseconds; none if nothing came back.
    pub mean: Option<u64>,
    /// The longest round trip in microseconds; none if nothing came back.
    pub most: Option<u64>,
    /// How large packets within the tunnel may be.
    pub path: PathMtu,
}

/// Measures the tunnels to these addresses, side by side, in one exec of some four seconds. An address that the host said nothing
/// of is left out.
pub async fn measure(
    runner: &dyn ScriptRunner,
    to: &[Ipv4Addr],
) -> Result<BTreeMap<Ipv4Addr, Quality>, RunError> {
    let mut text = String::new();
    let mut take = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let ran = runner.run_script(&script(to), &LIMITS, &mut take).await?;
    match ran.status {
        Some(0) => Ok(parse(to, &text)),
        _ => Err(RunError::Lost(ran.stderr)),
    }
}

/// The whole of it, which runs nothing if it is cut on its way.
fn script(to: &[Ipv4Addr]) -> String {
    let addresses: Vec<String> = to.iter().map(ToString::to_string).collect();
    format!(
        "{PATH}\n{QUALITY}\nmain() {{\n  export PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\" LC_ALL=C\n  quality {}\n}}\nmain\n",
        addresses.join(" ")
    )
}

fn parse(to: &[Ipv4Addr], text: &str) -> BTreeMap<Ipv4Addr, Quality> {
    let echoes: Vec<Echo> = text
        .lines()
        .filter_map(|line| line.strip_prefix("echo ").and_then(Echo::parse))
        .collect();
    let paths = PathMtu::of_each(to, &echoes);
    let told = text.lines().filter_map(|line| line.strip_prefix("ping "));
    told.filter_map(ping)
        .filter_map(|(address, quality)| {
            let path = *paths.get(&address)?;
            Some((address, Quality { path, ..quality }))
        })
        .collect()
}

/// Reads `ADDRESS SENT RECEIVED MEAN MOST`.
fn ping(rest: &str) -> Option<(Ipv4Addr, Quality)> {
    let words: Vec<&str> = rest.split(' ').collect();
    let [address, sent, received, mean, most] = words[..] else {
        return None;
    };
    let sent: u32 = sent.parse().ok().filter(|sent| *sent > 0)?;
    let received: u32 = received.parse().ok()?;
    Some((
        address.parse().ok()?,
        Quality {
            sent,
            // A reply that came twice is one.
            received: received.min(sent),
            mean: mean.parse().ok(),
            most: most.parse().ok(),
            path: PathMtu::Untried,
        },
    ))
}

/// Entry for fuzzing: `data` as what a host says.
///
/// # Panics
///
/// Where more came back than was sent.
pub fn fuzz_parse(data: &[u8]) {
    let to = [Ipv4Addr::new(10, 0, 0, 2)];
    for quality in parse(&to, &String::from_utf8_lossy(data)).values() {
        assert!(quality.received <= quality.sent, "{quality:?}");
    }
}
