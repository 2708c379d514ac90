//! `wirewarp monitor`.

mod serve;
mod unit;

use std::{process::ExitCode, sync::Arc, time::Duration};
use wirewarp_engine::watch::{Recording, Watching};

use crate::{
    args::watch::MonitorArgs,
    context::{Context, Failure},
    output,
};

/// For Grafana 9 and newer.
const DASHBOARD: &str = include_str!("dashboard.json");

pub async fn run(ctx: &Context, args: MonitorArgs) -> Result<ExitCode, Failure> {
    if args.unit {
        output::print(&unit::unit(ctx, &args)?);
        return Ok(ExitCode::SUCCESS);
    }
    if args.dashboard {
        output::print(DASHBOARD.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    // First the port: what cannot be served is said before anything begins.
    let listener = match args.listen {
        Some(address) => Some(serve::bind(address).await?),
        None => None,
    };
    let interval = Duration::from_secs(args.interval);
    let watching = Arc::new(ctx.engine.start_watching(interval, Recording::Required).await?);
    watching.set_measuring(Duration::from_secs(args.measure));
    output::note(&format!("Collecting each {} s; Ctrl-C ends it.", args.interval));
    let serving = listener.map(|listener| {
        if let Ok(address) = listener.local_addr() {
            output::note(&format!("Serving http://{address}/metrics and /healthz."));
        }
        tokio::spawn(serve::serve(listener, watching.clone(), interval))
    });
    told_to_end().await?;
    if let Some(serving) = serving {
        serving.abort();
        let _ = serving.await;
    }
    end(watching).await;
    Ok(ExitCode::SUCCESS)
}

/// Until Ctrl-C, or systemd stops it.
async fn told_to_end() -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Other(error.into());
    tokio::select! {
        stopped = stopped() => stopped.map_err(failed),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(failed),
    }
}

#[cfg(unix)]
async fn stopped() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn stopped() -> std::io::Result<()> {
    std::future::pending().await
}

/// Writes down what was measured. A scrape that still holds it lets go at once.
async fn end(mut watching: Arc<Watching>) {
    for _ in 0..50 {
        match Arc::try_unwrap(watching) {
            Ok(watching) => return watching.end().await,
            Err(held) => watching = held,
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
