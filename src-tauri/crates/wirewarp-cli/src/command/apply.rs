//! `wirewarp apply [HOST..]`.

use serde_json::json;
use std::{process::ExitCode, time::Duration};
use wirewarp_engine::ApplyOptions;
use wirewarp_model::Name;

use super::change::{end, go};
use crate::context::{Context, Failure, name};

pub async fn run(ctx: &Context, hosts: Vec<String>, rollback_after: u64) -> Result<ExitCode, Failure> {
    let hosts: Vec<Name> = hosts.iter().map(|text| name(text)).collect::<Result<_, _>>()?;
    let preview = ctx.engine.preview_named(&hosts).await?;
    let options = ApplyOptions {
        rollback_after: Duration::from_secs(rollback_after),
        ..ApplyOptions::default()
    };
    let done = go(ctx, &preview, options, "Not applied.").await?;
    end(ctx, done, json!({}))
}
