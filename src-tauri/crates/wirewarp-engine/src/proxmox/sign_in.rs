//! Signing in to a Proxmox host for the first time, anew, and forgetting it.

use uuid::Uuid;
use wirewarp_model::{Inventory, Name, Proxmox, ProxmoxId, ProxmoxLogin, Secret};
use wirewarp_proxmox::{Api, ApiToken, Endpoint, Fingerprint, Login, Problem, names::UserId, nodes::Version};
use wirewarp_store::secrets::SecretKey;

use super::{
    connections::server,
    enough::{Holder, may_all},
    named,
};
use crate::{Engine, edit::Proposal, error::EngineError};

/// A Proxmox host to be signed in to.
#[derive(Debug, Clone)]
pub struct AddProxmox {
    /// What to call it.
    pub name: Name,
    /// Where its window opens: `https://192.168.1.10:8006`, or a part of that.
    pub url: String,
    /// SHA-256 of its certificate, if it is known beforehand; else the person is asked.
    pub trust: Option<String>,
    /// Who signs in.
    pub sign_in: ProxmoxSignIn,
}

/// Who signs in, as it was typed.
#[derive(Debug, Clone)]
pub enum ProxmoxSignIn {
    /// An API token: `user@realm!name=secret`.
    Token(Secret),
    /// A user with a password; a code is asked for where there is a second factor.
    Password {
        /// User and realm, `root@pam`.
        user: String,
        /// The password.
        password: Secret,
        /// The code of the second factor, if it is known beforehand.
        code: Option<Secret>,
        /// Whether to make a token for WireWarp, with the rights that it needs and no others, and keep that instead.
        make_token: bool,
    },
}

/// Somebody who is signed in, and what is kept of it.
struct SignedIn {
    api: Api,
    login: ProxmoxLogin,
    secret: Secret,
    version: Version,
}

impl Engine {
    /// Signs in, sees that the rights are enough, and proposes to keep it. On the Proxmox host nothing is changed, but for
    /// a token that was asked for.
    pub async fn add_proxmox(&self, request: AddProxmox) -> Result<Proposal, EngineError> {
        let before = self.inventory().await?;
        if before.proxmox_named(&request.name).is_some() {
            return Err(EngineError::refused(
                "name_taken",
                format!("There is a Proxmox host called “{}” already.", request.name),
                &[
                    "Choose another name",
                    &format!("To sign in anew: wirewarp proxmox login {}", request.name),
                ],
            ));
        }
        let endpoint: Endpoint = request.url.parse()?;
        if let Some(same) = before
            .proxmoxes
            .iter()
            .find(|known| known.endpoint == endpoint.to_string())
        {
            return Err(EngineError::refused(
                "proxmox_known",
                format!("{endpoint} is known already, as “{}”.", same.name),
                &[&format!("To sign in anew: wirewarp proxmox login {}", same.name)],
            ));
        }
        let expected = request
            .trust
            .as_deref()
            .map(str::parse::<Fingerprint>)
            .transpose()?;
        let pin = self.proxmoxes.vouched(&endpoint, expected).await?;
        let id = ProxmoxId(Uuid::new_v4());
        let (proxmox, secret) = self
            .signed_in(id, request.name, &endpoint, pin, request.sign_in)
            .await?;
        let mut after = before.clone();
        after.proxmoxes.push(proxmox);
        Ok(Proposal::new(before, after, "proxmox.add").with_secret(SecretKey::proxmox(id), secret))
    }

    /// Signs in to a known host in another way, or after its secret was lost; its certificate has to be the trusted one.
    pub async fn login_proxmox(&self, name: &Name, sign_in: ProxmoxSignIn) -> Result<Proposal, EngineError> {
        let before = self.inventory().await?;
        let known = named(&before, name)?.clone();
        let endpoint: Endpoint = known.endpoint.parse()?;
        let pin = known.fingerprint.parse()?;
        let (proxmox, secret) = self
            .signed_in(known.id, known.name, &endpoint, pin, sign_in)
            .await?;
        let after = with(&before, &proxmox);
        Ok(Proposal::new(before, after, "proxmox.login").with_secret(SecretKey::proxmox(known.id), secret))
    }

    /// Trusts the certificate that a host shows now, which has to be the one given, if one is; the answer is its
    /// fingerprint.
    pub async fn trust_proxmox(&self, name: &Name, fingerprint: Option<&str>) -> Result<String, EngineError> {
        let before = self.inventory().await?;
        let known = named(&before, name)?;
        let expected = fingerprint.map(str::parse::<Fingerprint>).transpose()?;
        let endpoint: Endpoint = known.endpoint.parse()?;
        let trusted = self.proxmoxes.vouched(&endpoint, expected).await?;
        let proxmox = Proxmox {
            fingerprint: trusted.to_string(),
            ..known.clone()
        };
        let after = with(&before, &proxmox);
        if after != before {
            self.save(&before, &after, "proxmox.trust").await?;
        }
        Ok(trusted.to_string())
    }

    /// Proposes to forget a Proxmox host. Guests that are attached through it have to be detached before, unless it is gone
    /// for good (`forget`).
    pub async fn remove_proxmox(&self, name: &Name, forget: bool) -> Result<Proposal, EngineError> {
        let before = self.inventory().await?;
        let known = named(&before, name)?.clone();
        let attached = before
            .attachments
            .iter()
            .filter(|attachment| attachment.proxmox == known.id)
            .count();
        if attached > 0 && !forget {
            return Err(EngineError::refused(
                "guests_attached",
                format!(
                    "{attached} of the guests of “{name}” are attached still; their way back would be forgotten."
                ),
                &[
                    &format!("Detach them first: wirewarp proxmox detach {name} GUEST"),
                    "If that Proxmox host is gone for good: --forget",
                ],
            ));
        }
        let mut after = before.clone();
        after.proxmoxes.retain(|proxmox| proxmox.id != known.id);
        after
            .attachments
            .retain(|attachment| attachment.proxmox != known.id);
        Ok(Proposal::new(before, after, "proxmox.remove"))
    }

    /// Forgets the secret of a Proxmox host that is not in the inventory any more.
    pub async fn forget_proxmox_secret(&self, proxmox: ProxmoxId) -> Result<(), EngineError> {
        self.proxmoxes.forget(proxmox).await;
        if self.inventory().await?.proxmox(proxmox).is_none() {
            self.secrets.delete(&SecretKey::proxmox(proxmox)).await?;
        }
        Ok(())
    }

    async fn signed_in(
        &self,
        id: ProxmoxId,
        name: Name,
        endpoint: &Endpoint,
        pin: Fingerprint,
        sign_in: ProxmoxSignIn,
    ) -> Result<(Proxmox, Secret), EngineError> {
        let server = server(endpoint.clone(), Some(pin))?;
        let signed = match sign_in {
            ProxmoxSignIn::Token(text) => {
                let token: ApiToken = text.expose().parse()?;
                let api = Api::with_token(server, &token);
                let version = api.version().await?;
                may_all(&api, version, Holder::Token(&token.id), endpoint).await?;
                of_token(api, token, version)
            }
            ProxmoxSignIn::Password {
                user,
                password,
                code,
                make_token,
            } => {
                let login = Login {
                    user: user.trim().parse()?,
                    password,
                };
                let api = self.proxmoxes.with_password(&server, &login, code).await?;
                let version = api.version().await?;
                if make_token {
                    // A token whose secret cannot be kept would stay behind, of use to nobody.
                    self.secrets.get(&SecretKey::proxmox(id)).await?;
                    let token = new_token(&api, version, &login.user).await?;
                    let by_token = Api::with_token(server, &token);
                    // A role of that name was there already and has less, or the user itself may less.
                    if let Err(error) =
                        may_all(&by_token, version, Holder::NewTokenOf(&login.user), endpoint).await
                    {
                        if let Err(left) = api.delete_token(&token.id).await {
                            tracing::warn!(%left, token = %token.id, "a token that is of no use stays behind");
                        }
                        return Err(error);
                    }
                    of_token(by_token, token, version)
                } else {
                    may_all(&api, version, Holder::User(&login.user), endpoint).await?;
                    SignedIn {
                        api,
                        login: ProxmoxLogin::Password {
                            user: login.user.to_string(),
                        },
                        secret: login.password,
                        version,
                    }
                }
            }
        };
        let proxmox = Proxmox {
            id,
            name,
            endpoint: endpoint.to_string(),
            fingerprint: pin.to_string(),
            login: signed.login,
            version: signed.version.to_string(),
        };
        self.proxmoxes.keep(&proxmox, signed.api).await;
        Ok((proxmox, signed.secret))
    }
}

fn with(inventory: &Inventory, proxmox: &Proxmox) -> Inventory {
    let mut after = inventory.clone();
    for known in after.proxmoxes.iter_mut().filter(|known| known.id == proxmox.id) {
        *known = proxmox.clone();
    }
    after
}

fn of_token(api: Api, token: ApiToken, version: Version) -> SignedIn {
    SignedIn {
        api,
        login: ProxmoxLogin::Token {
            id: token.id.to_string(),
        },
        secret: token.secret,
        version,
    }
}

/// A token of this user for WireWarp: `wirewarp`, or with digits behind it where there is one of that name.
async fn new_token(api: &Api, version: Version, user: &UserId) -> Result<ApiToken, EngineError> {
    let plain = api.make_token(version, user, "wirewarp").await;
    match plain {
        Err(error)
            if matches!(
                error.problem(),
                Problem::BadParameters(_) | Problem::Refused { .. }
            ) && error.to_string().contains("already exists") =>
        {
            let name = format!("wirewarp-{:08x}", rand::random::<u32>());
            Ok(api.make_token(version, user, &name).await?)
        }
        made => Ok(made?),
    }
}
