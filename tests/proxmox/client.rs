//! A small client that pins the certificate and sees status lines.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use form_urlencoded::Serializer;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::ext::ReasonPhrase;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use wirewarp_tests::proxmox::Standin;

/// How a request says who sends it.
#[derive(Clone, Debug)]
pub enum Auth {
    Nobody,
    Token(String),
    Ticket(String),
    /// A ticket with its token for writes.
    TicketAndCsrf(String, String),
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub reason: String,
    pub body: String,
}

/// A client with one open connection.
pub struct Client {
    runtime: Runtime,
    standin: std::net::SocketAddr,
    fingerprint: String,
    connection: Option<SendRequest<Full<Bytes>>>,
    pub auth: Auth,
}

impl Answer {
    /// The body, read.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// What stands in `data`.
    pub fn data(&self) -> Value {
        self.json()["data"].clone()
    }
}

impl Client {
    /// One for the stand-in, which trusts the certificate it has now.
    pub fn new(standin: &Standin, auth: Auth) -> Self {
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            standin: standin.address(),
            fingerprint: standin.fingerprint(),
            connection: None,
            auth,
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[]).unwrap()
    }

    pub fn post(&mut self, path: &str, params: &[(&str, &str)]) -> Answer {
        self.send("POST", path, params).unwrap()
    }

    pub fn put(&mut self, path: &str, params: &[(&str, &str)]) -> Answer {
        self.send("PUT", path, params).unwrap()
    }

    pub fn delete(&mut self, path: &str) -> Answer {
        self.send("DELETE", path, &[]).unwrap()
    }

    /// Sends one request; the path is that below `/api2/json`.
    pub fn send(&mut self, method: &str, path: &str, params: &[(&str, &str)]) -> Result<Answer> {
        let request = request(method, path, params, &self.auth)?;
        let (connection, address, pin) = (self.connection.take(), self.standin, self.fingerprint.clone());
        let exchange = async {
            let mut sender = match connection {
                Some(sender) if !sender.is_closed() => sender,
                _ => connect(address, pin).await?,
            };
            sender.ready().await?;
            let response = sender.send_request(request).await?;
            let status = response.status();
            let reason = reason(&response);
            let body = response.into_body().collect().await?.to_bytes();
            let body = String::from_utf8_lossy(&body).into_owned();
            anyhow::Ok((
                sender,
                Answer {
                    status: status.as_u16(),
                    reason,
                    body,
                },
            ))
        };
        let limited = async { tokio::time::timeout(Duration::from_secs(5), exchange).await };
        match self.runtime.block_on(limited) {
            Ok(done) => {
                let (sender, answer) = done?;
                self.connection = Some(sender);
                Ok(answer)
            }
            Err(_) => bail!("no answer in time"),
        }
    }
}

fn request(method: &str, path: &str, params: &[(&str, &str)], auth: &Auth) -> Result<Request<Full<Bytes>>> {
    let form = Serializer::new(String::new()).extend_pairs(params).finish();
    let builder = Request::builder()
        .method(method)
        .uri(format!("/api2/json{path}"))
        .header("host", "pve1:8006")
        .header("content-type", "application/x-www-form-urlencoded");
    let cookie = |ticket: &str| {
        let value: String = form_urlencoded::byte_serialize(ticket.as_bytes()).collect();
        format!("PVEAuthCookie={value}")
    };
    let builder = match auth {
        Auth::Nobody => builder,
        Auth::Token(token) => builder.header("authorization", format!("PVEAPIToken={token}")),
        Auth::Ticket(ticket) => builder.header("cookie", cookie(ticket)),
        Auth::TicketAndCsrf(ticket, csrf) => builder
            .header("cookie", cookie(ticket))
            .header("CSRFPreventionToken", csrf),
    };
    Ok(builder.body(Full::new(Bytes::from(form)))?)
}

fn reason(response: &hyper::Response<hyper::body::Incoming>) -> String {
    let usual = |status: StatusCode| status.canonical_reason().unwrap_or_default().to_owned();
    response.extensions().get::<ReasonPhrase>().map_or_else(
        || usual(response.status()),
        |reason| String::from_utf8_lossy(reason.as_bytes()).into_owned(),
    )
}

async fn connect(address: std::net::SocketAddr, fingerprint: String) -> Result<SendRequest<Full<Bytes>>> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned {
            fingerprint,
            provider,
        }))
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.context("connecting")?;
    let name = ServerName::from(address.ip());
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Takes the certificate of one fingerprint alone.
#[derive(Debug)]
struct Pinned {
    fingerprint: String,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let bytes: Vec<String> = Sha256::digest(certificate)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        if bytes.join(":") == self.fingerprint {
            return Ok(ServerCertVerified::assertion());
        }
        Err(Error::General("another certificate".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
