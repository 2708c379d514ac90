//! A temporary account with a password; needs root.

use std::io::Write;
use std::process::{Command, Stdio};

use super::run;

/// Removed with the value.
pub struct Account {
    pub name: String,
    pub password: String,
}

impl Account {
    pub fn create() -> Self {
        let id = tempfile::Builder::new()
            .prefix("x")
            .rand_bytes(6)
            .tempdir()
            .unwrap();
        let tail: String = id
            .path()
            .to_string_lossy()
            .to_lowercase()
            .chars()
            .rev()
            .take(6)
            .collect();
        let name = format!("wwt-{tail}");
        run("useradd", &["--no-user-group", "-m", "-s", "/bin/sh", &name]);
        let account = Self {
            name,
            password: "it's a $(secret) \\ \"one\"".to_owned(),
        };
        let mut child = Command::new("chpasswd").stdin(Stdio::piped()).spawn().unwrap();
        writeln!(
            child.stdin.take().unwrap(),
            "{}:{}",
            account.name,
            account.password
        )
        .unwrap();
        assert!(child.wait().unwrap().success());
        account
    }

    /// What sudo lets it do, e.g. `ALL=(ALL) NOPASSWD: ALL`.
    pub fn sudoers(&self, rule: &str) {
        self.sudo_file(&format!("{} {rule}\n", self.name));
    }

    /// A rule as before, and one of sudo's settings for the account, e.g. `use_pty`.
    pub fn sudoers_with(&self, rule: &str, setting: &str) {
        self.sudo_file(&format!("Defaults:{0} {setting}\n{0} {rule}\n", self.name));
    }

    fn sudo_file(&self, text: &str) {
        let file = format!("/etc/sudoers.d/{}", self.name);
        std::fs::write(&file, text).unwrap();
        run("chmod", &["0440", &file]);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(format!("/etc/sudoers.d/{}", self.name));
        // Processes of its last connection may still be going.
        for _ in 0..20 {
            if Command::new("userdel")
                .args(["-f", "-r", &self.name])
                .output()
                .is_ok_and(|out| out.status.success())
            {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        eprintln!("the test account {} could not be removed", self.name);
    }
}
