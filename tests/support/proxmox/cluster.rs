//! The cluster that the stand-in plays: nodes, guests, tasks, access; and the way of a request through it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::Version;
use super::answer::{Answer, Outcome, Refusal};
use super::call::{Call, Params};
use super::clock::Clock;
use super::config::Config;
use super::effects::Effects;
use super::inside::Inside;
use super::login::Access;
use super::rights::Who;
use super::schema::{Method, Schema};
use super::sdn::Sdn;
use super::task::{Task, TaskFault};
use super::{access, agent, cloudinit, guest, listing, network, power, sdn, task};

/// A virtual machine or a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A virtual machine.
    Qemu,
    /// A container.
    Lxc,
}

/// Whether the node that is asked can ask another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It answers.
    Up,
    /// It is switched off: 595.
    Down,
    /// Its certificate is not the cluster's: 596.
    BadCertificate,
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// `/etc/network/interfaces`.
    pub interfaces: String,
    /// `/etc/network/interfaces.new`, and when it was written.
    pub staged: Option<(String, u64)>,
    /// Interfaces that are up.
    pub active: BTreeSet<String>,
    pub reach: Reach,
    pub address: String,
    /// When it booted, in seconds since 1970.
    pub booted: u64,
    /// Name servers that guests get from it.
    pub name_servers: Vec<String>,
    /// What `certificates/info` answers.
    pub certificates: Value,
    pub fingerprint: String,
}

/// A guest.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub kind: Kind,
    pub node: String,
    pub config: Config,
    /// Since when it runs, in seconds since 1970.
    pub running: Option<u64>,
    pub pid: u32,
    pub inside: Inside,
}

/// The whole cluster. A test changes it through [`super::Standin::change`].
pub struct Cluster {
    pub(super) version: Version,
    /// Its name; a single node has none.
    pub(super) name: Option<String>,
    /// The node whose API is asked.
    pub(super) local: String,
    pub(super) clock: Clock,
    pub(super) access: Access,
    pub(super) nodes: BTreeMap<String, Node>,
    pub(super) guests: BTreeMap<u32, Guest>,
    pub(super) tasks: Vec<Task>,
    pub(super) task_time: Duration,
    pub(super) task_faults: Vec<(String, TaskFault)>,
    pub(super) next_pid: u32,
    pub(super) sdn: Sdn,
    pub(super) schema: Arc<Schema>,
    /// MACs for the next NICs that are given none.
    pub(super) macs: VecDeque<String>,
    /// Guests whose next hot-plug of a NIC fails.
    pub(super) bad_plugs: BTreeSet<u32>,
    pub(super) effects: Box<dyn Effects>,
}

/// A request that was checked.
pub(super) struct Request<'a> {
    pub method: &'a str,
    /// The template that its path fits.
    pub path: &'a str,
    pub who: &'a Who,
    /// Those of the path included.
    pub params: &'a Params,
}

impl Request<'_> {
    /// The node of the path.
    pub fn node(&self) -> &str {
        self.params.text("node")
    }

    /// The guest of the path.
    pub fn vmid(&self) -> u32 {
        self.params.text("vmid").parse().unwrap_or_default()
    }
}

impl Kind {
    /// As paths and lists name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Qemu => "qemu",
            Self::Lxc => "lxc",
        }
    }

    /// The folder of its configurations.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Qemu => "qemu-server",
            Self::Lxc => "lxc",
        }
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Cluster")
            .field("version", &self.version)
            .field("nodes", &self.nodes.keys())
            .field("guests", &self.guests.keys())
            .finish_non_exhaustive()
    }
}

impl Cluster {
    /// An empty cluster with one user.
    pub(super) fn new(version: Version, root_password: &str, effects: Box<dyn Effects>) -> Result<Self> {
        Ok(Self {
            version,
            name: None,
            local: String::new(),
            clock: Clock::default(),
            access: Access::new(version, root_password),
            nodes: BTreeMap::new(),
            guests: BTreeMap::new(),
            tasks: Vec::new(),
            task_time: Duration::from_millis(200),
            task_faults: Vec::new(),
            next_pid: 1000,
            sdn: Sdn::default(),
            schema: Arc::new(Schema::load()?),
            macs: VecDeque::new(),
            bad_plugs: BTreeSet::new(),
            effects,
        })
    }

    /// Answers a request, whatever comes of it.
    pub(super) fn answer(&mut self, call: &Call) -> Answer {
        self.settle();
        self.try_answer(call).into()
    }

    fn try_answer(&mut self, call: &Call) -> Outcome {
        let schema = Arc::clone(&self.schema);
        let who = match schema.find(call) {
            Ok((method, _)) if is_open(method, self.version) => Who {
                user: String::new(),
                token: None,
            },
            _ => self.access.who(call, self.clock.seconds())?,
        };
        let (method, in_path) = schema.find(call)?;
        if who.token.is_some() && !method.allowtoken {
            let text = format!(
                "URI '{}' not available with API token, need proper ticket.",
                call.path()
            );
            return Err(Refusal::Forbidden(format!("Permission check failed ({text})")));
        }
        let params = with_path(&call.params, in_path)?;
        self.check_permission(method, &who, &params)?;
        if let Some(name) = &method.proxyto {
            self.check_reach(params.text(name))?;
        }
        method.check(self.version, &params)?;
        self.run(&Request {
            method: &method.verb,
            path: &method.path,
            who: &who,
            params: &params,
        })
    }

    fn run(&mut self, request: &Request) -> Outcome {
        let path = request.path;
        match path {
            _ if path.starts_with("/access/") => {
                access::answer(self, request.method, path, request.who, request.params)
            }
            _ if path.starts_with("/cluster/sdn") => sdn::answer(self, request),
            _ if path.starts_with("/nodes/{node}/network") => network::answer(self, request),
            _ if path.contains("/tasks") => task::answer(self, request),
            _ if path.contains("/agent/") => agent::answer(self, request),
            _ if path.contains("/cloudinit") => cloudinit::answer(self, request),
            _ if path.ends_with("/config") || path.ends_with("/pending") => guest::answer(self, request),
            _ if request.method == "POST" => power::answer(self, request),
            _ => listing::answer(self, request),
        }
    }

    fn check_permission(&self, method: &Method, who: &Who, params: &Params) -> Result<(), Refusal> {
        match method.permissions(self.version).get("check") {
            Some(check) => self.check_rule(check, who, params),
            None => Ok(()),
        }
    }

    fn check_rule(&self, rule: &Value, who: &Who, params: &Params) -> Result<(), Refusal> {
        let at = |place: usize| rule.get(place).cloned().unwrap_or_default();
        let rights =
            |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap_or_default() };
        match at(0).as_str().unwrap_or_default() {
            "or" => {
                let first = self.check_rule(&at(1), who, params);
                first.or_else(|_| self.check_rule(&at(2), who, params))
            }
            "userid-param" if who.id() == params.text("userid") => Ok(()),
            "userid-param" => Err(Refusal::lacks("/access", "User.Modify")),
            "userid-group" => self.need(who, "/access/groups", &rights(&at(1))),
            "perm-modify" => self.need(who, params.text("path"), &["Permissions.Modify"]),
            _ => {
                let path = filled(at(1).as_str().unwrap_or_default(), params);
                if at(3).as_str() == Some("any") {
                    self.need_any(who, &path, &rights(&at(2)))
                } else {
                    self.need(who, &path, &rights(&at(2)))
                }
            }
        }
    }

    /// Refuses where `who` lacks one of `rights` on `path`.
    pub(super) fn need(&self, who: &Who, path: &str, rights: &[impl AsRef<str>]) -> Result<(), Refusal> {
        let held = self.access.rights(who, path);
        match rights.iter().find(|right| !held.contains(right.as_ref())) {
            Some(missing) => Err(Refusal::lacks(path, missing.as_ref())),
            None => Ok(()),
        }
    }

    /// Refuses where `who` has none of `rights` on `path`.
    pub(super) fn need_any(&self, who: &Who, path: &str, rights: &[impl AsRef<str>]) -> Result<(), Refusal> {
        let held = self.access.rights(who, path);
        if rights.iter().any(|right| held.contains(right.as_ref())) {
            return Ok(());
        }
        let names: Vec<&str> = rights.iter().map(AsRef::as_ref).collect();
        Err(Refusal::lacks(path, &names.join("|")))
    }

    fn check_reach(&self, node: &str) -> Result<(), Refusal> {
        match self.nodes.get(node).map(|node| node.reach) {
            Some(Reach::Up) => Ok(()),
            Some(Reach::Down) => Err(Refusal::Unreachable(595, "No route to host")),
            Some(Reach::BadCertificate) => Err(Refusal::Unreachable(
                596,
                "tls_process_server_certificate: certificate verify failed",
            )),
            None => Err(Refusal::failed(format!(
                "hostname lookup '{node}' failed - failed to get address info for: {node}: \
                 Temporary failure in name resolution"
            ))),
        }
    }

    /// The node of that name, which is there: reaching it was checked.
    pub(super) fn node(&mut self, name: &str) -> Result<&mut Node, Refusal> {
        self.nodes
            .get_mut(name)
            .ok_or_else(|| Refusal::failed(format!("no such cluster node '{name}'")))
    }

    /// The guest that the path of a request names, where the node has it.
    pub(super) fn guest(&mut self, request: &Request) -> Result<&mut Guest, Refusal> {
        let kind = if request.path.contains("/lxc/") {
            Kind::Lxc
        } else {
            Kind::Qemu
        };
        let (vmid, node) = (request.vmid(), request.node());
        self.guests
            .get_mut(&vmid)
            .filter(|guest| guest.kind == kind && guest.node == node)
            .ok_or_else(|| {
                let folder = kind.folder();
                Refusal::failed(format!(
                    "Configuration file 'nodes/{node}/{folder}/{vmid}.conf' does not exist"
                ))
            })
    }

    /// A MAC for a NIC that was given none.
    pub(super) fn new_mac(&mut self) -> String {
        let made = || {
            let [a, b, c]: [u8; 3] = rand::random();
            format!("BC:24:11:{a:02X}:{b:02X}:{c:02X}")
        };
        self.macs.pop_front().unwrap_or_else(made)
    }
}

/// Whether nobody needs to be logged in for it.
fn is_open(method: &Method, version: Version) -> bool {
    method.permissions(version).get("user").and_then(Value::as_str) == Some("world")
}

fn with_path(given: &Params, in_path: BTreeMap<String, String>) -> Result<Params, Refusal> {
    let mut params = given.clone();
    for (name, value) in in_path {
        if params.0.insert(name.clone(), vec![value]).is_some() {
            return Err(Refusal::field(
                &name,
                "duplicate parameter (already defined in URI)",
            ));
        }
    }
    Ok(params)
}

/// A path of the access list with the parameters of the request in it.
fn filled(template: &str, params: &Params) -> String {
    params.0.keys().fold(template.to_owned(), |path, name| {
        path.replace(&format!("{{{name}}}"), params.text(name))
    })
}
