//! Status and ping of Minecraft Java servers (minecraft.wiki, "Java Edition protocol / Server List Ping").
//!
//! A packet is its length as a `VarInt`, an identifier and its content. Servers before 1.7 answer with a "kick" packet
//! in UTF-16 instead; it is recognised.

use serde_json::Value;

use super::bytes::{Bytes, shown};
use super::{Details, Game};

/// Most bytes of a status answer that are read. The protocol's longest text is 32767 UTF-16 units, which UTF-8 makes at
/// most 98301 bytes; a status is one such text.
pub const MOST_STATUS: usize = 128 * 1024;

/// How far an answer has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress<T> {
    /// More bytes are needed.
    More,
    /// It is whole; the second number is how many bytes it took.
    Done(T, usize),
    /// It is not an answer of this protocol.
    Foreign,
}

/// Handshake and status request in one. `host` is what the player typed, which proxies choose their server by.
pub fn request(host: &str, port: u16) -> Vec<u8> {
    let host: String = host.chars().take(255).collect();
    let mut handshake = vec![0x00];
    // The protocol's convention for a client that wants to learn the version: -1.
    put_varint(&mut handshake, -1);
    put_varint(&mut handshake, i32::try_from(host.len()).unwrap_or(0));
    handshake.extend(host.as_bytes());
    handshake.extend(port.to_be_bytes());
    put_varint(&mut handshake, 1);
    [framed(&handshake), framed(&[0x00])].concat()
}

/// A ping; the server sends `number` back.
pub fn ping(number: i64) -> Vec<u8> {
    framed(&[&[0x01][..], &number.to_be_bytes()].concat())
}

/// Reads a status answer from the beginning of a stream.
pub fn read_status(stream: &[u8]) -> Progress<Details> {
    let modern = match packet(stream, MOST_STATUS) {
        Progress::Done(packet, taken) => {
            status(packet).map_or(Progress::Foreign, |details| Progress::Done(details, taken))
        }
        Progress::More => Progress::More,
        Progress::Foreign => Progress::Foreign,
    };
    // A length may begin with 0xff too; a whole modern answer goes first.
    match (modern, stream.first()) {
        (Progress::More | Progress::Foreign, Some(0xff)) => read_legacy(stream),
        (modern, _) => modern,
    }
}

/// Reads the answer to [`ping`].
pub fn read_pong(stream: &[u8], number: i64) -> Progress<()> {
    match packet(stream, 9) {
        Progress::Done(packet, taken) if packet == [&[0x01][..], &number.to_be_bytes()].concat() => {
            Progress::Done((), taken)
        }
        Progress::More => Progress::More,
        Progress::Done(..) | Progress::Foreign => Progress::Foreign,
    }
}

/// Reads the kick packet that servers before 1.7 answer with: `§1 NUL protocol NUL version NUL name NUL players NUL
/// most`, or older still `name§players§most`, or any other text.
pub fn read_legacy(stream: &[u8]) -> Progress<Details> {
    let mut bytes = Bytes::new(stream);
    match bytes.u8() {
        Some(0xff) => {}
        Some(_) => return Progress::Foreign,
        None => return Progress::More,
    }
    let Some(units) = bytes.u16_be() else {
        return Progress::More;
    };
    // Longest text of the old protocol.
    if units == 0 || units > 256 {
        return Progress::Foreign;
    }
    let Some(text) = bytes.take(usize::from(units) * 2) else {
        return Progress::More;
    };
    let units: Vec<u16> = text
        .chunks_exact(2)
        .map(|unit| u16::from_be_bytes([unit[0], unit[1]]))
        .collect();
    Progress::Done(
        Details::Game(legacy(&String::from_utf16_lossy(&units))),
        stream.len() - bytes.rest().len(),
    )
}

fn legacy(text: &str) -> Game {
    let modern: Vec<&str> = text.split('\0').collect();
    if let ["§1", _protocol, version, name, players, most] = modern.as_slice() {
        return old_game(name, Some(version), players, most);
    }
    // The name may hold `§` itself; the two numbers are the last parts.
    let mut parts = text.rsplitn(3, '§');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(most), Some(players), Some(name)) => old_game(name, None, players, most),
        _ => old_game(text, None, "", ""),
    }
}

fn old_game(name: &str, version: Option<&str>, players: &str, most: &str) -> Game {
    Game {
        game: "Minecraft".to_owned(),
        name: shown(name),
        version: Some(version.map_or_else(|| "older than 1.7".to_owned(), shown)),
        map: None,
        players: players.parse().ok().zip(most.parse().ok()),
    }
}

fn status(packet: &[u8]) -> Option<Details> {
    let mut bytes = Bytes::new(packet);
    bytes.expect(&[0x00])?;
    let length = usize::try_from(varint(&mut bytes)?).ok()?;
    // serde_json refuses nesting deeper than 128, so that `plain` ends.
    let json: Value = serde_json::from_slice(bytes.take(length)?).ok()?;
    let json = json.as_object()?;
    let number = |key: &str| u32::try_from(json.get("players")?.get(key)?.as_u64()?).ok();
    let mut name = String::new();
    json.get("description")
        .into_iter()
        .for_each(|description| plain(description, &mut name));
    Some(Details::Game(Game {
        game: "Minecraft".to_owned(),
        name: shown(&name),
        version: json
            .get("version")
            .and_then(|v| v.get("name")?.as_str())
            .map(shown),
        map: None,
        players: number("online").zip(number("max")),
    }))
}

/// The text of a chat component: a string, an object with `text` and `extra`, or a list of them.
fn plain(component: &Value, out: &mut String) {
    match component {
        Value::String(text) => out.push_str(text),
        Value::Array(parts) => parts.iter().for_each(|part| plain(part, out)),
        Value::Object(fields) => {
            for key in ["text", "translate", "extra"] {
                fields.get(key).into_iter().for_each(|part| plain(part, out));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The first packet of a stream, without its length.
fn packet(stream: &[u8], most: usize) -> Progress<&[u8]> {
    let mut bytes = Bytes::new(stream);
    let Some(length) = varint(&mut bytes) else {
        return if stream.len() < 5 {
            Progress::More
        } else {
            Progress::Foreign
        };
    };
    match usize::try_from(length) {
        Ok(length) if (1..=most).contains(&length) => match bytes.take(length) {
            Some(packet) => Progress::Done(packet, stream.len() - bytes.rest().len()),
            None => Progress::More,
        },
        _ => Progress::Foreign,
    }
}

fn framed(content: &[u8]) -> Vec<u8> {
    let mut packet = vec![];
    put_varint(&mut packet, i32::try_from(content.len()).unwrap_or(0));
    packet.extend(content);
    packet
}

/// Seven bits a byte, lowest first, the top bit says that more follow; two's complement, at most five bytes.
fn put_varint(out: &mut Vec<u8>, number: i32) {
    let mut left = number.cast_unsigned();
    loop {
        let low = (left & 0x7f) as u8;
        left >>= 7;
        if left == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn varint(bytes: &mut Bytes<'_>) -> Option<i32> {
    let mut number = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let byte = bytes.u8()?;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number.cast_signed());
        }
    }
    None
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A status answer as the specification lays it out.
    pub(crate) fn answer(json: &str) -> Vec<u8> {
        let mut content = vec![0x00];
        put_varint(&mut content, i32::try_from(json.len()).unwrap());
        content.extend(json.as_bytes());
        framed(&content)
    }

    const STATUS: &str = r#"{"version":{"name":"1.21.4","protocol":769},"players":{"max":20,"online":2},
        "description":{"text":"§aSur","extra":[{"text":"vival"},"!"]},"favicon":"data:image/png;base64,AAAA"}"#;

    #[test]
    fn a_status_is_read_whole_and_not_before() {
        let stream = answer(STATUS);
        for end in 0..stream.len() {
            assert_eq!(read_status(&stream[..end]), Progress::More, "{end}");
        }
        let Progress::Done(Details::Game(game), taken) = read_status(&stream) else {
            panic!("not read")
        };
        assert_eq!((game.name.as_str(), game.players), ("Survival!", Some((2, 20))));
        assert_eq!(game.version.as_deref(), Some("1.21.4"));
        assert_eq!(taken, stream.len());
    }

    #[test]
    fn the_answer_of_an_old_server_is_noticed() {
        let kick = |text: &str| {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut packet = vec![0xff];
            packet.extend(u16::try_from(units.len()).unwrap().to_be_bytes());
            packet.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
            packet
        };
        let Progress::Done(Details::Game(game), _) =
            read_status(&kick("§1\x0061\x001.5.2\0Attic\x003\x0010"))
        else {
            panic!("not read")
        };
        assert_eq!(
            (game.name.as_str(), game.version.as_deref()),
            ("Attic", Some("1.5.2"))
        );
        assert_eq!(game.players, Some((3, 10)));
        let Progress::Done(Details::Game(game), _) = read_status(&kick("A§b Server§1§8")) else {
            panic!("not read")
        };
        assert_eq!((game.name.as_str(), game.players), ("A Server", Some((1, 8))));
    }

    #[test]
    fn other_protocols_and_endless_lengths_are_foreign() {
        for stream in [
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            b"\x80\x80\x80\x80\x80\x80",
            b"\xff\xff\xff\xff\x07x",
        ] {
            let read = read_status(stream);
            assert!(matches!(read, Progress::Foreign | Progress::More), "{read:?}");
        }
        assert_eq!(read_status(b"\x80\x80\x80\x80\x80\x80"), Progress::Foreign);
        assert_eq!(read_status(&answer("not json")), Progress::Foreign);
        assert_eq!(read_status(&answer(&"[".repeat(5000))), Progress::Foreign);
    }

    #[test]
    fn a_pong_with_another_number_is_foreign() {
        assert_eq!(read_pong(&ping(7), 7), Progress::Done((), 10));
        assert_eq!(read_pong(&ping(8), 7), Progress::Foreign);
    }

    proptest! {
        #[test]
        fn varints_come_back(number in any::<i32>()) {
            let mut out = vec![];
            put_varint(&mut out, number);
            prop_assert!(out.len() <= 5);
            prop_assert_eq!(varint(&mut Bytes::new(&out)), Some(number));
        }
    }
}
