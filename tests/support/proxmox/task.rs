//! Tasks: what takes time, followed by its UPID.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Found, Outcome, Refusal};
use super::cluster::{Cluster, Request};
use super::guest::Changes;
use super::power::Power;
use super::rights::Who;

/// What becomes of the next task of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskFault {
    /// It does what it has to and ends with this exit status.
    Fails(String),
    /// It stays running and does nothing.
    NeverEnds,
}

/// What a task does when its time has passed.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// Makes the staged network the node's.
    ApplyNetwork,
    /// Changes a guest's configuration.
    Configure(u32, Changes),
    /// Makes the configured SDN the cluster's.
    ApplySdn,
    /// Starts or stops a guest.
    Power(u32, Power),
}

/// A task.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub upid: String,
    pub node: String,
    pid: u32,
    boot_ticks: u64,
    start: u64,
    kind: String,
    id: String,
    who: Who,
    work: Work,
    fault: Option<TaskFault>,
    due: Duration,
    /// When it ended, and its exit status.
    end: Option<(u64, String)>,
}

/// Answers a method about tasks.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    match (request.method, request.path) {
        ("GET", "/cluster/tasks") => {
            let tasks = cluster
                .tasks
                .iter()
                .rev()
                .filter(|task| cluster.may_see(task, request.who));
            Ok(Value::Array(tasks.map(Task::summary).collect()).into())
        }
        ("GET", "/nodes/{node}/tasks") => Ok(cluster.list_tasks(request)),
        ("GET", _) if request.path.ends_with("/status") => Ok(cluster.task(request)?.status().into()),
        ("GET", _) => Ok(log(cluster.task(request)?)),
        _ => {
            let upid = cluster.task(request)?.upid.clone();
            let now = cluster.clock.seconds();
            let stopped = cluster
                .tasks
                .iter_mut()
                .find(|task| task.upid == upid && task.end.is_none());
            if let Some(task) = stopped {
                task.end = Some((now, "unexpected status".to_owned()));
            }
            Ok(Value::Null.into())
        }
    }
}

impl Cluster {
    /// Starts a task and gives its UPID.
    pub(super) fn start_task(&mut self, node: &str, kind: &str, id: &str, who: &Who, work: Work) -> String {
        let start = self.clock.seconds();
        let booted = self.nodes.get(node).map_or(start, |node| node.booted);
        let (pid, boot_ticks) = (self.next_pid, start.saturating_sub(booted) * 100);
        self.next_pid += 7;
        let asker = who.id();
        let upid = format!("UPID:{node}:{pid:08X}:{boot_ticks:08X}:{start:08X}:{kind}:{id}:{asker}:");
        let fault = self.task_faults.iter().position(|(hit, _)| hit == kind);
        let fault = fault.map(|place| self.task_faults.remove(place).1);
        self.tasks.push(Task {
            upid: upid.clone(),
            node: node.to_owned(),
            pid,
            boot_ticks,
            start,
            kind: kind.to_owned(),
            id: id.to_owned(),
            who: who.clone(),
            work,
            fault,
            due: self.clock.now() + self.task_time,
            end: None,
        });
        upid
    }

    /// Ends the tasks whose time has passed.
    pub(super) fn settle(&mut self) {
        let now = self.clock.now();
        let is_due =
            |task: &Task| task.end.is_none() && task.due <= now && task.fault != Some(TaskFault::NeverEnds);
        while let Some(place) = self.tasks.iter().position(is_due) {
            let task = self.tasks[place].clone();
            let done = self.do_work(&task);
            let exit = match (done, task.fault) {
                (Err(why), _) | (Ok(()), Some(TaskFault::Fails(why))) => why,
                (Ok(()), None | Some(TaskFault::NeverEnds)) => "OK".to_owned(),
            };
            self.tasks[place].end = Some((task.due.as_secs(), exit));
        }
    }

    fn do_work(&mut self, task: &Task) -> Result<(), String> {
        let fails = matches!(task.fault, Some(TaskFault::Fails(_)));
        match &task.work {
            Work::ApplyNetwork => self.apply_network(&task.node, fails),
            Work::Configure(vmid, changes) if !fails => self
                .change_guest(*vmid, changes)
                .map_err(|refusal| refusal.exit_status()),
            Work::ApplySdn if !fails => {
                let (node, who) = (task.node.clone(), task.who.clone());
                self.apply_sdn();
                self.start_task(&node, "srvreload", "networking", &who, Work::ApplyNetwork);
                Ok(())
            }
            Work::Power(vmid, power) if !fails => self.power_guest(*vmid, *power),
            Work::Configure(..) | Work::ApplySdn | Work::Power(..) => Ok(()),
        }
    }

    /// Nobody works on the tasks of a node any more.
    pub(super) fn drop_tasks(&mut self, node: &str) {
        let now = self.clock.seconds();
        let running = |task: &&mut Task| task.node == node && task.end.is_none();
        for task in self.tasks.iter_mut().filter(running) {
            task.end = Some((now, "unexpected status".to_owned()));
        }
    }

    fn may_see(&self, task: &Task, who: &Who) -> bool {
        let path = format!("/nodes/{}", task.node);
        task.who.user == who.user || self.need(who, &path, &["Sys.Audit"]).is_ok()
    }

    fn task(&self, request: &Request) -> Result<&Task, Refusal> {
        let upid = request.params.text("upid");
        if !upid.starts_with("UPID:") || upid.split(':').count() != 9 {
            return Err(Refusal::field("upid", "unable to parse worker upid"));
        }
        let task = self.tasks.iter().find(|task| task.upid == upid);
        let task = task.ok_or_else(|| Refusal::failed("no such task"))?;
        if !self.may_see(task, request.who) {
            return Err(Refusal::lacks(&format!("/nodes/{}", task.node), "Sys.Audit"));
        }
        Ok(task)
    }

    /// The finished tasks of a node, the last to end first; `total` stands beside them where there are any.
    fn list_tasks(&self, request: &Request) -> Found {
        let params = request.params;
        let source = params.get("source").unwrap_or("archive");
        let fits = |task: &&Task| {
            task.node == request.node()
                && self.may_see(task, request.who)
                && match source {
                    "archive" => task.end.is_some(),
                    "active" => task.end.is_none(),
                    _ => true,
                }
                && params.get("typefilter").is_none_or(|kind| task.kind == kind)
                && params.get("vmid").is_none_or(|vmid| task.id == vmid)
        };
        let mut tasks: Vec<&Task> = self.tasks.iter().filter(fits).collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(task.end.as_ref().map(|(end, _)| *end)));
        let number = |name: &str, usual| params.get(name).and_then(|n| n.parse().ok()).unwrap_or(usual);
        let list = tasks.iter().skip(number("start", 0)).take(number("limit", 50));
        let data = Value::Array(list.map(|task| task.summary()).collect());
        if tasks.is_empty() {
            return data.into();
        }
        Found::with(data, "total", json!(tasks.len()))
    }
}

fn log(task: &Task) -> Found {
    let lines = match &task.end {
        Some((_, exit)) if exit == "OK" => vec!["TASK OK".to_owned()],
        Some((_, exit)) => vec![exit.clone(), format!("TASK ERROR: {exit}")],
        None => vec!["no content".to_owned()],
    };
    let numbered = lines
        .iter()
        .enumerate()
        .map(|(place, line)| json!({"n": place + 1, "t": line}));
    Found::with(Value::Array(numbered.collect()), "total", json!(lines.len()))
}

impl Task {
    fn common(&self) -> Value {
        let mut entry = json!({
            "upid": self.upid, "node": self.node, "pid": self.pid, "pstart": self.boot_ticks,
            "starttime": self.start, "type": self.kind, "id": self.id, "user": self.who.user,
        });
        if let Some(token) = &self.who.token {
            entry["tokenid"] = json!(token);
        }
        entry
    }

    fn status(&self) -> Value {
        let mut entry = self.common();
        entry["status"] = json!(if self.end.is_some() { "stopped" } else { "running" });
        if let Some((_, exit)) = &self.end {
            entry["exitstatus"] = json!(exit);
        }
        entry
    }

    fn summary(&self) -> Value {
        let mut entry = self.common();
        if let Some((end, exit)) = &self.end {
            entry["endtime"] = json!(end);
            entry["status"] = json!(exit);
        }
        entry
    }
}
