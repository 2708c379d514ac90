//! Each host: whether it answers, its clock, its versions.

use futures::future::join_all;
use jiff::Timestamp;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;
use wirewarp_model::{Host, Inventory, observed::Observed};

use super::{Diagnosis, Verdict};
use crate::Engine;

/// How long a host is waited for, with logging in.
const PATIENCE: Duration = Duration::from_secs(30);

/// A clock that is off by more makes logs and certificates hard to read, in seconds.
const SKEW: i64 = 30;

/// The part of a manifest that says who rendered it.
#[derive(Deserialize)]
struct Rendered {
    program: String,
}

pub(super) async fn examine(engine: &Engine, inventory: &Inventory, offline: bool) -> Vec<Diagnosis> {
    if offline {
        let message = format!("{} were not asked (--offline)", inventory.hosts.len());
        return vec![Diagnosis::good("hosts", message)];
    }
    let one = |host| one(engine, inventory, host);
    join_all(inventory.hosts.iter().map(one)).await.concat()
}

async fn one(engine: &Engine, inventory: &Inventory, host: &Host) -> Vec<Diagnosis> {
    let what = format!("host {}", host.name);
    let before = Timestamp::now().as_second();
    let seen = match timeout(PATIENCE, engine.look_at(inventory, host)).await {
        Ok(Ok(seen)) => seen,
        Ok(Err(error)) => return vec![Diagnosis::bad(what, error.to_user())],
        Err(_) => {
            let message = format!("It did not answer within {} seconds.", PATIENCE.as_secs());
            let hints = ["Is it switched on, and does its provider's firewall let SSH through?"];
            return vec![Diagnosis::new(what, Verdict::Bad, message, &hints)];
        }
    };
    let mut checks = vec![Diagnosis::good(&what, answered(&seen))];
    checks.extend(clock(&what, seen.clock, before, Timestamp::now().as_second()));
    checks.extend(program(&what, &seen, env!("CARGO_PKG_VERSION")));
    if seen.disk_full {
        let hints = ["Make room there: an apply is refused until then."];
        checks.push(Diagnosis::new(&what, Verdict::Bad, "Its disk is full.", &hints));
    }
    checks
}

fn answered(seen: &Observed) -> String {
    let versions = ["nft", "wg"].map(|tool| match seen.tools.get(tool) {
        Some(version) if !version.is_empty() => format!("{tool} {version}"),
        Some(_) => tool.to_owned(),
        None => format!("no {tool}"),
    });
    format!("it answers; {}, {}", seen.os.pretty, versions.join(", "))
}

/// The host's clock was read at some moment between `before` and `after`, seconds since 1970 UTC.
pub(super) fn clock(what: &str, theirs: u64, before: i64, after: i64) -> Option<Diagnosis> {
    let theirs = i64::try_from(theirs).unwrap_or(i64::MAX);
    let (off, way) = if theirs < before {
        (before - theirs, "behind")
    } else {
        (theirs.saturating_sub(after), "ahead of")
    };
    let message = format!("Its clock is {off} seconds {way} this machine's.");
    let hints = ["Switch time synchronisation on, on the one that is wrong: timedatectl set-ntp true"];
    (off > SKEW).then(|| Diagnosis::new(what, Verdict::Warning, message, &hints))
}

fn program(what: &str, seen: &Observed, own: &str) -> Option<Diagnosis> {
    let manifest = seen.ours.as_ref()?.manifest.as_ref()?;
    let by = serde_json::from_str::<Rendered>(manifest).ok()?.program;
    let message = format!(
        "What is in force there was made by WireWarp {}; this is {own}.",
        wirewarp_model::error::excerpt(&by)
    );
    let hints = ["Look at its plan to see what this version would do otherwise, or update this program."];
    (by != own).then(|| Diagnosis::new(what, Verdict::Warning, message, &hints))
}
