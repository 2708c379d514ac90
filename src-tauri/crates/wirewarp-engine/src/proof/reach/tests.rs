//! Real sockets on loopback. The servers below are written from the same public specifications as the parsers, so that a
//! misreading of a specification would not show here.

use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UdpSocket},
};

use super::*;
use crate::proof::query::{minecraft, quake, raknet, source};

const LOCAL: Ipv4Addr = Ipv4Addr::LOCALHOST;

fn quick() -> Limits {
    Limits {
        connect: Duration::from_millis(600),
        answer: Duration::from_millis(600),
        hold: Duration::from_millis(100),
    }
}

/// Tries a port within the sum of the limits, and checks that it took no longer.
async fn try_it(port: u16, query: Query) -> Reach {
    let start = Instant::now();
    let Try { reach: outcome, from } = reach(
        LOCAL,
        Port::new(port).unwrap(),
        "play.example.org",
        query,
        quick(),
    )
    .await;
    let from = from.unwrap();
    assert!(*from.ip() == LOCAL && from.port() > 0, "{from}");
    assert!(start.elapsed() < Duration::from_secs(3), "{outcome:?}");
    outcome
}

/// A TCP server that treats each connection with `serve`; gives its port.
async fn tcp<F, Done>(serve: F) -> u16
where
    F: Fn(TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((LOCAL, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    port
}

/// A UDP server that answers each datagram with what `answer` makes of it.
async fn udp(answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> u16 {
    let socket = UdpSocket::bind((LOCAL, 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((count, from)) = socket.recv_from(&mut buffer).await {
            for packet in answer(&buffer[..count]) {
                socket.send_to(&packet, from).await.unwrap();
            }
        }
    });
    port
}

fn game(outcome: &Reach) -> crate::proof::query::Game {
    let Reach::Answered {
        details: Details::Game(game),
        round_trip_ms,
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert!(*round_trip_ms >= 1);
    game.clone()
}

const STATUS: &str = r#"{"version":{"name":"1.21.4"},"players":{"max":20,"online":2},"description":"Attic"}"#;

/// Answers the handshake with `status`, byte by byte if `slowly`, and pings with themselves.
async fn minecraft_server(mut stream: TcpStream, status: Vec<u8>, slowly: bool) {
    let request = minecraft::request("play.example.org", stream.local_addr().unwrap().port());
    let mut received = vec![0; request.len()];
    stream.read_exact(&mut received).await.unwrap();
    assert_eq!(received, request);
    let step = if slowly { 7 } else { status.len() };
    for part in status.chunks(step) {
        stream.write_all(part).await.unwrap();
        if slowly {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    let mut ping = [0; 10];
    if stream.read_exact(&mut ping).await.is_ok() {
        stream.write_all(&ping).await.unwrap();
    }
}

#[tokio::test]
async fn a_minecraft_server_tells_its_name_and_players() {
    for slowly in [false, true] {
        let status = minecraft::tests::answer(STATUS);
        let port = tcp(move |stream| minecraft_server(stream, status.clone(), slowly)).await;
        let game = game(&try_it(port, Query::MinecraftJava).await);
        assert_eq!((game.name.as_str(), game.players), ("Attic", Some((2, 20))));
    }
}

#[tokio::test]
async fn a_server_that_is_no_minecraft_server_is_still_a_connection() {
    let port = tcp(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let mut sink = [0; 512];
        while stream.read(&mut sink).await.is_ok_and(|count| count > 0) {}
    })
    .await;
    let outcome = try_it(port, Query::MinecraftJava).await;
    let Reach::Connected {
        said: Some(said),
        unanswered: Some(Query::MinecraftJava),
        ..
    } = &outcome
    else {
        panic!("{outcome:?}")
    };
    assert!(said.starts_with("HTTP/1.1 400"), "{said}");
}

#[tokio::test]
async fn endless_bytes_and_endless_silence_end_within_the_limit() {
    let stream = tcp(|mut stream| async move {
        // A length of 2 MiB - 1, and bytes without an end.
        let _ = stream.write_all(&[0xff, 0xff, 0x7f]).await;
        while stream.write_all(&[0; 16_384]).await.is_ok() {}
    })
    .await;
    let growing = tcp(|mut stream| async move {
        // A status of the longest length that is taken, which never gets there.
        let _ = stream.write_all(&[0x80, 0x80, 0x08, 0x00]).await;
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    let mute = tcp(|stream| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(stream);
    })
    .await;
    for port in [stream, growing, mute] {
        let outcome = try_it(port, Query::MinecraftJava).await;
        assert!(
            matches!(
                outcome,
                Reach::Connected {
                    unanswered: Some(_),
                    ..
                }
            ),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_connection_is_held_to_see_whether_it_is_cut() {
    let held = tcp(|stream| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(stream);
    })
    .await;
    let outcome = try_it(held, Query::Connect).await;
    assert!(
        matches!(
            outcome,
            Reach::Connected {
                said: None,
                closed: false,
                ..
            }
        ),
        "{outcome:?}"
    );

    let cut = tcp(|stream| async move {
        tokio::time::sleep(Duration::from_millis(30)).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let outcome = try_it(cut, Query::Connect).await;
    assert!(
        matches!(outcome, Reach::Reset { after_ms } if after_ms >= 20),
        "{outcome:?}"
    );

    let closed = tcp(|stream| async move { drop(stream) }).await;
    let outcome = try_it(closed, Query::Connect).await;
    assert!(
        matches!(outcome, Reach::Connected { closed: true, .. }),
        "{outcome:?}"
    );

    let banner = tcp(|mut stream| async move {
        stream.write_all(b"SSH-2.0-OpenSSH_9.2\x1b[2J\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    })
    .await;
    let outcome = try_it(banner, Query::Connect).await;
    let Reach::Connected { said: Some(said), .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(said, r"SSH-2.0-OpenSSH_9.2\x1b[2J\r\n");
}

#[tokio::test]
async fn a_refused_port_a_full_one_and_a_silent_one_are_told_apart() {
    // A port that was free a moment ago.
    let free = TcpListener::bind((LOCAL, 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert_eq!(try_it(free, Query::Connect).await, Reach::Refused);
    assert_eq!(try_it(free, Query::MinecraftJava).await, Reach::Refused);

    let free = UdpSocket::bind((LOCAL, 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for query in [Query::Datagram, Query::Source] {
        assert_eq!(try_it(free, query).await, Reach::Refused);
    }

    let silent = UdpSocket::bind((LOCAL, 0)).await.unwrap();
    let outcome = try_it(silent.local_addr().unwrap().port(), Query::RakNet).await;
    assert_eq!(outcome, Reach::Silent { sent: 3 });
}

#[tokio::test]
async fn a_source_server_with_a_challenge_is_read() {
    let port = udp(
        |asked| match asked.strip_prefix(source::request(None).as_slice()) {
            Some([]) => vec![b"\xff\xff\xff\xffA\x0a\x0b\x0c\x0d".to_vec()],
            Some([10, 11, 12, 13]) => vec![source::tests::info()],
            _ => vec![],
        },
    )
    .await;
    assert_eq!(game(&try_it(port, Query::Source).await).name, "Friday night");
}

#[tokio::test]
async fn a_server_that_asks_for_challenge_after_challenge_is_left() {
    let port = udp(|_| vec![b"\xff\xff\xff\xffA\x0a\x0b\x0c\x0d".to_vec()]).await;
    let outcome = try_it(port, Query::Source).await;
    assert!(
        matches!(
            outcome,
            Reach::Answered {
                details: Details::Unread { .. },
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn bedrock_and_quake_servers_are_read() {
    let bedrock = udp(|asked| {
        let text = "MCPE;Attic;800;1.21.80;3;20;77;level;Survival;1;19132;19133;";
        if asked == raknet::request() {
            vec![raknet::tests::pong(text)]
        } else {
            vec![]
        }
    })
    .await;
    assert_eq!(game(&try_it(bedrock, Query::RakNet).await).players, Some((3, 20)));
    let arena = udp(|asked| {
        if asked == quake::request() {
            vec![quake::tests::INFO.to_vec()]
        } else {
            vec![]
        }
    })
    .await;
    assert_eq!(game(&try_it(arena, Query::Quake).await).name, "Arena");
}

#[tokio::test]
async fn garbage_is_an_answer_too() {
    for query in [Query::Source, Query::RakNet, Query::Quake, Query::Datagram] {
        let port = udp(|_| vec![b"\x1b]0;owned\x07".to_vec(), vec![0; 1400]]).await;
        let outcome = try_it(port, query).await;
        let Reach::Answered {
            details: Details::Unknown { length: 10, excerpt },
            ..
        } = outcome
        else {
            panic!("{outcome:?}")
        };
        assert_eq!(excerpt, r"\x1b]0;owned\x07");
    }
}

#[tokio::test]
async fn a_datagram_that_is_lost_is_sent_again() {
    let heard = std::sync::atomic::AtomicU32::new(0);
    let port = udp(
        move |_| match heard.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => vec![],
            _ => vec![b"here".to_vec()],
        },
    )
    .await;
    let outcome = try_it(port, Query::Datagram).await;
    assert!(matches!(outcome, Reach::Answered { .. }), "{outcome:?}");
}
