//! HTTPS: connections, the faults of answers, and the log of requests.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::ext::ReasonPhrase;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::answer::Answer;
use super::call::Call;
use super::cluster::Cluster;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// The connection ends in the middle of it. What was asked for is done.
    Truncated,
    /// It is 10 MB long.
    Huge,
    /// It is the page of a proxy in between, with this status. What was asked for is not done.
    Html(u16),
    /// It never comes. What was asked for is not done.
    Silent,
}

/// One request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// GET, POST, PUT or DELETE.
    pub method: String,
    /// The path with the query, as it was sent.
    pub target: String,
    /// The status it was answered with.
    pub status: u16,
}

/// Something that happens at the next request of a kind.
pub(super) struct Hook {
    pub method: String,
    /// A piece of the path.
    pub part: String,
    pub what: Event,
}

/// What happens.
pub(super) enum Event {
    /// The cluster changes just before the request is looked at.
    Change(Box<dyn FnOnce(&mut Cluster) + Send>),
    /// The answer is spoilt.
    Fault(AnswerFault),
}

/// What connections and the test share.
pub(super) struct Shared {
    pub cluster: Mutex<Cluster>,
    pub hooks: Mutex<Vec<Hook>>,
    pub log: Mutex<Vec<Logged>>,
    /// The certificate of new connections; those of an older one are ended.
    pub tls: watch::Sender<Arc<ServerConfig>>,
    /// Nobody is at home: connections are cut off at once.
    pub away: AtomicBool,
}

/// Locks, also after a test that failed with the lock held.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes connections for as long as the runtime lives.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        if !shared.away.load(Ordering::Relaxed) {
            // What goes wrong on a connection is the client's to notice.
            tokio::spawn(async move { drop(connection(stream, shared).await) });
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut certificates = shared.tls.subscribe();
    let tls = Arc::clone(&certificates.borrow_and_update());
    let stream = TlsAcceptor::from(tls).accept(stream).await?;
    let service = service_fn(|request| respond(request, Arc::clone(&shared)));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended.map_err(io::Error::other),
        _ = certificates.changed() => connection.as_mut().graceful_shutdown(),
    }
    connection.await.map_err(io::Error::other)
}

async fn respond(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Content>, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let headers: BTreeMap<String, String> = head
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let call = Call::new(head.method.as_str(), target, &headers, &body);
    let answering = Arc::clone(&shared);
    let answered = tokio::task::spawn_blocking(move || answering.answer(&call)).await;
    let (answer, fault) = answered.map_err(io::Error::other)?;
    if fault == Some(AnswerFault::Silent) {
        let never: Result<Response<Content>, Infallible> = std::future::pending().await;
        return never.map_err(io::Error::other);
    }
    response(answer, fault)
}

impl Shared {
    /// Answers a call, with what the test wants to happen at it.
    fn answer(&self, call: &Call) -> (Answer, Option<AnswerFault>) {
        let mut fault = None;
        for event in self.events(call) {
            match event {
                Event::Change(change) => change(&mut locked(&self.cluster)),
                Event::Fault(wanted) => fault = Some(wanted),
            }
        }
        let answer = match fault {
            Some(AnswerFault::Html(status)) => Answer::page(status),
            Some(AnswerFault::Silent) => Answer::page(504),
            None | Some(AnswerFault::Truncated | AnswerFault::Huge) => locked(&self.cluster).answer(call),
        };
        locked(&self.log).push(Logged {
            method: call.method.clone(),
            target: call.target.clone(),
            status: answer.status,
        });
        (answer, fault)
    }

    /// What is to happen at this call: every change, and of the faults the first; the next call has the next.
    fn events(&self, call: &Call) -> Vec<Event> {
        let mut hooks = locked(&self.hooks);
        let mut spoilt = false;
        let fits = |hook: &mut Hook| {
            let fault = matches!(hook.what, Event::Fault(_));
            let meant = hook.method == call.method && call.target.contains(&hook.part) && !(fault && spoilt);
            spoilt |= meant && fault;
            meant
        };
        hooks.extract_if(.., fits).map(|hook| hook.what).collect()
    }
}

impl Answer {
    /// What a proxy in between says.
    fn page(status: u16) -> Self {
        Self {
            status,
            reason: "Bad Gateway".to_owned(),
            body: format!(
                "<html><head><title>{status} Bad Gateway</title></head><body><h1>{status}</h1></body></html>"
            ),
            content_type: "text/html",
        }
    }
}

fn response(answer: Answer, fault: Option<AnswerFault>) -> io::Result<Response<Content>> {
    let body = match fault {
        Some(AnswerFault::Huge) => format!("{{\"data\":\"{}\"}}", "x".repeat(10 << 20)),
        _ => answer.body,
    };
    let content = Content {
        length: body.len() as u64,
        truncated: fault == Some(AnswerFault::Truncated),
        rest: Some(Bytes::from(body)),
    };
    let mut response = Response::builder()
        .status(StatusCode::from_u16(answer.status).map_err(io::Error::other)?)
        .header("content-type", answer.content_type)
        .header("cache-control", "max-age=0")
        .header("server", "pve-api-daemon/3.0")
        .body(content)
        .map_err(io::Error::other)?;
    let reason = ReasonPhrase::try_from(answer.reason.into_bytes()).map_err(io::Error::other)?;
    response.extensions_mut().insert(reason);
    Ok(response)
}

/// The body of an answer.
struct Content {
    length: u64,
    /// Half of it is sent, then the connection ends.
    truncated: bool,
    rest: Option<Bytes>,
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Some(rest) = self.rest.take() else {
            let end = self
                .truncated
                .then(|| Err(io::Error::other("truncated on purpose")));
            return Poll::Ready(end);
        };
        let sent = if self.truncated {
            rest.slice(..rest.len() / 2)
        } else {
            rest
        };
        Poll::Ready(Some(Ok(Frame::data(sent))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && !self.truncated
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
