//! Who is connected through a forward, on its VPS: seen, ended, kept out for a while.
//!
//! What comes back is untrusted: a line that makes no sense is an error that shows it.

#[cfg(test)]
mod tests;

use std::{net::Ipv4Addr, num::ParseIntError, time::Duration};
use wirewarp_model::{PortMapping, Protocol, error::excerpt};

use crate::{
    observe::new_mark,
    session::{RunError, ScriptLimits, ScriptRunner},
};

const CLIENTS: &str = include_str!("clients.sh");

/// Most connections that are told one by one.
pub const MOST_FLOWS: usize = 5000;

const LIMITS: ScriptLimits = ScriptLimits {
    time: Duration::from_secs(30),
    stdout: 4 << 20,
};

/// The status with which the script says that the host has no table of ours.
const NOT_SET_UP: i32 = 3;

/// Where connections arrive: an address as it stands on the VPS's interface, and ports; none for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// The address.
    pub address: Ipv4Addr,
    /// Ports, by protocol.
    pub ports: Option<Vec<(Protocol, PortMapping)>>,
}

impl Front {
    fn words(&self) -> String {
        let ports = self.ports.as_ref().map_or_else(
            || "all".to_owned(),
            |ports| {
                let each = ports.iter().map(|(protocol, mapping)| {
                    let public = mapping.public();
                    format!(
                        "{protocol}:{}-{}",
                        public.first().number(),
                        public.last().number()
                    )
                });
                each.collect::<Vec<_>>().join(",")
            },
        );
        format!("{} {ports}", self.address)
    }
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// Who.
    pub client: Ipv4Addr,
    /// The client's own port.
    pub port: u16,
    /// The port of the VPS.
    pub public_port: u16,
    /// Bytes towards home; none if the host does not count.
    pub to_home: Option<u64>,
    /// Bytes from home; none if the host does not count.
    pub from_home: Option<u64>,
    /// Seconds since it began; none if the host does not know.
    pub age: Option<u64>,
}

/// Somebody who is let in no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocked {
    /// Who.
    pub client: Ipv4Addr,
    /// Seconds until it is let in again.
    pub left: u64,
}

/// Who is connected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Connections that are open, at most [`MOST_FLOWS`].
    pub flows: Vec<Flow>,
    /// How many there are beyond them.
    pub more: u64,
    /// Who is kept out of the address.
    pub blocked: Vec<Blocked>,
}

/// Why nobody could be seen or kept out. Display is the whole message.
#[derive(Debug, thiserror::Error)]
pub enum ClientsError {
    /// It did not run to its end.
    #[error("the host could not be asked who is connected: {0}")]
    Run(#[from] RunError),
    /// There is nothing of ours.
    #[error("nothing is applied on that host yet, or an earlier version was")]
    NotSetUp,
    /// It failed there.
    #[error("the host said: {0}")]
    Failed(String),
    /// The answer cannot be used.
    #[error("the host's answer cannot be used: “{0}”")]
    Line(String),
}

/// Who is connected now. Changes nothing.
pub async fn list(runner: &dyn ScriptRunner, front: &Front) -> Result<Seen, ClientsError> {
    let words = front.words();
    parse(&run(runner, |mark| format!("list {mark} {words} {MOST_FLOWS}")).await?)
}

/// Ends what a client has open there; how many connections that were.
pub async fn end(runner: &dyn ScriptRunner, front: &Front, client: Ipv4Addr) -> Result<u64, ClientsError> {
    let words = front.words();
    ended(&run(runner, |mark| format!("end {mark} {words} {client}")).await?)
}

/// Ends what a client has open at the address, and lets it in no more for some seconds.
pub async fn block(
    runner: &dyn ScriptRunner,
    front: &Front,
    client: Ipv4Addr,
    seconds: u64,
) -> Result<u64, ClientsError> {
    let words = front.words();
    ended(&run(runner, |mark| format!("block {mark} {words} {client} {seconds}")).await?)
}

/// Lets a client in again at the address.
pub async fn unblock(runner: &dyn ScriptRunner, front: &Front, client: Ipv4Addr) -> Result<(), ClientsError> {
    let words = front.words();
    run(runner, |mark| format!("unblock {mark} {words} {client}")).await?;
    Ok(())
}

/// What the script said between its marks.
async fn run(
    runner: &dyn ScriptRunner,
    verb: impl FnOnce(&str) -> String,
) -> Result<Vec<String>, ClientsError> {
    let mark = new_mark();
    let script = format!("{CLIENTS}\nmain {}\n", verb(&mark));
    let mut lines = Vec::new();
    let mut take = |line: &str| lines.push(line.to_owned());
    let outcome = runner.run_script(&script, &LIMITS, &mut take).await?;
    match outcome.status {
        Some(0) => {}
        Some(NOT_SET_UP) => return Err(ClientsError::NotSetUp),
        _ => return Err(ClientsError::Failed(excerpt(outcome.stderr.trim()))),
    }
    between(lines, &mark).ok_or_else(|| ClientsError::Failed("its answer broke off".to_owned()))
}

fn between(lines: Vec<String>, mark: &str) -> Option<Vec<String>> {
    let (begin, end) = (format!("{mark} begin"), format!("{mark} end"));
    let mut rest = lines.into_iter().skip_while(|line| *line != begin).skip(1);
    let mut body = Vec::new();
    loop {
        let line = rest.next()?;
        if line == end {
            return Some(body);
        }
        body.push(line);
    }
}

fn ended(lines: &[String]) -> Result<u64, ClientsError> {
    let line = lines.first().map_or("", String::as_str);
    line.strip_prefix("ended ")
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| ClientsError::Line(excerpt(line)))
}

fn parse(lines: &[String]) -> Result<Seen, ClientsError> {
    let mut seen = Seen::default();
    for line in lines {
        read(line, &mut seen).ok_or_else(|| ClientsError::Line(excerpt(line)))?;
    }
    Ok(seen)
}

fn read(line: &str, seen: &mut Seen) -> Option<()> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    match words[..] {
        [
            "flow",
            protocol,
            client,
            port,
            public_port,
            to_home,
            from_home,
            age,
        ] => {
            if seen.flows.len() < MOST_FLOWS {
                seen.flows.push(Flow {
                    protocol: transport(protocol)?,
                    client: client.parse().ok()?,
                    port: port.parse().ok()?,
                    public_port: public_port.parse().ok()?,
                    to_home: counted(to_home).ok()?,
                    from_home: counted(from_home).ok()?,
                    age: counted(age).ok()?,
                });
            }
        }
        ["more", count] => seen.more = count.parse().ok()?,
        ["blocked", client, left] => seen.blocked.push(Blocked {
            client: client.parse().ok()?,
            left: length(left)?,
        }),
        _ => return None,
    }
    Some(())
}

fn transport(word: &str) -> Option<Protocol> {
    [Protocol::Tcp, Protocol::Udp]
        .into_iter()
        .find(|protocol| protocol.to_string() == word)
}

/// A count, or `-` for none.
fn counted(word: &str) -> Result<Option<u64>, ParseIntError> {
    match word {
        "-" => Ok(None),
        word => word.parse().map(Some),
    }
}

/// nft's `1d2h3m4s5ms`, in seconds.
fn length(text: &str) -> Option<u64> {
    let (mut sum, mut rest) = (0_u64, text);
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest
            .split(|c: char| c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        let each = match unit {
            "w" => 604_800,
            "d" => 86_400,
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            "ms" => 0,
            _ => return None,
        };
        sum = sum.checked_add(number.checked_mul(each)?)?;
        rest = &rest[unit.len()..];
    }
    Some(sum)
}

/// Entry for fuzzing: `data` as what a host says.
pub fn fuzz_parse(data: &[u8]) {
    let lines: Vec<String> = String::from_utf8_lossy(data).lines().map(str::to_owned).collect();
    let _ = parse(&lines);
    let _ = ended(&lines);
}
