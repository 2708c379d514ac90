//! The unconnected ping of RakNet, as Minecraft Bedrock servers and Geyser answer it (minecraft.wiki, "RakNet").

use super::bytes::{Bytes, shown};
use super::{Details, Game};

/// "Offline message" bytes that every unconnected RakNet packet carries.
pub const MAGIC: [u8; 16] = [
    0x00, 0xff, 0xff, 0x00, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78,
];

const UNCONNECTED_PING: u8 = 0x01;
const UNCONNECTED_PONG: u8 = 0x1c;

/// The ping. Its time and client identifier are nothing to this server and are left at fixed numbers.
pub fn request() -> Vec<u8> {
    let mut packet = vec![UNCONNECTED_PING];
    packet.extend(1i64.to_be_bytes());
    packet.extend(MAGIC);
    packet.extend(0x5757_0000_0000_0001_i64.to_be_bytes());
    packet
}

/// Reads a pong; none if it is not one.
pub(super) fn read(answer: &[u8]) -> Option<Details> {
    let mut bytes = Bytes::new(answer);
    bytes.expect(&[UNCONNECTED_PONG])?;
    let (_time, _server) = (bytes.i64_be()?, bytes.i64_be()?);
    bytes.expect(&MAGIC)?;
    // Programs that are not Minecraft may end here: RakNet itself has no text.
    let text = bytes
        .u16_be()
        .and_then(|length| bytes.take(length.into()))
        .unwrap_or_default();
    Some(Details::Game(described(&String::from_utf8_lossy(text))))
}

/// Reads `MCPE;name;protocol;version;players;most;...`.
fn described(text: &str) -> Game {
    let fields = fields(text);
    let field = |at: usize| {
        fields
            .get(at)
            .map(|text| shown(text))
            .filter(|text| !text.is_empty())
    };
    let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
    let game = match field(0).as_deref() {
        Some("MCPE") => "Minecraft Bedrock".to_owned(),
        Some("MCEE") => "Minecraft Education".to_owned(),
        Some(other) => other.to_owned(),
        None => "RakNet".to_owned(),
    };
    Game {
        game,
        name: field(1).unwrap_or_default(),
        version: field(3),
        map: field(7),
        players: number(4).zip(number(5)),
    }
}

/// Fields between semicolons; a backslash takes a semicolon's meaning away. At most 16.
fn fields(text: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { chars.next() } else { None };
        if c == ';' && fields.len() < 16 {
            fields.push(String::new());
        } else if let Some(last) = fields.last_mut() {
            last.push(escaped.unwrap_or(c));
        }
    }
    fields
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A pong as the specification lays it out.
    pub(crate) fn pong(text: &str) -> Vec<u8> {
        let mut packet = vec![UNCONNECTED_PONG];
        packet.extend([0; 16]);
        packet.extend(MAGIC);
        packet.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        packet.extend(text.as_bytes());
        packet
    }

    #[test]
    fn a_bedrock_server_is_read() {
        let Some(Details::Game(game)) = read(&pong(
            "MCPE;Attic \\; cellar;800;1.21.80;3;20;77;Bedrock level;Survival;1;",
        )) else {
            panic!("not read")
        };
        assert_eq!(game.game, "Minecraft Bedrock");
        assert_eq!(game.name, "Attic ; cellar");
        assert_eq!(game.version.as_deref(), Some("1.21.80"));
        assert_eq!(game.players, Some((3, 20)));
        assert_eq!(game.map.as_deref(), Some("Bedrock level"));
    }

    #[test]
    fn another_magic_is_not_raknet() {
        let mut packet = pong("MCPE;x");
        packet[20] ^= 1;
        assert_eq!(read(&packet), None);
    }
}
