//! Steps of an apply, in words for the reader and for the log.

use wirewarp_remote::apply::{Step, StepEvent, StepState};

/// A step's state as the log has it.
pub(super) fn state_word(event: &StepEvent) -> &'static str {
    match event.state {
        StepState::Started => "started",
        StepState::Waiting => "waiting",
        StepState::Ok => "ok",
        StepState::Failed => "failed",
    }
}

/// A step in the reader's words; `leaving` is that of a host which nobody can confirm.
pub(super) fn words(event: &StepEvent, leaving: bool) -> &'static str {
    match event.step {
        Step::Packages => "install packages",
        Step::Keys => "make tunnel keys",
        Step::Path => "measure how large packets may be",
        Step::Lock => "see that nobody else is changing the host",
        Step::Check if leaving => "see that the clean-up is whole",
        Step::Arm if leaving => "see to it that it ends clean, also after a power failure",
        Step::Check => "let the host check the new files",
        Step::Space => "see that there is room",
        Step::Arm => "arm the way back",
        Step::Write => "write the new generation",
        Step::Switch => "switch to it",
        Step::Load => "load it",
        Step::Flows => "let old connections of changed ports go",
        Step::Rollback => "go back",
    }
}
