//! A signed-in user's ticket and its renewal.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use tokio::sync::Mutex;
use wirewarp_model::Secret;

use crate::{
    Problem, ProxmoxError, Server,
    answer::{AskedWith, typed},
    params::Params,
    transport::{Headers, Request, Verb},
};

/// Where tickets are made.
pub const PATH: &str = "/access/ticket";

/// How long Proxmox takes a ticket, also as the password of its renewal (pve-access-control, `ticket_lifetime`).
const LIFE: Duration = Duration::from_secs(2 * 60 * 60);

/// What Proxmox gives for a password, good for two hours.
#[derive(Debug)]
pub struct Ticket {
    user: String,
    secret: Secret,
    csrf: Secret,
    taken: SystemTime,
}

/// The answer to a sign-in.
#[derive(Deserialize)]
pub struct Given {
    pub username: String,
    pub ticket: String,
    #[serde(rename = "CSRFPreventionToken", default)]
    pub csrf: String,
    /// Present, and 1, where a second factor is to follow.
    #[serde(rename = "NeedTFA", default)]
    pub need_tfa: u8,
}

impl Ticket {
    /// The ticket that a sign-in ended with.
    pub fn new(given: Given) -> Self {
        Self {
            user: given.username,
            secret: Secret::new(given.ticket),
            csrf: Secret::new(given.csrf),
            taken: SystemTime::now(),
        }
    }

    fn headers(&self, verb: Verb) -> Headers {
        let cookie = Secret::new(format!("PVEAuthCookie={}", self.secret.expose()));
        let mut headers = vec![("Cookie", cookie)];
        if verb != Verb::Get {
            headers.push(("CSRFPreventionToken", self.csrf.clone()));
        }
        headers
    }

    /// Whether it is too old to be renewed, e.g. after a laptop slept; the same where its age is not known.
    fn is_over(&self) -> bool {
        self.taken.elapsed().map_or(true, |age| age >= LIFE)
    }

    /// Due once it is old, and when the clock was set back: then its age is not known. Wall time, so that the hours a
    /// laptop slept count.
    fn is_due(&self, server: &Server) -> bool {
        let age = self.taken.elapsed();
        age.map_or(true, |age| age >= server.limits().renew_after)
    }
}

/// The ticket of one signed-in user, renewed by whichever call finds it due.
#[derive(Debug)]
pub struct Session(Mutex<Ticket>);

impl Session {
    /// A session that begins with `ticket`.
    pub fn new(ticket: Ticket) -> Self {
        Self(Mutex::new(ticket))
    }

    /// Whether nothing can be asked with it any more.
    pub async fn is_over(&self) -> bool {
        self.0.lock().await.is_over()
    }

    /// The headers of the next request.
    pub async fn headers(&self, server: &Server, verb: Verb) -> Result<Headers, ProxmoxError> {
        let mut ticket = self.0.lock().await;
        if ticket.is_due(server) {
            *ticket = renewed(server, &ticket).await?;
        }
        Ok(ticket.headers(verb))
    }
}

/// A ticket is renewed by giving it as the password.
async fn renewed(server: &Server, old: &Ticket) -> Result<Ticket, ProxmoxError> {
    let params = vec![
        ("username".to_owned(), old.user.clone()),
        ("password".to_owned(), old.secret.expose().to_owned()),
    ];
    let given = ask(server, params, Problem::SessionExpired).await?;
    tracing::debug!(host = %server.endpoint(), "the sign-in was renewed");
    Ok(Ticket::new(given))
}

/// Posts to [`PATH`]; a 401 is told by `refused`.
pub async fn ask(
    server: &Server,
    params: Params,
    refused: impl FnOnce(String) -> Problem,
) -> Result<Given, ProxmoxError> {
    let request = Request {
        verb: Verb::Post,
        path: PATH,
        params,
        repeatable: false,
    };
    let answer = server.send(&request, &Headers::new()).await?;
    if answer.status == 401 {
        let problem = answer.page_of_another().unwrap_or_else(|| refused(answer.said()));
        return Err(server.error(problem));
    }
    answer
        .envelope(PATH, AskedWith::Ticket)
        .and_then(|envelope| typed(PATH, envelope.data))
        .map_err(|problem| server.error(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_over_when_proxmox_would_not_renew_it() {
        let taken = |ago: u64| Ticket {
            user: "root@pam".into(),
            secret: Secret::new("PVE:root@pam:1".into()),
            csrf: Secret::new(String::new()),
            taken: SystemTime::now() - Duration::from_secs(ago),
        };
        assert!(!taken(7_100).is_over());
        assert!(taken(7_200).is_over());
    }
}
