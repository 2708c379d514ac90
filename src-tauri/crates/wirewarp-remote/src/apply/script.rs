//! The scripts that go to a host: constant host-side text, and in it what the request carries.
//!
//! Values of a request become words of the shell by `wirewarp_model::shell::quote` alone, files by quoted heredocs whose
//! delimiter their text does not contain. The whole is one function called on the last line, so that a script that was
//! cut off on its way does nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use wirewarp_model::shell::quote;

use super::ApplyError;

pub(super) const COMMON: &str = include_str!("host/common.sh");
pub(super) const GUARD: &str = include_str!("host/guard.sh");
pub(super) const UNIT: &str = include_str!("host/unit.sh");
pub(super) const LEAVE: &str = include_str!("host/leave.sh");
pub(super) const FLOWS: &str = include_str!("host/flows.awk");
pub(super) const LAUNCH: &str = include_str!("host/launch.sh");
pub(super) const CONFIRM: &str = include_str!("host/confirm.sh");
pub(super) const STATE: &str = include_str!("host/state.sh");
pub(super) const FILES: &str = include_str!("host/files.sh");
pub(super) const PACKAGES: &str = include_str!("host/packages.sh");
pub(super) const UNPACKAGES: &str = include_str!("host/unpackages.sh");

/// A host-side text without its last line, which runs it.
pub(super) fn functions_of(text: &str) -> &str {
    let text = text.trim_end();
    text.rfind('\n').map_or("", |end| &text[..=end])
}

/// A script under construction: functions first, then the lines of `main`.
pub(super) struct Script {
    functions: String,
    main: String,
}

impl Script {
    /// Begins with host-side texts that only define functions and variables.
    pub(super) fn new(parts: &[&str]) -> Self {
        Self {
            functions: parts.concat(),
            main: String::new(),
        }
    }

    /// Adds a command: `words` are constant text of ours, `arguments` anything.
    pub(super) fn call(&mut self, words: &str, arguments: &[&str]) -> Result<&mut Self, ApplyError> {
        self.main.push_str(words);
        for argument in arguments {
            self.main.push(' ');
            self.main
                .push_str(&quote(argument).map_err(|error| bad_request(&error.to_string()))?);
        }
        self.main.push('\n');
        Ok(self)
    }

    /// Adds `name=value`; `name` is constant text of ours.
    pub(super) fn assign(&mut self, name: &str, value: &str) -> Result<&mut Self, ApplyError> {
        let value = quote(value).map_err(|error| bad_request(&error.to_string()))?;
        // Writing to a String cannot fail.
        let _ = writeln!(self.main, "{name}={value}");
        Ok(self)
    }

    /// Has `text` stored byte by byte as `path` in the operation's folder (needs `launch.sh`).
    ///
    /// Plain text goes as it is. Anything else goes as base64: dash loses bytes of a heredoc where a line begins like
    /// the delimiter and goes on in UTF-8 (seen, 0.5.12).
    pub(super) fn put(&mut self, path: &str, text: &str) -> Result<&mut Self, ApplyError> {
        if text.contains('\0') {
            return Err(bad_request(&format!("the file {path} has a NUL byte in it")));
        }
        let plain = text.bytes().all(|b| matches!(b, b'\n' | b'\t' | b' '..=b'~'));
        if plain {
            self.here("put", path, text, text.len())
        } else {
            self.here("put64", path, &in_lines(text), text.len())
        }
    }

    /// The same for several files, most of them by one process on the host: starting one for each costs more than all
    /// that they hold.
    pub(super) fn put_all(&mut self, files: &[(String, String)]) -> Result<&mut Self, ApplyError> {
        let (lines, rest): (Vec<_>, Vec<_>) = files.iter().partition(|(_, text)| is_lines(text));
        let mut all = String::new();
        for (path, text) in &lines {
            // Writing to a String cannot fail.
            let _ = write!(all, "{} {path}\n{text}", text.lines().count());
        }
        let end = delimiter(&all);
        let _ = writeln!(self.main, "put_lines <<'{end}' || exit 1\n{all}{end}");
        for (path, text) in rest {
            self.put(path, text)?;
        }
        Ok(self)
    }

    fn here(
        &mut self,
        function: &str,
        path: &str,
        text: &str,
        bytes: usize,
    ) -> Result<&mut Self, ApplyError> {
        let path = quote(path).map_err(|error| bad_request(&error.to_string()))?;
        let end = delimiter(text);
        let feed = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.main,
            "{function} {path} {bytes} <<'{end}' || exit 1\n{text}{feed}{end}"
        );
        Ok(self)
    }

    /// The whole text.
    pub(super) fn finish(&self) -> String {
        format!(
            "{}\nmain() {{\n{}}}\nmain </dev/null\n",
            self.functions, self.main
        )
    }
}

/// Whether `text` is whole lines of plain characters, none longer than any awk(1) takes (POSIX: `LINE_MAX`, 2048).
fn is_lines(text: &str) -> bool {
    (text.is_empty() || text.ends_with('\n'))
        && text.bytes().all(|b| matches!(b, b'\n' | b'\t' | b' '..=b'~'))
        && text.lines().all(|line| line.len() < 2048)
}

/// Base64 in lines of 76 characters, as base64(1) writes it.
fn in_lines(text: &str) -> String {
    let encoded = STANDARD.encode(text);
    let lines = encoded.as_bytes().chunks(76).map(String::from_utf8_lossy);
    lines.fold(String::new(), |all, line| all + &line + "\n")
}

/// A word that does not occur in `text`, so no line of it can end the heredoc early.
fn delimiter(text: &str) -> String {
    let candidates = (0u64..).map(|n| format!("WIREWARP_END_{n}"));
    candidates
        .into_iter()
        .find(|word| !text.contains(word.as_str()))
        .unwrap_or_default()
}

/// `sha256sum -c` line of a file.
pub(super) fn sum_line(path: &str, text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hex = digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("{hex}  {path}\n")
}

pub(super) fn bad_request(message: &str) -> ApplyError {
    ApplyError::BadRequest(message.to_owned())
}

/// A path of a bundle: plain names, at most one folder deep, nothing that leads elsewhere.
pub(super) fn check_path(path: &str) -> Result<(), ApplyError> {
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with(['.', '-'])
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._@-".contains(&b))
    };
    if path.split('/').all(plain) && path.split('/').count() <= 2 {
        return Ok(());
    }
    Err(bad_request(&format!(
        "“{}” cannot be a file of a generation",
        path.escape_debug()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    fn run(shell: &[&str], script: &str) -> std::process::Output {
        let mut child = Command::new(shell[0])
            .args(&shell[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn stored(shell: &[&str], text: &str) -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let mut script = Script::new(&["set -u\n", LAUNCH]);
        script.assign("dir", dir.path().to_str().unwrap()).unwrap();
        script.put("units/some file", text).unwrap();
        let out = run(shell, &script.finish());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        std::fs::read(dir.path().join("units/some file")).unwrap()
    }

    #[test]
    fn nasty_files_arrive_byte_by_byte() {
        let long = "x".repeat(300_000) + "\n";
        for text in [
            "",
            "\n",
            "no line feed",
            "a\\\nb\\",
            "$(reboot) `id` $HOME ${x}\n",
            "'\"'\n",
            "WIREWARP_END_0\nWIREWARP_END_1\n",
            "\r\n\r",
            "  \tindented\n",
            "ünïcode \u{81}\u{88} 🎮\n",
            "\u{1}\u{7f}\u{1b}[0m\n",
            &long,
        ] {
            for shell in [&["sh", "-s"][..], &["bash", "-s"], &["busybox", "ash", "-s"]] {
                assert_eq!(
                    stored(shell, text),
                    text.as_bytes(),
                    "{shell:?} {:?}",
                    &text[..text.len().min(40)]
                );
            }
        }
    }

    /// What `put_all` makes of files, read again.
    fn stored_together(shell: &[&str], texts: &[String]) -> Vec<Vec<u8>> {
        let dir = tempfile::tempdir().unwrap();
        let files: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| (format!("file {index}"), text.clone()))
            .collect();
        let mut script = Script::new(&["set -u\n", LAUNCH]);
        script.assign("dir", dir.path().to_str().unwrap()).unwrap();
        script.put_all(&files).unwrap();
        let out = run(shell, &script.finish());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let read = |(path, _): &(String, String)| std::fs::read(dir.path().join(path)).unwrap();
        files.iter().map(read).collect()
    }

    #[test]
    fn files_that_come_together_arrive_byte_by_byte() {
        let texts = [
            "one\n",
            "",
            "\n\n",
            "3 looks like a head\nWIREWARP_END_0\n",
            "no line feed",
            "\tback\\slash & 'quotes' $(id)\n\n",
            "ünïcode\n",
            &("x".repeat(5000) + "\n"),
            "the last\n",
        ]
        .map(str::to_owned);
        for shell in [&["sh", "-s"][..], &["bash", "-s"], &["busybox", "ash", "-s"]] {
            let expected: Vec<_> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
            assert_eq!(stored_together(shell, &texts), expected, "{shell:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_files_together_arrive_byte_by_byte(
            texts in prop::collection::vec("([a-z0-9 \\\\$'\"{}]{0,9}\n){0,5}|(?s:[^\0]{0,40})", 0..6),
        ) {
            let expected: Vec<_> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
            prop_assert_eq!(stored_together(&["sh", "-s"], &texts), expected);
        }

        #[test]
        fn any_file_arrives_byte_by_byte(text in "(?s:[^\0]{0,200}|(WIREWARP_END_[0-2]\n|[\\\\$`'\"(){}\n!#]){0,60})") {
            prop_assert_eq!(stored(&["sh", "-s"], &text), text.as_bytes());
        }
    }

    #[test]
    fn a_script_that_is_cut_off_does_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("touched");
        let mut script = Script::new(&[LAUNCH]);
        script.call("touch", &[target.to_str().unwrap()]).unwrap();
        let text = script.finish();
        for cut in [
            text.len() / 2,
            text.len() - 30,
            text.len() - "main </dev/null\n".len(),
        ] {
            run(&["sh", "-s"], &text[..cut]);
            assert!(!target.exists(), "cut at {cut} of {}", text.len());
        }
        run(&["sh", "-s"], &text);
        assert!(target.exists());
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for bad in [
            "",
            "..",
            "../x",
            "a/../b",
            "/etc/passwd",
            "a/b/c",
            "a b",
            "$(id)",
            "-rf",
            "a\nb",
        ] {
            assert!(check_path(bad).is_err(), "{bad:?}");
        }
        for good in ["load", "rules.nft", "units/wirewarp-wg@.service", "ww0.conf"] {
            assert!(check_path(good).is_ok(), "{good}");
        }
    }
}
