//! `wirewarp rollback HOST [GENERATION]`.

use serde_json::json;
use std::process::ExitCode;
use wirewarp_engine::ApplyOptions;

use super::change::{end, go, say};
use crate::context::{Context, Failure, name};

pub async fn run(ctx: &Context, host: String, generation: Option<u64>) -> Result<ExitCode, Failure> {
    let host = name(&host)?;
    let preview = ctx.engine.preview_rollback(&host, generation).await?;
    let done = go(ctx, &preview, ApplyOptions::default(), "Not gone back.").await?;
    if done.applied {
        say(
            ctx,
            "The inventory still says what it said: `wirewarp plan` shows the difference, `wirewarp drift HOST --adopt` takes the host's state over.",
        );
    }
    end(ctx, done, json!({ "host": host }))
}
