//! Putting a generation on a host so that nobody is ever locked out.
//!
//! The order is [`prepare`] (packages and keys, not under the timer), [`apply`] (arms a rollback on the host before it
//! changes anything), [`confirm`] over a *new* connection; unconfirmed, the host goes back by itself. Each is one exec.
//! After a lost connection [`state_of`] tells what became of an operation. A host whose only way goes with what is taken
//! away cannot be confirmed: it [`leave`]s. What runs on the host is in `host/`.

mod confirm;
mod error;
mod events;
mod files;
mod leave;
mod prepare;
mod read_log;
mod run;
mod script;

pub use confirm::{OperationState, confirm, rollback_now, state_of};
pub use error::ApplyError;
pub use events::{Step, StepEvent, StepState};
pub use files::{read_files, read_manifest};
pub use leave::{Leave, leave};
pub use prepare::{Preparation, Prepared, RemovedPackages, prepare, remove_packages};
pub use run::apply;

/// Receives step events as they come.
pub type Events<'a> = &'a mut (dyn FnMut(StepEvent) + Send);
