//! Reaching machines: what is typed, what the SSH configuration knows, a try.

use std::{sync::Arc, time::Instant};
use wirewarp_engine::TypedTarget;

use crate::{
    Desktop,
    change::{fingerprint, given, login, name},
    errors::{Answered, at, user},
    view::{LoginForm, ParsedTarget, Probe, ProbePrivilege, SshHost, Subject},
    words,
};

pub(crate) async fn ssh_config_hosts(desktop: &Arc<Desktop>) -> Answered<Vec<SshHost>> {
    let hosts = desktop.engine.ssh_config_hosts().map_err(user)?;
    Ok(hosts
        .into_iter()
        .map(|(alias, leads_to)| SshHost { alias, leads_to })
        .collect())
}

pub(crate) async fn parse_target(desktop: &Arc<Desktop>, text: String) -> Answered<ParsedTarget> {
    let target = at("target", TypedTarget::parse(&text))?;
    // A configuration that cannot be read is told when it is used.
    let aliases = desktop.engine.ssh_config_hosts().unwrap_or_default();
    Ok(ParsedTarget {
        is_alias: aliases.iter().any(|(alias, _)| *alias == target.address),
        address: target.address,
        user: target.user.unwrap_or_default(),
        port: target.port,
        jump: target.jump.unwrap_or_default(),
        key_file: target.key_file.unwrap_or_default(),
    })
}

pub(crate) async fn probe_host(desktop: &Arc<Desktop>, login: LoginForm) -> Answered<Probe> {
    let began = Instant::now();
    let login = self::login(&login, &desktop.settings.get())?;
    let probed = desktop.engine.probe(&login).await.map_err(user)?;
    let seen = probed.observed;
    Ok(Probe {
        endpoint: probed.endpoint,
        fingerprint: probed.fingerprint,
        user: probed.user,
        privilege: if probed.is_root {
            ProbePrivilege::Root
        } else {
            ProbePrivilege::Sudo
        },
        hostname: seen.hostname,
        system: seen.os.pretty,
        kernel: seen.os.kernel,
        kernel_wireguard: seen.kernel_wireguard,
        public_ips: probed.public_ips,
        findings: words::findings(probed.findings),
        known_as: probed.known_as,
        ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

pub(crate) async fn trust_host(
    desktop: &Arc<Desktop>,
    host: String,
    fingerprint: Option<String>,
) -> Answered<String> {
    let host = name("host", &host)?;
    let expected = fingerprint
        .as_deref()
        .and_then(given)
        .map(self::fingerprint)
        .transpose()?;
    let accepted = desktop
        .engine
        .trust_anew(&host, expected.as_deref())
        .await
        .map_err(user)?;
    desktop.changed(&[Subject::Activity]);
    // It may be looked at again without the person now.
    if let Err(error) = desktop.look_at(&[host]).await {
        tracing::warn!(error = %error.message, "the host could not be looked at after its key was trusted");
    }
    Ok(accepted)
}
