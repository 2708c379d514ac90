//! Rules, silences, quiet hours.

use serde_json::Value;
use wirewarp_tests::laptop::Laptop;

use crate::typed;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn rules_are_there_from_the_start_and_can_be_changed() {
    let laptop = Laptop::new();
    let rules = || -> Value { laptop.json(&typed("alert rules"), &[]) };
    let first = rules();
    let names: Vec<&str> = first["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"Peer disconnected") && names.contains(&"Disk almost full"),
        "{names:?}"
    );
    laptop.ok(
        &words(&[
            "alert",
            "edit",
            "peer disconnected",
            "--for",
            "90s",
            "--remind",
            "1h",
        ]),
        &[],
    );
    laptop.ok(
        &words(&["alert", "edit", "Disk almost full", "--percent", "75", "--off"]),
        &[],
    );
    laptop.ok(
        &words(&[
            "alert",
            "add",
            "Busy",
            "--when",
            "bandwidth",
            "--mbit",
            "100",
            "--severity",
            "info",
        ]),
        &[],
    );
    let after = rules();
    let rule = |name: &str| {
        let all = after["rules"].as_array().unwrap();
        all.iter().find(|rule| rule["name"] == name).unwrap().clone()
    };
    assert_eq!(rule("Peer disconnected")["for_seconds"], 90);
    assert_eq!(rule("Peer disconnected")["remind_minutes"], 60);
    assert_eq!(rule("Disk almost full")["condition"]["percent"], 75);
    assert_eq!(rule("Disk almost full")["enabled"], false);
    assert_eq!(rule("Busy")["condition"]["above"], 100);
    laptop.ok(&words(&["alert", "remove", "busy"]), &[]);
    assert_eq!(rules()["rules"].as_array().unwrap().len(), names.len());
    // Who changed what is in the log.
    let log = laptop.ok(&typed("log"), &[]);
    assert!(log.contains("alert.rule.remove"), "{log}");
}

#[test]
fn a_rule_that_makes_no_sense_is_refused() {
    let laptop = Laptop::new();
    let refused = |line: &[&str], says: &str| {
        let output = laptop.run(&words(line), &[]);
        let said = format!("{}{}", output.stdout, output.stderr);
        assert!(output.status != 0 && said.contains(says), "{line:?}: {said}");
    };
    refused(&["alert", "add", "x", "--when", "bandwidth"], "--mbit");
    refused(
        &["alert", "add", "x", "--when", "disk", "--percent", "100"],
        "1 to 99 percent",
    );
    refused(
        &["alert", "add", "x", "--when", "drift", "--percent", "50"],
        "says nothing",
    );
    refused(&["alert", "add", "", "--when", "drift"], "empty");
    refused(
        &["alert", "add", "peer DISCONNECTED", "--when", "drift"],
        "already",
    );
    refused(
        &["alert", "add", "x", "--when", "drift", "--only", "nobody"],
        "nobody",
    );
    refused(
        &["alert", "add", "x", "--when", "drift", "--by", "nobody"],
        "no channel",
    );
    refused(
        &["alert", "add", "x", "--when", "drift", "--for", "30d"],
        "longer than a week",
    );
    refused(&["alert", "quiet", "25:00-07:00"], "22:00-07:00");
    refused(&["vps", "quota", "nyc", "1TB"], "no VPS");
    refused(&["vps", "quota", "nyc", "lots"], "500GB");
}

#[test]
fn silences_begin_and_end() {
    let laptop = Laptop::new();
    laptop.ok(
        &words(&[
            "alert",
            "silence",
            "2h",
            "--rule",
            "Disk almost full",
            "--why",
            "moving house",
        ]),
        &[],
    );
    laptop.ok(&words(&["alert", "quiet", "22:00-7:00"]), &[]);
    let shown: Value = laptop.json(&typed("alert rules"), &[]);
    assert_eq!(shown["quiet_hours"], "22:00-07:00");
    assert_eq!(shown["silences"][0]["why"], "moving house");
    laptop.ok(&typed("alert unsilence"), &[]);
    laptop.ok(&typed("alert quiet off"), &[]);
    let shown: Value = laptop.json(&typed("alert rules"), &[]);
    assert_eq!(
        (&shown["silences"], &shown["quiet_hours"]),
        (&serde_json::json!([]), &Value::Null)
    );
}
