//! Signed-in connections to Proxmox hosts: one each, kept and shared.

use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;
use wirewarp_model::{Proxmox, ProxmoxId, ProxmoxLogin, Secret};
use wirewarp_proxmox::{
    Api, ApiToken, Challenge, Endpoint, Fingerprint, Limits, Login, Problem, ProxmoxError, SecondFactor,
    Server, SignIn,
};
use wirewarp_store::secrets::{SecretKey, Secrets};

use crate::{
    error::EngineError,
    person::{CertificateQuestion, Person, SecretQuestion},
};

/// How often a code may be typed wrong.
const TRIES: u32 = 3;

/// Opens and keeps connections.
pub(crate) struct Connections {
    secrets: Arc<Secrets>,
    person: Arc<dyn Person>,
    open: Mutex<HashMap<ProxmoxId, (Proxmox, Api)>>,
}

impl Connections {
    pub(crate) fn new(secrets: Arc<Secrets>, person: Arc<dyn Person>) -> Self {
        Self {
            secrets,
            person,
            open: Mutex::default(),
        }
    }

    /// A connection as who is recorded. One that is open is used again, as long as nothing of it was changed and its
    /// sign-in has not ended by its age (a laptop that slept).
    pub(crate) async fn api(&self, proxmox: &Proxmox) -> Result<Api, EngineError> {
        let mut open = self.open.lock().await;
        if let Some((as_then, api)) = open.get(&proxmox.id)
            && as_then == proxmox
            && !api.is_over().await
        {
            return Ok(api.clone());
        }
        let api = self.sign_in_again(proxmox).await?;
        open.insert(proxmox.id, (proxmox.clone(), api.clone()));
        Ok(api)
    }

    /// The same, after an answer that says that the sign-in is over.
    pub(crate) async fn forget(&self, proxmox: ProxmoxId) {
        self.open.lock().await.remove(&proxmox);
    }

    pub(crate) async fn keep(&self, proxmox: &Proxmox, api: Api) {
        let mut open = self.open.lock().await;
        open.insert(proxmox.id, (proxmox.clone(), api));
    }

    async fn sign_in_again(&self, proxmox: &Proxmox) -> Result<Api, EngineError> {
        let server = server(proxmox.endpoint.parse()?, Some(proxmox.fingerprint.parse()?))?;
        let secret = self.secrets.get(&SecretKey::proxmox(proxmox.id)).await?;
        let secret = secret.ok_or_else(|| {
            EngineError::refused(
                "proxmox_secret_missing",
                format!(
                    "The secret for “{}” is not in the keychain any more.",
                    proxmox.name
                ),
                &[&format!("Sign in anew: wirewarp proxmox login {}", proxmox.name)],
            )
        })?;
        match &proxmox.login {
            ProxmoxLogin::Token { id } => {
                let token = ApiToken {
                    id: id.parse()?,
                    secret,
                };
                Ok(Api::with_token(server, &token))
            }
            ProxmoxLogin::Password { user } => {
                let user = user.parse()?;
                let password = secret;
                self.with_password(&server, &Login { user, password }, None).await
            }
        }
    }

    /// Signs in with a password, and asks for the code where there is a second factor and it is not given.
    pub(crate) async fn with_password(
        &self,
        server: &Server,
        login: &Login,
        code: Option<Secret>,
    ) -> Result<Api, EngineError> {
        match (SignIn::begin(server, login).await?, code) {
            (SignIn::Done(api), _) => Ok(api),
            (SignIn::SecondFactor(challenge), Some(code)) => Ok(challenge.answer(&factor(code)).await?),
            (SignIn::SecondFactor(challenge), None) => self.answered(&challenge, login).await,
        }
    }

    async fn answered(&self, challenge: &Challenge, login: &Login) -> Result<Api, EngineError> {
        let mut question = SecretQuestion::new(format!("Code of {} from the authenticator app", login.user));
        let mut last = None;
        for _ in 0..TRIES {
            let Some(code) = self.person.secret(&question).await else {
                break;
            };
            match challenge.answer(&factor(code)).await {
                Ok(api) => return Ok(api),
                Err(error) if may_be_mistyped(&error) => {
                    question.refused = Some(error.problem().to_string());
                    last = Some(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or_else(
            || {
                EngineError::refused(
                    "proxmox_code_missing",
                    format!("{} has a second factor, and nobody typed its code.", login.user),
                    &["Sign in at a terminal or in the window; an API token needs no code"],
                )
            },
            EngineError::from,
        ))
    }

    /// The fingerprint to trust: the one that the host shows now, if it is the one expected, or the person vouches for it.
    pub(crate) async fn vouched(
        &self,
        endpoint: &Endpoint,
        expected: Option<Fingerprint>,
    ) -> Result<Fingerprint, EngineError> {
        let offered = Server::offered(endpoint, Limits::default()).await?;
        if let Some(expected) = expected {
            return if expected == offered {
                Ok(offered)
            } else {
                Err(shows_another(endpoint, offered, expected))
            };
        }
        let question = CertificateQuestion {
            endpoint: endpoint.to_string(),
            fingerprint: offered.to_string(),
        };
        if self.person.trusts_certificate(&question).await {
            return Ok(offered);
        }
        Err(ProxmoxError::new(endpoint, Problem::CertificateUnknown { offered }).into())
    }
}

fn shows_another(endpoint: &Endpoint, offered: Fingerprint, expected: Fingerprint) -> EngineError {
    EngineError::refused(
        "proxmox_certificate_differs",
        format!(
            "{endpoint} shows another certificate than the one you named. It shows SHA-256 {offered}; you named {expected}. \
             Nothing was sent to it."
        ),
        &["Compare both with what Proxmox shows under the node's System, Certificates"],
    )
}

/// A host with the usual bounds.
pub(crate) fn server(endpoint: Endpoint, pin: Option<Fingerprint>) -> Result<Server, EngineError> {
    Ok(Server::new(endpoint, pin, Limits::default())?)
}

/// Digits alone come from an app; anything else is one of the keys that were noted down.
fn factor(code: Secret) -> SecondFactor {
    let digits = |c: char| c.is_ascii_digit() || c.is_whitespace();
    if code.expose().chars().all(digits) {
        SecondFactor::Totp(code)
    } else {
        SecondFactor::Recovery(code)
    }
}

fn may_be_mistyped(error: &ProxmoxError) -> bool {
    matches!(
        error.problem(),
        Problem::SecondFactorRefused { .. } | Problem::Unfit(_)
    )
}
