//! A small HTTPS server that says what a test wants it to say, and notes what it was asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use url::form_urlencoded;

use crate::{Api, ApiToken, Endpoint, Fingerprint, Limits, Server, params::Params};

/// A request that came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// Without the query, decoded.
    pub path: String,
    /// Of the query, then of the body.
    pub params: Params,
    /// With names in lower case.
    pub headers: BTreeMap<String, String>,
}

/// What is said to a request.
pub enum Reply {
    /// Status, text of the status line, body.
    Answer(u16, String, String),
    /// These bytes, then the connection closes.
    Raw(Vec<u8>),
    /// Nothing, for a long time.
    Silence,
}

type Handler = Box<dyn FnMut(&Seen) -> Reply + Send>;

/// The server; it ends with the test.
pub struct Stub {
    port: u16,
    pub fingerprint: Fingerprint,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Stub {
    /// A server with a certificate of its own that answers by `handler`.
    pub async fn start(handler: impl FnMut(&Seen) -> Reply + Send + 'static) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let fingerprint = Fingerprint::of(&certificate);
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let handler: Arc<Mutex<Handler>> = Arc::new(Mutex::new(Box::new(handler)));
        let task = tokio::spawn(serve(
            listener,
            TlsAcceptor::from(Arc::new(config)),
            handler,
            seen.clone(),
        ));
        Self {
            port,
            fingerprint,
            seen,
            task,
        }
    }

    /// The same with one answer to everything.
    pub async fn saying(status: u16, reason: &str, body: &str) -> Self {
        let (reason, body) = (reason.to_owned(), body.to_owned());
        Self::start(move |_| Reply::Answer(status, reason.clone(), body.clone())).await
    }

    pub fn endpoint(&self) -> Endpoint {
        format!("127.0.0.1:{}", self.port).parse().unwrap()
    }

    /// A client that trusts it.
    pub fn server(&self) -> Server {
        Server::new(self.endpoint(), Some(self.fingerprint), quick()).unwrap()
    }

    /// A client with an API token.
    pub fn api(&self) -> Api {
        Api::with_token(self.server(), &token())
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The last that was asked.
    pub fn last(&self) -> Seen {
        self.seen().pop().expect("something was asked")
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits that a test can afford.
pub fn quick() -> Limits {
    Limits {
        connect: Duration::from_secs(5),
        request: Duration::from_secs(5),
        answer: 1 << 20,
        retries: vec![Duration::from_millis(5); 2],
        poll: Duration::from_millis(5),
        ..Limits::default()
    }
}

pub fn token() -> ApiToken {
    "app@pve!full=00000000-0000-4000-8000-000000000000"
        .parse()
        .unwrap()
}

async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    handler: Arc<Mutex<Handler>>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, handler, seen) = (acceptor.clone(), handler.clone(), seen.clone());
        tokio::spawn(async move {
            // A client that does not trust us hangs up here.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                while one(&mut stream, &handler, &seen).await.is_some() {}
                let _ = stream.shutdown().await;
            }
        });
    }
}

/// One request and its answer; nothing when the connection is to close.
async fn one(
    stream: &mut TlsStream<TcpStream>,
    handler: &Mutex<Handler>,
    seen: &Mutex<Vec<Seen>>,
) -> Option<()> {
    let request = read(stream).await?;
    let reply = (handler.lock().unwrap())(&request);
    seen.lock().unwrap().push(request);
    match reply {
        Reply::Answer(status, reason, body) => {
            let head = format!(
                "HTTP/1.1 {status} {reason}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
            stream.flush().await.ok()
        }
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.flush().await;
            None
        }
        Reply::Silence => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            None
        }
    }
}

async fn read(stream: &mut TlsStream<TcpStream>) -> Option<Seen> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut params = decoded_params(query.as_bytes());
    params.extend(decoded_params(&body));
    Some(Seen {
        method,
        path: decoded(path),
        params,
        headers,
    })
}

pub fn decoded_params(text: &[u8]) -> Params {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A path without its percent signs; `+` stands for itself there.
pub fn decoded(path: &str) -> String {
    let escaped = path.replace('+', "%2B");
    form_urlencoded::parse(format!("p={}", escaped.replace('&', "%26")).as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}
