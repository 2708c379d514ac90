//! A signed-in connection, which the typed endpoints of `proxmox-api` run over.

use std::{fmt, str::FromStr, sync::Arc};

use proxmox_api::client::{Client, Method};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use wirewarp_model::{ParseError, Secret};

use crate::{
    Problem, ProxmoxError, Server,
    answer::{AskedWith, Envelope, typed},
    names::TokenId,
    params::{Params, pairs, params},
    ticket::{Session, Ticket},
    transport::{Headers, Request, Verb},
};

/// A Proxmox host with somebody who may ask it.
#[derive(Debug, Clone)]
pub struct Api {
    server: Server,
    who: Arc<Who>,
}

#[derive(Debug)]
enum Who {
    Token(Secret),
    Session(Session),
}

/// An API token: who it is of, and its secret.
#[derive(Debug, Clone)]
pub struct ApiToken {
    /// Its owner and its name.
    pub id: TokenId,
    /// The UUID that Proxmox showed once.
    pub secret: Secret,
}

impl FromStr for ApiToken {
    type Err = ParseError;

    /// Reads `user@realm!name=uuid`, also with `PVEAPIToken=` before it. What was typed is never repeated.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let text = text.strip_prefix("PVEAPIToken=").unwrap_or(text);
        let shape = || {
            ParseError::new(
                "API token",
                "it must read user@realm!name=secret, e.g. root@pam!wirewarp=0c93…",
            )
        };
        let (id, secret) = text.split_once('=').ok_or_else(shape)?;
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        if secret.is_empty() || secret.len() > 64 || !secret.bytes().all(fits) {
            return Err(shape());
        }
        Ok(Self {
            id: id.parse().map_err(|_| shape())?,
            secret: Secret::new(secret.to_owned()),
        })
    }
}

impl Api {
    /// Asks with an API token.
    pub fn with_token(server: Server, token: &ApiToken) -> Self {
        let header = format!("PVEAPIToken={}={}", token.id, token.secret.expose());
        Self {
            server,
            who: Arc::new(Who::Token(Secret::new(header))),
        }
    }

    pub(crate) fn with_ticket(server: Server, ticket: Ticket) -> Self {
        Self {
            server,
            who: Arc::new(Who::Session(Session::new(ticket))),
        }
    }

    /// Whether a sign-in with a password has ended by its age: the next call would fail.
    pub async fn is_over(&self) -> bool {
        match self.who.as_ref() {
            Who::Token(_) => false,
            Who::Session(session) => session.is_over().await,
        }
    }

    /// The host.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Reads `path` with `query`.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ProxmoxError> {
        let envelope = self.envelope(Verb::Get, path, params(query), true).await?;
        self.typed(path, envelope.data)
    }

    /// Makes a change and gives what it answers with.
    pub(crate) async fn change<T: DeserializeOwned>(
        &self,
        verb: Verb,
        path: &str,
        params: Params,
    ) -> Result<T, ProxmoxError> {
        let envelope = self.envelope(verb, path, params, false).await?;
        self.typed(path, envelope.data)
    }

    /// One request with all of its answer. `repeatable`: whether reading it twice gives the same.
    pub(crate) async fn envelope(
        &self,
        verb: Verb,
        path: &str,
        params: Params,
        repeatable: bool,
    ) -> Result<Envelope, ProxmoxError> {
        let request = Request {
            verb,
            path,
            params,
            repeatable,
        };
        let (headers, asked_with) = self.asking(verb).await?;
        let answer = self.server.send(&request, &headers).await?;
        answer
            .envelope(path, asked_with)
            .map_err(|problem| self.server.error(problem))
    }

    pub(crate) fn typed<T: DeserializeOwned>(&self, path: &str, data: Value) -> Result<T, ProxmoxError> {
        typed(path, data).map_err(|problem| self.server.error(problem))
    }

    /// An error of this host.
    pub(crate) fn error(&self, problem: impl Into<Problem>) -> ProxmoxError {
        self.server.error(problem.into())
    }

    async fn asking(&self, verb: Verb) -> Result<(Headers, AskedWith), ProxmoxError> {
        Ok(match self.who.as_ref() {
            Who::Token(header) => (vec![("Authorization", header.clone())], AskedWith::Token),
            Who::Session(session) => (session.headers(&self.server, verb).await?, AskedWith::Ticket),
        })
    }
}

impl Client for Api {
    type Error = ProxmoxError;

    async fn request_with_body_and_query<B, Q, R>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
        query: Option<&Q>,
    ) -> Result<R, ProxmoxError>
    where
        B: Serialize,
        Q: Serialize,
        R: DeserializeOwned,
    {
        let verb = match method {
            Method::Get => Verb::Get,
            Method::Post => Verb::Post,
            Method::Put => Verb::Put,
            Method::Delete => Verb::Delete,
        };
        let unfit = |why: String| self.error(ParseError::new("parameters", why));
        let mut params = body.map_or(Ok(Params::new()), pairs).map_err(unfit)?;
        params.extend(query.map_or(Ok(Params::new()), pairs).map_err(unfit)?);
        let envelope = self.envelope(verb, path, params, verb == Verb::Get).await?;
        self.typed(path, envelope.data)
    }
}

impl fmt::Display for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)
    }
}
