//! Tries a public port from this machine, as a player would, within time limits.

mod tcp;
mod udp;

use serde::{Deserialize, Serialize};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    time::{Duration, Instant},
};
use wirewarp_model::Port;

use super::query::{Details, Query};

/// How long each part may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a TCP connection stands. Linux sends the SYN again after 1 and 3 s, so that 4 s forgive two lost packets.
    pub connect: Duration,
    /// Until an answer is whole.
    pub answer: Duration,
    /// How long a connection is held to notice that something cuts it.
    pub hold: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            answer: Duration::from_secs(3),
            hold: Duration::from_millis(300),
        }
    }
}

/// What a try gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Reach {
    /// The program answered the query.
    Answered {
        /// Milliseconds from the question to the answer.
        round_trip_ms: u32,
        /// What it said.
        details: Details,
    },
    /// A TCP connection stood and was not cut.
    Connected {
        /// Milliseconds until it stood.
        round_trip_ms: u32,
        /// What the other side said by itself or instead of an answer, escaped.
        said: Option<String>,
        /// Whether it closed the connection in good order.
        closed: bool,
        /// The query that was sent and that it did not answer.
        unanswered: Option<Query>,
    },
    /// UDP was sent and nothing came back.
    Silent {
        /// How many datagrams were sent.
        sent: u32,
    },
    /// A machine on the way or at the end said that nobody listens (TCP reset, ICMP port unreachable).
    Refused,
    /// No TCP connection within the limit.
    TimedOut,
    /// A router said that there is no way there.
    Unreachable {
        /// As the system puts it.
        what: String,
    },
    /// The TCP connection stood and was cut.
    Reset {
        /// Milliseconds that it stood.
        after_ms: u32,
    },
    /// This machine could not even send.
    NotSent {
        /// As the system puts it.
        why: String,
    },
}

impl Reach {
    /// Whether somebody took the connection or answered.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Answered { .. } | Self::Connected { .. })
    }

    /// Whether something was sent and nothing at all came back.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::TimedOut | Self::Silent { .. })
    }
}

/// A try with the address that it was made from: by it a host tells our packets from those of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// What it gave.
    pub reach: Reach,
    /// The socket's own address, before any translation; none if there was no socket.
    pub from: Option<SocketAddrV4>,
}

/// Tries `query` at a public port. `host` is the name that the player would type, or the address as text.
///
/// Never fails and always ends, within the sum of the limits: what goes wrong is the outcome.
pub async fn reach(address: Ipv4Addr, port: Port, host: &str, query: Query, limits: Limits) -> Try {
    let to = SocketAddrV4::new(address, port.number());
    match query.datagram() {
        Some(first) => match udp::open(to).await {
            Ok(socket) => Try {
                from: v4(socket.local_addr()),
                reach: udp::ask(&socket, query, first, limits).await,
            },
            Err(error) => Try::unsent(&error),
        },
        None => match tcp::open(to) {
            Ok(socket) => Try {
                from: v4(socket.local_addr()),
                reach: tcp::attempt(socket, to, host, query, limits).await,
            },
            Err(error) => Try::unsent(&error),
        },
    }
}

impl Try {
    fn unsent(error: &io::Error) -> Self {
        Self {
            reach: failed(error),
            from: None,
        }
    }
}

fn v4(local: io::Result<SocketAddr>) -> Option<SocketAddrV4> {
    match local.ok()? {
        SocketAddr::V4(address) => Some(address),
        SocketAddr::V6(_) => None,
    }
}

/// The outcome that an error of the system stands for, before a connection or an answer.
fn failed(error: &io::Error) -> Reach {
    use io::ErrorKind as Kind;
    let what = error.to_string();
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of kinds is open")]
    match error.kind() {
        Kind::ConnectionRefused => Reach::Refused,
        Kind::ConnectionReset | Kind::ConnectionAborted => Reach::Reset { after_ms: 0 },
        Kind::TimedOut => Reach::TimedOut,
        Kind::HostUnreachable | Kind::NetworkUnreachable => Reach::Unreachable { what },
        _ => Reach::NotSent { why: what },
    }
}

/// Milliseconds since `start`, at least 1 so that an answer never looks as if it were not measured.
fn ms(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_millis())
        .unwrap_or(u32::MAX)
        .max(1)
}

#[cfg(test)]
mod tests;
