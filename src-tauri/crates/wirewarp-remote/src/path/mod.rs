//! How large packets may be on the way from a host to an address before something drops them.
//!
//! Routers that do drop them should say so (RFC 1191), and many that stand before a home do not: whatever is larger then
//! vanishes. Hence it is tried, with pings that must not be cut into pieces, outside any tunnel.

use std::{collections::BTreeMap, net::Ipv4Addr};

use crate::session::{RunError, ScriptLimits, ScriptRunner};

/// Defines the function `measure_path ADDRESS`, which prints lines for [`Echo::parse`].
pub(crate) const PATH: &str = include_str!("path.sh");

/// The smallest size that is tried, in bytes: an answer to it tells only that the address answers.
const SMALL: u16 = 84;

/// What a path was found to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathMtu {
    /// Packets of this many bytes, IP header included; larger ones got no answer or were of no interest.
    Carries(u16),
    /// The address answers no ping at all.
    NoAnswer,
    /// It answers small pings, and none of a size that tells anything.
    OnlySmall,
    /// The host has no ping(8) that can ask so.
    Untried,
}

/// One ping, answered or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Echo {
    to: Ipv4Addr,
    size: u16,
    answered: bool,
}

impl Echo {
    /// Reads `ADDRESS SIZE yes|no`.
    pub(crate) fn parse(rest: &str) -> Option<Self> {
        let mut words = rest.split(' ');
        let (to, size, word) = (words.next()?, words.next()?, words.next()?);
        let answered = match word {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        let (to, size) = (to.parse().ok()?, size.parse().ok()?);
        words.next().is_none().then_some(Self { to, size, answered })
    }
}

impl PathMtu {
    /// What the pings to one address say. A larger one that came through counts, whatever smaller one got lost.
    fn of(echoes: &[Echo]) -> Self {
        let largest = echoes
            .iter()
            .filter(|echo| echo.answered)
            .map(|echo| echo.size)
            .max();
        match largest {
            Some(size) if size > SMALL => Self::Carries(size),
            Some(_) => Self::OnlySmall,
            None if echoes.is_empty() => Self::Untried,
            None => Self::NoAnswer,
        }
    }

    /// The same for each of several addresses.
    pub(crate) fn of_each(to: &[Ipv4Addr], echoes: &[Echo]) -> BTreeMap<Ipv4Addr, Self> {
        let own = |address: &Ipv4Addr| -> Vec<Echo> {
            let own = echoes.iter().filter(|echo| echo.to == *address);
            own.copied().collect()
        };
        to.iter()
            .map(|address| (*address, Self::of(&own(address))))
            .collect()
    }
}

/// Measures the path from a host to an address, in one exec of two to three seconds at most. Nothing is changed.
pub async fn measure(runner: &dyn ScriptRunner, to: Ipv4Addr) -> Result<PathMtu, RunError> {
    let mut echoes = vec![];
    let mut take = |line: &str| echoes.extend(line.strip_prefix("echo ").and_then(Echo::parse));
    let ran = runner
        .run_script(&script(to), &ScriptLimits::default(), &mut take)
        .await?;
    match ran.status {
        Some(0) => Ok(PathMtu::of_each(&[to], &echoes)[&to]),
        _ => Err(RunError::Lost(ran.stderr)),
    }
}

/// The whole of it, which runs nothing if it is cut on its way.
fn script(to: Ipv4Addr) -> String {
    format!(
        "{PATH}\nmain() {{\n  export PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\" LC_ALL=C\n  measure_path {to}\n}}\nmain\n"
    )
}

#[cfg(test)]
mod tests;
