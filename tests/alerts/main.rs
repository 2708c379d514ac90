//! `wirewarp alert ...`: the real command against a real mail server and HTTP servers, on loopback.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod chats;
mod mails;
mod rules;

use wirewarp_tests::laptop::Laptop;

/// Words as [`Laptop`] takes them.
fn typed(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// What a test by the channel `me` ends with; the error's message.
fn fails(laptop: &Laptop) -> String {
    let error = laptop.error(&typed("alert test me"), &[]);
    assert_eq!(error.code, "not_delivered");
    error.message
}
