//! `wirewarp status`.

use std::process::ExitCode;
use wirewarp_engine::{HostStatus, TunnelStatus};

use crate::{
    context::{Context, Failure},
    output::{
        self,
        style::{self, paint},
        table::{ago, bytes, table},
    },
};

pub async fn run(ctx: &Context) -> Result<ExitCode, Failure> {
    let status = ctx.engine.status().await?;
    if ctx.global.json {
        output::json(&status)?;
        return Ok(ExitCode::SUCCESS);
    }
    if status.hosts.is_empty() && status.tunnels.is_empty() {
        output::print("Nothing here yet. Begin with: wirewarp vps add nyc --host 203.0.113.10");
        return Ok(ExitCode::SUCCESS);
    }
    output::print(&table(
        &["host", "state", "generation", "system"],
        status.hosts.iter().map(host_row),
    ));
    if !status.tunnels.is_empty() {
        let rows = status.tunnels.iter().map(tunnel_row);
        output::print("");
        output::print(&table(
            &[
                "peer",
                "vps",
                "public ip",
                "tunnel",
                "last handshake",
                "received",
                "sent",
            ],
            rows,
        ));
    }
    output::print(&format!(
        "\n{} port forwards, {} of them on",
        status.forwards, status.forwards_on
    ));
    Ok(ExitCode::SUCCESS)
}

fn host_row(host: &HostStatus) -> Vec<String> {
    let state = match (&host.error, host.drift.is_empty(), host.changes_waiting) {
        (Some(error), ..) => paint(style::BAD, format!("unreachable: {error}")),
        (None, false, _) => paint(style::WARN, format!("drift: {}", host.drift.join("; "))),
        (None, true, true) => paint(style::WARN, "changes waiting: wirewarp plan"),
        (None, true, false) => paint(style::GOOD, "as wanted"),
    };
    vec![
        host.name.to_string(),
        state,
        host.generation.to_string(),
        host.system.clone(),
    ]
}

fn tunnel_row(tunnel: &TunnelStatus) -> Vec<String> {
    let state = if tunnel.up {
        paint(style::GOOD, "up")
    } else {
        paint(style::BAD, tunnel.why.as_str())
    };
    vec![
        tunnel.peer.to_string(),
        tunnel.vps.to_string(),
        tunnel.public_ip.to_string(),
        state,
        tunnel.handshake_age.map_or("never".into(), ago),
        bytes(tunnel.received),
        bytes(tunnel.sent),
    ]
}
