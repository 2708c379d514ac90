//! From what the inventory says of a machine to what SSH needs.

use async_trait::async_trait;
use std::{path::Path, sync::Arc};
use wirewarp_model::{Access, Host, Inventory, ParseError, Port, Secret, inventory::SshAccess};
use wirewarp_remote::ssh::{AuthMethods, Prompt, Target};

use crate::{
    error::EngineError,
    person::{Person, SecretQuestion},
};

/// How a machine is logged in to, as it was typed.
#[derive(Debug, Clone)]
pub struct HostLogin {
    /// Everything that is not secret.
    pub access: SshAccess,
    /// SSH password.
    pub password: Option<Secret>,
    /// Password for sudo.
    pub sudo_password: Option<Secret>,
    /// The host key's fingerprint, if it is known beforehand.
    pub trust: Option<String>,
    /// Whether to make a key and install it instead of keeping the password.
    pub install_key: bool,
}

/// Asks the person for passphrases.
pub(crate) struct AskPassphrase(pub Arc<dyn Person>);

#[async_trait]
impl Prompt for AskPassphrase {
    async fn passphrase(&self, key_file: &Path) -> Option<Secret> {
        let question = SecretQuestion::new(format!("Passphrase of {}", key_file.display()));
        self.0.secret(&question).await
    }
}

/// What SSH dials. For a machine that is managed through its tunnel: its tunnel address, by way of its VPS.
pub(crate) fn target(
    inventory: &Inventory,
    host: &Host,
    ssh: &SshAccess,
    password: Option<Secret>,
) -> Result<Target, EngineError> {
    let mut target = direct(ssh, password)?;
    if !ssh.through_tunnel {
        return Ok(target);
    }
    let way = inventory
        .peers_on(host.id)
        .find_map(|peer| Some((peer, inventory.vps(peer.vps)?)));
    let vps_ssh = |(peer, vps): (&wirewarp_model::Peer, &wirewarp_model::Vps)| {
        let Access::Ssh(ssh) = &inventory.host(vps.host)?.access else {
            return None;
        };
        Some((peer.tunnel_ip, ssh.clone()))
    };
    let (tunnel_ip, vps_ssh) = way.and_then(vps_ssh).ok_or_else(|| {
        EngineError::refused(
            "no_tunnel",
            format!(
                "“{}” is managed through its tunnel, and has none any more.",
                host.name
            ),
            &["Clean it by hand: sh /etc/wirewarp/current/load none; then forget it with --forget."],
        )
    })?;
    target.address = tunnel_ip.to_string();
    // sshd of the peer is the same one, on its usual port, whatever leads there from outside.
    target.port = ssh.port;
    target.jump = Some(Box::new(direct(&vps_ssh, None)?));
    Ok(target)
}

pub(crate) fn direct(ssh: &SshAccess, password: Option<Secret>) -> Result<Target, EngineError> {
    let auth = AuthMethods {
        key_files: ssh.key_file.iter().cloned().collect(),
        agent: ssh.agent || (ssh.key_file.is_none() && password.is_none()),
        password,
        ..AuthMethods::default()
    };
    let mut way = ssh.jump.as_deref().map(jump).transpose()?;
    if let Some(jump) = &mut way {
        // Most people have one key for all of their machines.
        jump.auth.more_key_files.extend(ssh.key_file.clone());
    }
    Ok(Target {
        address: ssh.address.clone(),
        port: ssh.port,
        user: ssh.user.clone(),
        auth,
        jump: way.map(Box::new),
        use_ssh_config: true,
    })
}

/// Reads a jump host: `[user@]address[:port]` or an alias.
pub(crate) fn jump(text: &str) -> Result<Target, ParseError> {
    let bad = || {
        ParseError::new(
            "jump host",
            format!(
                "“{}” is not user@address:port",
                wirewarp_model::error::excerpt(text)
            ),
        )
    };
    let (user, rest) = match text.rsplit_once('@') {
        Some((user, rest)) => (Some(user.to_owned()), rest),
        None => (None, text),
    };
    let (address, port) = match rest.rsplit_once(':') {
        Some((address, port)) if !address.contains(':') => {
            (address, Some(port.parse::<Port>().map_err(|_| bad())?))
        }
        _ => (rest, None),
    };
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if address.is_empty() || address.starts_with('-') || address.contains(odd) || user.as_deref() == Some("")
    {
        return Err(bad());
    }
    let mut target = Target::new(address);
    target.user = user;
    target.port = port.map(Port::number);
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_host_is_tried_at_its_jump_host_as_well() {
        let ssh = SshAccess {
            address: "10.0.0.5".into(),
            port: None,
            user: None,
            key_file: Some("~/.ssh/id_site".into()),
            agent: false,
            password: false,
            sudo_password: false,
            jump: Some("ops@bastion".into()),
            through_tunnel: false,
        };
        let jump = direct(&ssh, None).unwrap().jump.unwrap();
        assert_eq!(jump.auth.more_key_files, [Path::new("~/.ssh/id_site")]);
        assert!(jump.auth.key_files.is_empty() && jump.auth.agent);
    }

    #[test]
    fn a_jump_host_is_read_with_user_and_port() {
        let target = jump("ops@198.51.100.4:2222").unwrap();
        assert_eq!(
            (target.user.as_deref(), target.address.as_str(), target.port),
            (Some("ops"), "198.51.100.4", Some(2222))
        );
        assert_eq!(jump("bastion").unwrap().port, None);
        for bad in ["", "@x", "a b", "-oProxyCommand=x", "host:0", "host:x"] {
            assert_eq!(jump(bad).unwrap_err().field, "jump host", "{bad:?}");
        }
    }
}
