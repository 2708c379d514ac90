//! `wirewarp vps add`.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::{AddVps, HostLogin};
use wirewarp_model::{inventory::SshAccess, net::parse_network};

use super::change::{carry_out, end, say};
use crate::{
    args::vps::{SshArgs, VpsAdd},
    context::{Context, Failure, name},
    output, person, stdin_secrets,
};

pub async fn run(ctx: &Context, args: VpsAdd) -> Result<ExitCode, Failure> {
    let vps = name(&args.name)?;
    let tunnel_network = args
        .tunnel_network
        .as_deref()
        .map(|t| parse_network("tunnel network", t))
        .transpose()?;
    let listen_port = args.listen_port.parse()?;
    let request = AddVps {
        name: vps.clone(),
        login: login(&args.ssh)?,
        tunnel_network,
        listen_port,
        ips: args.ips,
    };
    let proposal = ctx.engine.add_vps(request, ctx.progress()).await?;
    let done = carry_out(ctx, &proposal).await?;
    if done.applied && !ctx.global.no_apply && !ctx.global.dry_run {
        say(
            ctx,
            &format!("Next: connect your home with: wirewarp peer add attic --vps {vps} --host ..."),
        );
    }
    let entry = proposal.after.vps_named(&vps);
    end(ctx, done, json!({ "vps": entry }))
}

/// What the SSH options ask for.
pub fn login(args: &SshArgs) -> Result<HostLogin, Failure> {
    let Some(host) = &args.host else {
        return Err(Failure::Usage(
            "--host is missing: the address of the machine, e.g. --host root@203.0.113.10".into(),
        ));
    };
    let trust = args.trust.as_deref().map(fingerprint).transpose()?;
    let secrets = stdin_secrets::read(args)?;
    let (user, address) = split_user(host);
    if address.is_empty()
        || address.starts_with('-')
        || address.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        let shown = wirewarp_model::error::excerpt(host);
        return Err(Failure::Usage(format!(
            "--host “{shown}” is neither an address nor a name."
        )));
    }
    let port = args
        .port
        .as_deref()
        .map(str::parse::<wirewarp_model::Port>)
        .transpose()?;
    let access = SshAccess {
        address: address.to_owned(),
        port: port.map(wirewarp_model::Port::number),
        user: args.user.clone().or(user.map(str::to_owned)),
        key_file: args.key.clone(),
        agent: args.agent,
        password: secrets.password.is_some(),
        sudo_password: secrets.sudo_password.is_some(),
        jump: args.jump.clone(),
        through_tunnel: false,
    };
    let install_key = args.install_key || (secrets.password.is_some() && offers_key());
    Ok(HostLogin {
        access,
        password: secrets.password,
        sudo_password: secrets.sudo_password,
        trust,
        install_key,
    })
}

/// Reads a fingerprint as `ssh-keygen -lf` prints it: `SHA256:` and 32 bytes in base64 without padding.
pub fn fingerprint(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let digest = text.strip_prefix("SHA256:").unwrap_or_default();
    let base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    if digest.len() == 43 && digest.chars().all(base64) {
        return Ok(text.to_owned());
    }
    let shown = wirewarp_model::error::excerpt(text);
    Err(Failure::Usage(format!(
        "--trust “{shown}” is no fingerprint such as SHA256:…; `ssh-keygen -lf` prints it."
    )))
}

/// With a password, a key of its own is the safer way from now on.
fn offers_key() -> bool {
    if !Context::can_ask() {
        output::note(
            "A key is safer than a kept password: add --install-key to make one and install it on the host.",
        );
        return false;
    }
    person::yes("Make a key, install it on the host, and use it instead of the password from now on?")
}

fn split_user(host: &str) -> (Option<&str>, &str) {
    match host.rsplit_once('@') {
        Some((user, address)) if !user.is_empty() => (Some(user), address),
        _ => (None, host),
    }
}
