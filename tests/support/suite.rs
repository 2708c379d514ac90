//! Test binaries whose cases share one lab.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use wirewarp_tests::lab::{Lab, LabSpec};
//! use wirewarp_tests::suite::{Case, Suite};
//!
//! fn a_host_answers(lab: &Lab) -> anyhow::Result<()> {
//!     lab.ssh("vps1", "true")?.ok().map(drop)
//! }
//!
//! fn main() -> ExitCode {
//!     Suite::new(LabSpec::standard(), vec![Case::new("a_host_answers", a_host_answers)]).run()
//! }
//! ```
//!
//! with `harness = false` in `tests/Cargo.toml`. The usual arguments of a test binary work. The cases run one after
//! the other, in order, in a process that is **inside the namespace `admin`**: what a case connects to with its
//! own sockets, the engine's SSH for example, goes where the operator's laptop would go.
//!
//! The process that cargo starts only makes the namespaces, starts itself again inside, and takes the lab down when
//! that is over. The hosts boot before the first case; a run that selects no case makes no lab.

use std::env;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, anyhow};
use libtest_mimic::{Arguments, Failed, Trial};

use crate::lab::{Lab, LabSpec};

/// Names the lab to the process inside.
const LAB: &str = "WIREWARP_LAB_ID";

/// A case's work.
type Work = Box<dyn Fn(&Lab) -> Result<()> + Send + Sync>;

/// A named case.
pub struct Case {
    name: String,
    work: Work,
}

impl Case {
    /// A case of this name, which is a sentence that it proves.
    pub fn new(name: &str, work: impl Fn(&Lab) -> Result<()> + Send + Sync + 'static) -> Self {
        Self {
            name: name.to_owned(),
            work: Box::new(work),
        }
    }
}

/// Cases and the lab that they need.
pub struct Suite {
    spec: LabSpec,
    cases: Vec<Case>,
}

impl Suite {
    /// These cases in a lab with these hosts.
    pub fn new(spec: LabSpec, cases: Vec<Case>) -> Self {
        Self { spec, cases }
    }

    /// Whether this is the process that runs the cases, within the lab.
    pub fn is_inside() -> bool {
        env::var_os(LAB).is_some()
    }

    /// Runs what the arguments select, prints as the standard harness does, and says how it went.
    pub fn run(self) -> ExitCode {
        let mut arguments = Arguments::from_args();
        arguments.test_threads = Some(1);
        let inside = env::var(LAB).ok();
        if inside.is_none() && !arguments.list && self.selects_any(&arguments) {
            return self.run_inside().unwrap_or_else(|error| {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            });
        }
        let lab = Arc::new(SharedLab {
            id: inside.unwrap_or_default(),
            booted: OnceLock::new(),
        });
        let trials = self.cases.into_iter().map(|case| trial(case, &lab));
        libtest_mimic::run(&arguments, trials.collect()).exit_code()
    }

    /// Makes the lab, has the cases run by another process inside, and takes it down again.
    fn run_inside(self) -> Result<ExitCode> {
        let lab = Lab::wire(self.spec)?;
        let net = format!("--net=/run/netns/{}", lab.nets().name("admin"));
        let this = env::current_exe()?;
        let mut command = Command::new("nsenter");
        command
            .args([net.as_str(), "--"])
            .arg(this)
            .args(env::args_os().skip(1))
            .env(LAB, lab.id());
        let status = command.status().context("cannot run nsenter")?;
        lab.down()?;
        if let Some(signal) = status.signal() {
            return Err(anyhow!("the tests were ended by signal {signal}"));
        }
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
    }

    fn selects_any(&self, arguments: &Arguments) -> bool {
        let matches = |name: &str, pattern: &String| {
            if arguments.exact {
                name == pattern
            } else {
                name.contains(pattern.as_str())
            }
        };
        let wanted = |name: &str| {
            arguments
                .filter
                .as_ref()
                .is_none_or(|pattern| matches(name, pattern))
        };
        let skipped = |name: &str| arguments.skip.iter().any(|pattern| matches(name, pattern));
        let mut names = self.cases.iter().map(|case| case.name.as_str());
        !arguments.ignored && names.any(|name| wanted(name) && !skipped(name))
    }
}

/// The lab of the process inside; its hosts boot when the first case asks for them.
struct SharedLab {
    id: String,
    booted: OnceLock<Result<Lab, String>>,
}

impl SharedLab {
    fn get(&self) -> Result<&Lab, Failed> {
        let boot = || -> Result<Lab> {
            let lab = Lab::existing(&self.id)?;
            lab.boot_all()?;
            Ok(lab)
        };
        let lab = self
            .booted
            .get_or_init(|| boot().map_err(|error| format!("{error:#}")));
        lab.as_ref().map_err(Failed::from)
    }
}

fn trial(case: Case, lab: &Arc<SharedLab>) -> Trial {
    let lab = Arc::clone(lab);
    Trial::test(case.name, move || {
        let lab = lab.get()?;
        (case.work)(lab).map_err(|error| Failed::from(format!("{error:?}\n{}", lab.complaints())))
    })
}
