//! Servers that speak the query protocols of real games, by their specifications: minecraft.wiki ("Server List Ping",
//! "Unconnected Ping") and the Valve Developer Community ("Server queries").

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// What all of them call themselves.
pub const NAME: &str = "Attic Survival";
/// Players who are there.
pub const PLAYERS: u8 = 3;
/// Players who fit.
pub const MOST: u8 = 20;

/// RakNet's constant for packets outside a connection.
const MAGIC: [u8; 16] = [
    0x00, 0xff, 0xff, 0x00, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78,
];
/// `A2S_INFO` without a challenge.
const A2S_INFO: &[u8] = b"\xff\xff\xff\xffTSource Engine Query\0";

/// Serves until the process ends: Minecraft Java on a TCP port, Source and Minecraft Bedrock on UDP ports. A line
/// `"ready"` says that all are open.
pub fn serve(minecraft: u16, source: u16, bedrock: u16) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, minecraft))?;
    let source = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, source))?;
    let bedrock = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, bedrock))?;
    let threads = [
        thread::spawn(move || accept(&listener)),
        thread::spawn(move || answer_datagrams(&source, a2s)),
        thread::spawn(move || answer_datagrams(&bedrock, raknet)),
    ];
    let mut out = std::io::stdout().lock();
    writeln!(out, "\"ready\"").and_then(|()| out.flush())?;
    drop(out);
    for thread in threads {
        drop(thread.join());
    }
    Ok(())
}

fn accept(listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        thread::spawn(move || talk(stream));
    }
}

/// Handshake, status, ping; then the client leaves.
fn talk(mut stream: TcpStream) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let handshake = read_packet(&mut stream)?;
    ensure!(
        handshake.first() == Some(&0) && handshake.last() == Some(&1),
        "no handshake for a status"
    );
    ensure!(read_packet(&mut stream)? == [0], "no status request");
    let status = format!(
        r#"{{"version":{{"name":"1.21.4","protocol":769}},"players":{{"max":{MOST},"online":{PLAYERS}}},"description":{{"text":"{NAME}"}}}}"#
    );
    let mut packet = vec![0];
    put_varint(&mut packet, status.len());
    packet.extend(status.bytes());
    write_packet(&mut stream, &packet)?;
    let ping = read_packet(&mut stream)?;
    write_packet(&mut stream, &ping)
}

fn read_packet(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let (mut length, mut shift) = (0_usize, 0);
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        shift += 7;
        if byte[0] & 0x80 == 0 {
            break;
        }
        ensure!(shift < 21, "a packet that is too long");
    }
    let mut packet = vec![0; length];
    stream.read_exact(&mut packet)?;
    Ok(packet)
}

fn write_packet(stream: &mut TcpStream, packet: &[u8]) -> Result<()> {
    let mut framed = vec![];
    put_varint(&mut framed, packet.len());
    framed.extend(packet);
    stream.write_all(&framed).context("the client is gone")
}

fn put_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        bytes.push(low_bits(value) | 0x80);
        value >>= 7;
    }
    bytes.push(low_bits(value));
}

fn low_bits(value: usize) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0)
}

/// Answers what `answer` knows, and keeps silent to everything else, as game servers do.
fn answer_datagrams(socket: &UdpSocket, answer: impl Fn(&[u8], u32) -> Option<Vec<u8>>) {
    let mut buffer = [0; 2048];
    loop {
        let Ok((length, client)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        let challenge = u32::from(client.port()) * 65_537;
        let asked = buffer.get(..length).unwrap_or_default();
        if let Some(said) = answer(asked, challenge) {
            drop(socket.send_to(&said, client));
        }
    }
}

/// Only who sends the challenge back is told anything.
fn a2s(asked: &[u8], challenge: u32) -> Option<Vec<u8>> {
    let given = asked.strip_prefix(A2S_INFO)?;
    if given != challenge.to_le_bytes() {
        return Some([b"\xff\xff\xff\xffA".as_slice(), &challenge.to_le_bytes()].concat());
    }
    let mut packet = b"\xff\xff\xff\xffI\x11".to_vec();
    for text in [NAME, "de_attic", "csgo", "Counter-Strike 2"] {
        packet.extend(text.bytes());
        packet.push(0);
    }
    packet.extend(730_u16.to_le_bytes());
    packet.extend([PLAYERS, MOST, 0, b'd', b'l', 0, 1]);
    packet.extend(b"1.40.2.1\0");
    Some(packet)
}

fn raknet(asked: &[u8], _: u32) -> Option<Vec<u8>> {
    let (time, rest) = asked.strip_prefix(&[1])?.split_at_checked(8)?;
    rest.strip_prefix(&MAGIC)?;
    let text = format!("MCPE;{NAME};800;1.21.80;{PLAYERS};{MOST};77;world;Survival;1;19132;19133;");
    let length = u16::try_from(text.len()).ok()?.to_be_bytes();
    Some([&[0x1c], time, &[0; 8], &MAGIC, &length, text.as_bytes()].concat())
}
