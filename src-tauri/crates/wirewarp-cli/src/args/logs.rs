//! `wirewarp logs`: what can be typed.

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use wirewarp_engine::logs::{Level, LogQuery};

/// What to show of the program's own log.
#[derive(Debug, Args)]
pub struct LogsArgs {
    /// Nothing older, e.g. 30m, 2h, 3d or 2026-03-01T12:00:00Z
    #[arg(long, value_name = "AGE", value_parser = since)]
    pub since: Option<Timestamp>,
    /// This grave or graver: error, warn, info, debug, trace
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub level: Option<Level>,
    /// Of modules whose name begins like this, e.g. `wirewarp_remote`
    #[arg(long, value_name = "MODULE")]
    pub module: Option<String>,
    /// With this text in the message or its details
    #[arg(long, value_name = "TEXT")]
    pub grep: Option<String>,
    /// The newest so many; 0 for all
    #[arg(long, short = 'n', value_name = "LINES", default_value_t = 200)]
    pub lines: usize,
    /// Go on with what is written from now on, until it is ended
    #[arg(long, short = 'f')]
    pub follow: bool,
}

impl LogsArgs {
    /// What is looked for.
    pub fn query(&self) -> LogQuery {
        LogQuery {
            since: self.since,
            level: self.level,
            module: self.module.clone(),
            text: self.grep.clone(),
            most: (self.lines > 0).then_some(self.lines),
        }
    }
}

fn level(text: &str) -> Result<Level, String> {
    text.parse()
        .map_err(|error: wirewarp_model::ParseError| error.to_string())
}

/// A moment, or how long ago it was.
fn since(text: &str) -> Result<Timestamp, String> {
    let wrong = || "write 30m, 2h, 3d, or a moment such as 2026-03-01T12:00:00Z".to_owned();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let age = match days {
        Some(days) => SignedDuration::from_hours(i64::from(days) * 24),
        None => text.parse::<SignedDuration>().map_err(|_| wrong())?,
    };
    if age.is_negative() {
        return Err(wrong());
    }
    Timestamp::now().checked_sub(age).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_moments_are_understood() {
        let now = Timestamp::now();
        for (text, hours) in [("2h", 2), ("30m", 0), ("3d", 72)] {
            let age = now.duration_since(since(text).unwrap());
            assert_eq!((age + SignedDuration::from_secs(5)).as_hours(), hours, "{text}");
        }
        assert_eq!(since("2026-03-01T12:00:00Z").unwrap().as_second(), 1_772_366_400);
        for wrong in ["", "soon", "-2h", "99999999d", "2"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }
}
