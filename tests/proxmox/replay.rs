//! A recorded session, sent again: the stand-in answers what the real one answered.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use wirewarp_tests::proxmox::{Cluster, Kind, NODE, Nothing, RIGHTS_9, Ran, Standin, Version};

use crate::client::{Answer, Auth, Client};
use crate::reference;

/// Fields of which only the kind of value is compared, in answers whose label has the first text in it, and why.
const VARYING: &[(&str, &[&str])] = &[
    // Signatures, and identities that are random.
    ("log", &["ticket", "CSRFPreventionToken"]),
    ("ticket", &["ticket", "CSRFPreventionToken"]),
    ("token", &["value"]),
    (
        "certificates",
        &[
            "fingerprint",
            "pem",
            "notbefore",
            "notafter",
            "issuer",
            "subject",
            "san",
        ],
    ),
    ("certificates", &["public-key-bits", "public-key-type"]),
    ("nodes", &["ssl_fingerprint"]),
    // Processes and the time.
    ("", &["upid", "pid", "pstart", "starttime", "endtime", "uptime"]),
    // How busy a node is, and its hardware.
    ("nodes", &["cpu", "mem", "disk"]),
    ("resources", &["cpu", "mem", "disk"]),
    (
        "status",
        &[
            "cpu",
            "wait",
            "loadavg",
            "kversion",
            "release",
            "flags",
            "avail",
            "used",
            "free",
            "available",
        ],
    ),
    ("node/status", &["version"]),
    // Replaced in the recordings, of one answer and not of the other.
    ("pending", &["vmgenid"]),
];

/// Requests before which time passes, so that a task ends in between, as it did.
const TIME_PASSES_BEFORE: &[&str] = &["task status done", "vm cloudinit regenerate", "tasks after sdn"];

/// How long tasks take in the replay.
const TASK: Duration = Duration::from_secs(30);

/// `/etc/network/interfaces` of the recorded node, before Proxmox had written it.
const INTERFACES: &str = "\
auto lo
iface lo inet loopback

auto eno1
iface eno1 inet manual

iface eno2 inet manual

auto vmbr0
iface vmbr0 inet static
\taddress 10.20.0.11/24
\tgateway 10.20.0.1
\tbridge-ports eno1
\tbridge-stp off
\tbridge-fd 0

source /etc/network/interfaces.d/*
";

const VM: &str = "\
agent: 1
boot: order=scsi0
cores: 1
ide2: local:100/vm-100-cloudinit.qcow2,media=cdrom
ipconfig0: ip=dhcp
memory: 512
meta: creation-qemu=10.0.2,ctime=1760000000
name: web
net0: virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1
ostype: l26
scsi0: local:100/vm-100-disk-0.qcow2,size=1G
scsihw: virtio-scsi-single
smbios1: uuid=3c8b9c4e-1111-4222-8333-444455556666
vmgenid: 9d1a2b3c-1111-4222-8333-444455556677
";

const CONTAINER: &str = "\
arch: amd64
cores: 1
hostname: ct1
memory: 256
net0: name=eth0,bridge=vmbr0,firewall=1,hwaddr=BC:24:11:00:00:65,ip=dhcp,type=veth
ostype: debian
rootfs: local:101/vm-101-disk-0.raw,size=1G
swap: 256
unprivileged: 1
";

/// MACs that the recorded node made, in their order: digests depend on them.
const MACS: &[&str] = &[
    "BC:24:11:24:31:D1",
    "BC:24:11:A1:50:E6",
    "BC:24:11:B9:40:00",
    "BC:24:11:06:16:AB",
];

#[test]
fn the_recorded_session_is_answered_as_it_was() {
    let Some(folder) = reference::folder("the replay of recordings") else {
        return;
    };
    let mut files: Vec<_> = fs::read_dir(folder.join("recordings"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 95);
    let mut replay = Replay::new();
    let mut different = Vec::new();
    for file in &files {
        let recorded = reference::json(file);
        let answer = replay.send(&recorded);
        let label = recorded["label"].as_str().unwrap();
        let (ours, theirs) = (shown(label, &answer), expected(label, &recorded));
        if ours != theirs {
            let name = file.file_name().unwrap().to_string_lossy();
            different.push(format!("{name}\n   ours: {ours}\n   real: {theirs}"));
        }
    }
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different.join("\n")
    );
}

struct Replay {
    standin: Standin,
    client: Client,
    tokens: BTreeMap<&'static str, String>,
    /// The ticket and its token for writes, from the last login of root.
    session: (String, String),
    /// What the recording calls something, and what it is called here.
    names: Vec<(String, String)>,
}

impl Replay {
    fn new() -> Self {
        let at = ([127, 0, 0, 1], 0).into();
        let standin = Standin::start_at(Version::V9, at, Box::new(Nothing), INTERFACES).unwrap();
        let full = standin.make_token("app@pve", "full", RIGHTS_9).unwrap();
        let sep = standin.change(|cluster| {
            set_up(cluster);
            cluster.add_token("app@pve", "sep", true).unwrap()
        });
        Self {
            client: Client::new(&standin, Auth::Nobody),
            tokens: BTreeMap::from([("full", full), ("sep", sep)]),
            session: Default::default(),
            names: Vec::new(),
            standin,
        }
    }

    fn send(&mut self, recorded: &Value) -> Answer {
        let label = recorded["label"].as_str().unwrap();
        if TIME_PASSES_BEFORE.contains(&label) {
            self.standin.change(|cluster| {
                cluster.advance(TASK);
                cluster.advance(TASK);
            });
        }
        let request = &recorded["request"];
        self.client.auth = self.auth(label, request["auth"].as_str());
        let path = request["path"]
            .as_str()
            .unwrap()
            .strip_prefix("/api2/json")
            .unwrap();
        let path = self.renamed(path);
        let params: Vec<(String, String)> = serde_json::from_value(request["params"].clone()).unwrap();
        let params: Vec<(&str, String)> = params
            .iter()
            .map(|(name, value)| (name.as_str(), self.renamed(value)))
            .collect();
        let params: Vec<(&str, &str)> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = self
            .client
            .send(request["method"].as_str().unwrap(), &path, &params)
            .unwrap();
        self.learn(label, &recorded["body"]["data"], &answer.data());
        answer
    }

    fn auth(&self, label: &str, recorded: Option<&str>) -> Auth {
        let (ticket, csrf) = self.session.clone();
        match recorded {
            // The recording does not say which token was wrong, nor how.
            None if label == "bad token" => Auth::Token("app@pve!full=wrong".to_owned()),
            None => Auth::Nobody,
            Some("cookie") if label == "write without csrf" => Auth::Ticket(ticket),
            Some("cookie") => Auth::TicketAndCsrf(ticket, csrf),
            Some(token) => Auth::Token(self.tokens[token].clone()),
        }
    }

    fn renamed(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
    }

    /// Notes what the answer calls differently from the recorded one.
    fn learn(&mut self, label: &str, theirs: &Value, ours: &Value) {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        if label == "login root" || label == "ticket renew" {
            let text = |key: &str| ours[key].as_str().unwrap_or_default().to_owned();
            self.session = (text("ticket"), text("CSRFPreventionToken"));
            self.names
                .push((theirs["ticket"].as_str().unwrap().to_owned(), text("ticket")));
        }
        if let (Some(theirs), Some(ours)) = (theirs.as_str(), ours.as_str())
            && theirs.starts_with("UPID:")
        {
            self.names.push((encoded(theirs), encoded(ours)));
        }
        if label.starts_with("agent exec")
            && let (Some(theirs), Some(ours)) = (theirs["pid"].as_u64(), ours["pid"].as_u64())
        {
            self.names
                .push((format!("?pid={theirs}"), format!("?pid={ours}")));
        }
    }
}

fn set_up(cluster: &mut Cluster) {
    cluster.set_address(NODE, "10.20.0.11");
    cluster.set_name_servers(NODE, &["10.255.255.53"]);
    cluster.set_task_time(TASK);
    cluster.set_macs(MACS);
    cluster.add_user("tfa@pve", "Tfa-Test-1");
    cluster.set_totp("tfa@pve", b"12345678901234567890");
    cluster.add_guest(100, Kind::Qemu, NODE, VM);
    cluster.add_guest(101, Kind::Lxc, NODE, CONTAINER);
    cluster.run_guest(100).unwrap();
    cluster.set_agent(100, true);
    // The guest behind the agent was a stand-in in the recording too; what programs said is given here.
    let out = "PING 10.77.0.1 (10.77.0.1) 56(84) bytes of data.\n64 bytes from 10.77.0.1: icmp_seq=1 ttl=64 \
               time=0.308 ms\n\n--- 10.77.0.1 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, \
               time 0ms\nrtt min/avg/max/mdev = 0.308/0.308/0.308/0.000 ms\n";
    cluster.add_program(
        100,
        &["ping"],
        Ran {
            out: out.to_owned(),
            ..Ran::default()
        },
    );
    let said = Ran {
        code: 3,
        out: "out\n".to_owned(),
        err: "err\n".to_owned(),
    };
    cluster.add_program(100, &["sh", "-c"], said);
}

fn shown(label: &str, answer: &Answer) -> Value {
    let body = if answer.body.is_empty() {
        json!("")
    } else {
        answer.json()
    };
    json!({"status": answer.status, "reason": answer.reason, "body": comparable(label, &body)})
}

fn expected(label: &str, recorded: &Value) -> Value {
    json!({
        "status": recorded["status"], "reason": recorded["reason"],
        "body": comparable(label, &recorded["body"]),
    })
}

/// An answer without what varies, its lists in one order: Proxmox's own is that of a hash table.
fn comparable(label: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let vmgenid = fields.get("key") == Some(&json!("vmgenid"));
            let mut kept: BTreeMap<_, _> = fields
                .iter()
                .map(|(name, value)| {
                    let varies = varies(label, name) || (vmgenid && name == "value");
                    let value = match name.as_str() {
                        "changes" => without_times(value.as_str().unwrap_or_default()),
                        // Whole and broken numbers alike.
                        _ if varies => json!(kind(value)),
                        _ => comparable(label, value),
                    };
                    (name.clone(), value)
                })
                .collect();
            if let Some(Value::String(upid)) = kept
                .get_mut("data")
                .filter(|data| data.as_str().is_some_and(is_upid))
            {
                *upid = kinds_of_upid(upid);
            }
            json!(kept)
        }
        Value::Array(entries) => {
            let mut entries: Vec<Value> = entries.iter().map(|entry| comparable(label, entry)).collect();
            if entries.iter().any(Value::is_object) {
                entries.sort_by_key(Value::to_string);
            }
            Value::Array(entries)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn varies(label: &str, field: &str) -> bool {
    VARYING
        .iter()
        .any(|(part, fields)| label.contains(part) && fields.contains(&field))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

fn is_upid(text: &str) -> bool {
    text.starts_with("UPID:")
}

/// A UPID without its process and times: whose task it is, where, and of what kind.
fn kinds_of_upid(upid: &str) -> String {
    let parts: Vec<&str> = upid.split(':').collect();
    let widths: Vec<usize> = parts[2..5].iter().map(|part| part.len()).collect();
    format!("{:?} {widths:?} {:?}", &parts[..2], &parts[5..])
}

fn without_times(difference: &str) -> Value {
    let line = |line: &str| {
        let header = line.starts_with("---") || line.starts_with("+++");
        let end = if header {
            line.find('\t').unwrap_or(line.len())
        } else {
            line.len()
        };
        line[..end].to_owned()
    };
    json!(difference.lines().map(line).collect::<Vec<_>>())
}
