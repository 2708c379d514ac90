//! Searching the log.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;

use super::{Level, files, folder, tail::LinesBackwards};

/// Two programs write into one file, each with the time at which its event was made: lines can be this much out of order.
const DISORDER: SignedDuration = SignedDuration::from_secs(5);

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// When.
    #[serde(rename = "timestamp")]
    pub at: Timestamp,
    /// How grave.
    #[serde(deserialize_with = "any_case")]
    pub level: Level,
    /// Of which module, e.g. `wirewarp_remote::ssh`.
    #[serde(rename = "target")]
    pub module: String,
    /// `command` or `window`.
    #[serde(default)]
    pub program: String,
    /// The process.
    #[serde(default)]
    pub pid: u32,
    /// What happened, as `message`, and with what.
    #[serde(default)]
    pub fields: Map<String, Value>,
    /// Within what, outermost first, each with its `name`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Map<String, Value>>,
}

fn any_case<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Level, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl LogLine {
    /// Reads a line; none if it is not one of ours.
    pub fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line.trim_ascii()).ok()
    }

    /// What happened.
    pub fn message(&self) -> &str {
        self.fields
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// With what: `name=value`, those of the spans first.
    pub fn details(&self) -> String {
        let spans = self.spans.iter().flatten().filter(|(name, _)| *name != "name");
        let fields = self.fields.iter().filter(|(name, _)| *name != "message");
        let text = |(name, value): (&String, &Value)| match value {
            Value::String(text) => format!("{name}={text}"),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                format!("{name}={value}")
            }
        };
        spans.chain(fields).map(text).collect::<Vec<_>>().join(" ")
    }
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// Nothing older.
    pub since: Option<Timestamp>,
    /// This grave or graver.
    pub level: Option<Level>,
    /// Modules whose name begins like this.
    pub module: Option<String>,
    /// Text in the message or its details, upper and lower case alike.
    pub text: Option<String>,
    /// The newest so many; all when left out.
    pub most: Option<usize>,
}

impl LogQuery {
    /// Whether a line is one of those looked for.
    pub fn fits(&self, line: &LogLine) -> bool {
        let has = |text: &String| {
            let all = format!("{} {} {}", line.message(), line.details(), line.module).to_lowercase();
            all.contains(&text.to_lowercase())
        };
        self.since.is_none_or(|since| line.at >= since)
            && self.level.is_none_or(|level| line.level <= level)
            && self
                .module
                .as_ref()
                .is_none_or(|module| line.module.starts_with(module.as_str()))
            && self.text.as_ref().is_none_or(has)
    }
}

/// The newest lines that fit, oldest first. What is no line of ours is passed over. Files are read from their ends, and no
/// further back than is needed.
pub fn find(data_dir: &Path, query: &LogQuery) -> Vec<LogLine> {
    let most = query.most.unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut files = files(&folder(data_dir));
    while let Some(path) = files.pop() {
        // Those of one day belong together; an older day can add nothing once there is enough.
        let same_day = |other: &std::path::PathBuf| super::day(other) == super::day(&path);
        let mut of_day = vec![path.clone()];
        while files.last().is_some_and(same_day) {
            of_day.extend(files.pop());
        }
        for path in &of_day {
            found.extend(newest(path, query, most));
        }
        if found.len() >= most || query.since.is_some_and(|since| is_before(&path, since)) {
            break;
        }
    }
    found.sort_by_key(|line| line.at);
    let too_many = found.len().saturating_sub(most);
    found.split_off(too_many)
}

/// Whether the days before this file's are all older than `since`.
fn is_before(path: &Path, since: Timestamp) -> bool {
    let day = super::day(path);
    let since = since.to_zoned(jiff::tz::TimeZone::UTC).date();
    day.is_some_and(|day| day < since)
}

fn newest(path: &Path, query: &LogQuery, most: usize) -> Vec<LogLine> {
    let Ok(lines) = LinesBackwards::open(path) else {
        // Another program took it away: it was too old.
        return vec![];
    };
    let limit = query.since.and_then(|since| since.checked_sub(DISORDER).ok());
    let mut found: Vec<LogLine> = lines
        .filter_map(|line| LogLine::parse(&line))
        .take_while(|line| limit.is_none_or(|limit| line.at >= limit))
        .filter(|line| query.fits(line))
        .take(most)
        .collect();
    found.reverse();
    found
}
