//! Why the engine could not do what it was asked, and how that is told.

use std::sync::Arc;
use wirewarp_model::{Name, ParseError, UserError};
use wirewarp_plan::{allocate::AllocateError, check::Finding, render::RenderError};
use wirewarp_proxmox::ProxmoxError;
use wirewarp_remote::{apply::ApplyError, observe::ObserveError, poll::PollError, ssh::SshError};
use wirewarp_store::StoreError;

/// Any failure of the engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A field is not what it must be.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// There is nothing of that name.
    #[error("There is no {what} “{name}”.")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Under which name.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// It will not be done, for a reason that the person can mend.
    #[error("{message}")]
    Refused {
        /// Stable identifier.
        code: String,
        /// Why.
        message: String,
        /// What to do.
        hints: Vec<String>,
    },
    /// The plan has findings that forbid it.
    #[error("{}", first_message(.0))]
    Findings(Vec<Finding>),
    /// A host could not be reached or logged in to.
    #[error("{}{source}", .host.as_ref().map(|name| format!("{name}: ")).unwrap_or_default())]
    Ssh {
        /// Its name, once it has one.
        host: Option<Name>,
        /// Why.
        source: SshError,
    },
    /// A host could not be looked at or changed.
    #[error("{host}: {source}{}", cause(.source))]
    Host {
        /// Its name.
        host: Name,
        /// Why.
        source: ApplyError,
    },
    /// A host could not be looked at.
    #[error("{host}: {source}{}", cause(.source))]
    Look {
        /// Its name.
        host: Name,
        /// Why.
        source: ObserveError,
    },
    /// A host could not be asked for its figures.
    #[error("{host}: {source}")]
    Poll {
        /// Its name.
        host: Name,
        /// Why.
        source: PollError,
    },
    /// A host was changed, and is not as it was planned.
    #[error("{host}: the change is in force, but not all of it is as planned: {}", .differences.join("; "))]
    Differs {
        /// Its name.
        host: Name,
        /// Where, one line each.
        differences: Vec<String>,
    },
    /// A Proxmox host could not be asked, or refused.
    #[error(transparent)]
    Proxmox(#[from] ProxmoxError),
    /// Hosts that failed or were not reached, each with an error of its own.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several(Vec<Arc<EngineError>>),
    /// Nothing can be rendered for a host.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The inventory could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no number, network or address left to give.
    #[error(transparent)]
    Allocate(#[from] AllocateError),
    /// A file of this machine could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// What is behind an error that does not say it itself, e.g. `: connection refused`.
fn cause(error: &dyn std::error::Error) -> String {
    let mut causes = String::new();
    let mut next = error.source();
    while let Some(source) = next {
        causes.push_str(": ");
        causes.push_str(&source.to_string());
        next = source.source();
    }
    causes
}

fn first_message(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| finding.message.clone())
        .collect::<Vec<_>>()
        .join("\n")
}

impl EngineError {
    /// Nothing of that name; `known` is offered instead.
    pub(crate) fn not_found<'a>(
        what: &'static str,
        name: &str,
        known: impl Iterator<Item = &'a str>,
    ) -> Self {
        let name = wirewarp_model::error::excerpt(name);
        Self::NotFound {
            what,
            name,
            known: known.map(str::to_owned).collect(),
        }
    }

    /// A refusal with what to do.
    pub(crate) fn refused(code: &str, message: impl Into<String>, hints: &[&str]) -> Self {
        let hints = hints.iter().map(|hint| (*hint).to_owned()).collect();
        Self::Refused {
            code: code.to_owned(),
            message: message.into(),
            hints,
        }
    }

    /// An error of a connection whose host has no name yet.
    pub(crate) fn ssh(source: SshError) -> Self {
        Self::Ssh { host: None, source }
    }

    /// The same, said of a host of the inventory.
    pub(crate) fn on(self, host: &Name) -> Self {
        let Self::Ssh { source, .. } = self else {
            return self;
        };
        Self::Ssh {
            host: Some(host.clone()),
            source,
        }
    }

    /// Whether it may pass by itself: a host that is not reached right after its network was changed.
    pub(crate) fn is_passing(&self) -> bool {
        if let Self::Ssh { source, .. } = self {
            return source.is_passing();
        }
        matches!(
            self,
            Self::Host {
                source: ApplyError::Run(_) | ApplyError::Broken(_),
                ..
            }
        )
    }

    /// Whether a host may be another one than it was.
    pub(crate) fn is_distrust(&self) -> bool {
        matches!(self, Self::Ssh { source, .. } if source.is_distrust())
    }

    /// As it crosses to a window or `--json`.
    pub fn to_user(&self) -> UserError {
        UserError {
            code: self.code(),
            message: self.to_string(),
            hints: self.hints(),
        }
    }

    fn code(&self) -> String {
        match self {
            Self::Parse(_) => "bad_input".into(),
            Self::NotFound { .. } => "not_found".into(),
            Self::Refused { code, .. } => code.clone(),
            Self::Findings(findings) => findings.first().map_or("refused".into(), |f| f.code.clone()),
            Self::Ssh { source, .. } => source.code().into(),
            Self::Host { source, .. } => source.code().into(),
            Self::Store(error) => error.code().into(),
            Self::Look { source, .. } => source.user().code,
            Self::Poll { source, .. } => source.user().code,
            Self::Differs { .. } => "differs".into(),
            Self::Proxmox(error) => error.code().into(),
            Self::Several(errors) => errors.first().map_or("failed".into(), |error| error.code()),
            Self::Render(_) => "nothing_to_render".into(),
            Self::Allocate(_) => "nothing_free".into(),
            Self::File { .. } => "file".into(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Parse(_) | Self::Allocate(_) | Self::Render(_) | Self::File { .. } => vec![],
            Self::NotFound { known, what, .. } if known.is_empty() => {
                vec![format!("There is no {what} yet.")]
            }
            Self::NotFound { known, .. } => vec![format!("There is: {}", known.join(", "))],
            Self::Refused { hints, .. } => hints.clone(),
            Self::Findings(findings) => findings.iter().flat_map(|f| f.hints.clone()).collect(),
            Self::Ssh { source, .. } => source.hints(),
            Self::Host { source, .. } => source.user().hints,
            Self::Look { source, .. } => source.user().hints,
            Self::Poll { source, .. } => source.user().hints,
            Self::Differs { host, .. } => vec![format!(
                "Look closer: wirewarp drift {host}. Put it right: wirewarp apply {host}"
            )],
            Self::Proxmox(error) => error.hints(),
            Self::Several(errors) => {
                let mut hints: Vec<String> = errors.iter().flat_map(|error| error.hints()).collect();
                hints.dedup();
                hints
            }
            Self::Store(error) => error.hints(),
        }
    }
}
