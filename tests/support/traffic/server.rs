//! A server that says who asked.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use serde::Serialize;

use super::{Answer, Protocol, Question, Seen};

/// Longer than any datagram.
const DATAGRAM: usize = 65_536;

type Memory = Arc<Mutex<HashSet<(bool, SocketAddr, u16)>>>;

/// Serves these ports until the process ends; a line `"ready"` on standard output says that all are open, then one
/// line [`Seen`] names each new client.
///
/// The UDP sockets are bound to `address` as it is given: bound to `0.0.0.0`, an answer leaves with the address that the
/// host's routes choose, as it does with most game servers.
pub fn serve(address: IpAddr, tcp: &[u16], udp: &[u16]) -> Result<()> {
    let memory = Memory::default();
    let mut threads = Vec::new();
    for port in tcp {
        let listener = TcpListener::bind((address, *port))
            .with_context(|| format!("cannot listen on {address}:{port}/tcp"))?;
        let memory = Arc::clone(&memory);
        threads.push(thread::spawn(move || accept(&listener, &memory)));
    }
    for port in udp {
        let socket = UdpSocket::bind((address, *port))
            .with_context(|| format!("cannot listen on {address}:{port}/udp"))?;
        let memory = Arc::clone(&memory);
        threads.push(thread::spawn(move || answer_datagrams(&socket, &memory)));
    }
    say(&"ready");
    for thread in threads {
        thread.join().unwrap_or(Ok(()))?;
    }
    Ok(())
}

fn accept(listener: &TcpListener, memory: &Memory) -> Result<()> {
    loop {
        // A client that is gone before it was accepted is no reason to stop.
        let Ok((stream, _)) = listener.accept() else {
            continue;
        };
        let memory = Arc::clone(memory);
        thread::spawn(move || answer_lines(&stream, &memory));
    }
}

fn answer_lines(stream: &TcpStream, memory: &Memory) -> Result<()> {
    let peer = stream.peer_addr()?;
    let port = stream.local_addr()?.port();
    note(memory, Protocol::Tcp, peer, port);
    stream.set_nodelay(true)?;
    let mut writer = stream;
    for line in BufReader::new(stream).lines() {
        let mut answer = answer_to(line?.as_bytes(), peer, port)?;
        answer.push(b'\n');
        writer.write_all(&answer)?;
    }
    Ok(())
}

fn answer_datagrams(socket: &UdpSocket, memory: &Memory) -> Result<()> {
    let port = socket.local_addr()?.port();
    let mut buffer = vec![0; DATAGRAM];
    loop {
        // An ICMP error for an earlier answer shows up here; the next client is not to suffer.
        let Ok((length, peer)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        let asked = buffer.get(..length).unwrap_or_default();
        if let Ok(answer) = answer_to(asked, peer, port) {
            note(memory, Protocol::Udp, peer, port);
            drop(socket.send_to(&answer, peer));
        }
    }
}

fn answer_to(question: &[u8], peer: SocketAddr, port: u16) -> Result<Vec<u8>> {
    let Question { number, nonce } = serde_json::from_slice(question)?;
    Ok(serde_json::to_vec(&Answer {
        number,
        nonce,
        peer,
        port,
    })?)
}

fn note(memory: &Memory, protocol: Protocol, peer: SocketAddr, port: u16) {
    let key = (protocol == Protocol::Tcp, peer, port);
    let new = memory.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    if new {
        say(&Seen { protocol, peer, port });
    }
}

fn say(line: &impl Serialize) {
    let mut out = std::io::stdout().lock();
    let text = serde_json::to_string(line).unwrap_or_default();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}
