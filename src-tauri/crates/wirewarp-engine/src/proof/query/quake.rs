//! `getinfo` of Quake III Arena and the games made from it: connectionless packets of text (ioquake3's protocol notes).

use super::bytes::{Bytes, shown};
use super::{Details, Game};

/// The request. The word behind `getinfo` comes back in the answer and means nothing to the server.
pub fn request() -> Vec<u8> {
    b"\xff\xff\xff\xffgetinfo wirewarp\n".to_vec()
}

/// Reads `infoResponse` and its `\key\value` pairs; none if it is something else.
pub(super) fn read(answer: &[u8]) -> Option<Details> {
    let mut bytes = Bytes::new(answer);
    bytes.expect(b"\xff\xff\xff\xffinfoResponse\n")?;
    let text = String::from_utf8_lossy(bytes.rest()).into_owned();
    let words: Vec<&str> = text.trim().trim_start_matches('\\').split('\\').collect();
    let value = |key: &str| {
        let pair = words
            .chunks_exact(2)
            .find(|pair| pair[0].eq_ignore_ascii_case(key))?;
        Some(shown(&without_colours(pair[1])))
    };
    let number = |key: &str| value(key)?.parse::<u32>().ok();
    Some(Details::Game(Game {
        game: value("gamename")
            .or_else(|| value("game"))
            .unwrap_or_else(|| "Quake III".to_owned()),
        name: value("hostname").unwrap_or_default(),
        version: value("protocol").map(|protocol| format!("protocol {protocol}")),
        map: value("mapname"),
        players: number("clients").zip(number("sv_maxclients")),
    }))
}

/// Leaves out `^` and the digit behind it, which choose a colour.
fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '^' && chars.next_if(char::is_ascii_digit).is_some() {
            continue;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An answer as the specification lays it out.
    pub(crate) const INFO: &[u8] =
        b"\xff\xff\xff\xffinfoResponse\n\\challenge\\wirewarp\\protocol\\68\\hostname\\^1Arena\
        \\mapname\\q3dm17\\clients\\2\\sv_maxclients\\8\\gamename\\Quake3Arena";

    #[test]
    fn an_answer_is_read() {
        let Some(Details::Game(game)) = read(INFO) else {
            panic!("not read")
        };
        assert_eq!((game.name.as_str(), game.players), ("Arena", Some((2, 8))));
        assert_eq!(game.map.as_deref(), Some("q3dm17"));
    }
}
