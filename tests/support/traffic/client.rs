//! One question and its answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use uuid::Uuid;

use super::{Answer, Protocol, Question};

/// Asks a server once and checks that the answer is to this question. A datagram is sent again each 300 ms: the
/// first may only have woken up a tunnel.
pub fn ask(protocol: Protocol, server: SocketAddr, limit: Duration) -> Result<Answer> {
    let question = Question {
        number: 0,
        nonce: Uuid::new_v4().to_string(),
    };
    let answer = match protocol {
        Protocol::Tcp => ask_tcp(server, &question, limit)?,
        Protocol::Udp => ask_udp(server, &question, limit)?,
    };
    ensure!(
        answer.nonce == question.nonce,
        "the answer is to another question"
    );
    Ok(answer)
}

/// Waits until something accepts connections, and if `greeting` is given, says it first.
pub fn wait_tcp(server: SocketAddr, greeting: Option<&str>, limit: Duration) -> Result<()> {
    let started = Instant::now();
    let mut last = None;
    while started.elapsed() < limit {
        match greeted(server, greeting.unwrap_or("")) {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
        thread::sleep(Duration::from_millis(50));
    }
    let seconds = limit.as_secs();
    match last {
        Some(error) => Err(error.context(format!("{server} did not answer within {seconds} s"))),
        None => bail!("no time to ask {server}"),
    }
}

fn greeted(server: SocketAddr, greeting: &str) -> Result<()> {
    let limit = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&server, limit)?;
    stream.set_read_timeout(Some(limit))?;
    let mut said = vec![0; greeting.len()];
    stream.read_exact(&mut said)?;
    ensure!(said == greeting.as_bytes(), "{server} greets otherwise");
    Ok(())
}

fn ask_tcp(server: SocketAddr, question: &Question, limit: Duration) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&server, limit).context("cannot connect")?;
    stream.set_read_timeout(Some(limit))?;
    let mut line = serde_json::to_vec(question)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream)
        .read_line(&mut answer)
        .context("no answer")?;
    Ok(serde_json::from_str(&answer)?)
}

fn ask_udp(server: SocketAddr, question: &Question, limit: Duration) -> Result<Answer> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(Duration::from_millis(300)))?;
    let datagram = serde_json::to_vec(question)?;
    let started = Instant::now();
    let mut buffer = vec![0; 65_536];
    while started.elapsed() < limit {
        // "Connection refused" is an ICMP answer to an earlier datagram: worth another try.
        let sent = socket.send(&datagram);
        match sent.and_then(|_| socket.recv(&mut buffer)) {
            Ok(length) => {
                return Ok(serde_json::from_slice(buffer.get(..length).unwrap_or_default())?);
            }
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
    bail!("no answer from {server}/udp within {} s", limit.as_secs())
}
