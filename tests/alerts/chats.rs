//! By webhook, Discord, Slack and Telegram.

use std::time::Duration;

use wirewarp_tests::laptop::Laptop;
use wirewarp_tests::receivers::Receiver;

use crate::{fails, typed};

const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_webhook_is_signed() {
    let server = Receiver::hook(&["--key", "the key"]).unwrap();
    let laptop = Laptop::new();
    let add = typed(&format!(
        "alert channel add webhook me --sign --url {}",
        server.url("/in")
    ));
    laptop.ok(&add, &["the key"]);
    laptop.ok(&typed("alert test me"), &[]);
    let request = server.wait_for(1, SOON).unwrap().remove(0);
    assert_eq!(request["signed"], true, "{request}");
    assert_eq!(request["path"], "/in");
    let body = &request["body"];
    assert_eq!((&body["version"], &body["severity"]), (&1.into(), &"info".into()));
    assert_eq!(body["alerts"][0]["state"], "firing");
    assert!(body["id"].is_string() && body["at"].is_i64(), "{body}");
    // Another key: the receiver sees it.
    laptop.ok(&add, &["another key"]);
    laptop.ok(&typed("alert test me"), &[]);
    assert_eq!(server.wait_for(2, SOON).unwrap()[1]["signed"], false);
}

#[test]
fn answers_that_are_no_yes_are_told() {
    let answers = [
        "503||overloaded",
        "429|retry-after: 7|",
        "404||{\"message\": \"Unknown Webhook\"}",
        "302|location: http://127.0.0.1:1/|",
        "500||<html><script>alert(1)</script>",
        "cut||",
        "big||",
    ];
    let options: Vec<&str> = answers.iter().flat_map(|answer| ["--answer", answer]).collect();
    let server = Receiver::hook(&options).unwrap();
    let laptop = Laptop::new();
    laptop.ok(
        &typed(&format!("alert channel add webhook me --url {}", server.url("/"))),
        &[],
    );
    let says = |part: &str, again: bool| {
        let error = laptop.error(&typed("alert test me"), &[]);
        assert!(error.message.contains(part), "{part}: {error:?}");
        assert_eq!(error.hints[0].contains("tried again"), again, "{error:?}");
    };
    says("503 Service Unavailable: overloaded", true);
    says("429", true);
    says("404 Not Found: Unknown Webhook", false);
    says("sends us elsewhere", false);
    says("500", true);
    says("the connection broke", true);
    // However much it answers: yes is yes.
    laptop.ok(&typed("alert test me"), &[]);
    assert_eq!(server.took().len(), answers.len());
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let server = Receiver::hook(&["--answer", "slow||"]).unwrap();
    let laptop = Laptop::new();
    laptop.ok(
        &typed(&format!("alert channel add webhook me --url {}", server.url("/"))),
        &[],
    );
    let message = fails(&laptop);
    assert!(message.contains("no answer"), "{message}");
}

#[test]
fn discord_and_slack_get_text_and_their_address_stays_secret() {
    let server = Receiver::hook(&[
        "--answer",
        "204||",
        "--answer",
        "404||no_team",
        "--answer",
        "200||ok",
    ])
    .unwrap();
    let laptop = Laptop::new();
    let address = server.url("/api/webhooks/1/very-secret-part");
    laptop.ok(&typed("alert channel add discord me"), &[&address]);
    laptop.ok(&typed("alert test me"), &[]);
    let request = server.wait_for(1, SOON).unwrap().remove(0);
    let content = request["body"]["content"].as_str().unwrap();
    assert!(content.starts_with("\\[info\\] Test: WireWarp"), "{content}");
    assert_eq!(
        request["body"]["allowed_mentions"]["parse"],
        serde_json::json!([])
    );
    // `Laptop` looks for the secret in whatever is printed.
    let message = fails(&laptop);
    assert!(
        message.contains("no_team") && !message.contains("very-secret"),
        "{message}"
    );
    let shown = laptop.ok(&typed("alert channel list"), &[]);
    assert!(!shown.contains("very-secret"), "{shown}");
    laptop.ok(&typed("alert channel remove me"), &[]);
    laptop.ok(&typed("alert channel add slack me"), &[&address]);
    laptop.ok(&typed("alert test me"), &[]);
    let took = server.wait_for(3, SOON).unwrap();
    assert!(
        took[2]["body"]["text"].as_str().unwrap().contains("[info] Test"),
        "{took:?}"
    );
}

#[test]
fn telegram_is_asked_as_a_bot() {
    let refusal = r#"401||{"ok":false,"error_code":401,"description":"Unauthorized"}"#;
    let server = Receiver::hook(&["--answer", "200||{\"ok\":true}", "--answer", refusal]).unwrap();
    let laptop = Laptop::new();
    let add = format!(
        "alert channel add telegram me --chat -1001234 --server {}",
        server.url("")
    );
    laptop.ok(&typed(&add), &["123456789:AAH-very_secret"]);
    laptop.ok(&typed("alert test me"), &[]);
    let request = server.wait_for(1, SOON).unwrap().remove(0);
    assert_eq!(request["path"], "/bot123456789:AAH-very_secret/sendMessage");
    assert_eq!(request["body"]["chat_id"], "-1001234");
    assert!(request["body"].get("parse_mode").is_none(), "{request}");
    let message = fails(&laptop);
    assert!(message.contains("Unauthorized"), "{message}");
}
