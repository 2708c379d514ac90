//! How things are now, in Prometheus' text format (<https://prometheus.io/docs/instrumenting/exposition_formats>): base units,
//! counters end in `_total`, and as many series as the inventory has objects.

use std::fmt::Write;
use std::sync::Arc;

use wirewarp_model::figures::as_float;

use super::{HostNow, HostState, SystemNow, TunnelState};

const MIB: u64 = 1 << 20;

/// What a scrape gets.
pub fn prometheus(hosts: &[Arc<HostNow>], recording: bool) -> String {
    let mut text = Text::default();
    text.family("wirewarp_info", "gauge", "The program's version.");
    text.line(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    text.family(
        "wirewarp_recording",
        "gauge",
        "Whether this program writes the history.",
    );
    text.line(&[], u64::from(recording));
    text.of_hosts(
        "wirewarp_host_up",
        "gauge",
        "Whether the host answers.",
        hosts,
        |host| Some(u64::from(host.state == HostState::Online)),
    );
    text.of_systems(
        "wirewarp_host_uptime_seconds",
        "gauge",
        "Since the host was started.",
        hosts,
        |one| Some(one.uptime),
    );
    text.family(
        "wirewarp_host_cpu_ratio",
        "gauge",
        "Processor time in use since the poll before, of all processors.",
    );
    for (host, system) in systems(hosts) {
        if let Some(cpu) = system.cpu {
            text.fraction(&[("host", host.name.as_str())], cpu, 1000);
        }
    }
    text.family("wirewarp_host_load1", "gauge", "Load average of a minute.");
    for (host, system) in systems(hosts) {
        text.fraction(&[("host", host.name.as_str())], u64::from(system.load), 100);
    }
    text.of_systems(
        "wirewarp_host_memory_used_bytes",
        "gauge",
        "Memory in use.",
        hosts,
        |one| Some(one.memory_used * MIB),
    );
    text.of_systems(
        "wirewarp_host_memory_size_bytes",
        "gauge",
        "Memory.",
        hosts,
        |one| Some(one.memory_total * MIB),
    );
    text.of_systems(
        "wirewarp_host_disk_used_bytes",
        "gauge",
        "Space in use on /.",
        hosts,
        |one| Some(one.disk_used * MIB),
    );
    text.of_systems(
        "wirewarp_host_disk_size_bytes",
        "gauge",
        "Space on /.",
        hosts,
        |one| Some(one.disk_total * MIB),
    );
    text.of_systems(
        "wirewarp_host_reboot_required",
        "gauge",
        "Whether the system asks for a restart.",
        hosts,
        |one| Some(u64::from(one.reboot_needed)),
    );
    text.of_systems(
        "wirewarp_host_security_updates",
        "gauge",
        "Security updates that wait.",
        hosts,
        |one| one.security_updates.map(u64::from),
    );
    text.of_systems(
        "wirewarp_host_network_receive_bytes_total",
        "counter",
        "Received on the interface of the default route.",
        hosts,
        |one| one.network_total.map(|total| total.from_home),
    );
    text.of_systems(
        "wirewarp_host_network_transmit_bytes_total",
        "counter",
        "Sent on the interface of the default route.",
        hosts,
        |one| one.network_total.map(|total| total.to_home),
    );
    peers(&mut text, hosts);
    forwards(&mut text, hosts);
    text.0
}

fn systems(hosts: &[Arc<HostNow>]) -> impl Iterator<Item = (&HostNow, &SystemNow)> {
    hosts
        .iter()
        .filter_map(|host| Some((host.as_ref(), host.system.as_ref()?)))
}

fn peers(text: &mut Text, hosts: &[Arc<HostNow>]) {
    let each = || {
        hosts
            .iter()
            .flat_map(|host| host.peers.iter().map(move |peer| (host, peer)))
    };
    text.family(
        "wirewarp_peer_connected",
        "gauge",
        "Whether the peer's tunnel had a handshake lately.",
    );
    for (host, peer) in each().filter(|(_, peer)| peer.state != TunnelState::Unknown) {
        let labels = [("host", host.name.as_str()), ("peer", peer.name.as_str())];
        text.line(&labels, u64::from(peer.state == TunnelState::Connected));
    }
    text.family(
        "wirewarp_peer_handshake_age_seconds",
        "gauge",
        "Since the last handshake.",
    );
    for (host, peer) in each() {
        if let Some(age) = peer.handshake_age {
            text.line(&[("host", host.name.as_str()), ("peer", peer.name.as_str())], age);
        }
    }
    text.family("wirewarp_peer_bytes_total", "counter", "Carried by the tunnel.");
    for (host, peer) in each() {
        for (direction, bytes) in [
            ("from_home", peer.total.from_home),
            ("to_home", peer.total.to_home),
        ] {
            let labels = [
                ("host", host.name.as_str()),
                ("peer", peer.name.as_str()),
                ("direction", direction),
            ];
            text.line(&labels, bytes);
        }
    }
    let measured = || each().filter_map(|(host, peer)| Some((host, peer.quality.as_ref()?)));
    text.family(
        "wirewarp_peer_round_trip_seconds",
        "gauge",
        "Mean round trip through the tunnel when it was measured last.",
    );
    for (host, quality) in measured() {
        if let Some(mean) = quality.mean_ms {
            let labels = [("host", host.name.as_str()), ("peer", quality.peer.as_str())];
            text.number(&labels, mean / 1000.0);
        }
    }
    text.family(
        "wirewarp_peer_loss_ratio",
        "gauge",
        "Share of the pings through the tunnel that did not come back when it was measured last.",
    );
    for (host, quality) in measured() {
        let labels = [("host", host.name.as_str()), ("peer", quality.peer.as_str())];
        text.fraction(&labels, quality.lost.into(), quality.sent.max(1).into());
    }
}

fn forwards(text: &mut Text, hosts: &[Arc<HostNow>]) {
    let each = || hosts.iter().flat_map(|host| &host.forwards);
    text.family(
        "wirewarp_forward_connections",
        "gauge",
        "Connections that are open.",
    );
    for one in each() {
        let (id, ip) = (one.id.to_string(), one.public_ip.to_string());
        let labels = forward_labels(&id, &ip, one);
        text.line(&labels, one.connections);
    }
    text.family(
        "wirewarp_forward_bytes_total",
        "counter",
        "Carried by the forward, IP headers included.",
    );
    for one in each() {
        let (id, ip) = (one.id.to_string(), one.public_ip.to_string());
        for (direction, bytes) in [("from_home", one.total.from_home), ("to_home", one.total.to_home)] {
            let mut labels = forward_labels(&id, &ip, one).to_vec();
            labels.push(("direction", direction));
            text.line(&labels, bytes);
        }
    }
}

fn forward_labels<'a>(id: &'a str, ip: &'a str, one: &'a super::ForwardNow) -> [(&'static str, &'a str); 5] {
    [
        ("forward", id),
        ("peer", one.peer.as_str()),
        ("public_ip", ip),
        ("ports", one.ports.as_str()),
        ("label", one.label.as_str()),
    ]
}

#[derive(Default)]
struct Text(String, &'static str);

impl Text {
    /// The lines that follow are of this family.
    fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        self.1 = name;
    }

    fn line(&mut self, labels: &[(&str, &str)], value: u64) {
        self.name(labels);
        let _ = writeln!(self.0, " {value}");
    }

    fn fraction(&mut self, labels: &[(&str, &str)], count: u64, of: u64) {
        self.number(labels, as_float(count) / as_float(of));
    }

    fn number(&mut self, labels: &[(&str, &str)], value: f64) {
        self.name(labels);
        let _ = writeln!(self.0, " {value}");
    }

    fn name(&mut self, labels: &[(&str, &str)]) {
        self.0.push_str(self.1);
        if labels.is_empty() {
            return;
        }
        let labels = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
        let _ = write!(self.0, "{{{}}}", labels.collect::<Vec<_>>().join(","));
    }

    fn of_hosts(
        &mut self,
        name: &'static str,
        kind: &str,
        help: &str,
        hosts: &[Arc<HostNow>],
        value: impl Fn(&HostNow) -> Option<u64>,
    ) {
        self.family(name, kind, help);
        for host in hosts {
            if let Some(value) = value(host) {
                self.line(&[("host", host.name.as_str())], value);
            }
        }
    }

    fn of_systems(
        &mut self,
        name: &'static str,
        kind: &str,
        help: &str,
        hosts: &[Arc<HostNow>],
        value: impl Fn(&SystemNow) -> Option<u64>,
    ) {
        self.of_hosts(name, kind, help, hosts, |host| {
            host.system.as_ref().and_then(&value)
        });
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out() {
        let mut text = Text::default();
        text.family("a", "gauge", "Help.");
        text.line(&[("label", "x\"} 1\nb\\")], 7);
        assert_eq!(
            text.0,
            "# HELP a Help.\n# TYPE a gauge\na{label=\"x\\\"} 1\\nb\\\\\"} 7\n"
        );
    }
}
