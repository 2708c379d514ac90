//! TCP connections, and what the other side says first.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::error::SshError;
use super::problem::SshProblem;

/// The next address of a name is tried beside the one before after this long (RFC 8305 section 5).
const HEAD_START: Duration = Duration::from_millis(250);
/// How much of the first words is kept.
const MOST_GREETING: usize = 256;

/// Connects to the first address of `host` that answers, within `limit` for all of them.
pub(super) async fn dial(host: &str, port: u16, limit: Duration) -> Result<TcpStream, SshError> {
    let fail = |problem| SshError::new(host, problem);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let search = tokio::time::timeout(limit, tokio::net::lookup_host((bare, port)));
    let found = search.await.map_err(|_| fail(SshProblem::NameNotFound))?;
    let addresses: Vec<SocketAddr> = found
        .map_err(|error| fail(SshProblem::NameNotFound).because(error))?
        .collect();
    if addresses.is_empty() {
        return Err(fail(SshProblem::NameNotFound));
    }
    let stream = match tokio::time::timeout(limit, race(addresses)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(fail(problem_of(&error, limit)).because(error)),
        Err(_) => return Err(fail(SshProblem::TimedOut(limit))),
    };
    // Small packets go back and forth; waiting to fill them costs a round trip each.
    stream
        .set_nodelay(true)
        .map_err(|error| fail(SshProblem::ConnectionLost(String::new())).because(error))?;
    Ok(stream)
}

async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let attempts = addresses
        .into_iter()
        .zip(0u32..)
        .map(|(address, turn)| async move {
            tokio::time::sleep(HEAD_START * turn).await;
            TcpStream::connect(address).await
        });
    let mut attempts: FuturesUnordered<_> = attempts.collect();
    let mut first_error = None;
    while let Some(result) = attempts.next().await {
        match result {
            Ok(stream) => return Ok(stream),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    Err(first_error.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()))
}

fn problem_of(error: &io::Error, limit: Duration) -> SshProblem {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of kinds is open")]
    match error.kind() {
        io::ErrorKind::ConnectionRefused => SshProblem::Refused,
        io::ErrorKind::TimedOut => SshProblem::TimedOut(limit),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => SshProblem::ClosedEarly,
        _ => SshProblem::Unreachable,
    }
}

/// The first bytes that came, to tell an SSH server that hung up from a web server.
#[derive(Clone, Default)]
pub(super) struct Greeting(Arc<Mutex<Vec<u8>>>);

impl Greeting {
    /// Whether something was said and it is not SSH. sshd turns people away in plain words, too.
    pub(super) fn is_foreign(&self) -> bool {
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&said);
        let from_sshd = ["SSH-", "Exceeded MaxStartups", "Not allowed at this time"];
        !text.is_empty() && !from_sshd.iter().any(|known| text.contains(known))
    }
}

/// A stream that keeps its first bytes in a [`Greeting`].
pub(super) struct Listening<S> {
    stream: S,
    greeting: Greeting,
    kept: usize,
}

impl<S> Listening<S> {
    pub(super) fn new(stream: S, greeting: Greeting) -> Self {
        Self {
            stream,
            greeting,
            kept: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Listening<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.kept < MOST_GREETING && poll.is_ready() {
            let fresh = &buf.filled()[before..];
            let take = fresh.len().min(MOST_GREETING - self.kept);
            self.kept += take;
            self.greeting
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(&fresh[..take]);
        }
        poll
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Listening<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
