//! What to say to a port so that the program behind it answers, and how to read the answer.
//!
//! Nothing here touches a socket: bytes go in and come out, and `reach` carries them. Answers come from strangers, so
//! every parser takes any bytes whatever and every text is made harmless before it is kept.

mod bytes;
mod choice;
pub mod minecraft;
pub mod quake;
pub mod raknet;
pub mod source;

use serde::{Deserialize, Serialize};

pub(crate) use bytes::excerpt;
pub use choice::query_for;

/// What a port is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// TCP: a connection, which is held for a moment.
    Connect,
    /// TCP: status and ping of a Minecraft Java server.
    MinecraftJava,
    /// UDP: a datagram that no program knows; whoever reads a log sees where it came from.
    Datagram,
    /// UDP: `A2S_INFO` of Source and `GoldSource` servers, and of the many games that took it over.
    Source,
    /// UDP: the unconnected ping of RakNet: Minecraft Bedrock, Geyser.
    RakNet,
    /// UDP: `getinfo` of Quake III Arena and its descendants.
    Quake,
}

/// Payload of [`Query::Datagram`].
const PLAIN: &[u8] = b"wirewarp check\n";

impl Query {
    /// The first datagram to send; none for a query over TCP.
    pub fn datagram(self) -> Option<Vec<u8>> {
        match self {
            Self::Connect | Self::MinecraftJava => None,
            Self::Datagram => Some(PLAIN.to_vec()),
            Self::Source => Some(source::request(None)),
            Self::RakNet => Some(raknet::request()),
            Self::Quake => Some(quake::request()),
        }
    }

    /// Reads a datagram that came back. Total: any bytes give a step.
    pub fn read(self, answer: &[u8]) -> Step {
        let known = match self {
            Self::Connect | Self::MinecraftJava | Self::Datagram => None,
            Self::Source => source::read(answer),
            Self::RakNet => raknet::read(answer).map(Step::Done),
            Self::Quake => quake::read(answer).map(Step::Done),
        };
        known.unwrap_or_else(|| Step::Done(Details::unknown(answer)))
    }

    /// What it is called in a sentence: "a Minecraft status query".
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "a TCP connection",
            Self::MinecraftJava => "a Minecraft status query",
            Self::Datagram => "a plain UDP packet",
            Self::Source => "a Source server query",
            Self::RakNet => "a Minecraft Bedrock ping",
            Self::Quake => "a Quake III server query",
        }
    }

    /// Whether a program that speaks this protocol answers it, so that silence says something.
    pub fn expects_answer(self) -> bool {
        !matches!(self, Self::Connect | Self::Datagram)
    }
}

/// What to do after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this and wait again.
    Send(Vec<u8>),
    /// The program has answered.
    Done(Details),
}

/// What a program told about itself. Texts are harmless to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Details {
    /// A game server of a known protocol.
    Game(Game),
    /// It answered in a way that is recognised but not read, e.g. in several packets.
    Unread {
        /// Why, e.g. "the answer came in several packets, which are not put together".
        why: String,
    },
    /// It answered something that the query does not know: still an answer.
    Unknown {
        /// Its length in bytes.
        length: usize,
        /// Its beginning, escaped.
        excerpt: String,
    },
}

/// A game server as it describes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Game {
    /// Which game, e.g. `Minecraft`, `Counter-Strike 2`.
    pub game: String,
    /// The server's name or message of the day.
    pub name: String,
    /// Version, if told.
    pub version: Option<String>,
    /// Map, if told.
    pub map: Option<String>,
    /// Players now, and the most that fit.
    pub players: Option<(u32, u32)>,
}

impl Details {
    pub(crate) fn unknown(answer: &[u8]) -> Self {
        Self::Unknown {
            length: answer.len(),
            excerpt: excerpt(answer),
        }
    }
}

/// Entry for fuzzing: every parser of answers, on the same bytes. Must return for any input.
pub fn fuzz_answers(answer: &[u8]) {
    for query in [Query::Datagram, Query::Source, Query::RakNet, Query::Quake] {
        let _ = query.read(answer);
    }
    let _ = minecraft::read_status(answer);
    let _ = minecraft::read_pong(answer, 1);
    let _ = minecraft::read_legacy(answer);
    let text = String::from_utf8_lossy(answer);
    let _ = super::gather::vps::read(&text);
    let _ = super::gather::home::read(&text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bytes that begin as real answers do, so that the parsers get past their first check.
    fn answers() -> impl Strategy<Value = Vec<u8>> {
        let heads: Vec<Vec<u8>> = vec![
            vec![],
            b"\xff\xff\xff\xffI".to_vec(),
            b"\xff\xff\xff\xffA".to_vec(),
            b"\xff\xff\xff\xffm".to_vec(),
            b"\xfe\xff\xff\xff".to_vec(),
            b"\xff\xff\xff\xffinfoResponse\n".to_vec(),
            [&[0x1c][..], &[0; 16], &raknet::MAGIC].concat(),
            vec![0x20, 0x00, 0x1e],
            vec![0xff, 0x00, 0x10, 0x00, 0xa7, 0x00, 0x31],
        ];
        (
            proptest::sample::select(heads),
            proptest::collection::vec(any::<u8>(), 0..512),
        )
            .prop_map(|(head, tail)| [head, tail].concat())
    }

    proptest! {
        #[test]
        fn no_answer_makes_a_parser_panic(answer in answers()) {
            fuzz_answers(&answer);
        }
    }

    #[test]
    fn queries_over_udp_have_a_datagram_and_those_over_tcp_none() {
        for query in [Query::Datagram, Query::Source, Query::RakNet, Query::Quake] {
            assert!(query.datagram().is_some_and(|d| !d.is_empty()), "{query:?}");
        }
        for query in [Query::Connect, Query::MinecraftJava] {
            assert_eq!(query.datagram(), None);
        }
    }
}
