//! `wirewarp vps quota`.

use jiff::Timestamp;
use std::process::ExitCode;
use wirewarp_engine::alert::Month;
use wirewarp_model::Name;

use super::change::{no_dry_run, say};
use crate::{
    args::vps::QuotaSize,
    context::{Context, Failure},
    output::{
        self,
        table::{bytes, facts, moment},
    },
};

pub async fn run(
    ctx: &Context,
    vps: &Name,
    size: Option<QuotaSize>,
    first_day: u8,
) -> Result<ExitCode, Failure> {
    if let Some(QuotaSize(size)) = size {
        no_dry_run(ctx)?;
        let quota = size.map(|bytes| (bytes, first_day));
        ctx.engine.set_quota(vps, quota).await?;
        say(
            ctx,
            "The rule “Quota almost used” tells when it comes near. See: wirewarp alert rules",
        );
    }
    let month = ctx.engine.month(vps).await?;
    if ctx.global.json {
        output::json(&month)?;
    } else {
        show(&month);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(month: &Month) {
    let when = |at: i64| Timestamp::from_second(at).map_or_else(|_| String::new(), moment);
    let mut rows = vec![
        ("since", when(month.from)),
        ("until", when(month.to)),
        ("carried", bytes(month.used)),
    ];
    if let Some(quota) = month.quota {
        let share = u128::from(month.used) * 100 / u128::from(quota.max(1));
        rows.push(("quota", format!("{} ({share} % used)", bytes(quota))));
    }
    match month.forecast {
        Some(forecast) => rows.push(("at the end, as of the last week", bytes(forecast))),
        None => rows.push(("at the end", "known after a day of measuring".to_owned())),
    }
    if let Some(at) = month.used_up_at {
        rows.push(("used up", when(at)));
    }
    output::print(&facts(&rows));
}
