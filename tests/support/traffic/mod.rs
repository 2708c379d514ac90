//! Small programs that talk through a lab, and handles to run them in its namespaces.
//!
//! A thread can enter a namespace only by unsafe code, so each of them is a subcommand of `wirewarp-lab` that is
//! started inside the namespace: `echo-server`, `echo-client`, `udp-stream`, `tcp-stream`, `wait-tcp`.
//!
//! The protocol of all: the client sends a line [`Question`], the server answers with a line [`Answer`]
//! that names the client's address as the server sees it.

pub mod client;
pub mod dhcp;
pub mod games;
mod handles;
pub mod server;
pub mod stream;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

pub use handles::{Server, Stream};

/// What carries a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// One connection.
    Tcp,
    /// Datagrams.
    Udp,
}

impl Protocol {
    /// The word for a command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Counts the questions of one stream from 0.
    pub number: u64,
    /// Something that only this client knows; may be long, to fill packets.
    pub nonce: String,
}

/// What a server answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question's number.
    pub number: u64,
    /// The question's nonce.
    pub nonce: String,
    /// The client as the server sees it.
    pub peer: SocketAddr,
    /// The port that the server was reached at, on its own side of any translation.
    pub port: u16,
}

/// What a server notes of a client that it had not seen before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// By what.
    pub protocol: Protocol,
    /// The client.
    pub peer: SocketAddr,
    /// The port of the server.
    pub port: u16,
}

/// What became of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Questions sent.
    pub sent: u64,
    /// Questions answered, each counted once.
    pub answered: u64,
    /// Questions without an answer one second after the last was sent.
    pub lost: u64,
    /// Answers that came after the answer of a later question.
    pub reordered: u64,
    /// Answers that came again.
    pub repeated: u64,
    /// Answers whose content was not that of the question.
    pub damaged: u64,
    /// The longest time between two answers, in milliseconds.
    pub longest_silence_ms: u64,
    /// The median time between a question and its answer, in microseconds.
    pub median_us: u64,
    /// The time that 99 of 100 answers took at most, in microseconds.
    pub p99_us: u64,
    /// The client's addresses that the server saw.
    pub seen_as: Vec<SocketAddr>,
    /// Why it ended early, if it did.
    pub broken: Option<String>,
}
