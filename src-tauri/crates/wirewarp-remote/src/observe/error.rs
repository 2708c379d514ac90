//! Why a look at a host told nothing usable.

use wirewarp_model::{UserError, error::excerpt};

use crate::session::RunError;

/// Display is the whole message; [`ObserveError::user`] adds code and hints.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// The probe did not run to its end.
    #[error("the host could not be looked at")]
    Run(#[from] RunError),
    /// A part of the answer is missing or makes no sense.
    #[error("the host's answer about “{section}” cannot be used: {problem}")]
    Section {
        /// The probe's section.
        section: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl ObserveError {
    pub(super) fn section(section: &'static str, problem: impl Into<String>) -> Self {
        let problem = problem.into();
        Self::Section { section, problem }
    }

    /// An answer without a single line.
    pub(super) fn silent(stderr: &str) -> Self {
        let problem = match stderr.trim() {
            "" => "the host sent nothing".to_owned(),
            said => format!("the host sent only this error: {}", excerpt(said)),
        };
        Self::section("base", problem)
    }

    /// What crosses to the window and to `--json`.
    pub fn user(&self) -> UserError {
        let (code, hint) = match self {
            Self::Run(_) => (
                "host_lost",
                "Check the connection to the host and look again.".to_owned(),
            ),
            Self::Section { section, .. } => ("probe_unusable", section_hint(section)),
        };
        UserError {
            code: code.to_owned(),
            message: self.to_string(),
            hints: vec![hint],
        }
    }
}

fn section_hint(section: &str) -> String {
    let command = match section {
        "addresses" => "ip -j -d addr",
        "routes" => "ip -j -4 route show table all",
        "listeners" => "ss -Hlntup",
        "firewalls" => "nft -t list ruleset",
        "wireguard" => "wg show all dump",
        "digests" | "ours" | "manifest" | "check" => "ls -l /etc/wirewarp /etc/wirewarp/current/",
        _ => {
            return "Look again; if it stays so, log in to the host and see whether its shell works."
                .to_owned();
        }
    };
    format!("Run “{command}” on the host as root and see whether it works; then look again.")
}
