//! A VPS, a machine at home and an inventory of their own, with what must hold after each fault. Two lanes run side by
//! side and know nothing of one another.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Duration;
use std::{fs, mem};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, Place, Release};
use wirewarp_tests::traffic::{Protocol, Server};
use wirewarp_tests::wirewarp::Operator;

use crate::program::Program;
use wirewarp_tests::hold;

/// A forward that is always there, to a server on the machine at home.
const STEADY: u16 = 8080;
/// A forward to the same server that comes and goes: it changes the VPS alone.
const TOGGLED: u16 = 9000;
/// Its label.
const LABEL: &str = "toggle";
/// How long a host may take until everything is as it should be again.
const PATIENCE: Duration = Duration::from_secs(30);

/// The hosts of both lanes, and two that are fresh.
pub fn hosts(spec: LabSpec) -> LabSpec {
    let address = Ipv4Addr::new(192, 168, 20, 11);
    let home2 = HostSpec::new("home2", Release::Trixie, Place::Home { address });
    let spec = spec.with(HostSpec::vps1()).with(HostSpec::home());
    let spec = spec.with(HostSpec::vps2()).with(home2);
    spec.with(HostSpec::fleet(61))
        .with(HostSpec::fleet(62).release(Release::Trixie))
}

/// One lane. VPS and peer are called in the inventory what their hosts are called in the lab.
pub struct Lane<'lab> {
    pub lab: &'lab Lab,
    pub me: Operator<'lab>,
    pub vps: &'static str,
    pub home: &'static str,
    server: Option<Server>,
}

/// A change of the inventory that the VPS does not have yet.
#[derive(Debug)]
pub struct Change {
    /// The VPS's generation before.
    before: u64,
    /// Whether the toggled forward was there before.
    was_open: bool,
}

impl Change {
    /// Whether this generation has it.
    pub fn is_after(&self, generation: u64) -> bool {
        generation > self.before
    }
}

impl<'lab> Lane<'lab> {
    /// The lane on Debian 12, ready.
    pub fn first(lab: &'lab Lab) -> Result<Self> {
        Self::ready(lab, "vps1", "home")
    }

    /// The lane on Debian 13, its VPS behind a provider's 1:1 translation, ready.
    pub fn second(lab: &'lab Lab) -> Result<Self> {
        Self::ready(lab, "vps2", "home2")
    }

    /// Everything in force, whatever the case before has left.
    fn ready(lab: &'lab Lab, vps: &'static str, home: &'static str) -> Result<Self> {
        let me = Operator::new(lab, vps)?;
        let mut lane = Self {
            lab,
            me,
            vps,
            home,
            server: None,
        };
        if !lane.me.data_dir().exists() || lane.mend().is_err() {
            lane.begin()?;
        }
        lane.serve()?;
        lane.wait_for_traffic()?;
        Ok(lane)
    }

    fn mend(&self) -> Result<()> {
        self.wants_open()?;
        for host in [self.vps, self.home] {
            if !self.lab.is_on(host) {
                self.lab.start(host)?;
            }
            hold::install(self.lab, host)?;
            hold::release(self.lab, host)?;
        }
        self.me.ok(&["apply", "--yes"]).map(drop)
    }

    /// From hosts as they are delivered.
    fn begin(&self) -> Result<()> {
        if self.me.data_dir().exists() {
            fs::remove_dir_all(self.me.data_dir())?;
            self.lab
                .at_once(&[self.vps, self.home], |host| self.lab.reset(host))?;
        }
        self.me.add_vps(self.vps, self.vps, &[])?;
        self.add_home()?;
        hold::install(self.lab, self.vps)?;
        hold::install(self.lab, self.home)
    }

    /// The machine at home with its forwards.
    pub fn add_home(&self) -> Result<()> {
        self.me.add_peer(self.home, self.home, &[])?;
        let steady = STEADY.to_string();
        self.me
            .change(&["port", "add", self.home, &steady, "--to", "peer", "--no-apply"])?;
        let toggled = format!("{TOGGLED}->{STEADY}");
        self.me.change(&[
            "port", "add", self.home, &toggled, "--to", "peer", "--label", LABEL,
        ])?;
        self.me.ok(&["apply", "--yes"]).map(drop)
    }

    /// Starts the server at home, again after that was restarted.
    pub fn serve(&mut self) -> Result<()> {
        drop(mem::take(&mut self.server));
        self.server = Some(self.lab.serve(self.home, &[STEADY], &[])?);
        Ok(())
    }

    /// Changes the inventory, and leaves the hosts for a later apply.
    pub fn change(&self) -> Result<Change> {
        let was_open = self.wants_open()?;
        let verb = if was_open { "disable" } else { "enable" };
        self.me.ok(&["port", verb, LABEL, "--no-apply"])?;
        Ok(Change {
            before: self.generation()?,
            was_open,
        })
    }

    /// Has the toggled forward be there, or not, before a case begins.
    pub fn bring(&self, open: bool) -> Result<()> {
        let verb = if open { "enable" } else { "disable" };
        self.me.ok(&["port", verb, LABEL, "--yes"]).map(drop)
    }

    fn wants_open(&self) -> Result<bool> {
        let forwards = self.me.json(&["port", "list"])?;
        let all: &[Value] = forwards.as_array().map_or(&[], Vec::as_slice);
        let toggled = all.iter().find(|forward| forward["label"] == LABEL);
        let enabled = toggled.and_then(|forward| forward["enabled"].as_bool());
        enabled.with_context(|| format!("no forward “{LABEL}” in {forwards}"))
    }

    /// The words of an apply of the VPS that goes back as early as can be.
    pub fn apply(&self) -> [&'static str; 5] {
        ["apply", self.vps, "--yes", "--rollback-after", "10"]
    }

    /// An apply of the VPS that stands at a point; see [`hold`].
    pub fn stopped_at(&self, point: &str) -> Result<Program> {
        hold::order(self.lab, self.vps, point)?;
        let mut program = Program::start(&self.me, &self.apply())?;
        if let Err(error) = hold::wait(self.lab, self.vps, point) {
            hold::release(self.lab, self.vps)?;
            return Err(error.context(format!("{:?}", program.kill())));
        }
        Ok(program)
    }

    /// The generation in force on the VPS; 0 for none.
    pub fn generation(&self) -> Result<u64> {
        let link = self
            .lab
            .exec(self.vps, "readlink /etc/wirewarp/current || echo 0")?;
        let number = link
            .ok()?
            .rsplit('/')
            .next()
            .and_then(|number| number.parse().ok());
        number.with_context(|| format!("no generation: {link:?}"))
    }

    /// SSH works, the old or the new state is there whole, and the player's traffic follows it. The generation.
    pub fn whole(&self, change: &Change) -> Result<u64> {
        self.lab
            .ssh(self.vps, "true")?
            .ok()
            .context("SSH does not work")?;
        let idle =
            "! systemctl is-active --quiet 'wirewarp-apply-*' && ! ls /etc/wirewarp/reverting 2> /dev/null";
        self.lab.wait_until(self.vps, idle, PATIENCE)?;
        let generation = self.generation()?;
        let (before, after) = (change.before, change.before + 1);
        ensure!(
            generation == before || generation == after,
            "generation {generation}, not {before} or {after}"
        );
        self.check_is_empty(self.vps)?;
        self.check_is_empty(self.home)?;
        self.wait_for_traffic()?;
        let open = change.was_open == (generation == before);
        ensure!(
            self.is_open() == open,
            "generation {generation}: {TOGGLED} is not {open}"
        );
        Ok(generation)
    }

    /// The same, and then the next apply succeeds and leaves nothing to do.
    pub fn whole_and_goes_on(&self, change: &Change) -> Result<u64> {
        let generation = self.whole(change)?;
        self.goes_on()
            .with_context(|| format!("after the fault, at generation {generation}"))?;
        Ok(generation)
    }

    /// The next apply succeeds, and then everything is as the inventory wants it.
    pub fn goes_on(&self) -> Result<()> {
        self.me.ok(&self.apply()).context("the next apply")?;
        self.me.ok(&["plan"]).context("there is still something to do")?;
        let claims = "ls /etc/wirewarp/pending /etc/wirewarp/reverting /etc/wirewarp/confirming 2> /dev/null";
        let left = self.lab.exec(self.vps, claims)?.stdout;
        ensure!(left.is_empty(), "left behind: {left}");
        let no_timer = "[ -z \"$(systemctl list-timers --all --no-legend 'wirewarp-rollback*')\" ]";
        self.lab.wait_until(self.vps, no_timer, Duration::from_secs(5))?;
        self.check_is_empty(self.vps)?;
        self.wait_for_traffic()?;
        let open = self.wants_open()?;
        ensure!(self.is_open() == open, "{TOGGLED} is not {open}");
        self.nothing_is_open()
    }

    fn nothing_is_open(&self) -> Result<()> {
        let log = self.me.json(&["log", "-n", "1000"])?;
        let all: &[Value] = log.as_array().map_or(&[], Vec::as_slice);
        let outcome = |entry: &&Value| entry["outcome"].as_str().unwrap_or_default().to_owned();
        let open = |entry: &&Value| outcome(entry) == "running" || outcome(entry).starts_with("waiting");
        all.iter()
            .find(open)
            .map_or(Ok(()), |entry| Err(anyhow!("the log has it open: {entry}")))
    }

    /// The host's own check finds nothing, at once or when its units have settled.
    pub fn check_is_empty(&self, host: &str) -> Result<()> {
        let mut last = String::new();
        let check = wait_for("an empty check", PATIENCE, || {
            last = self
                .lab
                .exec(host, "sh /etc/wirewarp/current/load check 2>&1")?
                .stdout;
            Ok(last.is_empty().then_some(()))
        });
        check.with_context(|| format!("the check on {host} says {last:?}"))
    }

    /// The player reaches the server, and the server sees the player.
    pub fn wait_for_traffic(&self) -> Result<()> {
        wait_for("the player's traffic", PATIENCE, || {
            Ok(self.reaches(STEADY).then_some(()))
        })
    }

    /// Whether the player reaches the toggled forward.
    pub fn is_open(&self) -> bool {
        self.reaches(TOGGLED)
    }

    fn reaches(&self, port: u16) -> bool {
        let public = self.lab.access(self.vps).map(|access| access.address);
        let Ok(public) = public else { return false };
        let server = SocketAddr::from((public, port));
        let asked = self
            .lab
            .ask_within("player", Protocol::Tcp, server, Duration::from_secs(2));
        let player = IpAddr::from([203, 0, 113, 100]);
        asked.is_ok_and(|answer| answer.peer.ip() == player && answer.port == STEADY)
    }

    /// Has the peer greet its VPS now: by itself it takes up to 25 s (its keepalive) to notice that the VPS was
    /// restarted.
    pub fn greet(&self) -> Result<()> {
        let anew = "wg set ww0 peer $(wg show ww0 peers) remove; sh /etc/wirewarp/current/load all";
        self.lab.exec(self.home, anew)?.ok().map(drop)
    }
}

/// Does `work` for each of `points`, half of them on each lane, and tells every one that failed.
pub fn on_both(lab: &Lab, points: &[&str], work: impl Fn(&Lane, &str) -> Result<()> + Sync) -> Result<()> {
    let run = |which: usize| -> Vec<String> {
        let mine = points.iter().skip(which).step_by(2);
        let failed = mine.filter_map(|point| {
            let lane = if which == 0 {
                Lane::first(lab)
            } else {
                Lane::second(lab)
            };
            let outcome = lane.and_then(|lane| work(&lane, point));
            outcome.err().map(|error| format!("“{point}”: {error:#}"))
        });
        failed.collect()
    };
    let failed = thread::scope(|scope| {
        let other = scope.spawn(|| run(1));
        let mut failed = run(0);
        failed.extend(other.join().unwrap_or_else(|_| vec!["panicked".into()]));
        failed
    });
    ensure!(failed.is_empty(), "{}", failed.join("\n\n"));
    Ok(())
}
