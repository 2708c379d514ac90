//! `wirewarp plan [HOST]`.

use std::process::ExitCode;

use super::CHANGES;
use crate::{
    context::{Context, Failure, name},
    output,
};

/// Shows what an apply would do. 0: nothing, 2: something.
pub async fn run(ctx: &Context, host: Option<String>) -> Result<ExitCode, Failure> {
    let hosts = host.as_deref().map(name).transpose()?;
    let preview = ctx.engine.preview_named(hosts.as_slice()).await?;
    if ctx.global.json {
        output::json(&preview.summary())?;
    } else {
        output::print(&output::plan::text(&preview, ctx.global.diff));
    }
    if let Some(error) = preview.unreached_error() {
        return Err(error.into());
    }
    Ok(ExitCode::from(if preview.is_empty() { 0 } else { CHANGES }))
}
