//! UDP: send, send again, and read what comes back.

use std::{
    io,
    net::{Ipv4Addr, SocketAddrV4},
    time::{Duration, Instant},
};
use tokio::{net::UdpSocket, time::timeout_at};

use super::{Limits, Reach, failed, ms};
use crate::proof::query::{Query, Step};

/// How often a datagram goes out within the limit: one that is lost must not condemn the path.
const TRIES: u32 = 3;

/// How many answers are read before the last one is taken as it is: a server that asks for challenge after challenge
/// must not keep us.
const MOST_ANSWERS: u32 = 4;

/// A socket that hears the asked address alone, and its ICMP errors.
pub(super) async fn open(to: SocketAddrV4) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    socket.connect(to).await?;
    Ok(socket)
}

/// Asks over UDP.
pub(super) async fn ask(socket: &UdpSocket, query: Query, first: Vec<u8>, limits: Limits) -> Reach {
    match exchange(socket, query, first, limits.answer).await {
        Ok(outcome) => outcome,
        Err(error) => failed(&error),
    }
}

async fn exchange(
    socket: &UdpSocket,
    query: Query,
    mut packet: Vec<u8>,
    limit: Duration,
) -> io::Result<Reach> {
    let end = Instant::now() + limit;
    let mut sent = 0;
    for answers in 1..=MOST_ANSWERS {
        let Some((asked, answer)) = ask_once(socket, &packet, end, &mut sent).await? else {
            return Ok(Reach::Silent { sent });
        };
        match query.read(&answer) {
            Step::Send(next) if answers < MOST_ANSWERS => packet = next,
            Step::Send(_) => {
                return Ok(Reach::Answered {
                    round_trip_ms: ms(asked),
                    details: unread(),
                });
            }
            Step::Done(details) => {
                return Ok(Reach::Answered {
                    round_trip_ms: ms(asked),
                    details,
                });
            }
        }
    }
    Ok(Reach::Silent { sent })
}

fn unread() -> crate::proof::query::Details {
    crate::proof::query::Details::Unread {
        why: "it asked for one challenge after the other".to_owned(),
    }
}

/// Sends `packet` up to three times until something comes back; gives when it was sent last and the answer, or none at
/// the end.
async fn ask_once(
    socket: &UdpSocket,
    packet: &[u8],
    end: Instant,
    sent: &mut u32,
) -> io::Result<Option<(Instant, Vec<u8>)>> {
    let pause = end.saturating_duration_since(Instant::now()) / TRIES;
    let mut buffer = vec![0; 4096];
    for _ in 0..TRIES {
        let asked = Instant::now();
        socket.send(packet).await?;
        *sent += 1;
        let until = (asked + pause).min(end);
        match timeout_at(until.into(), socket.recv(&mut buffer)).await {
            Ok(Ok(count)) => {
                buffer.truncate(count);
                return Ok(Some((asked, buffer)));
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => {}
        }
    }
    Ok(None)
}
