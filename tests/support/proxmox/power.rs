//! Guests started and stopped.

use serde_json::json;

use super::answer::{Outcome, Refusal};
use super::cluster::{Cluster, Kind, Request};
use super::task::Work;

/// What is done to a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Power {
    Start,
    Stop,
    Restart,
}

/// Answers a method below a guest's `status`.
pub(super) fn answer(cluster: &mut Cluster, request: &Request) -> Outcome {
    let guest = cluster.guest(request)?;
    let (kind, running) = (guest.kind, guest.running.is_some());
    let what = request.path.rsplit('/').next().unwrap_or_default().to_owned();
    let power = match what.as_str() {
        "start" => Power::Start,
        "reboot" => Power::Restart,
        _ => Power::Stop,
    };
    if let Some(lock) = guest.config.values.get("lock") {
        return Err(Refusal::failed(format!("VM is locked ({lock})")));
    }
    if running == (power == Power::Start) {
        let state = if running { "already" } else { "not" };
        let name = if kind == Kind::Qemu { "VM" } else { "CT" };
        return Err(Refusal::failed(format!(
            "{name} {} {state} running",
            request.vmid()
        )));
    }
    let task = format!("{}{what}", if kind == Kind::Qemu { "qm" } else { "vz" });
    let id = request.vmid().to_string();
    let work = Work::Power(request.vmid(), power);
    Ok(json!(cluster.start_task(request.node(), &task, &id, request.who, work)).into())
}

impl Cluster {
    /// Starts or stops a guest; what was pending is in force from its next start on.
    pub(super) fn power_guest(&mut self, vmid: u32, power: Power) -> Result<(), String> {
        if power != Power::Start {
            self.stop_guest(vmid)?;
        }
        if power != Power::Stop {
            self.start_guest(vmid)?;
        }
        Ok(())
    }

    fn stop_guest(&mut self, vmid: u32) -> Result<(), String> {
        let Some(guest) = self.guests.get_mut(&vmid) else {
            return Err(format!("no such guest {vmid}"));
        };
        guest.running = None;
        guest.inside.stopped();
        for nic in guest.nics(vmid) {
            self.effects.disconnect(&nic)?;
        }
        Ok(())
    }

    pub(super) fn start_guest(&mut self, vmid: u32) -> Result<(), String> {
        let now = self.clock.seconds();
        let Some(guest) = self.guests.get_mut(&vmid) else {
            return Err(format!("no such guest {vmid}"));
        };
        for (key, value) in guest.config.pending.clone() {
            guest.config.set(&key, Some(&value));
        }
        for key in guest.config.leaving.clone() {
            guest.config.set(&key, None);
        }
        if guest.config.has_cloud_init() {
            guest.config.cloud_init_written();
        }
        let nics = guest.nics(vmid);
        if let Some(nic) = nics.iter().find(|nic| !self.has_bridge(&nic.node, &nic.bridge)) {
            return Err(format!("bridge '{}' does not exist", nic.bridge));
        }
        for nic in &nics {
            self.effects.connect(nic)?;
        }
        if let Some(guest) = self.guests.get_mut(&vmid) {
            guest.running = Some(now);
        }
        Ok(())
    }
}
