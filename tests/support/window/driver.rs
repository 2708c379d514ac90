//! The `WebDriver` protocol (W3C), as far as it is needed here.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use super::PATIENCE;
use crate::lab::process::{end, must, wait_for};

/// The key of a reference to an element, fixed by the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// No single request takes longer: scripts are short, and pages are waited for between requests.
const LONGEST: Duration = Duration::from_secs(120);

/// A session of `WebKitWebDriver` with a program that it has started.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    agent: Agent,
    base: String,
    session: String,
}

/// An element of the page, as long as that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element(String);

impl Element {
    /// The element that a script has returned, if it is one.
    pub fn from_answer(answer: &Value) -> Option<Self> {
        Some(Self(answer[ELEMENT].as_str()?.to_owned()))
    }
}

impl Driver {
    /// Starts the driver with what `command` has around it, and the program by way of it.
    pub fn start(mut command: Command, program: &Path) -> Result<Self> {
        // Nobody else is in this namespace who could take the port meanwhile.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        command.args(["--host=127.0.0.1", &format!("--port={port}")]);
        // What wry and Tauri look at before they let themselves be driven.
        command
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null());
        let config = Agent::config_builder()
            .timeout_global(Some(LONGEST))
            .http_status_as_error(false)
            .build();
        let mut driver = Self {
            child: command.spawn().context("cannot start WebKitWebDriver")?,
            agent: config.into(),
            base: format!("http://127.0.0.1:{port}"),
            session: String::new(),
        };
        wait_for("WebKitWebDriver", PATIENCE, || {
            Ok(driver.request("GET", "/status", &Value::Null).ok())
        })?;
        let options = json!({ "binary": program, "args": [] });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let made = driver.request("POST", "/session", &wanted)?;
        let id = made["sessionId"].as_str().context("a session without a name")?;
        driver.session = format!("/session/{id}");
        driver.post("/timeouts", &json!({ "script": LONGEST.as_millis() }))?;
        Ok(driver)
    }

    /// The driver's process, whose child the program is.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Runs a function's body in the page; what it returns.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs the body of an asynchronous function in the page; what it gives in the end.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1); \
             (async function () {{ {script} }}).apply(null, given).then(done, (error) => done({{ thrown: String(error) }}))"
        );
        let answer = self.post("/execute/async", &json!({ "script": script, "args": arguments }))?;
        match answer["thrown"].as_str() {
            Some(thrown) => bail!("the page threw {thrown}"),
            None => Ok(answer),
        }
    }

    /// Runs a function's body on an element, its first argument; what it returns.
    pub fn run_on(&self, script: &str, element: &Element) -> Result<Value> {
        self.run(script, &[json!({ ELEMENT: element.0 })])
    }

    /// Clicks in the middle of an element, where it must not be covered.
    pub fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("/element/{}/click", element.0), &json!({}))
            .map(drop)
    }

    /// Types into an element.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text }))
            .map(drop)
    }

    /// Loads the page again.
    pub fn reload(&self) -> Result<()> {
        self.post("/refresh", &json!({})).map(drop)
    }

    /// A picture of the page: a PNG in base64.
    pub fn picture(&self) -> Result<String> {
        let answer = self.request("GET", &format!("{}/screenshot", self.session), &Value::Null)?;
        Ok(answer.as_str().context("no picture")?.to_owned())
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.request("POST", &format!("{}{path}", self.session), body)
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(text)?;
        let mut response = self.agent.run(request)?;
        let answer: Value = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_json()
            .with_context(|| format!("{method} {path}"))?;
        if !response.status().is_success() {
            bail!(
                "{method} {path}: {} {}",
                answer["value"]["error"],
                answer["value"]["message"]
            );
        }
        Ok(answer["value"].clone())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let programs = children(self.process()).unwrap_or_default();
        if !self.session.is_empty() {
            drop(self.request("DELETE", &self.session, &Value::Null));
        }
        end(&mut self.child);
        // The next start would find that one is there already, and end.
        let gone = wait_for("the end of the window", PATIENCE, || {
            Ok((!programs.iter().any(|(id, _)| runs(*id))).then_some(()))
        });
        if gone.is_err() {
            for (id, _) in programs {
                drop(must(&["kill", "-KILL", &id.to_string()]));
            }
        }
    }
}

/// The children of a process, with their names; the kernel cuts those off after 15 letters.
pub fn children(parent: u32) -> Result<Vec<(u32, String)>> {
    let listed = must(&["ps", "--ppid", &parent.to_string(), "-o", "pid=,comm="])?;
    let pair = |line: &str| {
        let (id, name) = line.trim().split_once(' ')?;
        Some((id.parse().ok()?, name.trim().to_owned()))
    };
    Ok(listed.lines().filter_map(pair).collect())
}

/// Whether a process is there and not only waited for.
pub fn runs(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
