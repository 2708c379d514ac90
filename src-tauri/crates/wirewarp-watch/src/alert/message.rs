//! What somebody is told, in words.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wirewarp_model::{alert::Severity, error::excerpt_of};

use super::{News, lasted};
use wirewarp_model::alert::Alert;

/// Most alerts that a message names one by one.
const MOST_LINES: usize = 20;

/// One alert in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// `firing`, `still firing` or `resolved`.
    pub state: String,
    /// How bad it is.
    pub severity: Severity,
    /// The rule's name.
    pub rule: String,
    /// `host`, `peer` or `forward`.
    pub kind: String,
    /// What it is about.
    pub name: String,
    /// The machine that it was seen on.
    pub host: String,
    /// Why, in words.
    pub reason: String,
    /// Since when, seconds since 1970 UTC.
    pub since: i64,
    /// For how long, in words.
    pub duration: String,
}

/// What is told at once: all that happened in the same moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The same at each attempt to send it, so that a receiver knows it again.
    #[serde(default)]
    pub id: Uuid,
    /// One line.
    pub title: String,
    /// Each alert.
    pub lines: Vec<Line>,
    /// When, seconds since 1970 UTC.
    pub at: i64,
}

impl Line {
    /// What is told of an alert that was seen on the machine called `host`.
    pub fn new(alert: &Alert, news: News, host: &str, now: i64) -> Self {
        let state = match news {
            News::Fired => "firing",
            News::Reminder => "still firing",
            News::Resolved => "resolved",
        };
        let shown = |text: &str| excerpt_of(text, 300);
        Self {
            state: state.to_owned(),
            severity: alert.severity,
            rule: shown(&alert.rule_name),
            kind: alert.kind.clone(),
            name: shown(&alert.name),
            host: shown(host),
            reason: shown(&alert.reason),
            since: alert.since,
            duration: lasted(alert, now),
        }
    }

    fn word(&self, word: &str) -> String {
        match word {
            "state" => self.state.clone(),
            "severity" => self.severity.to_string(),
            "rule" => self.rule.clone(),
            "name" => self.name.clone(),
            "host" => self.host.clone(),
            "reason" => self.reason.clone(),
            "since" => moment(self.since),
            "duration" => self.duration.clone(),
            _ => String::new(),
        }
    }

    /// The usual text: what, of what, why, since when.
    fn usual(&self) -> String {
        let on = if self.kind == "host" {
            String::new()
        } else {
            format!(" on {}", self.host)
        };
        let Self { rule, name, .. } = self;
        if self.state == "resolved" {
            return format!("[resolved] {rule}: {name}{on}, after {}", self.duration);
        }
        let still = if self.state == "firing" { "" } else { "still, " };
        let Self {
            severity,
            reason,
            duration,
            ..
        } = self;
        let why = if reason.is_empty() {
            String::new()
        } else {
            format!(": {reason}")
        };
        format!("[{still}{severity}] {rule}: {name}{on}{why} (for {duration})")
    }
}

impl Message {
    /// A message about these alerts.
    pub fn new(id: Uuid, lines: Vec<Line>, at: i64) -> Self {
        let title = match lines.as_slice() {
            [one] if one.state == "resolved" => format!("Resolved: {} ({})", one.rule, one.name),
            [one] => format!("{} ({})", one.rule, one.name),
            many => {
                let over = many.iter().filter(|line| line.state == "resolved").count();
                match (many.len() - over, over) {
                    (firing, 0) => format!("{firing} alerts"),
                    (0, over) => format!("{over} alerts resolved"),
                    (1, over) => format!("1 alert, {over} resolved"),
                    (firing, over) => format!("{firing} alerts, {over} resolved"),
                }
            }
        };
        Self { id, title, lines, at }
    }

    /// How bad the worst of it is.
    pub fn severity(&self) -> Severity {
        self.lines
            .iter()
            .map(|line| line.severity)
            .max()
            .unwrap_or(Severity::Info)
    }
}

/// A message in words, a line for each alert, by a template or (if that is empty) as usual.
pub fn text(message: &Message, template: &str) -> String {
    let mut lines: Vec<String> = message
        .lines
        .iter()
        .take(MOST_LINES)
        .map(|line| {
            if template.is_empty() {
                line.usual()
            } else {
                filled(template, line)
            }
        })
        .collect();
    if message.lines.len() > MOST_LINES {
        lines.push(format!("and {} more", message.lines.len() - MOST_LINES));
    }
    lines.join("\n")
}

/// What is filled in is not looked at again: a name with braces in it stays a name.
fn filled(template: &str, line: &Line) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((word, behind)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        text.push_str(&line.word(word));
        rest = behind;
    }
    text + rest
}

fn moment(at: i64) -> String {
    jiff::Timestamp::from_second(at)
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}
