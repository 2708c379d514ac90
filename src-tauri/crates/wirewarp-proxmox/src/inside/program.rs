//! What is run in a guest, and what it says.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use wirewarp_model::error::excerpt_of;

use super::{Card, Denial, Keeper, Route, System};
use crate::agent::Executed;

const LINUX: &str = concat!(
    include_str!("linux/common.sh"),
    include_str!("linux/network_manager.sh"),
    include_str!("linux/networkd.sh"),
    include_str!("linux/ifupdown.sh"),
    include_str!("linux/main.sh"),
);

const WINDOWS: &str = include_str!("windows.ps1");

/// Most characters that are shown of what a program in a guest says unasked.
const MOST_SAID: usize = 160;

/// What the program is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Look,
    Set,
    Clear,
}

/// A program with its arguments, and what it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    pub words: Vec<String>,
    pub input: String,
}

impl Program {
    pub fn command(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

/// The program for a system. A shell takes arguments behind its text. PowerShell would take them for more of the text, so
/// that they come by its input; and its text comes in UTF-16 and Base64, which need no quoting on the way to it.
pub(super) fn program(system: System, action: Action, card: &Card) -> Program {
    let values = values(action, card);
    match system {
        System::Linux => {
            let own = ["/bin/sh", "-c", LINUX, "wirewarp"].map(str::to_owned);
            Program {
                words: own.into_iter().chain(values).collect(),
                input: String::new(),
            }
        }
        System::Windows => {
            let text: Vec<u8> = WINDOWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let text = BASE64.encode(text);
            let words = [
                "powershell.exe",
                "-NoProfile",
                "-NonInteractive",
                "-ExecutionPolicy",
                "Bypass",
                "-EncodedCommand",
                &text,
            ];
            Program {
                words: words.map(str::to_owned).to_vec(),
                input: values.join("\r\n") + "\r\n",
            }
        }
    }
}

/// In the order of `linux/main.sh`.
fn values(action: Action, card: &Card) -> Vec<String> {
    let action = match action {
        Action::Look => "look",
        Action::Set => "set",
        Action::Clear => "clear",
    };
    let route = match card.route {
        Route::Default => "default",
        Route::Answers => "answers",
    };
    let mut values = vec![
        action.to_owned(),
        // As Linux writes it.
        card.mac.to_string().to_lowercase(),
        card.address.to_string(),
        card.gateway.to_string(),
        route.to_owned(),
        card.mtu.to_string(),
    ];
    values.extend(card.resolvers.iter().map(ToString::to_string));
    values
}

/// Who took it, or why nobody does.
pub(super) fn heard(system: System, ran: &Executed) -> Result<Keeper, Denial> {
    match (system, ran.code, ran.out.trim()) {
        (System::Linux, Some(0), "NetworkManager") => Ok(Keeper::NetworkManager),
        (System::Linux, Some(0), "networkd") => Ok(Keeper::Networkd),
        (System::Linux, Some(0), "ifupdown") => Ok(Keeper::Ifupdown),
        (System::Windows, Some(0), "Windows") => Ok(Keeper::Windows),
        _ => Err(denied(ran)),
    }
}

/// Whether what was ours is gone.
pub(super) fn cleared(ran: &Executed) -> Result<(), Denial> {
    if ran.code == Some(0) && ran.out.trim() == "clear" {
        Ok(())
    } else {
        Err(denied(ran))
    }
}

fn denied(ran: &Executed) -> Denial {
    let why = ran.out.trim().strip_prefix("no ").filter(|_| ran.code == Some(3));
    match why {
        Some("system") => Denial::System,
        Some("root") => Denial::Root,
        Some("card") => Denial::Card,
        Some("joined") => Denial::Joined,
        Some("manager") => Denial::Nobody,
        Some("interfaces") => Denial::Interfaces,
        Some("read-only") => Denial::ReadOnly,
        Some("static") => Denial::Static,
        Some("taken") => Denial::NotTaken,
        _ => Denial::Odd(said(ran)),
    }
}

fn said(ran: &Executed) -> String {
    let words: Vec<&str> = ran
        .err
        .split_whitespace()
        .chain(ran.out.split_whitespace())
        .collect();
    let code = ran
        .code
        .map_or("a signal".to_owned(), |code| format!("status {code}"));
    format!("{code} {}", excerpt_of(&words.join(" "), MOST_SAID))
        .trim_end()
        .to_owned()
}
