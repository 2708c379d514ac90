//! Answers that are none: one clear error each, in time.

use std::time::{Duration, Instant};

use wirewarp_tests::proxmox::{AnswerFault, ROOT_PASSWORD};

use crate::{Laptop, add, signed_in, standin, typed};

const KEEP: [&str; 4] = ["--user", "root@pam", "--password-stdin", "--keep-password"];

#[test]
fn an_answer_that_is_cut_once_is_asked_for_again() {
    let standin = standin();
    let laptop = signed_in(&standin);
    standin.spoil("GET", "/nodes", AnswerFault::Truncated);
    laptop.ok(&typed("proxmox guests pve"), &[]);
}

#[test]
fn an_answer_that_is_always_cut_is_told() {
    let standin = standin();
    let laptop = signed_in(&standin);
    for _ in 0..3 {
        standin.spoil("GET", "/cluster/resources", AnswerFault::Truncated);
    }
    let error = laptop.error(&typed("proxmox guests pve"), &[]);
    error.says(
        "proxmox_connection_lost",
        &["before the whole answer", "Try again"],
    );
}

#[test]
fn an_answer_of_ten_megabytes_is_not_read() {
    let standin = standin();
    let laptop = signed_in(&standin);
    standin.spoil("GET", "/cluster/resources", AnswerFault::Huge);
    let error = laptop.error(&typed("proxmox guests pve"), &[]);
    error.says(
        "proxmox_bad_answer",
        &["larger than", "between here and the host"],
    );
    assert!(error.message.len() < 500, "{}", error.message.len());
}

#[test]
fn a_page_of_a_proxy_is_told_as_such_whatever_its_status() {
    let standin = standin();
    let laptop = signed_in(&standin);
    for status in [200, 401, 403, 404, 500] {
        standin.spoil("GET", "/nodes", AnswerFault::Html(status));
        let error = laptop.error(&typed("proxmox guests pve"), &[]);
        error.says(
            "proxmox_not_proxmox",
            &[&format!("status {status}"), "a proxy in between"],
        );
    }
    for _ in 0..3 {
        standin.spoil("GET", "/nodes", AnswerFault::Html(502));
    }
    let error = laptop.error(&typed("proxmox guests pve"), &[]);
    error.says("proxmox_not_proxmox", &["status 502"]);
    laptop.ok(&typed("proxmox guests pve"), &[]);
}

#[test]
fn a_page_instead_of_a_sign_in_does_not_blame_the_password() {
    let standin = standin();
    let laptop = Laptop::new();
    for status in [200, 401, 502] {
        standin.spoil("POST", "/access/ticket", AnswerFault::Html(status));
        let error = laptop.error(&add(&standin, &KEEP), &[ROOT_PASSWORD]);
        error.says("proxmox_not_proxmox", &[&format!("status {status}")]);
    }
    standin.spoil("POST", "/access/ticket", AnswerFault::Truncated);
    let error = laptop.error(&add(&standin, &KEEP), &[ROOT_PASSWORD]);
    assert_eq!(error.code, "proxmox_connection_lost", "{error:?}");
    standin.spoil("POST", "/access/ticket", AnswerFault::Huge);
    let error = laptop.error(&add(&standin, &KEEP), &[ROOT_PASSWORD]);
    assert_eq!(error.code, "proxmox_bad_answer", "{error:?}");
    laptop.json(&add(&standin, &KEEP), &[ROOT_PASSWORD]);
}

#[test]
fn an_answer_that_never_comes_is_waited_for_for_seconds_and_not_again() {
    let standin = standin();
    let laptop = signed_in(&standin);
    standin.forget_requests();
    standin.spoil("GET", "/cluster/resources", AnswerFault::Silent);
    let begun = Instant::now();
    let error = laptop.error(&typed("proxmox guests pve"), &[]);
    error.says("proxmox_timed_out", &["15 s", "Try again"]);
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    assert_eq!(standin.calls(), 2, "{:?}", standin.requests());
}
