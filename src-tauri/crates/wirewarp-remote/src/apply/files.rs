//! Reading a generation back from its host, for comparing what was planned, what was written and what is there.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::collections::BTreeMap;

use super::{
    ApplyError,
    script::{self, Script},
};
use crate::session::{ScriptLimits, ScriptRunner};

/// The files of `generation` as they are on the host, by path, and the installed units as `installed/NAME`. A file that
/// is not text has U+FFFD where it is none.
pub async fn read_files(
    runner: &dyn ScriptRunner,
    generation: u64,
) -> Result<BTreeMap<String, String>, ApplyError> {
    let files = read(runner, "print_files", &[&generation.to_string()]).await?;
    files.ok_or(ApplyError::NoSuchGeneration(generation))
}

/// The manifest in force, whole; none if there is none.
pub async fn read_manifest(runner: &dyn ScriptRunner) -> Result<Option<String>, ApplyError> {
    let files = read(runner, "print_manifest", &[]).await?;
    Ok(files.and_then(|files| files.into_values().next()))
}

/// None if what is asked for is not there.
async fn read(
    runner: &dyn ScriptRunner,
    function: &str,
    arguments: &[&str],
) -> Result<Option<BTreeMap<String, String>>, ApplyError> {
    let mut script = Script::new(&[script::COMMON, script::FILES]);
    script.call(function, arguments)?;
    let limits = ScriptLimits {
        stdout: 32 << 20,
        ..ScriptLimits::default()
    };
    let mut files = Files::default();
    let mut take = |line: &str| files.take(line);
    let ran = runner.run_script(&script.finish(), &limits, &mut take).await?;
    match files.end.as_deref() {
        Some("files") => files.decode().map(Some),
        Some("missing") => Ok(None),
        _ => Err(ApplyError::Broken(ran.stderr)),
    }
}

#[derive(Default)]
struct Files {
    encoded: Vec<(String, String)>,
    end: Option<String>,
}

impl Files {
    fn take(&mut self, line: &str) {
        // Neither word is a line of base64: those have no space.
        if let Some(path) = line.strip_prefix("file ") {
            self.encoded.push((path.to_owned(), String::new()));
        } else if let Some(word) = line.strip_prefix("end ") {
            self.end = Some(word.to_owned());
        } else if let Some((_, text)) = self.encoded.last_mut() {
            text.push_str(line.trim());
        }
    }

    fn decode(self) -> Result<BTreeMap<String, String>, ApplyError> {
        let decode = |(path, text): (String, String)| {
            let bytes = STANDARD
                .decode(text)
                .map_err(|_| ApplyError::Broken(format!("{} is damaged", path.escape_debug())))?;
            Ok((path, String::from_utf8_lossy(&bytes).into_owned()))
        };
        self.encoded.into_iter().map(decode).collect()
    }
}
