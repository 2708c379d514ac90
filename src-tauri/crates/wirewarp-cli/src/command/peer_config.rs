//! The configuration of a manual peer: text, file, QR code.

use serde_json::{Value, json};
use std::{io::Write, path::Path, process::ExitCode};
use wirewarp_engine::{ClientConfig, EngineError};

use super::change::{carry_out, end, say};
use crate::{
    args::peer::{ConfigOutput, PeerConfig},
    context::{Context, Failure, name},
    output,
};

/// `wirewarp peer config NAME`: the kept key's configuration, or that of a new key.
pub async fn run(ctx: &Context, args: PeerConfig) -> Result<ExitCode, Failure> {
    let peer = name(&args.name)?;
    let mut extra = json!({ "peer": peer });
    if let Some(config) = ctx.engine.kept_client_config(&peer).await? {
        hand_over(ctx, &config, &args.output, &mut extra)?;
        if ctx.global.json {
            output::json(&extra)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    say(
        ctx,
        "Its private key was not kept, so a new one is made; the old configuration stops working.",
    );
    let (proposal, key) = ctx.engine.new_manual_key(&peer).await?;
    let done = carry_out(ctx, &proposal).await?;
    if !ctx.global.dry_run && done.code == 0 {
        let config = ctx
            .engine
            .client_config(&peer, &key, args.output.keep_key)
            .await?;
        hand_over(ctx, &config, &args.output, &mut extra)?;
    }
    end(ctx, done, extra)
}

/// Gives the configuration to the person in the ways that were asked for: this once.
pub fn hand_over(
    ctx: &Context,
    config: &ClientConfig,
    to: &ConfigOutput,
    extra: &mut Value,
) -> Result<(), Failure> {
    if let Some(path) = &to.config_file {
        write_private(path, config.text.expose().as_bytes())?;
        say(
            ctx,
            &format!(
                "The configuration is in {}. It holds the private key: keep it to yourself.",
                path.display()
            ),
        );
    } else if ctx.global.json {
        extra["config"] = json!(config.text.expose());
    } else {
        output::print(&format!("\n{}", config.text.expose()));
    }
    if let Some(path) = &to.qr_png {
        write_private(path, &config.qr_png()?)?;
    }
    if let Some(path) = &to.qr_svg {
        write_private(path, config.qr_svg()?.as_bytes())?;
    }
    if to.qr && !ctx.global.json {
        output::print(&config.qr_text()?);
    }
    Ok(())
}

/// Writes a file that its owner alone can read; an existing one is replaced whole.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = write_new(path, bytes);
    written.map_err(|source| {
        EngineError::File {
            path: path.display().to_string(),
            source,
        }
        .into()
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
