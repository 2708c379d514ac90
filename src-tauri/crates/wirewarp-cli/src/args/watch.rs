//! `wirewarp monitor`, `wirewarp top`, `wirewarp history`.

use clap::{Args, ValueEnum};
use std::net::SocketAddr;

/// Collect figures without the window.
#[derive(Debug, Args)]
pub struct MonitorArgs {
    /// Seconds between two polls of a host
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub interval: u64,
    /// Serve /metrics for Prometheus and /healthz here
    #[arg(long, value_name = "ADDRESS:PORT", num_args = 0..=1, default_missing_value = "127.0.0.1:9586")]
    pub listen: Option<SocketAddr>,
    /// Seconds between two measurements of the latency and loss of tunnels in use; 0 for none
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub measure: u64,
    /// Print a systemd unit that does this, and how to install it
    #[arg(long)]
    pub unit: bool,
    /// Print a Grafana dashboard of what /metrics serves, to be imported there
    #[arg(long, conflicts_with = "unit")]
    pub dashboard: bool,
}

/// Look on in this terminal.
#[derive(Debug, Args)]
pub struct TopArgs {
    /// Seconds between two polls of a host
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub interval: u64,
    /// Print once, when each host was polled twice, and end
    #[arg(long)]
    pub once: bool,
}

/// What the past is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Of {
    /// A VPS, or a machine at home: processor, memory, disk, network
    Host,
    /// A peer's tunnel
    Peer,
    /// How well a peer's tunnel carries: latency, loss, path MTU
    Tunnel,
    /// A forward: its identifier or label
    Forward,
    /// An address of an IP pool
    Ip,
}

/// Show the figures of the past.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Of what
    pub of: Of,
    /// Which one
    pub name: String,
    /// How far back, e.g. 6h, 7d, 1w
    #[arg(long, default_value = "24h", value_parser = seconds)]
    pub since: i64,
    /// Length of a line, e.g. 5m, 1h, 1d; by itself at most 60 lines
    #[arg(long, value_parser = seconds)]
    pub step: Option<i64>,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// Show what the past comes to.
#[derive(Debug, Args)]
pub struct AnalyticsArgs {
    /// How far back, e.g. 7d, 4w
    #[arg(long, default_value = "30d", value_parser = seconds)]
    pub since: i64,
    /// Of one VPS alone
    #[arg(long, value_name = "NAME")]
    pub vps: Option<String>,
}

/// `90s`, `5m`, `6h`, `7d`, `1w`: seconds. A day has 24 hours.
pub fn seconds(text: &str) -> Result<i64, String> {
    let example = "a length of time such as 90s, 5m, 6h or 7d";
    let span: jiff::Span = text.parse().map_err(|_| format!("it is not {example}"))?;
    let total = span.total((jiff::Unit::Second, jiff::SpanRelativeTo::days_are_24_hours()));
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are meant")]
    let seconds = total.map_err(|_| format!("it is not {example}"))? as i64;
    (1..=100 * 366 * 86_400)
        .contains(&seconds)
        .then_some(seconds)
        .ok_or_else(|| format!("it is not {example}"))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn lengths_of_time_are_read() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("6h"), Ok(21_600));
        assert_eq!(seconds("7d"), Ok(604_800));
        assert_eq!(seconds("1w"), Ok(604_800));
        for wrong in ["", "x", "0s", "-5m", "5"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
