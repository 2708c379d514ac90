//! What can go wrong between here and a Proxmox host, in the reader's words.

use std::{collections::BTreeMap, time::Duration};

use wirewarp_model::ParseError;

use crate::{Fingerprint, inside::Denial};

/// One way in which a call fails. `Display` is the sentence for the person; what a server said has been shortened and
/// made printable before it came in here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// No connection.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// No answer in time.
    #[error("it did not answer within {} s{}", .after.as_secs_f32(), doubt(.changing))]
    TimedOut {
        /// How long was waited.
        after: Duration,
        /// Whether it was a change, which may have been made all the same.
        changing: bool,
    },
    /// The connection ended before the whole answer was there.
    #[error("the connection ended before the whole answer had come{}", doubt(.changing))]
    Truncated {
        /// Whether it was a change, which may have been made all the same.
        changing: bool,
    },
    /// TLS failed for another reason than the certificate.
    #[error("no encrypted connection: {0}")]
    Tls(String),
    /// Nobody has vouched for the certificate yet.
    #[error("its certificate is not known yet: SHA-256 {offered}")]
    CertificateUnknown {
        /// What the server shows.
        offered: Fingerprint,
    },
    /// Another certificate than the one that is trusted.
    #[error("its certificate has changed: it now shows SHA-256 {offered}, trusted is {pinned}")]
    CertificateChanged {
        /// What the server shows.
        offered: Fingerprint,
        /// What the person had compared.
        pinned: Fingerprint,
    },
    /// Something else answers, such as a proxy with a page of its own.
    #[error("what answers there is not the Proxmox API (status {status}): “{said}”")]
    NotProxmox {
        /// The status of HTTP.
        status: u16,
        /// The beginning of what it said.
        said: String,
    },
    /// More than is ever read.
    #[error("its answer is larger than {most} bytes and was not read")]
    TooLarge {
        /// The bound, in bytes.
        most: usize,
    },
    /// An answer that cannot be understood.
    #[error("its answer to {path} is not as expected: {why}")]
    BadAnswer {
        /// The path of the API that was asked.
        path: String,
        /// What does not fit.
        why: String,
    },
    /// User or password are wrong.
    #[error("the sign-in as {user} was refused: {said}")]
    LoginRefused {
        /// User with its realm.
        user: String,
        /// What the server said.
        said: String,
    },
    /// The second factor was not accepted.
    #[error("the code for {user} was not accepted: {said}")]
    SecondFactorRefused {
        /// User with its realm.
        user: String,
        /// What the server said.
        said: String,
    },
    /// A second factor that a program cannot give.
    #[error("{user} signs in with a second factor that needs a browser ({kinds})")]
    SecondFactorUnknown {
        /// User with its realm.
        user: String,
        /// The kinds that the server takes.
        kinds: String,
    },
    /// The ticket is no longer taken.
    #[error("the sign-in has expired: {0}")]
    SessionExpired(String),
    /// The API token is not (or no longer) taken.
    #[error("the API token was not accepted: {0}")]
    TokenRefused(String),
    /// A right is missing.
    #[error("a right is missing: {said}")]
    Forbidden {
        /// What the server said.
        said: String,
        /// Path of the access list and privileges, where the server named them.
        needs: Option<(String, String)>,
    },
    /// Values that the server refused, by field.
    #[error("it refused what was asked: {}", listed(.0))]
    BadParameters(BTreeMap<String, String>),
    /// A NIC could not be changed in the running guest; the value stays pending there.
    #[error("the running guest did not take {field}: {why}")]
    HotplugFailed {
        /// The field of the guest's configuration, e.g. `net1`.
        field: String,
        /// Why.
        why: String,
    },
    /// Somebody changed it since it was read.
    #[error("somebody else changed this configuration in the meantime")]
    ChangedMeanwhile,
    /// A guest that another operation holds.
    #[error("the guest is locked: {0}")]
    Locked(String),
    /// The guest is not on this node (any more).
    #[error("the guest is not on this node any more")]
    GuestMissing,
    /// The node is not of this cluster.
    #[error("there is no such node in this cluster: {0}")]
    NodeMissing(String),
    /// The guest's agent does not answer.
    #[error("the guest's agent does not answer: {0}")]
    AgentSilent(String),
    /// The guest's agent is there and may not run programs.
    #[error("the guest's agent may not run programs: {0}")]
    AgentBlocks(String),
    /// An address that a guest does not take.
    #[error("the guest's address cannot be set through its agent: {0}")]
    NotInGuest(Denial),
    /// This Proxmox does not know the call.
    #[error("this Proxmox VE does not offer what was asked: {0}")]
    NotOffered(String),
    /// The node that was asked could not reach the other one.
    #[error("the node that was asked cannot reach the node meant: {0}")]
    NodeUnreachable(String),
    /// Any other refusal.
    #[error("it answered {status}: {said}")]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// What it said.
        said: String,
    },
    /// A task ended with an error.
    #[error("the task {kind} failed: {said}")]
    TaskFailed {
        /// Kind of the task, e.g. `srvreload`.
        kind: String,
        /// Its exit status.
        said: String,
    },
    /// A task did not end in time; it goes on.
    #[error("the task {kind} has not ended within {} s and goes on", .after.as_secs())]
    TaskUnfinished {
        /// Kind of the task.
        kind: String,
        /// How long was waited.
        after: Duration,
    },
    /// The person stopped waiting for a task; it goes on.
    #[error("waiting for the task {kind} was stopped; the task goes on")]
    Cancelled {
        /// Kind of the task.
        kind: String,
    },
    /// A value that would not be sent.
    #[error(transparent)]
    Unfit(#[from] ParseError),
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the attribute above hands references on"
)]
fn doubt(changing: &bool) -> &'static str {
    if *changing {
        "; whether the change was made is not known"
    } else {
        ""
    }
}

fn listed(fields: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = fields
        .iter()
        .map(|(field, why)| format!("{field}: {why}"))
        .collect();
    lines.join("; ")
}

impl Problem {
    /// The stable identifier to match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "proxmox_unreachable",
            Self::TimedOut { .. } => "proxmox_timed_out",
            Self::Truncated { .. } => "proxmox_connection_lost",
            Self::Tls(_) => "proxmox_tls_failed",
            Self::CertificateUnknown { .. } => "proxmox_certificate_unknown",
            Self::CertificateChanged { .. } => "proxmox_certificate_changed",
            Self::NotProxmox { .. } => "proxmox_not_proxmox",
            Self::TooLarge { .. } | Self::BadAnswer { .. } => "proxmox_bad_answer",
            Self::LoginRefused { .. } => "proxmox_login_refused",
            Self::SecondFactorRefused { .. } => "proxmox_second_factor_refused",
            Self::SecondFactorUnknown { .. } => "proxmox_second_factor_unknown",
            Self::SessionExpired(_) => "proxmox_session_expired",
            Self::TokenRefused(_) => "proxmox_token_refused",
            Self::Forbidden { .. } => "proxmox_forbidden",
            Self::BadParameters(_) | Self::Unfit(_) => "proxmox_bad_value",
            Self::HotplugFailed { .. } => "proxmox_hotplug_failed",
            Self::ChangedMeanwhile => "proxmox_changed_meanwhile",
            Self::Locked(_) => "proxmox_guest_locked",
            Self::GuestMissing => "proxmox_guest_missing",
            Self::NodeMissing(_) => "proxmox_node_missing",
            Self::AgentSilent(_) => "proxmox_agent_silent",
            Self::AgentBlocks(_) => "proxmox_agent_blocks",
            Self::NotInGuest(_) => "proxmox_not_in_guest",
            Self::NotOffered(_) => "proxmox_not_offered",
            Self::NodeUnreachable(_) => "proxmox_node_unreachable",
            Self::Refused { .. } => "proxmox_refused",
            Self::TaskFailed { .. } => "proxmox_task_failed",
            Self::TaskUnfinished { .. } => "proxmox_task_unfinished",
            Self::Cancelled { .. } => "proxmox_cancelled",
        }
    }
}
