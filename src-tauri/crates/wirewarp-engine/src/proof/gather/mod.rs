//! Scripts that read the facts on the VPS and on the peer, one exec a host for any number of lanes, and total parsers of
//! what they print.
//!
//! A script is POSIX sh (dash, busybox ash), run as root on standard input. It takes at most a few seconds; what it could
//! not find out it leaves out, and the parser gives none for it.

pub mod home;
pub mod vps;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    net::{Ipv4Addr, SocketAddrV4},
};

/// Why what a host printed is not the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatherError {
    /// The first or last line is missing: the script did not run to its end.
    #[error("{host} did not finish the check; it ended with “{tail}”")]
    Cut {
        /// `the VPS` or `the peer`.
        host: &'static str,
        /// Last line of what came, escaped.
        tail: String,
    },
    /// More came than such a script prints.
    #[error("{host} answered the check with more than {MOST} bytes")]
    TooLong {
        /// `the VPS` or `the peer`.
        host: &'static str,
    },
}

/// Most bytes of output that are read.
const MOST: usize = 4 * 1024 * 1024;

/// When a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before the try: only what is compared with.
    Before,
    /// After it.
    After,
}

/// Flows by the address that they come from, as a host names it, and whether they were answered.
pub type Flows = BTreeMap<SocketAddrV4, bool>;

/// A script whose `main` reads `lanes`, and that runs nothing if it is cut on its way: the call is the last line.
fn script(text: &str, when: When, lanes: &[String]) -> String {
    let mut script = text.to_owned();
    let word = match when {
        When::Before => "before",
        When::After => "after",
    };
    let _ = writeln!(script, "main {word} <<'LANES'");
    for lane in lanes {
        let _ = writeln!(script, "{lane}");
    }
    script.push_str("LANES\n");
    script
}

/// The lines between `wirewarp-proof ROLE 1` and `end`, each as its words.
fn body<'a>(host: &'static str, role: &str, output: &'a str) -> Result<Vec<Vec<&'a str>>, GatherError> {
    if output.len() > MOST {
        return Err(GatherError::TooLong { host });
    }
    let begin = format!("wirewarp-proof {role} 1");
    let lines: Vec<&str> = output.lines().skip_while(|line| *line != begin).collect();
    if let [_, body @ .., "end"] = lines.as_slice() {
        return Ok(body
            .iter()
            .map(|line| line.split_whitespace().collect())
            .collect());
    }
    let tail = output
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("nothing");
    Err(GatherError::Cut {
        host,
        tail: wirewarp_model::error::excerpt(tail),
    })
}

/// `10.0.0.1 4000`.
fn source(address: &str, port: &str) -> Option<SocketAddrV4> {
    Some(SocketAddrV4::new(
        address.parse::<Ipv4Addr>().ok()?,
        port.parse().ok()?,
    ))
}

/// `yes` or `no`.
fn truth(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
