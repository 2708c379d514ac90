//! How a machine is logged in to, as it is typed.

use serde::Deserialize;
use std::fmt;
use ts_rs::TS;
use wirewarp_model::Secret;

/// A login form. Empty texts are what was left out.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LoginForm {
    /// `root@203.0.113.10`, `ssh -p 2222 ops@host`, a name, or an alias of the SSH configuration.
    pub target: String,
    /// Port; empty for that of `target`, of the SSH configuration, or 22.
    pub port: String,
    /// User; empty for that of `target`, of the SSH configuration, or this user.
    pub user: String,
    /// With what.
    pub method: LoginMethod,
    /// Jump host as `user@host:port` or an alias; empty for that of the SSH configuration.
    pub jump: String,
    /// Password for sudo; none if it is not needed or the same as for SSH.
    pub sudo_password: Option<SecretText>,
    /// The host key's fingerprint (`SHA256:...`) if it is known beforehand; else the person is asked.
    pub trust: String,
}

/// With what to log in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum LoginMethod {
    /// What `ssh` itself would use: agent, default keys, the SSH configuration.
    Default,
    /// ssh-agent alone.
    Agent,
    /// A private key file.
    Key {
        /// Its path; `~/` is the home directory.
        file: String,
    },
    /// A password.
    Password {
        /// The password.
        password: SecretText,
        /// Whether to make a key, install it on the host, and use it instead from now on.
        install_key: bool,
    },
}

/// A secret on its way from the window: text there, and never shown or sent back.
#[derive(Clone, Deserialize, TS)]
#[serde(from = "String")]
#[ts(type = "string")]
pub struct SecretText(Secret);

impl SecretText {
    /// The secret.
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Secret::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
