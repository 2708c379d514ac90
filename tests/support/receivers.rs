//! Who is told of alerts: a real mail server (Debian's aiosmtpd) and an HTTP server, on loopback, that say what they took.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::lab::process::{end, wait_for};

/// The one that Debian's packages are for.
const PYTHON: &str = "/usr/bin/python3";

const MAIL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/receivers/mail.py");
const HOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/support/receivers/hook.py");

/// A server that runs; it ends when this is dropped.
pub struct Receiver {
    child: Child,
    port: u16,
    took: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    /// A mail server with these options of `receivers/mail.py`.
    pub fn mail(options: &[&str]) -> Result<Self> {
        Self::start(MAIL, options)
    }

    /// An HTTP server with these options of `receivers/hook.py`.
    pub fn hook(options: &[&str]) -> Result<Self> {
        Self::start(HOOK, options)
    }

    fn start(script: &str, options: &[&str]) -> Result<Self> {
        let mut child = Command::new(PYTHON)
            .arg(script)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("python3 cannot be started")?;
        let output = child.stdout.take().context("it has no output")?;
        let mut lines = BufReader::new(output).lines();
        let first = lines.next().context("the receiver said nothing")??;
        let first: Value = serde_json::from_str(&first)?;
        let port = first["port"].as_u64().context("it gives no port")?;
        let took = Arc::new(Mutex::new(Vec::new()));
        let notes = took.clone();
        thread::spawn(move || {
            for line in lines.map_while(std::io::Result::ok) {
                let told = serde_json::from_str(&line).unwrap_or(Value::String(line));
                notes.lock().unwrap_or_else(PoisonError::into_inner).push(told);
            }
        });
        Ok(Self {
            child,
            port: u16::try_from(port)?,
            took,
        })
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it took so far, in order.
    pub fn took(&self) -> Vec<Value> {
        self.took.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What it took, once that is so many.
    pub fn wait_for(&self, count: usize, limit: Duration) -> Result<Vec<Value>> {
        wait_for(&format!("{count} messages"), limit, || {
            let took = self.took();
            Ok((took.len() >= count).then_some(took))
        })
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
