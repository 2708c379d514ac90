//! `wirewarp proxmox add`, `login`, `trust` and `remove`: what is kept of a Proxmox host. None of them changes any host, but
//! for a token that `--make-token` asks for.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::{
    edit::Proposal,
    proxmox::{AddProxmox, ProxmoxSignIn},
};
use wirewarp_model::{Name, Proxmox, ProxmoxLogin, shell::quote};

use super::change::{no_dry_run, say};
use crate::{
    args::proxmox::{ProxmoxAdd, SignInArgs},
    context::{Context, Failure, name},
    output, person, stdin_secrets,
};

pub async fn add(ctx: &Context, args: ProxmoxAdd) -> Result<ExitCode, Failure> {
    let proxmox = name(&args.name)?;
    let request = AddProxmox {
        name: proxmox.clone(),
        url: args.url,
        trust: args.trust,
        sign_in: sign_in(ctx, args.sign_in)?,
    };
    let proposal = ctx.engine.add_proxmox(request).await?;
    signed_in(ctx, &proposal, &proxmox).await
}

pub async fn login(ctx: &Context, proxmox: &Name, args: SignInArgs) -> Result<ExitCode, Failure> {
    let sign_in = sign_in(ctx, args)?;
    let proposal = ctx.engine.login_proxmox(proxmox, sign_in).await?;
    signed_in(ctx, &proposal, proxmox).await
}

/// Who signs in, as the options and the lines of standard input say.
fn sign_in(ctx: &Context, args: SignInArgs) -> Result<ProxmoxSignIn, Failure> {
    let Some(user) = args.user else {
        return if args.token_stdin {
            Ok(ProxmoxSignIn::Token(stdin_secrets::line("API token")?))
        } else {
            Err(Failure::Usage(
                "Say who signs in: --token-stdin (an API token), or --user root@pam --password-stdin.".into(),
            ))
        };
    };
    if !args.password_stdin && !Context::can_ask() {
        return Err(Failure::Usage(
            "The password is missing: --password-stdin reads it from the first line of standard input."
                .into(),
        ));
    }
    let make_token = args.make_token || (!args.keep_password && wants_token()?);
    let password = stdin_secrets::line(&format!("password of {user}"))?;
    let code = args.code_stdin.then(|| stdin_secrets::line("code")).transpose()?;
    Ok(ProxmoxSignIn::Password {
        user,
        password,
        code,
        // A dry run sees whether the sign-in works and the rights are enough, and leaves nothing behind.
        make_token: make_token && !ctx.global.dry_run,
    })
}

/// Asked at a terminal; a script has to say it, since the one makes something on the host and the other keeps a password.
fn wants_token() -> Result<bool, Failure> {
    if Context::can_ask() {
        return Ok(person::yes(
            "Make an API token for WireWarp, with the rights that it needs and no others, instead of keeping the password?",
        ));
    }
    Err(Failure::Usage(
        "Say what is kept: --make-token (an API token that is made for WireWarp) or --keep-password.".into(),
    ))
}

async fn signed_in(ctx: &Context, proposal: &Proposal, proxmox: &Name) -> Result<ExitCode, Failure> {
    let recorded = !ctx.global.dry_run;
    if recorded {
        ctx.engine.record(proposal).await?;
    }
    let entry = proposal.after.proxmox_named(proxmox);
    if ctx.global.json {
        output::json(&json!({ "recorded": recorded, "proxmox": entry }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(entry) = entry {
        output::print(&format!(
            "Signed in to {} as {} (Proxmox VE {}); its rights are enough.",
            entry.endpoint,
            entry.login.who(),
            entry.version
        ));
    }
    output::print(&if recorded {
        format!("Next: see what is there with: wirewarp proxmox guests {proxmox}")
    } else {
        "Dry run: nothing was recorded or changed.".to_owned()
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn trust(ctx: &Context, proxmox: &Name, fingerprint: Option<String>) -> Result<ExitCode, Failure> {
    no_dry_run(ctx)?;
    let trusted = ctx.engine.trust_proxmox(proxmox, fingerprint.as_deref()).await?;
    say(ctx, &format!("“{proxmox}” is now known by SHA-256 {trusted}."));
    if ctx.global.json {
        output::json(&json!({ "proxmox": proxmox, "fingerprint": trusted }))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn remove(ctx: &Context, proxmox: &Name, forget: bool) -> Result<ExitCode, Failure> {
    let proposal = ctx.engine.remove_proxmox(proxmox, forget).await?;
    let recorded = !ctx.global.dry_run;
    let gone = proposal.before.proxmox_named(proxmox);
    if recorded {
        ctx.engine.record(&proposal).await?;
        if let Some(gone) = gone {
            ctx.engine.forget_proxmox_secret(gone.id).await?;
        }
    }
    if ctx.global.json {
        output::json(&json!({ "recorded": recorded, "removed": proxmox }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if !recorded {
        output::print(&format!("“{proxmox}” would be forgotten."));
        output::print("Dry run: nothing was recorded or changed.");
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&format!("“{proxmox}” is forgotten, and so is its secret."));
    if let Some(line) = gone.and_then(still_valid) {
        output::print(&line);
    }
    Ok(ExitCode::SUCCESS)
}

/// A token is not taken away there: another computer may use it.
fn still_valid(gone: &Proxmox) -> Option<String> {
    let ProxmoxLogin::Token { id } = &gone.login else {
        return None;
    };
    let (user, token) = id.split_once('!')?;
    let (user, token) = (quote(user).ok()?, quote(token).ok()?);
    Some(format!(
        "Its API token is valid still. To take it away, as root on a node: pveum user token remove {user} {token}"
    ))
}
