//! `wirewarp log [OPERATION]`.

use std::process::ExitCode;

use crate::{
    context::{Context, Failure},
    output::{
        self,
        table::{moment, table},
    },
};

pub async fn run(ctx: &Context, lines: u32, operation: Option<String>) -> Result<ExitCode, Failure> {
    if let Some(operation) = operation {
        return one(ctx, &operation).await;
    }
    let entries = ctx.engine.log(lines).await?;
    if ctx.global.json {
        output::json(&entries)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = entries.iter().map(|entry| {
        vec![
            moment(entry.at),
            entry.who.clone(),
            entry.what.clone(),
            entry.outcome.clone(),
        ]
    });
    output::print(&table(&["when", "who", "what", "outcome"], rows));
    Ok(ExitCode::SUCCESS)
}

async fn one(ctx: &Context, operation: &str) -> Result<ExitCode, Failure> {
    let details = ctx.engine.operation(operation).await?;
    if ctx.global.json {
        output::json(&details)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&details.headline);
    let rows = details
        .steps
        .iter()
        .map(|step| vec![step.step.clone(), step.state.clone(), step.message.clone()]);
    output::print(&table(&["step", "state", "message"], rows));
    if !details.output.is_empty() {
        output::print(&details.output);
    }
    Ok(ExitCode::SUCCESS)
}
