//! One request, one answer.

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::ext::ReasonPhrase;
use reqwest::{Client, RequestBuilder, Response, redirect};
use wirewarp_model::{Secret, error::excerpt};

use crate::{Endpoint, Fingerprint, Limits, Problem, ProxmoxError, answer::Answer, params::Params, tls};

/// What a request does; all that Proxmox knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Makes or runs.
    Post,
    /// Changes.
    Put,
    /// Takes away.
    Delete,
}

/// A request as it goes over the wire, but for who asks.
#[derive(Debug)]
pub struct Request<'a> {
    pub verb: Verb,
    /// Below `/api2/json`, beginning with a slash; its parts are safe or encoded.
    pub path: &'a str,
    /// In the query for [`Verb::Get`] and [`Verb::Delete`], in the body for the others.
    pub params: Params,
    /// Whether reading it twice gives the same: then it may be tried again.
    pub repeatable: bool,
}

/// Who asks: headers with their secret values.
pub type Headers = Vec<(&'static str, Secret)>;

/// A Proxmox host that is spoken to with one certificate.
#[derive(Debug, Clone)]
pub struct Server {
    client: Client,
    endpoint: Endpoint,
    pin: Option<Fingerprint>,
    limits: Arc<Limits>,
}

impl Server {
    /// A host at `endpoint` whose certificate has the fingerprint `pin`. Nothing is connected yet. Without a pin every
    /// call fails with [`Problem::CertificateUnknown`], which carries the fingerprint for the person to compare, and
    /// nothing is sent.
    pub fn new(endpoint: Endpoint, pin: Option<Fingerprint>, limits: Limits) -> Result<Self, ProxmoxError> {
        let failed = |source: Box<dyn Error + Send + Sync>| {
            ProxmoxError::new(&endpoint, Problem::Tls("TLS cannot be set up here".into())).because(source)
        };
        let tls = tls::config(pin).map_err(|error| failed(error.into()))?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .no_proxy()
            // Proxmox never redirects; whoever does is somebody else, and must not get the token.
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.connect)
            .timeout(limits.request)
            // pveproxy hangs up after 5 s; a change sent into a connection that closes would be in doubt.
            .pool_idle_timeout(Duration::from_secs(2))
            .user_agent(concat!("wirewarp/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| failed(error.into()))?;
        Ok(Self {
            client,
            endpoint,
            pin,
            limits: Arc::new(limits),
        })
    }

    /// SHA-256 of the certificate that answers at `endpoint` now, for the person to compare. Nothing is sent to it.
    pub async fn offered(endpoint: &Endpoint, limits: Limits) -> Result<Fingerprint, ProxmoxError> {
        let server = Self::new(endpoint.clone(), None, limits)?;
        let request = Request {
            verb: Verb::Get,
            path: "/version",
            params: Params::new(),
            repeatable: true,
        };
        match server.send(&request, &Headers::new()).await {
            Err(error) => {
                if let Problem::CertificateUnknown { offered } = error.problem() {
                    return Ok(*offered);
                }
                Err(error)
            }
            Ok(_) => Err(server.error(Problem::Tls("it answered without a certificate".into()))),
        }
    }

    /// Where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The bounds kept.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// An error of this host.
    pub(crate) fn error(&self, problem: Problem) -> ProxmoxError {
        ProxmoxError::new(&self.endpoint, problem)
    }

    /// Sends and reads the answer, whatever its status; what may be read twice is tried again when the connection or a
    /// node in between failed.
    pub(crate) async fn send(
        &self,
        request: &Request<'_>,
        headers: &Headers,
    ) -> Result<Answer, ProxmoxError> {
        let begun = Instant::now();
        let mut waits = self.limits.retries.iter();
        loop {
            let outcome = self.once(request, headers).await;
            let passing = match &outcome {
                Ok(answer) => answer.is_passing(),
                Err(error) => error.is_passing(),
            };
            let again = passing && request.repeatable && begun.elapsed() < self.limits.retry_within;
            match waits.next().filter(|_| again) {
                Some(wait) => tokio::time::sleep(*wait).await,
                None => return outcome,
            }
        }
    }

    async fn once(&self, request: &Request<'_>, headers: &Headers) -> Result<Answer, ProxmoxError> {
        let changing = request.verb != Verb::Get;
        let fail = |error: reqwest::Error| self.failed(error, changing);
        let response = self.built(request, headers).send().await.map_err(fail)?;
        let status = response.status();
        let reason = match response.extensions().get::<ReasonPhrase>() {
            Some(reason) => String::from_utf8_lossy(reason.as_bytes()).into_owned(),
            None => status.canonical_reason().unwrap_or_default().to_owned(),
        };
        let body = self.body(response, changing).await?;
        tracing::debug!(host = %self.endpoint, verb = ?request.verb, path = request.path, status = status.as_u16(), bytes = body.len(), "proxmox answered");
        Ok(Answer {
            status: status.as_u16(),
            reason,
            body,
        })
    }

    fn built(&self, request: &Request<'_>, headers: &Headers) -> RequestBuilder {
        let url = format!("{}{}", self.endpoint.base(), request.path);
        let builder = match request.verb {
            Verb::Get => self.client.get(in_query(&url, &request.params)),
            Verb::Delete => self.client.delete(in_query(&url, &request.params)),
            Verb::Post => self.client.post(url).form(&request.params),
            Verb::Put => self.client.put(url).form(&request.params),
        };
        let limit = self.limits.of_answer(request.verb != Verb::Get);
        headers
            .iter()
            .fold(builder.timeout(limit), |builder, (name, value)| {
                builder.header(*name, value.expose())
            })
    }

    async fn body(&self, mut response: Response, changing: bool) -> Result<Vec<u8>, ProxmoxError> {
        let most = self.limits.answer;
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.failed(error, changing))?
        {
            if body.len() + chunk.len() > most {
                return Err(self.error(Problem::TooLarge { most }));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn failed(&self, error: reqwest::Error, changing: bool) -> ProxmoxError {
        // The URL is in the error's text otherwise, twice.
        let error = error.without_url();
        let problem = self.told(&error, changing);
        self.error(problem).because(error)
    }

    fn told(&self, error: &reqwest::Error, changing: bool) -> Problem {
        if let Some(tls::Untrusted { offered }) = tls::untrusted(error) {
            return match self.pin {
                Some(pinned) => Problem::CertificateChanged { offered, pinned },
                None => Problem::CertificateUnknown { offered },
            };
        }
        let cause = excerpt(&root_cause(error));
        if error.is_connect() {
            return match tls::of_tls(error) {
                Some(why) => Problem::Tls(excerpt(&why)),
                None if error.is_timeout() => Problem::Unreachable(format!(
                    "no answer within {} s",
                    self.limits.connect.as_secs_f32()
                )),
                None => Problem::Unreachable(cause),
            };
        }
        if error.is_timeout() {
            let after = self.limits.of_answer(changing);
            return Problem::TimedOut { after, changing };
        }
        if error.is_builder() {
            return Problem::Unreachable(cause);
        }
        Problem::Truncated { changing }
    }
}

fn in_query(url: &str, params: &Params) -> String {
    if params.is_empty() {
        return url.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(params)
        .finish();
    format!("{url}?{query}")
}

fn root_cause(error: &dyn Error) -> String {
    let mut last = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        last = error.to_string();
        next = error.source();
    }
    last
}
