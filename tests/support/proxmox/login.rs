//! Tickets, tokens and second factors.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::Version;
use super::answer::Refusal;
use super::call::Call;
use super::rights::{self, Grant, Rights, Who};

/// How long a ticket is good for, in seconds.
const TICKET_LIFE: u64 = 2 * 60 * 60;

/// One step of a one-time password, in seconds (RFC 6238).
const STEP: u64 = 30;

/// An account.
#[derive(Clone, Debug, Default)]
pub(super) struct User {
    pub password: String,
    pub comment: String,
    /// The secret of its one-time passwords, where it has a second factor.
    pub totp: Option<Vec<u8>>,
    pub tokens: BTreeMap<String, Token>,
}

/// An API token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub secret: String,
    pub privilege_separation: bool,
}

/// Users, roles and who may what.
#[derive(Debug)]
pub(super) struct Access {
    pub version: Version,
    pub users: BTreeMap<String, User>,
    pub roles: BTreeMap<String, Rights>,
    pub grants: Vec<Grant>,
    /// What tickets are signed with.
    key: [u8; 32],
}

impl Access {
    /// Nobody but `root@pam`, who may everything.
    pub fn new(version: Version, root_password: &str) -> Self {
        let root = User {
            password: root_password.to_owned(),
            ..User::default()
        };
        Self {
            version,
            users: BTreeMap::from([("root@pam".to_owned(), root)]),
            roles: BTreeMap::from([("Administrator".to_owned(), rights::all(version))]),
            grants: Vec::new(),
            key: rand::random(),
        }
    }

    /// Who sends `call`, and whether the request is one that a page of somebody else's could not have sent.
    pub fn who(&self, call: &Call, now: u64) -> Result<Who, Refusal> {
        if let Some(token) = &call.token {
            return self
                .token_holder(token)
                .ok_or(Refusal::NotLoggedIn("Authentication failed!"));
        }
        let ticket = call.ticket.as_ref().ok_or(Refusal::NotLoggedIn("No ticket"))?;
        let user = self
            .ticket_holder(ticket, now)
            .ok_or(Refusal::NotLoggedIn("permission denied - invalid PVE ticket"))?;
        if call.method != "GET"
            && !call
                .csrf
                .as_ref()
                .is_some_and(|csrf| self.is_csrf(csrf, &user, now))
        {
            return Err(Refusal::NotLoggedIn("Permission denied - invalid csrf token"));
        }
        Ok(Who { user, token: None })
    }

    fn token_holder(&self, token: &str) -> Option<Who> {
        let (id, secret) = token.split_once('=')?;
        let (user, name) = id.split_once('!')?;
        let known = self.users.get(user)?.tokens.get(name)?;
        (known.secret == secret).then(|| Who {
            user: user.to_owned(),
            token: Some(name.to_owned()),
        })
    }

    /// The user of a ticket that is whole and not too old.
    pub fn ticket_holder(&self, ticket: &str, now: u64) -> Option<String> {
        let user = self.signed(ticket, now)?.strip_prefix("PVE:")?;
        (!user.starts_with('!') && self.users.contains_key(user)).then(|| user.to_owned())
    }

    /// A new ticket.
    pub fn ticket(&self, user: &str, now: u64) -> String {
        self.sign(&format!("PVE:{user}"), now)
    }

    /// The ticket of a login that lacks its second factor. It names whom it is for only by its signature.
    pub fn challenge(&self, user: &str, now: u64) -> String {
        let text = format!("PVE:!tfa!{{\"totp\"%3Atrue}}:{now:08X}");
        let signature = self.signature(&format!("{text}:{user}"));
        format!("{text}::{signature}")
    }

    /// Whether the ticket is one that [`Access::challenge`] gave to `user`.
    pub fn is_challenge(&self, ticket: &str, user: &str, now: u64) -> bool {
        let Some((text, signature)) = ticket.split_once("::") else {
            return false;
        };
        let fresh = text.rsplit_once(':').is_some_and(|(_, made)| is_fresh(made, now));
        fresh && self.signature(&format!("{text}:{user}")) == signature
    }

    /// The token that writes need beside a ticket.
    pub fn csrf(&self, user: &str, now: u64) -> String {
        format!("{now:08X}:{}", self.signature(&format!("{now:08X}:{user}:csrf")))
    }

    fn is_csrf(&self, csrf: &str, user: &str, now: u64) -> bool {
        let Some((made, signature)) = csrf.split_once(':') else {
            return false;
        };
        is_fresh(made, now) && self.signature(&format!("{made}:{user}:csrf")) == signature
    }

    fn sign(&self, text: &str, now: u64) -> String {
        let text = format!("{text}:{now:08X}");
        let signature = self.signature(&text);
        format!("{text}::{signature}")
    }

    fn signed<'ticket>(&self, ticket: &'ticket str, now: u64) -> Option<&'ticket str> {
        let (text, signature) = ticket.split_once("::")?;
        let (said, made) = text.rsplit_once(':')?;
        (is_fresh(made, now) && self.signature(text) == signature).then_some(said)
    }

    fn signature(&self, text: &str) -> String {
        BASE64.encode(hmac(&self.key, text.as_bytes()))
    }

    /// What `who` may on `path`.
    pub fn rights(&self, who: &Who, path: &str) -> Rights {
        let of_user = if who.user == "root@pam" {
            rights::all(self.version)
        } else {
            rights::granted(&self.grants, &self.roles, &who.user, path)
        };
        if !self.is_separated(who) {
            return of_user;
        }
        let of_token = rights::granted(&self.grants, &self.roles, &who.id(), path);
        of_user.intersection(&of_token).cloned().collect()
    }

    fn is_separated(&self, who: &Who) -> bool {
        let token = |name| self.users.get(&who.user)?.tokens.get(name);
        who.token
            .as_ref()
            .and_then(token)
            .is_some_and(|token| token.privilege_separation)
    }
}

/// Whether the time in hexadecimal digits is no longer ago than a ticket lives.
fn is_fresh(made: &str, now: u64) -> bool {
    u64::from_str_radix(made, 16).is_ok_and(|made| made <= now && now - made < TICKET_LIFE)
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// Whether `code` is the one-time password of the moment, of the one before or of the one after: what Proxmox takes, so
/// that a person has the time to type it.
pub(super) fn is_totp(secret: &[u8], now: u64, code: &str) -> bool {
    [now.saturating_sub(STEP), now, now + STEP]
        .into_iter()
        .any(|moment| totp(secret, moment) == code)
}

/// The one-time password of the moment: six digits (RFC 6238, RFC 4226 section 5.3).
pub(super) fn totp(secret: &[u8], now: u64) -> String {
    let sum = hmac(secret, &(now / STEP).to_be_bytes());
    let offset = usize::from(sum.last().copied().unwrap_or_default() & 0xf);
    let number = sum
        .iter()
        .skip(offset)
        .take(4)
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let mut digits = String::new();
    let _ = write!(digits, "{:06}", (number & 0x7fff_ffff) % 1_000_000);
    digits
}
