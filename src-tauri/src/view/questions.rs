//! What only the person can say.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{QuestionId, SecretText};

/// A question that waits for its answer. Also the payload of the event `question`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Question {
    /// Its identifier.
    pub id: QuestionId,
    /// When it was asked, milliseconds since 1970 UTC.
    pub at: i64,
    /// What is asked.
    pub ask: QuestionAsk,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum QuestionAsk {
    /// Whether this host key, seen for the first time, is the right one.
    HostKey {
        /// Address and port that were dialled.
        endpoint: String,
        /// Algorithm, e.g. `ssh-ed25519`.
        algorithm: String,
        /// `SHA256:...` as `ssh-keygen -lf` prints it.
        fingerprint: String,
    },
    /// Whether this certificate of a Proxmox host, seen for the first time, is the right one.
    Certificate {
        /// Host and port that were dialled.
        endpoint: String,
        /// SHA-256, as Proxmox shows it.
        fingerprint: String,
    },
    /// A passphrase or password that is needed now.
    Secret {
        /// The question, in words.
        prompt: String,
        /// Why what was said before did not do, if it is asked again.
        refused: Option<String>,
        /// Whether it is chosen now, and typed twice.
        is_new: bool,
    },
}

/// An answer.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// The host key or certificate is the right one.
    Trust,
    /// The secret.
    Secret {
        /// Its text.
        text: SecretText,
    },
    /// No; or the person does not know.
    No,
}
