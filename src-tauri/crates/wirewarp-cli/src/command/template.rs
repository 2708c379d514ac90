//! `wirewarp template ...`

use serde_json::json;
use std::process::ExitCode;

use super::change::{no_dry_run, say};
use crate::{
    args::template::TemplateCommand,
    context::{Context, Failure, name},
    output::{self, table::table},
};

pub async fn run(ctx: &Context, command: TemplateCommand) -> Result<ExitCode, Failure> {
    match command {
        TemplateCommand::List => list(ctx).await,
        TemplateCommand::Add {
            name: template,
            ports,
        } => {
            no_dry_run(ctx)?;
            let template = name(&template)?;
            ctx.engine.add_template(&template, &ports).await?;
            say(
                ctx,
                &format!("Use it with: wirewarp port add PEER --template {template}"),
            );
            report(ctx, &template)
        }
        TemplateCommand::Remove { name: template } => {
            no_dry_run(ctx)?;
            let template = name(&template)?;
            ctx.engine.remove_template(&template).await?;
            say(ctx, "Removed. Forwards made from it stay.");
            report(ctx, &template)
        }
    }
}

fn report(ctx: &Context, template: &wirewarp_model::Name) -> Result<ExitCode, Failure> {
    if ctx.global.json {
        output::json(&json!({ "template": template }))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(ctx: &Context) -> Result<ExitCode, Failure> {
    let templates = ctx.engine.templates().await?;
    if ctx.global.json {
        output::json(&templates)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = templates.iter().map(|t| {
        let whose = if t.own { "yours" } else { "built in" };
        vec![
            t.name.to_string(),
            t.ports.clone(),
            t.title.clone(),
            whose.to_owned(),
        ]
    });
    output::print(&table(&["name", "ports", "for", "whose"], rows));
    Ok(ExitCode::SUCCESS)
}
