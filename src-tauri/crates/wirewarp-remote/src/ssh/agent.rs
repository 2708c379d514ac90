//! The SSH agent: OpenSSH's over its socket or, on Windows, its pipe.

use russh::keys::agent::client::{AgentClient, AgentStream};
use russh::keys::agent::{AgentIdentity, AgentSessionBinding};

use super::config::IdentityAgent;
use super::problem::SshProblem;

/// A connection to an agent.
pub(super) type Agent = AgentClient<Box<dyn AgentStream + Send + Unpin>>;

/// Connects to the agent and asks for its keys. `Ok(None)` when there is none to ask: that is no error, most people
/// who name a key file run without one.
pub(super) async fn open(
    which: &IdentityAgent,
    binding: Option<&AgentSessionBinding>,
) -> Result<Option<(Agent, Vec<AgentIdentity>)>, SshProblem> {
    let Some(mut agent) = connect(which).await? else {
        return Ok(None);
    };
    if let Some(binding) = binding {
        // Agents before OpenSSH 8.9 do not know the request; keys bound to a destination are then not offered.
        let _ = agent.bind_session(binding, false).await;
    }
    let failed = |error: russh::keys::Error| SshProblem::AgentUnavailable(error.to_string());
    let identities = agent.request_identities().await.map_err(failed)?;
    Ok(Some((agent, identities)))
}

#[cfg(unix)]
async fn connect(which: &IdentityAgent) -> Result<Option<Agent>, SshProblem> {
    let socket = match which {
        IdentityAgent::Off => return Ok(None),
        IdentityAgent::Socket(path) => path.clone(),
        IdentityAgent::Default => match std::env::var_os("SSH_AUTH_SOCK") {
            Some(path) if !path.is_empty() => path.into(),
            _ => return Ok(None),
        },
    };
    let failed =
        |error: russh::keys::Error| SshProblem::AgentUnavailable(format!("{}: {error}", socket.display()));
    AgentClient::connect_uds(&socket)
        .await
        .map(|agent| Some(agent.dynamic()))
        .map_err(failed)
}

#[cfg(windows)]
async fn connect(which: &IdentityAgent) -> Result<Option<Agent>, SshProblem> {
    let pipe = match which {
        IdentityAgent::Off => return Ok(None),
        IdentityAgent::Socket(path) => path.clone(),
        IdentityAgent::Default => r"\\.\pipe\openssh-ssh-agent".into(),
    };
    match AgentClient::connect_named_pipe(&pipe).await {
        Ok(agent) => Ok(Some(agent.dynamic())),
        Err(_) => Ok(AgentClient::connect_pageant()
            .await
            .ok()
            .map(AgentClient::dynamic)),
    }
}
