//! The one printer of errors.

use wirewarp_model::UserError;

use super::{
    note,
    style::{self, paint},
};

/// Prints an error: for people with what to do next, for programs as `{"error": {code, message, hints}}`.
pub fn show(error: &UserError, as_json: bool) {
    if as_json {
        let document = serde_json::json!({ "error": error });
        super::print(&document.to_string());
        return;
    }
    note(&format!("{} {}", paint(style::BAD, "error:"), error.message));
    for hint in &error.hints {
        note(&format!("  {} {hint}", paint(style::DIM, "→")));
    }
}
