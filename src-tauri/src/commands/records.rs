//! Activity, templates, settings.

use std::sync::Arc;
use wirewarp_engine::{TemplateEntry, activity};

use crate::{
    Desktop,
    change::name,
    errors::{Answered, at, bad_input, user},
    view::{
        ActivityFilter, ActivityKind, ActivityPage, ActivityRow, OperationStepView, OperationView, Page,
        Settings, Subject, TemplateRow,
    },
    words,
};

/// Most entries of a part.
const MOST: u32 = 500;

pub(crate) async fn activity(
    desktop: &Arc<Desktop>,
    filter: ActivityFilter,
    page: Page,
) -> Answered<ActivityPage> {
    let filter = activity::ActivityFilter {
        text: filter.text,
        kind: filter.kind.map(|kind| match kind {
            ActivityKind::Change => activity::ActivityKind::Change,
            ActivityKind::Operation => activity::ActivityKind::Operation,
        }),
        failed: filter.failed,
        from: filter.from,
        until: filter.until,
    };
    let (rows, total) = desktop
        .engine
        .activity(&filter, page.offset, page.limit.min(MOST))
        .await
        .map_err(user)?;
    Ok(ActivityPage {
        rows: rows.into_iter().map(activity_row).collect(),
        total,
    })
}

fn activity_row(entry: activity::Activity) -> ActivityRow {
    let verb = match (&entry.before, &entry.after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let (kind, what, state, failure, operation) = match entry.operation {
        None => (ActivityKind::Change, verb.to_owned(), None, None, None),
        Some((id, base, generation, state, failure)) => {
            let what = format!("generation {base} -> {generation}");
            (ActivityKind::Operation, what, Some(state), failure, Some(id))
        }
    };
    ActivityRow {
        at: entry.at,
        kind,
        who: entry.who,
        action: entry.action,
        what,
        object: entry.object,
        state,
        error: failure.and_then(|error| error.message.lines().next().map(str::to_owned)),
        operation,
        before: entry.before,
        after: entry.after,
    }
}

pub(crate) async fn operation(desktop: &Arc<Desktop>, id: String) -> Answered<OperationView> {
    let details = desktop.engine.operation(&id).await.map_err(user)?;
    let operation = details.operation;
    let step = |step: wirewarp_engine::OperationStep| OperationStepView {
        at: step.at,
        step: step.step,
        state: step.state,
        message: step.message,
        ms: step.ms,
    };
    Ok(OperationView {
        id: operation.id,
        host: operation.host_name,
        action: operation.action,
        base: operation.base,
        generation: operation.generation,
        state: operation.state,
        started_at: operation.started_at,
        ended_at: operation.ended_at,
        error: operation.error.map(words::error),
        steps: details.steps.into_iter().map(step).collect(),
    })
}

pub(crate) async fn templates(desktop: &Arc<Desktop>) -> Answered<Vec<TemplateRow>> {
    let row = |entry: TemplateEntry| TemplateRow {
        name: entry.name,
        title: entry.title,
        kind: entry.kind,
        ports: entry.ports,
        source: entry.source,
        own: entry.own,
    };
    let all = desktop.engine.templates().await.map_err(user)?;
    Ok(all.into_iter().map(row).collect())
}

pub(crate) async fn save_template(
    desktop: &Arc<Desktop>,
    name: String,
    ports: String,
) -> Answered<Vec<TemplateRow>> {
    let template = self::name("name", &name)?;
    at("ports", desktop.engine.add_template(&template, &ports).await)?;
    desktop.changed(&[Subject::Templates, Subject::Activity]);
    templates(desktop).await
}

pub(crate) async fn remove_template(desktop: &Arc<Desktop>, name: String) -> Answered<Vec<TemplateRow>> {
    let template = self::name("name", &name)?;
    desktop.engine.remove_template(&template).await.map_err(user)?;
    desktop.changed(&[Subject::Templates, Subject::Activity]);
    templates(desktop).await
}

pub(crate) async fn settings(desktop: &Arc<Desktop>) -> Answered<Settings> {
    Ok(desktop.settings.get())
}

pub(crate) async fn set_settings(desktop: &Arc<Desktop>, settings: Settings) -> Answered<Settings> {
    let before = desktop.settings.get();
    if before.autostart != settings.autostart {
        let done = desktop.outside.set_autostart(settings.autostart);
        done.map_err(|why| bad_input("autostart", why))?;
    }
    desktop.settings.set(settings)?;
    desktop.changed(&[Subject::Settings]);
    crate::log::set_levels(&desktop.settings.get());
    Ok(desktop.settings.get())
}
