//! A host made of a temporary folder: `WIREWARP_ETC`, `WIREWARP_RUN` and `WIREWARP_UNITS` point into it, transient units
//! are plain processes.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};
use wirewarp_model::{
    OperationId,
    bundle::{ApplyRequest, Bundle, BundleFile},
};
use wirewarp_remote::{
    apply::{self, ApplyError, StepEvent},
    session::{LocalRunner, RunError, ScriptLimits, ScriptRunner},
};

/// Writes what it is asked for into `loaded`, as a real one would into the kernel. Fails or hangs if its generation has
/// a file that says so.
const LOAD: &str = r#"set -u
here=$(cd "$(dirname "$0")" && pwd -P)
case $1 in
all | rules)
  [ ! -e "$here/hang" ] || sleep 60
  [ ! -e "$here/slow" ] || sleep 0.5
  if [ -e "$here/fail" ]; then echo 'load says no' >&2; exit 3; fi
  echo "${here##*/}" > "$WIREWARP_ETC/../loaded"
  ;;
none) rm -f "$WIREWARP_ETC/../loaded" ;;
check) [ "$(cat "$WIREWARP_ETC/../loaded")" = "${here##*/}" ] || echo 'rules: not loaded' ;;
esac
"#;

pub struct Host {
    pub root: tempfile::TempDir,
    pub runner: LocalRunner,
}

impl Host {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
        let environment = [("ETC", at("etc")), ("RUN", at("run")), ("UNITS", at("units"))];
        let mut environment: Vec<_> = environment
            .map(|(name, at)| (format!("WIREWARP_{name}"), at))
            .into();
        environment.push(("WIREWARP_NO_SYSTEMD".into(), "1".into()));
        Self {
            runner: LocalRunner {
                prefix: vec![],
                environment,
            },
            root,
        }
    }

    pub fn etc(&self, path: &str) -> PathBuf {
        self.root.path().join("etc").join(path)
    }

    /// What the kernel would have: the generation last loaded.
    pub fn loaded(&self) -> Option<String> {
        Some(
            fs::read_to_string(self.root.path().join("loaded"))
                .ok()?
                .trim()
                .to_owned(),
        )
    }

    /// The generation that the symlink names.
    pub fn current(&self) -> Option<String> {
        Some(
            fs::read_link(self.etc("current"))
                .ok()?
                .file_name()?
                .to_str()?
                .to_owned(),
        )
    }

    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.etc(path)).is_ok()
    }

    pub async fn apply(&self, request: &ApplyRequest) -> (Result<(), ApplyError>, Vec<StepEvent>) {
        let mut events = vec![];
        let result = apply::apply(&self.runner, request, &mut |event| events.push(event)).await;
        (result, events)
    }

    /// Applies and confirms.
    pub async fn change(&self, base: u64, generation: u64) {
        let request = request(base, generation);
        self.apply(&request).await.0.unwrap();
        apply::confirm(&self.runner, request.operation, None)
            .await
            .unwrap();
    }

    /// Runs a verb of the guard, as a timer or the boot would.
    pub async fn guard(&self, words: &str) {
        self.sh(&format!("sh \"$WIREWARP_ETC/guard\" {words}"))
            .await
            .unwrap();
    }

    /// What a restart does: tmpfs is empty, nothing is loaded, processes are gone.
    pub async fn restart(&self) {
        self.sh(
            "for pid in $(cat \"$WIREWARP_RUN\"/op-*/pid \"$WIREWARP_RUN\"/op-*/timer 2>/dev/null); do
               kill -s KILL -- \"-$pid\" 2>/dev/null; done
             rm -rf \"$WIREWARP_RUN\" \"$WIREWARP_ETC/../loaded\"; true",
        )
        .await
        .unwrap();
    }

    pub async fn sh(&self, script: &str) -> Result<String, RunError> {
        let mut text = String::new();
        let limits = ScriptLimits::default();
        self.runner
            .run_script(script, &limits, &mut |line| text.extend([line, "\n"]))
            .await?;
        Ok(text)
    }
}

/// Timers and applies that still run end with the host.
impl Drop for Host {
    fn drop(&mut self) {
        let run = self.root.path().join("run");
        for folder in std::fs::read_dir(run).into_iter().flatten().flatten() {
            for name in ["pid", "timer"] {
                let Ok(pid) = fs::read_to_string(folder.path().join(name)) else {
                    continue;
                };
                let kill = format!("kill -s KILL -- -{} 2>/dev/null", pid.trim());
                let _ = std::process::Command::new("sh").args(["-c", &kill]).status();
            }
        }
    }
}

/// A request for a small generation, with a minute to confirm.
pub fn request(base: u64, generation: u64) -> ApplyRequest {
    let manifest = format!(
        r#"{{"schema":1,"host":"{}","inventory":"{}","generation":{generation}}}"#,
        uuid::Uuid::nil(),
        uuid::Uuid::from_u128(7)
    );
    let file = |mode, text: &str| BundleFile {
        mode,
        text: text.to_owned(),
    };
    let files = BTreeMap::from([
        ("load".to_owned(), file(0o700, LOAD)),
        ("manifest.json".to_owned(), file(0o600, &manifest)),
        ("units/wirewarp.service".to_owned(), file(0o644, "[Service]\n")),
    ]);
    ApplyRequest {
        operation: OperationId(uuid::Uuid::new_v4()),
        base,
        generation,
        bundle: if generation == 0 {
            Bundle::default()
        } else {
            Bundle { files, keys: vec![] }
        },
        flush: vec![],
        rollback_after: Duration::from_mins(1),
    }
}

/// Adds a file that changes what the fake `load` does.
pub fn with(mut request: ApplyRequest, path: &str, text: &str) -> ApplyRequest {
    request.bundle.files.insert(
        path.to_owned(),
        BundleFile {
            mode: 0o644,
            text: text.to_owned(),
        },
    );
    request
}
