//! The desk that the window stands on: a screen without a window manager, and a session bus on which nobody offers a
//! keychain or a tray.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::lab::process::end;
use crate::lab::requirements::need_programs;

/// The programs, and the Debian packages that have them.
const PROGRAMS: [(&str, &str); 4] = [
    ("Xvfb", "xvfb"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("dbus-daemon", "dbus-daemon"),
    ("xdotool", "xdotool"),
];

/// The window's size in `tauri.conf.json`, so that it fills the screen.
const SCREEN: &str = "1280x820x24";

/// Without services that the bus could start: a keychain on this machine is not the test's.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A screen and a bus. Both end when this is dropped.
#[derive(Debug)]
pub struct Desk {
    screen: Child,
    display: String,
    bus: Child,
    bus_address: String,
    runtime: PathBuf,
}

impl Desk {
    /// Sets one up, with its files in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        need_programs("driving the window", &PROGRAMS)?;
        let runtime = folder.join("run");
        fs::create_dir_all(&runtime)?;
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700))?;
        let config = folder.join("bus.conf");
        fs::write(&config, BUS)?;
        let (screen, display) = start_screen(None)?;
        let (bus, bus_address) = speaking(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--nofork", "--print-address"]),
        )?;
        Ok(Self {
            screen,
            display,
            bus,
            bus_address,
            runtime,
        })
    }

    /// Tells a program of the window where it is.
    pub fn seat(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("XDG_RUNTIME_DIR", &self.runtime)
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            .env("LANG", "C.UTF-8")
            .env_remove("WAYLAND_DISPLAY");
    }

    /// What xdotool(1) says on this screen.
    pub fn xdotool(&self, words: &[&str]) -> Result<String> {
        let mut command = Command::new("xdotool");
        self.seat(&mut command);
        let output = command.args(words).output().context("cannot run xdotool")?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        end(&mut self.bus);
        end(&mut self.screen);
    }
}

/// Starts Xvfb with one screen of the window's size, its picture in a file of this folder where one is given; the server,
/// which the caller ends, and its display (`:7`).
pub fn start_screen(picture_in: Option<&Path>) -> Result<(Child, String)> {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]);
    if let Some(folder) = picture_in {
        command.arg("-fbdir").arg(folder);
    }
    let (server, number) = speaking(&mut command)?;
    Ok((server, format!(":{number}")))
}

/// Starts a program, and waits for its first line, which says where it is.
fn speaking(command: &mut Command) -> Result<(Child, String)> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    ensure!(!line.trim().is_empty(), "{command:?} did not start");
    Ok((child, line.trim().to_owned()))
}
