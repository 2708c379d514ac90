//! Signing in with a password, with a second factor where the user has one.

use wirewarp_model::{ParseError, Secret, error::excerpt};

use crate::{
    Api, Problem, ProxmoxError, Server,
    names::UserId,
    ticket::{self, Given, Ticket},
};

/// Who signs in.
#[derive(Debug, Clone)]
pub struct Login {
    /// User and realm, e.g. `root@pam`.
    pub user: UserId,
    /// The password; it is not kept.
    pub password: Secret,
}

/// How far a sign-in has come.
#[derive(Debug)]
pub enum SignIn {
    /// It is done.
    Done(Api),
    /// The user has a second factor.
    SecondFactor(Challenge),
}

/// A sign-in that waits for its second factor; Proxmox gives some minutes.
#[derive(Debug)]
pub struct Challenge {
    server: Server,
    user: UserId,
    ticket: Secret,
    kinds: Vec<String>,
}

/// What a person can type.
#[derive(Debug, Clone)]
pub enum SecondFactor {
    /// The digits that an app shows.
    Totp(Secret),
    /// One of the keys noted down for when the app is lost; each works once.
    Recovery(Secret),
}

impl SignIn {
    /// Signs in with a password.
    pub async fn begin(server: &Server, login: &Login) -> Result<Self, ProxmoxError> {
        let user = login.user.to_string();
        let params = vec![
            ("username".to_owned(), user.clone()),
            ("password".to_owned(), login.password.expose().to_owned()),
        ];
        let given = ticket::ask(server, params, |said| Problem::LoginRefused { user, said }).await?;
        if given.need_tfa == 0 {
            return Ok(Self::Done(Api::with_ticket(server.clone(), Ticket::new(given))));
        }
        Challenge::new(server, login.user.clone(), given).map(Self::SecondFactor)
    }
}

impl Challenge {
    fn new(server: &Server, user: UserId, given: Given) -> Result<Self, ProxmoxError> {
        let kinds = kinds(&given.ticket);
        if !kinds.iter().any(|kind| kind == "totp" || kind == "recovery") {
            let kinds = excerpt(&kinds.join(", "));
            let user = user.to_string();
            return Err(server.error(Problem::SecondFactorUnknown { user, kinds }));
        }
        Ok(Self {
            server: server.clone(),
            user,
            ticket: Secret::new(given.ticket),
            kinds,
        })
    }

    /// Kinds that the server takes, e.g. `totp`, `recovery`, `webauthn`.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// Ends the sign-in. A wrong code leaves the challenge as it is.
    pub async fn answer(&self, factor: &SecondFactor) -> Result<Api, ProxmoxError> {
        let code = factor.code().map_err(|error| self.server.error(error.into()))?;
        let user = self.user.to_string();
        let params = vec![
            ("username".to_owned(), user.clone()),
            ("tfa-challenge".to_owned(), self.ticket.expose().to_owned()),
            ("password".to_owned(), code),
        ];
        let refused = |said| Problem::SecondFactorRefused { user, said };
        let given = ticket::ask(&self.server, params, refused).await?;
        Ok(Api::with_ticket(self.server.clone(), Ticket::new(given)))
    }
}

impl SecondFactor {
    /// As Proxmox takes it: the kind, a colon, the code.
    fn code(&self) -> Result<String, ParseError> {
        let (kind, typed) = match self {
            Self::Totp(typed) => ("totp", typed),
            Self::Recovery(typed) => ("recovery", typed),
        };
        let code: String = typed.expose().chars().filter(|c| !c.is_whitespace()).collect();
        let fits = match self {
            Self::Totp(_) => (6..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()),
            Self::Recovery(_) => (1..=64).contains(&code.len()) && code.is_ascii(),
        };
        if !fits {
            // What was typed may be the password, in the wrong field: it is not repeated.
            return Err(ParseError::new("code", "the app shows 6 digits; type these"));
        }
        Ok(format!("{kind}:{code}"))
    }
}

/// The kinds in `PVE:!tfa!{"totp"%3Atrue}:6B02CEE0::...`: names with `true`, or with the keys that there are.
fn kinds(ticket: &str) -> Vec<String> {
    let inner = ticket
        .strip_prefix("PVE:!tfa!")
        .and_then(|rest| rest.split(':').next())
        .unwrap_or_default()
        .replace("%3A", ":")
        .replace("%3a", ":");
    let parsed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&inner).unwrap_or_default();
    parsed
        .into_iter()
        .filter(|(_, there)| !there.is_null() && there.as_bool() != Some(false))
        .map(|(kind, _)| excerpt(&kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_of_a_challenge_are_read() {
        assert_eq!(kinds("PVE:!tfa!{\"totp\"%3Atrue}:6B02CEE0::c2ln"), ["totp"]);
        assert_eq!(
            kinds("PVE:!tfa!{\"webauthn\"%3A{},\"totp\"%3Afalse}:6B02"),
            ["webauthn"]
        );
        assert_eq!(kinds("PVE:root@pam:6B02"), Vec::<String>::new());
    }

    #[test]
    fn a_code_is_digits_and_a_wrong_one_is_not_repeated() {
        let totp = |typed: &str| SecondFactor::Totp(Secret::new(typed.into())).code();
        assert_eq!(totp("123 456").ok(), Some("totp:123456".into()));
        for bad in ["", "12345", "hunter2!", "١٢٣٤٥٦"] {
            let error = totp(bad).expect_err("not a code");
            assert!(bad.is_empty() || !error.to_string().contains(bad), "{error}");
        }
    }
}
