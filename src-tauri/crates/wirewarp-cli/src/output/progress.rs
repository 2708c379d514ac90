//! Steps as they happen.

use wirewarp_engine::progress::{Event, Progress, StepState};

use super::{
    note,
    style::{self, paint},
};

/// Steps as lines on standard error.
pub struct Lines;

impl Progress for Lines {
    fn report(&self, event: Event) {
        match event {
            Event::Step {
                state: StepState::Started,
                ..
            } => {}
            Event::Step {
                host,
                step,
                state: StepState::Done,
                ms,
                ..
            } => {
                let time = ms.map(|ms| format!("{ms} ms")).unwrap_or_default();
                note(&format!(
                    "  {} {host}  {step}  {}",
                    paint(style::GOOD, "✓"),
                    paint(style::DIM, time)
                ));
            }
            Event::Step {
                host,
                step,
                state: StepState::Failed,
                message,
                ..
            } => {
                note(&format!("  {} {host}  {step}", paint(style::BAD, "✗")));
                for line in message.lines() {
                    note(&format!("      {line}"));
                }
            }
            Event::Message { host, text } => note(&format!("  {} {host}  {text}", paint(style::DIM, "·"))),
        }
    }
}

/// Steps as JSON, one object a line, on standard error.
pub struct JsonLines;

impl Progress for JsonLines {
    fn report(&self, event: Event) {
        if let Ok(line) = serde_json::to_string(&event) {
            note(&line);
        }
    }
}
