//! Running a script whose output is a log of [`LogLine`]s, to its `end` line.

use super::{ApplyError, Events, StepEvent, StepState, events::LogLine, script::Script};
use crate::session::{ScriptLimits, ScriptRunner};

/// Most lines of a failed command's output that are kept.
const OUTPUT_LINES: usize = 100;

/// Everything a log said.
#[derive(Default)]
pub(super) struct Log {
    /// Output of failed commands, last lines.
    output: Vec<String>,
    /// Lines that carry results, in order.
    pub(super) results: Vec<LogLine>,
    end: Option<(String, String)>,
    current: Option<StepEvent>,
}

impl Log {
    /// Runs `script` and passes its events on. Ok only if its end line's word is `good`.
    pub(super) async fn read(
        runner: &dyn ScriptRunner,
        script: &Script,
        limits: &ScriptLimits,
        events: Events<'_>,
        (operation, good): (&str, &str),
    ) -> Result<Self, ApplyError> {
        let mut log = Self::default();
        let text = script.finish();
        let ran = runner
            .run_script(&text, limits, &mut |line| log.take(line, events))
            .await;
        let output = log.output.join("\n");
        match (&log.end, ran) {
            (Some((word, _)), _) if word == good => Ok(log),
            (Some((word, rest)), _) => Err(ApplyError::from_end(operation, word, rest, output)),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(outcome)) => Err(ApplyError::Broken(format!("{output}\n{}", outcome.stderr.trim()))),
        }
    }

    fn take(&mut self, line: &str, events: &mut (dyn FnMut(StepEvent) + Send)) {
        if self.end.is_some() {
            return;
        }
        match LogLine::parse(line) {
            LogLine::Event(event) => {
                self.current = (event.state == StepState::Started).then(|| event.clone());
                events(event);
            }
            LogLine::Note(message) => {
                if let Some(step) = &self.current {
                    events(StepEvent {
                        state: StepState::Waiting,
                        message,
                        ..step.clone()
                    });
                }
            }
            LogLine::Output(line) => {
                if self.output.len() == OUTPUT_LINES {
                    self.output.remove(0);
                }
                self.output.push(line);
            }
            LogLine::End(word, rest) => self.end = Some((word, rest)),
            line @ (LogLine::Installed(_) | LogLine::Key(..) | LogLine::Echo(_)) => self.results.push(line),
            LogLine::Unknown => {}
        }
    }
}
