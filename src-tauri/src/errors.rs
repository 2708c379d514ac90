//! Errors as they cross to the window.

use wirewarp_engine::EngineError;
use wirewarp_model::UserError;

use crate::words;

/// What every command gives.
pub type Answered<T> = Result<T, UserError>;

/// The engine's error.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(crate) fn user(error: EngineError) -> UserError {
    if let EngineError::Parse(parse) = &error {
        return bad_input(&parse.field.replace(' ', "_"), parse.message.clone());
    }
    words::error(error.to_user())
}

/// The same, where this field of the form is to blame for what cannot be parsed.
pub(crate) fn at<T, E: Into<EngineError>>(field: &str, result: Result<T, E>) -> Answered<T> {
    result.map_err(|error| {
        let error = error.into();
        if let EngineError::Parse(parse) = error {
            return bad_input(field, parse.message);
        }
        user(error)
    })
}

/// A field of the form is not what it must be.
pub(crate) fn bad_input(field: &str, message: impl Into<String>) -> UserError {
    error(&format!("bad_input.{field}"), message, &[])
}

/// An error of the window's own.
pub(crate) fn error(code: &str, message: impl Into<String>, hints: &[&str]) -> UserError {
    UserError {
        code: code.to_owned(),
        message: message.into(),
        hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
    }
}
