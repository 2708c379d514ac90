//! TCP: connect, hold, and Minecraft's status.

use std::{
    io,
    net::{Ipv4Addr, SocketAddrV4},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use super::{Limits, Reach, failed, ms};
use crate::proof::query::{
    Query, excerpt,
    minecraft::{self, Progress},
};

/// A socket with a port of its own, so that the port is known also of a connection that never stands.
pub(super) fn open(to: SocketAddrV4) -> io::Result<TcpSocket> {
    // Connecting a UDP socket sends nothing, and tells which address leads there.
    let towards = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    towards.connect(to)?;
    let own = towards.local_addr()?.ip();
    let socket = TcpSocket::new_v4()?;
    socket.bind((own, 0).into())?;
    Ok(socket)
}

/// Connects and asks. `host` is what the player types.
pub(super) async fn attempt(
    socket: TcpSocket,
    to: SocketAddrV4,
    host: &str,
    query: Query,
    limits: Limits,
) -> Reach {
    match (connect(socket, to, limits).await, query) {
        (Err(outcome), _) => outcome,
        (Ok((stream, round_trip_ms)), Query::MinecraftJava) => {
            minecraft(stream, round_trip_ms, (host, to.port()), limits).await
        }
        // A box on the way that answers in the server's place often cuts a connection at once.
        (Ok((stream, round_trip_ms)), _) => hold(stream, round_trip_ms, limits.hold).await,
    }
}

async fn connect(socket: TcpSocket, to: SocketAddrV4, limits: Limits) -> Result<(TcpStream, u32), Reach> {
    let start = Instant::now();
    match timeout(limits.connect, socket.connect(to.into())).await {
        Ok(Ok(stream)) => Ok((stream, ms(start))),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(Reach::TimedOut),
    }
}

async fn hold(mut stream: TcpStream, round_trip_ms: u32, hold: Duration) -> Reach {
    let start = Instant::now();
    let mut buffer = [0; 256];
    let (said, closed) = match timeout(hold, stream.read(&mut buffer)).await {
        Err(_) => (None, false),
        Ok(Ok(0)) => (None, true),
        Ok(Ok(count)) => (Some(excerpt(buffer.get(..count).unwrap_or_default())), false),
        Ok(Err(_)) => return Reach::Reset { after_ms: ms(start) },
    };
    Reach::Connected {
        round_trip_ms,
        said,
        closed,
        unanswered: None,
    }
}

/// Asks a Minecraft server for its status and measures a ping.
async fn minecraft(mut stream: TcpStream, connect_ms: u32, typed: (&str, u16), limits: Limits) -> Reach {
    let start = Instant::now();
    let mut received = vec![];
    let request = minecraft::request(typed.0, typed.1);
    let asked = timeout(
        limits.answer,
        ask(&mut stream, &request, &mut received, minecraft::read_status),
    )
    .await;
    match asked {
        Ok(Ok(Asked::Answer(details))) => {
            let status_ms = ms(start);
            let round_trip_ms = ping(&mut stream, received, limits.answer)
                .await
                .unwrap_or(status_ms);
            Reach::Answered {
                round_trip_ms,
                details,
            }
        }
        // Nothing was said and the connection was cut: not a Minecraft server that is in a mood, but a box on the way.
        Ok(Err(_)) if received.is_empty() => Reach::Reset { after_ms: ms(start) },
        Ok(Ok(Asked::Closed)) => other(&received, connect_ms, true),
        Ok(Ok(Asked::Foreign) | Err(_)) | Err(_) => other(&received, connect_ms, false),
    }
}

/// The connection stood, but what came back was no status.
fn other(received: &[u8], round_trip_ms: u32, closed: bool) -> Reach {
    let said = (!received.is_empty()).then(|| excerpt(received));
    Reach::Connected {
        round_trip_ms,
        said,
        closed,
        unanswered: Some(Query::MinecraftJava),
    }
}

/// How an exchange over a stream ended.
enum Asked<T> {
    Answer(T),
    Foreign,
    Closed,
}

/// Sends `request` and reads until `read` is content. What belongs to the answer is taken out of `received`; never more
/// than one status is kept, however much the other side sends.
async fn ask<T>(
    stream: &mut TcpStream,
    request: &[u8],
    received: &mut Vec<u8>,
    read: impl Fn(&[u8]) -> Progress<T>,
) -> io::Result<Asked<T>> {
    stream.write_all(request).await?;
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await?;
        received.extend_from_slice(buffer.get(..count).unwrap_or_default());
        match read(received) {
            Progress::Done(answer, taken) => {
                received.drain(..taken);
                return Ok(Asked::Answer(answer));
            }
            Progress::Foreign => return Ok(Asked::Foreign),
            Progress::More if count == 0 => return Ok(Asked::Closed),
            Progress::More if received.len() > minecraft::MOST_STATUS + buffer.len() => {
                return Ok(Asked::Foreign);
            }
            Progress::More => {}
        }
    }
}

/// Round trip of a ping in milliseconds; none if the server does not answer it, as old ones do not.
async fn ping(stream: &mut TcpStream, mut received: Vec<u8>, limit: Duration) -> Option<u32> {
    const NUMBER: i64 = 0x5757;
    let start = Instant::now();
    let request = minecraft::ping(NUMBER);
    let asked = ask(stream, &request, &mut received, |bytes| {
        minecraft::read_pong(bytes, NUMBER)
    });
    match timeout(limit.min(Duration::from_secs(1)), asked).await {
        Ok(Ok(Asked::Answer(()))) => Some(ms(start)),
        _ => None,
    }
}
