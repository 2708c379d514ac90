//! What there is: nodes, guests, how they are.

use serde_json::{Value, json};

use super::Version;
use super::answer::Outcome;
use super::cluster::{Cluster, Guest, Kind, Node, Reach, Request};
use super::guest_entry::{add, current};
use super::rights::Who;

/// Sizes of every node, in bytes.
const NODE_MEMORY: u64 = 25_276_530_688;
const NODE_DISK: u64 = 270_553_174_016;

/// Answers a method that only reads.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let who = request.who;
    let found = match request.path {
        "/version" | "/nodes/{node}/version" => version(cluster.version),
        "/nodes" => cluster
            .nodes
            .iter()
            .map(|(name, node)| cluster.node_entry(name, node, who))
            .collect(),
        "/cluster/resources" => cluster.resources(who, request.params.get("type")),
        "/cluster/status" => cluster.status(),
        "/nodes/{node}/status" => node_status(cluster, request.node()),
        "/nodes/{node}/certificates/info" => cluster.node(request.node())?.certificates.clone(),
        "/nodes/{node}/qemu" => cluster.guest_list(request, Kind::Qemu),
        "/nodes/{node}/lxc" => cluster.guest_list(request, Kind::Lxc),
        "/nodes/{node}/lxc/{vmid}/interfaces" => container_interfaces(cluster, request)?,
        path if path.ends_with("/status/current") => {
            let (version, now) = (cluster.version, cluster.clock.seconds());
            current(cluster.guest(request)?, request.vmid(), version, now)
        }
        _ => Value::Null,
    };
    Ok(found.into())
}

fn version(version: Version) -> Value {
    let (release, number, commit) = version.numbers();
    json!({"version": number, "release": release, "repoid": commit})
}

fn node_status(cluster: &Cluster, name: &str) -> Value {
    let (_, number, commit) = cluster.version.numbers();
    let booted = cluster.nodes.get(name).map_or(0, |node| node.booted);
    json!({
        "uptime": cluster.clock.seconds().saturating_sub(booted),
        "pveversion": format!("pve-manager/{number}/{commit}"),
        "kversion": "Linux 6.17.2-1-pve #1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1",
        "current-kernel": {
            "sysname": "Linux", "release": "6.17.2-1-pve", "machine": "x86_64",
            "version": "#1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1",
        },
        "boot-info": {"mode": "legacy-bios"},
        "cpu": 0.02, "idle": 0, "wait": 0.001, "loadavg": ["0.10", "0.05", "0.01"], "ksm": {"shared": 0},
        "cpuinfo": {
            "model": "Intel(R) Xeon(R) Processor", "vendor": "GenuineIntel", "family": "6", "mhz": "2300.000",
            "sockets": 1, "cores": 2, "cpus": 2, "user_hz": 100, "hvm": "", "flags": "fpu vme de pse tsc msr",
        },
        "memory": {
            "total": NODE_MEMORY, "used": 1_500_000_000_u64, "free": 20_000_000_000_u64,
            "available": 23_000_000_000_u64,
        },
        "rootfs": {
            "total": NODE_DISK, "used": 24_000_000_000_u64, "free": 246_000_000_000_u64,
            "avail": 73_000_000_000_u64,
        },
        "swap": {"total": 0, "used": 0, "free": 0},
    })
}

impl Cluster {
    fn node_entry(&self, name: &str, node: &Node, who: &Who) -> Value {
        let up = node.reach != Reach::Down;
        let mut entry = json!({
            "id": format!("node/{name}"), "node": name, "type": "node", "level": "",
            "status": if up { "online" } else { "offline" }, "ssl_fingerprint": node.fingerprint,
        });
        let may_see = self.need(who, &format!("/nodes/{name}"), &["Sys.Audit"]).is_ok();
        if up && may_see {
            add(&mut entry, self.node_measures(node));
        }
        entry
    }

    fn node_measures(&self, node: &Node) -> Value {
        json!({
            "cpu": 0.02, "maxcpu": 2, "mem": 1_300_000_000_u64, "maxmem": NODE_MEMORY,
            "disk": 24_000_000_000_u64, "maxdisk": NODE_DISK,
            "uptime": self.clock.seconds().saturating_sub(node.booted),
        })
    }

    fn resources(&self, who: &Who, wanted: Option<&str>) -> Value {
        let mut list = Vec::new();
        if wanted.is_none_or(|kind| kind == "vm") {
            let mine = self
                .guests
                .iter()
                .filter(|(vmid, _)| self.may_see_guest(who, **vmid));
            list.extend(mine.map(|(vmid, guest)| self.resource(*vmid, guest)));
        }
        for (name, node) in &self.nodes {
            if wanted.is_none_or(|kind| kind == "node") {
                let mut entry = self.node_entry(name, node, who);
                if let Some(fields) = entry.as_object_mut() {
                    fields.remove("ssl_fingerprint");
                    fields.insert("cgroup-mode".to_owned(), json!(1));
                }
                list.push(entry);
            }
            if wanted.is_none_or(|kind| kind == "sdn") && self.may_see_bridge(who, "") {
                list.push(zone(self.version, name));
            }
        }
        Value::Array(list)
    }

    fn resource(&self, vmid: u32, guest: &Guest) -> Value {
        let mut entry = guest.measures(self.clock.seconds());
        let kind = guest.kind.name();
        let config = &guest.config.values;
        let template = config.get("template").is_some_and(|value| value == "1");
        add(
            &mut entry,
            json!({
                "id": format!("{kind}/{vmid}"), "vmid": vmid, "type": kind, "node": guest.node, "name": guest.name(vmid),
                "maxcpu": guest.cores(), "template": u8::from(template), "diskread": 0, "diskwrite": 0,
            }),
        );
        if self.version == Version::V9 {
            entry["memhost"] = json!(0);
        }
        let down = self
            .nodes
            .get(&guest.node)
            .is_none_or(|node| node.reach == Reach::Down);
        if down {
            entry["status"] = json!("unknown");
        }
        for key in ["tags", "lock"] {
            if let Some(value) = config.get(key) {
                entry[key] = json!(value);
            }
        }
        entry
    }

    fn status(&self) -> Value {
        let mut list = Vec::new();
        if let Some(name) = &self.name {
            list.push(json!({
                "id": "cluster", "type": "cluster", "name": name, "nodes": self.nodes.len(), "quorate": 1, "version": 1,
            }));
        }
        for (place, (name, node)) in self.nodes.iter().enumerate() {
            list.push(json!({
                "id": format!("node/{name}"), "type": "node", "name": name, "ip": node.address, "level": "",
                "online": u8::from(node.reach != Reach::Down), "local": u8::from(*name == self.local),
                "nodeid": if self.name.is_some() { place + 1 } else { 0 },
            }));
        }
        Value::Array(list)
    }

    fn guest_list(&self, request: &Request, kind: Kind) -> Value {
        let here = |(vmid, guest): &(&u32, &Guest)| {
            guest.kind == kind && guest.node == request.node() && self.may_see_guest(request.who, **vmid)
        };
        let list = self.guests.iter().filter(here);
        list.map(|(vmid, guest)| guest.entry(*vmid, self.version, self.clock.seconds()))
            .collect()
    }

    fn may_see_guest(&self, who: &Who, vmid: u32) -> bool {
        self.need(who, &format!("/vms/{vmid}"), &["VM.Audit"]).is_ok()
    }
}

fn zone(version: Version, node: &str) -> Value {
    match version {
        Version::V8 => json!({
            "id": format!("sdn/{node}/localnetwork"), "sdn": "localnetwork", "node": node, "type": "sdn", "status": "ok",
        }),
        Version::V9 => json!({
            "id": format!("network/{node}/zone/localnetwork"), "network": "localnetwork", "network-type": "zone",
            "node": node, "type": "network", "status": "ok",
        }),
    }
}

fn container_interfaces(cluster: &mut Cluster, request: &Request) -> Result<Value, super::answer::Refusal> {
    let vmid = request.vmid();
    if cluster.guest(request)?.running.is_none() {
        return Ok(Value::Null);
    }
    let told = cluster.guest_interfaces(vmid);
    let entry = |interface: &super::effects::GuestInterface| {
        let addresses = interface.addresses.iter().map(|(address, length)| {
            let kind = if address.is_ipv4() { "inet" } else { "inet6" };
            json!({"ip-address": address, "ip-address-type": kind, "prefix": length.to_string()})
        });
        let mut entry = json!({
            "name": interface.name, "hwaddr": interface.mac, "hardware-address": interface.mac,
            "ip-addresses": addresses.collect::<Vec<_>>(),
        });
        for (address, length) in &interface.addresses {
            entry[if address.is_ipv4() { "inet" } else { "inet6" }] = json!(format!("{address}/{length}"));
        }
        entry
    };
    Ok(told.iter().map(entry).collect())
}
