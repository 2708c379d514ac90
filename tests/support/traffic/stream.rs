//! Long conversations that notice every interruption.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use uuid::Uuid;

use super::{Answer, Question, Tally};

/// How long answers are waited for after the last question.
const GRACE: Duration = Duration::from_secs(1);

/// How a stream talks.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Questions per second.
    pub rate: u32,
    /// How long at most.
    pub limit: Duration,
    /// Bytes of the nonce in each question.
    pub size: usize,
    /// Whether the end of standard input ends it earlier.
    pub until_input_ends: bool,
}

/// Sends numbered datagrams at an even pace and counts what comes back.
pub fn udp(server: SocketAddr, pace: Pace) -> Result<Tally> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(Duration::from_millis(100)))?;
    let book = Arc::new(Mutex::new(Book::new(pace.size)));
    let over = Arc::new(AtomicBool::new(false));
    let reader = {
        let (socket, book, over) = (socket.try_clone()?, Arc::clone(&book), Arc::clone(&over));
        thread::spawn(move || read_datagrams(&socket, &book, &over))
    };
    // An error is an ICMP answer to an earlier datagram: it shows as a loss.
    ask_evenly(pace, &book, |question| {
        drop(socket.send(question));
        Ok(())
    });
    thread::sleep(GRACE);
    over.store(true, Ordering::Relaxed);
    drop(reader.join());
    Ok(lock(&book).tally())
}

/// Sends numbered lines over one connection and checks what comes back. A connection that breaks ends it.
pub fn tcp(server: SocketAddr, pace: Pace) -> Result<Tally> {
    let stream = TcpStream::connect_timeout(&server, Duration::from_secs(10)).context("cannot connect")?;
    stream.set_nodelay(true)?;
    // Where nothing large gets through, the kernel soon takes no more.
    stream.set_write_timeout(Some(5 * GRACE))?;
    let book = Arc::new(Mutex::new(Book::new(pace.size)));
    let reader = {
        let (stream, book) = (stream.try_clone()?, Arc::clone(&book));
        thread::spawn(move || read_lines(stream, &book))
    };
    let mut writer = &stream;
    ask_evenly(pace, &book, |question| {
        writer.write_all(question)?;
        writer.write_all(b"\n")
    });
    // What is still on its way may take a retransmission or two.
    let waited = Instant::now();
    while waited.elapsed() < 5 * GRACE && !lock(&book).is_complete() {
        thread::sleep(Duration::from_millis(20));
    }
    drop(stream.shutdown(Shutdown::Both));
    drop(reader.join());
    Ok(lock(&book).tally())
}

fn ask_evenly(pace: Pace, book: &Mutex<Book>, mut send: impl FnMut(&[u8]) -> std::io::Result<()>) {
    let over = Arc::new(AtomicBool::new(false));
    if pace.until_input_ends {
        let over = Arc::clone(&over);
        thread::spawn(move || {
            drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
            over.store(true, Ordering::Relaxed);
        });
    }
    let step = Duration::from_secs(1) / pace.rate.max(1);
    let started = Instant::now();
    let mut due = started;
    while started.elapsed() < pace.limit && !over.load(Ordering::Relaxed) {
        let question = lock(book).next_question();
        if let Err(error) = send(&question) {
            lock(book).broken.get_or_insert(error.to_string());
        }
        if lock(book).broken.is_some() {
            return;
        }
        due += step;
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

fn read_datagrams(socket: &UdpSocket, book: &Mutex<Book>, over: &AtomicBool) {
    let mut buffer = vec![0; 65_536];
    while !over.load(Ordering::Relaxed) {
        if let Ok(length) = socket.recv(&mut buffer) {
            lock(book).note(buffer.get(..length).unwrap_or_default());
        }
    }
}

fn read_lines(stream: TcpStream, book: &Mutex<Book>) {
    for line in BufReader::new(stream).lines() {
        match line {
            Ok(line) => lock(book).note(line.as_bytes()),
            Err(error) => {
                lock(book).broken.get_or_insert(error.to_string());
                return;
            }
        }
    }
    let mut book = lock(book);
    if !book.is_complete() {
        book.broken
            .get_or_insert("the server closed the connection".to_owned());
    }
}

fn lock(book: &Mutex<Book>) -> std::sync::MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was asked and what came back.
struct Book {
    nonce: String,
    asked: Vec<Instant>,
    answered: Vec<bool>,
    latest: Option<u64>,
    last_answer: Option<Instant>,
    longest_silence: Duration,
    times: Vec<Duration>,
    seen_as: BTreeSet<SocketAddr>,
    reordered: u64,
    repeated: u64,
    damaged: u64,
    broken: Option<String>,
}

impl Book {
    fn new(size: usize) -> Self {
        let nonce = Uuid::new_v4().simple().to_string();
        Self {
            nonce: nonce.chars().cycle().take(size.max(8)).collect(),
            asked: Vec::new(),
            answered: Vec::new(),
            latest: None,
            last_answer: None,
            longest_silence: Duration::ZERO,
            times: Vec::new(),
            seen_as: BTreeSet::new(),
            reordered: 0,
            repeated: 0,
            damaged: 0,
            broken: None,
        }
    }

    fn next_question(&mut self) -> Vec<u8> {
        let number = self.asked.len() as u64;
        self.asked.push(Instant::now());
        self.answered.push(false);
        // Silence counts from the first question on, answered or not.
        self.last_answer.get_or_insert_with(Instant::now);
        let nonce = self.nonce.clone();
        serde_json::to_vec(&Question { number, nonce }).unwrap_or_default()
    }

    fn note(&mut self, line: &[u8]) {
        let Ok(answer) = serde_json::from_slice::<Answer>(line) else {
            self.damaged += 1;
            return;
        };
        let index = usize::try_from(answer.number).unwrap_or(usize::MAX);
        let (Some(asked), Some(answered)) = (self.asked.get(index), self.answered.get_mut(index)) else {
            self.damaged += 1;
            return;
        };
        if answer.nonce != self.nonce {
            self.damaged += 1;
            return;
        }
        if std::mem::replace(answered, true) {
            self.repeated += 1;
            return;
        }
        self.times.push(asked.elapsed());
        self.seen_as.insert(answer.peer);
        if self.latest.is_some_and(|latest| latest > answer.number) {
            self.reordered += 1;
        }
        self.latest = self.latest.max(Some(answer.number));
        let now = Instant::now();
        if let Some(before) = self.last_answer.replace(now) {
            self.longest_silence = self.longest_silence.max(now - before);
        }
    }

    fn is_complete(&self) -> bool {
        self.times.len() == self.asked.len()
    }

    fn tally(&mut self) -> Tally {
        self.times.sort_unstable();
        let sent = self.asked.len() as u64;
        let answered = self.times.len() as u64;
        // Nothing answered since long before the last question is a silence too.
        let unheard = match (self.last_answer, self.asked.last()) {
            (Some(heard), Some(asked)) => asked.saturating_duration_since(heard),
            _ => Duration::ZERO,
        };
        Tally {
            sent,
            answered,
            lost: sent - answered,
            reordered: self.reordered,
            repeated: self.repeated,
            damaged: self.damaged,
            longest_silence_ms: millis(self.longest_silence.max(unheard)),
            median_us: self.percentile(50),
            p99_us: self.percentile(99),
            seen_as: self.seen_as.iter().copied().collect(),
            broken: self.broken.clone(),
        }
    }

    fn percentile(&self, percent: usize) -> u64 {
        let index = self.times.len().saturating_sub(1) * percent / 100;
        let time = self.times.get(index).copied().unwrap_or_default();
        u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
