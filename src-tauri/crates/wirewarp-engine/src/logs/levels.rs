//! What goes into the log: `info,wirewarp_remote=debug`.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};
use tracing_subscriber::filter::{LevelFilter, Targets};
use wirewarp_model::{ParseError, error::excerpt};

/// How grave an event is, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What failed.
    Error,
    /// What a person should do something about.
    Warn,
    /// What was done.
    Info,
    /// How it was done.
    Debug,
    /// Each step of it.
    Trace,
}

const NAMES: [(&str, Level); 5] = [
    ("error", Level::Error),
    ("warn", Level::Warn),
    ("info", Level::Info),
    ("debug", Level::Debug),
    ("trace", Level::Trace),
];

impl FromStr for Level {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let known = NAMES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
        known.map(|(_, level)| *level).ok_or_else(|| {
            ParseError::new(
                "level",
                format!("{}: levels are error, warn, info, debug and trace", excerpt(text)),
            )
        })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, level)| level == self);
        f.pad(name.map_or("", |(name, _)| name))
    }
}

impl Level {
    fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// Levels per module. A module takes in those below it: the longest name that an event's module begins with counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    others: Level,
    modules: BTreeMap<String, Level>,
}

impl Levels {
    /// Our own modules at `ours`, libraries at `others`.
    pub fn new(ours: Level, others: Level) -> Self {
        let modules = BTreeMap::from([("wirewarp".to_owned(), ours)]);
        Self { others, modules }
    }

    /// The same with `other`'s modules going before.
    #[must_use]
    pub fn with_modules(mut self, other: &Self) -> Self {
        self.modules.extend(
            other
                .modules
                .iter()
                .map(|(module, level)| (module.clone(), *level)),
        );
        self
    }

    /// What lets these events through. Libraries tell no more than `info`, whatever is asked for: below it, those that carry
    /// SSH and HTTP tell of the bytes that they carry, and passwords are among them.
    pub(super) fn filter(&self) -> Targets {
        let cap = self.others.min(Level::Info).filter();
        let ours = self.others.filter();
        let targets = Targets::new().with_default(cap).with_target("wirewarp", ours);
        let own = |(module, level): (&String, &Level)| (module.clone(), level.filter());
        targets.with_targets(self.modules.iter().map(own))
    }
}

impl FromStr for Levels {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = |why: &str| ParseError::new("log", format!("{}: {why}", excerpt(text)));
        let mut others = None;
        let mut modules = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let Some((module, level)) = part.split_once('=') else {
                if others.replace(level(part).map_err(|why| wrong(&why))?).is_some() {
                    return Err(wrong("two levels are for no module; write MODULE=LEVEL"));
                }
                continue;
            };
            let level = level_of(module.trim(), level).map_err(|why| wrong(&why))?;
            if modules.insert(module.trim().to_owned(), level).is_some() {
                return Err(wrong(&format!("“{}” is there twice", module.trim())));
            }
        }
        if others.is_none() && modules.is_empty() {
            return Err(wrong(
                "write a level, MODULE=LEVEL, or several with commas between",
            ));
        }
        let others = others.unwrap_or(Level::Warn);
        Ok(Self { others, modules })
    }
}

fn level(text: &str) -> Result<Level, String> {
    let why = |_| {
        format!(
            "“{}” is no level; there are error, warn, info, debug and trace",
            excerpt(text)
        )
    };
    text.parse().map_err(why)
}

fn level_of(module: &str, text: &str) -> Result<Level, String> {
    let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b':';
    if module.is_empty() || !module.bytes().all(letters) {
        return Err(format!("“{module}” is no module such as wirewarp_remote"));
    }
    let level = level(text.trim())?;
    if level > Level::Info && !module.starts_with("wirewarp") {
        return Err(format!(
            "{module} is a library, and libraries tell no more than info: below it passwords could be among what they tell"
        ));
    }
    Ok(level)
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.others)?;
        self.modules
            .iter()
            .try_for_each(|(module, level)| write!(f, ",{module}={level}"))
    }
}
