//! `A2S_INFO`, the server query of Source and `GoldSource`.
//!
//! From the Valve Developer Community's page "Server queries": a request is answered with the information, or with a
//! challenge that has to be sent back with the request.

use super::bytes::Bytes;
use super::{Details, Game, Step};

const SINGLE: &[u8] = b"\xff\xff\xff\xff";
const SPLIT: &[u8] = b"\xfe\xff\xff\xff";

/// The request, with the challenge once the server has asked for it.
pub fn request(challenge: Option<[u8; 4]>) -> Vec<u8> {
    let mut packet = [SINGLE, b"TSource Engine Query\0"].concat();
    packet.extend(challenge.iter().flatten());
    packet
}

/// Reads an answer; none if it is not of this protocol.
pub(super) fn read(answer: &[u8]) -> Option<Step> {
    if answer.starts_with(SPLIT) {
        let why = "the answer came in several packets, which are not put together here";
        return Some(Step::Done(Details::Unread { why: why.to_owned() }));
    }
    let mut bytes = Bytes::new(answer);
    bytes.expect(SINGLE)?;
    match bytes.u8()? {
        b'A' => Some(Step::Send(request(Some(bytes.take(4)?.try_into().ok()?)))),
        b'I' => source(&mut bytes).map(|game| Step::Done(Details::Game(game))),
        b'm' => gold_source(&mut bytes).map(|game| Step::Done(Details::Game(game))),
        _ => None,
    }
}

/// App id of The Ship, which puts three bytes of its own before the version.
const THE_SHIP: u16 = 2400;

fn source(bytes: &mut Bytes<'_>) -> Option<Game> {
    let _protocol = bytes.u8()?;
    let (name, map, folder, game) = (
        bytes.c_string()?,
        bytes.c_string()?,
        bytes.c_string()?,
        bytes.c_string()?,
    );
    let app = bytes.u16_le()?;
    let (players, most, _bots) = (bytes.u8()?, bytes.u8()?, bytes.u8()?);
    let version = version(bytes, app);
    Some(Game {
        game: if game.is_empty() { folder } else { game },
        name,
        version,
        map: Some(map),
        players: Some((players.into(), most.into())),
    })
}

/// The version, behind kind, system, visibility and VAC; servers of other makers sometimes end before it.
fn version(bytes: &mut Bytes<'_>, app: u16) -> Option<String> {
    bytes.take(4)?;
    if app == THE_SHIP {
        bytes.take(3)?;
    }
    bytes.c_string().filter(|version| !version.is_empty())
}

fn gold_source(bytes: &mut Bytes<'_>) -> Option<Game> {
    let _address = bytes.c_string()?;
    let (name, map, folder, game) = (
        bytes.c_string()?,
        bytes.c_string()?,
        bytes.c_string()?,
        bytes.c_string()?,
    );
    let (players, most) = (bytes.u8()?, bytes.u8()?);
    Some(Game {
        game: if game.is_empty() { folder } else { game },
        name,
        version: None,
        map: Some(map),
        players: Some((players.into(), most.into())),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An answer as the specification lays it out.
    pub(crate) fn info() -> Vec<u8> {
        let mut packet = b"\xff\xff\xff\xffI\x11Friday night\0de_dust2\0csgo\0Counter-Strike 2\0".to_vec();
        packet.extend(730u16.to_le_bytes());
        packet.extend([7, 16, 2, b'd', b'l', 0, 1]);
        packet.extend(b"1.40.2.1\0\x80\x87\x69");
        packet
    }

    #[test]
    fn an_answer_is_read() {
        let Some(Step::Done(Details::Game(game))) = read(&info()) else {
            panic!("not read")
        };
        assert_eq!(game.name, "Friday night");
        assert_eq!(game.game, "Counter-Strike 2");
        assert_eq!(game.map.as_deref(), Some("de_dust2"));
        assert_eq!(game.players, Some((7, 16)));
        assert_eq!(game.version.as_deref(), Some("1.40.2.1"));
    }

    #[test]
    fn a_challenge_is_sent_back_with_the_request() {
        let step = read(b"\xff\xff\xff\xffA\x01\x02\x03\x04").unwrap();
        assert_eq!(step, Step::Send([&request(None)[..], &[1, 2, 3, 4]].concat()));
    }

    #[test]
    fn a_split_answer_is_an_answer_that_is_not_read() {
        let step = read(b"\xfe\xff\xff\xff\x00\x00\x00\x80rest").unwrap();
        assert!(matches!(step, Step::Done(Details::Unread { .. })));
    }

    #[test]
    fn an_answer_cut_at_any_byte_is_refused_or_lacks_its_version() {
        for end in 0..info().len() {
            match read(&info()[..end]) {
                None | Some(Step::Done(Details::Game(_))) => {}
                other => panic!("{end}: {other:?}"),
            }
        }
    }
}
