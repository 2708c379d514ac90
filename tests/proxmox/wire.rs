//! What can be wrong between the two: certificates, proxies, half answers; and requests that are not well-formed.

use wirewarp_tests::proxmox::{AnswerFault, NODE, Standin, Version};

use crate::logged_in;

#[test]
fn a_changed_certificate_is_another_one_and_ends_open_connections() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    let before = standin.fingerprint();
    assert_eq!(client.get("/nodes").data()[0]["ssl_fingerprint"], before.as_str());
    standin.change_certificate().unwrap();
    assert_ne!(standin.fingerprint(), before);
    // A request may still go out on the connection that is being ended; the last one cannot.
    let refused = (0..3)
        .filter_map(|_| client.send("GET", "/version", &[]).err())
        .last();
    let error = refused.expect("a client that pins the old certificate is not refused");
    assert!(format!("{error:#}").contains("another certificate"), "{error:#}");
}

#[test]
fn an_answer_can_be_cut_huge_html_or_missing() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    standin.spoil("GET", "/version", AnswerFault::Truncated);
    assert!(client.send("GET", "/version", &[]).is_err());
    standin.spoil("GET", "/version", AnswerFault::Huge);
    assert!(client.get("/version").body.len() > 10 << 20);
    standin.spoil("GET", "/version", AnswerFault::Html(502));
    let page = client.get("/version");
    assert_eq!(page.status, 502);
    assert!(page.body.starts_with("<html>"));
    standin.spoil("GET", "/version", AnswerFault::Silent);
    let error = client.send("GET", "/version", &[]).unwrap_err();
    assert_eq!(error.to_string(), "no answer in time");
    assert_eq!(client.get("/version").status, 200);
}

#[test]
fn a_write_whose_answer_is_cut_was_done() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    standin.spoil("POST", "/network", AnswerFault::Truncated);
    let bridge = [("type", "bridge"), ("iface", "vmbr7")];
    assert!(
        client
            .send("POST", &format!("/nodes/{NODE}/network"), &bridge)
            .is_err()
    );
    assert!(standin.staged_text(NODE).unwrap().contains("vmbr7"));
}

#[test]
fn a_node_that_is_away_takes_no_connection() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    client.get("/version");
    standin.set_away(true);
    let failed = (0..3).any(|_| client.send("GET", "/version", &[]).is_err());
    assert!(failed);
    standin.set_away(false);
    assert_eq!(client.get("/version").status, 200);
}

#[test]
fn each_field_that_is_not_right_is_named() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    let bad = [
        ("type", "bridges"),
        ("mtu", "9"),
        ("autostart", "maybe"),
        ("vlan-id", "many"),
        ("iface", "x"),
        ("gateway", "10.0.0"),
        ("netmask", "24"),
    ];
    let errors = client.post(&format!("/nodes/{NODE}/network"), &bad).json()["errors"].clone();
    let named: Vec<&str> = errors.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        named,
        [
            "address",
            "autostart",
            "gateway",
            "iface",
            "mtu",
            "type",
            "vlan-id"
        ],
        "{errors}"
    );
    assert_eq!(errors["mtu"], "value must have a minimum value of 1280");
    let missing = client.post(&format!("/nodes/{NODE}/network"), &[]).json()["errors"].clone();
    assert_eq!(missing["type"], "property is missing and it is not optional");
}

#[test]
fn what_8_does_not_know_is_refused_by_it() {
    for (version, status) in [(Version::V8, 400), (Version::V9, 200)] {
        let standin = Standin::start(version).unwrap();
        let mut client = logged_in(&standin);
        let applied = client.put(&format!("/nodes/{NODE}/network"), &[("regenerate-frr", "0")]);
        assert_eq!(applied.status, status, "{version:?}: {}", applied.body);
    }
}

#[test]
fn requests_are_counted_without_those_that_follow_a_task() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    let task = client.put(&format!("/nodes/{NODE}/network"), &[]).data();
    client.get(&format!("/nodes/{NODE}/tasks/{}/status", task.as_str().unwrap()));
    assert_eq!((standin.requests().len(), standin.calls()), (2, 1));
    assert_eq!(standin.requests()[0].method, "PUT");
    standin.forget_requests();
    assert_eq!(standin.calls(), 0);
}
