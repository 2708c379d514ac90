//! `wirewarp top`.

use std::{fmt::Write as _, io::IsTerminal, process::ExitCode, sync::Arc, time::Duration};
use wirewarp_engine::watch::{
    ForwardNow, HostNow, HostState, PeerNow, Rates, Recording, TunnelState, Watching,
};

use crate::{
    args::watch::TopArgs,
    context::{Context, Failure},
    output::{
        self,
        style::{self, paint},
        table::{ago, bytes, span, table},
    },
};

/// Longest wait for hosts that do not answer, with `--once`.
const PATIENCE: Duration = Duration::from_secs(30);

/// Clears the screen from its top left corner on.
const CLEAR: &str = "\x1b[H\x1b[J";

pub async fn run(ctx: &Context, args: TopArgs) -> Result<ExitCode, Failure> {
    let inventory = ctx.engine.inventory().await?;
    if inventory.hosts.is_empty() {
        output::print("Nothing here yet. Begin with: wirewarp vps add nyc --host 203.0.113.10");
        return Ok(ExitCode::SUCCESS);
    }
    let interval = Duration::from_secs(if args.once { 2 } else { args.interval });
    // Who only looks on leaves the history to who keeps it.
    let watching = ctx.engine.start_watching(interval, Recording::No).await?;
    if args.once {
        settled(&watching, inventory.hosts.len()).await;
        return show_once(ctx, &watching.now());
    }
    let mut news = watching.news();
    let terminal = std::io::stdout().is_terminal();
    loop {
        let shown = screen(&watching.now());
        output::print(&if terminal {
            format!("{CLEAR}{shown}")
        } else {
            shown
        });
        tokio::select! {
            ended = tokio::signal::ctrl_c() => {
                let _ = ended;
                return Ok(ExitCode::SUCCESS);
            }
            _ = news.changed() => {}
        }
        // Several hosts answer at about the same time.
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Until each host was polled twice, or does not answer.
async fn settled(watching: &Watching, hosts: usize) {
    let mut news = watching.news();
    let ready = async {
        loop {
            let now = watching.now();
            let known = |host: &Arc<HostNow>| {
                let measured = host.system.as_ref().is_some_and(|system| system.cpu.is_some());
                measured || !host.reason.is_empty()
            };
            if now.len() == hosts && now.iter().all(known) {
                return;
            }
            if news.changed().await.is_err() {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, ready).await;
}

fn show_once(ctx: &Context, now: &[Arc<HostNow>]) -> Result<ExitCode, Failure> {
    if ctx.global.json {
        let plain: Vec<&HostNow> = now.iter().map(AsRef::as_ref).collect();
        output::json(&plain)?;
    } else {
        output::print(&screen(now));
    }
    Ok(ExitCode::SUCCESS)
}

fn screen(now: &[Arc<HostNow>]) -> String {
    let mut text = table(
        &[
            "host", "state", "cpu", "memory", "disk", "load", "received", "sent", "up", "waiting",
        ],
        now.iter().map(|host| host_row(host)),
    );
    let peers = now.iter().flat_map(|host| &host.peers);
    if peers.clone().next().is_some() {
        let headings = [
            "peer",
            "tunnel",
            "last handshake",
            "from home",
            "to home",
            "total",
        ];
        let _ = write!(text, "\n\n{}", table(&headings, peers.map(peer_row)));
    }
    let forwards = now.iter().flat_map(|host| &host.forwards);
    if forwards.clone().next().is_some() {
        let headings = [
            "forward",
            "peer",
            "public ip",
            "ports",
            "connections",
            "from home",
            "to home",
            "total",
        ];
        let _ = write!(text, "\n\n{}", table(&headings, forwards.map(forward_row)));
    }
    text
}

fn host_row(host: &HostNow) -> Vec<String> {
    let state = match host.state {
        HostState::Online => paint(style::GOOD, "online"),
        HostState::Unknown => paint(style::WARN, reason("unknown", &host.reason)),
        HostState::Offline => paint(style::BAD, reason("offline", &host.reason)),
    };
    let mut row = vec![host.name.to_string(), state];
    let Some(system) = &host.system else {
        row.resize(10, String::new());
        return row;
    };
    let mut waiting = Vec::new();
    if system.reboot_needed {
        waiting.push("restart".to_owned());
    }
    if let Some(count) = system.security_updates.filter(|count| *count > 0) {
        waiting.push(format!("{count} security updates"));
    }
    row.extend([
        system
            .cpu
            .map_or_else(String::new, |cpu| format!("{} %", (cpu + 5) / 10)),
        share(system.memory_used, system.memory_total),
        share(system.disk_used, system.disk_total),
        format!("{}.{:02}", system.load / 100, system.load % 100),
        system
            .network
            .map_or_else(String::new, |rates| rate(rates.from_home)),
        system
            .network
            .map_or_else(String::new, |rates| rate(rates.to_home)),
        span(system.uptime),
        waiting.join(", "),
    ]);
    row
}

fn peer_row(peer: &PeerNow) -> Vec<String> {
    let state = match peer.state {
        TunnelState::Connected => paint(style::GOOD, "connected"),
        TunnelState::Suspended => paint(style::DIM, "suspended"),
        TunnelState::Unknown => paint(style::WARN, reason("unknown", &peer.reason)),
        TunnelState::Disconnected | TunnelState::Never => paint(style::BAD, &peer.reason),
    };
    let mut row = vec![
        peer.name.to_string(),
        state,
        peer.handshake_age.map_or("never".into(), ago),
    ];
    row.extend(carried(peer.rates));
    row.push(bytes(peer.total.from_home.saturating_add(peer.total.to_home)));
    row
}

fn forward_row(forward: &ForwardNow) -> Vec<String> {
    let mut row = vec![
        forward.label.clone(),
        forward.peer.to_string(),
        forward.public_ip.to_string(),
        forward.ports.clone(),
        forward.connections.to_string(),
    ];
    row.extend(carried(forward.rates));
    row.push(bytes(
        forward.total.from_home.saturating_add(forward.total.to_home),
    ));
    row
}

fn carried(rates: Rates) -> [String; 2] {
    [rate(rates.from_home), rate(rates.to_home)]
}

fn rate(bytes_per_second: u64) -> String {
    format!("{}/s", bytes(bytes_per_second))
}

fn share(used: u64, total: u64) -> String {
    let percent = used.saturating_mul(100).checked_div(total);
    percent.map_or_else(String::new, |percent| format!("{percent} %"))
}

fn reason(state: &str, why: &str) -> String {
    if why.is_empty() {
        state.to_owned()
    } else {
        format!("{state}: {why}")
    }
}
