//! Signing in, with a token and with a password, and forgetting it.

use std::time::Duration;

use wirewarp_tests::proxmox::{ROOT_PASSWORD, Version};

use crate::{Laptop, Standin, add, signed_in, standin, typed};

const PASSWORD: [&str; 4] = ["--user", "root@pam", "--password-stdin", "--keep-password"];

/// Another code than the one that the app shows now.
fn wrong_code(standin: &Standin) -> &'static str {
    if standin.totp("root@pam").unwrap() == "123456" {
        "654321"
    } else {
        "123456"
    }
}

fn with_second_factor() -> Standin {
    let standin = standin();
    standin.change(|cluster| cluster.set_totp("root@pam", b"a secret of twenty b"));
    standin
}

#[test]
fn a_token_signs_in_and_is_kept_where_no_file_shows_it() {
    for version in [Version::V8, Version::V9] {
        let standin = Standin::start(version).unwrap();
        let token = standin.make_token("app@pve", "test", version.rights()).unwrap();
        let laptop = Laptop::new();
        let said = laptop.json(&add(&standin, &["--token-stdin"]), &[&token]);
        assert_eq!(said["recorded"], true);
        assert_eq!(said["proxmox"]["login"]["id"], "app@pve!test");
        let listed = laptop.json(&typed("proxmox list"), &[]);
        assert_eq!(listed[0]["endpoint"], standin.address().to_string());
        assert_eq!(listed[0]["fingerprint"], standin.fingerprint());
        let version = if version == Version::V8 { "8.4.5" } else { "9.2.11" };
        assert_eq!(listed[0]["version"], version);
        let table = laptop.ok(&typed("proxmox list"), &[]);
        assert!(
            table.contains("app@pve!test") && table.contains(version),
            "{table}"
        );
        laptop.ok(&typed("proxmox guests pve"), &[]);
        laptop.keeps_no_secret_in_clear(&[]);
    }
}

#[test]
fn the_most_talkative_log_tells_no_secret() {
    let standin = with_second_factor();
    let laptop = Laptop::new();
    let code = standin.totp("root@pam").unwrap();
    let words = add(
        &standin,
        &[
            "--user",
            "root@pam",
            "--password-stdin",
            "--code-stdin",
            "--make-token",
            "-vvv",
        ],
    );
    let output = laptop.run(&words, &[ROOT_PASSWORD, &code]);
    assert_eq!(output.status, 0, "{output:?}");
    assert!(
        output.stderr.contains("/access/ticket"),
        "there is no log: {output:?}"
    );
    let made = standin.change(|cluster| cluster.tokens_of("root@pam"));
    let (_, secret) = made[0].split_once('=').unwrap();
    let seen = laptop.run(&typed("proxmox guests pve -vvv"), &[]);
    for output in [output, seen] {
        assert!(!output.stderr.contains(secret) && !output.stdout.contains(secret));
        assert!(!output.stderr.contains("PVE:root@pam:"), "a ticket is told");
    }
}

#[test]
fn a_password_signs_in_and_is_kept_if_that_is_said() {
    let standin = standin();
    let laptop = Laptop::new();
    let said = laptop.json(&add(&standin, &PASSWORD), &[ROOT_PASSWORD]);
    assert_eq!(said["proxmox"]["login"]["user"], "root@pam");
    laptop.ok(&typed("proxmox guests pve"), &[]);
    laptop.keeps_no_secret_in_clear(&[]);
}

#[test]
fn a_wrong_password_is_refused_and_nothing_is_kept() {
    let standin = standin();
    let laptop = Laptop::new();
    let error = laptop.error(&add(&standin, &PASSWORD), &["not-the-password"]);
    error.says(
        "proxmox_login_refused",
        &["root@pam", "authentication failure", "realm"],
    );
    assert_eq!(laptop.json(&typed("proxmox list"), &[]), serde_json::json!([]));
}

#[test]
fn a_second_factor_is_taken_from_the_next_line() {
    let standin = with_second_factor();
    let laptop = Laptop::new();
    let words = add(&standin, &[&PASSWORD[..], &["--code-stdin"]].concat());
    let code = standin.totp("root@pam").unwrap();
    laptop.json(&words, &[ROOT_PASSWORD, &code]);
    let wrong = laptop.error(
        &[
            typed("proxmox login pve --code-stdin"),
            words[7..]
                .iter()
                .filter(|it| *it != "--code-stdin")
                .cloned()
                .collect(),
        ]
        .concat(),
        &[ROOT_PASSWORD, wrong_code(&standin)],
    );
    wrong.says("proxmox_second_factor_refused", &["root@pam", "clocks"]);
}

#[test]
fn a_second_factor_that_nobody_types_is_asked_for_in_words() {
    let standin = with_second_factor();
    let laptop = Laptop::new();
    let error = laptop.error(&add(&standin, &PASSWORD), &[ROOT_PASSWORD]);
    error.says("proxmox_code_missing", &["root@pam", "API token needs no code"]);
    assert_eq!(laptop.json(&typed("proxmox list"), &[]), serde_json::json!([]));
}

#[test]
fn what_is_kept_of_a_password_has_to_be_said() {
    let standin = standin();
    let laptop = Laptop::new();
    let said = laptop.usage(
        &add(&standin, &["--user", "root@pam", "--password-stdin"]),
        &[ROOT_PASSWORD],
    );
    assert!(
        said.contains("--make-token") && said.contains("--keep-password"),
        "{said}"
    );
    let nobody = laptop.usage(&add(&standin, &[]), &[]);
    assert!(
        nobody.contains("--token-stdin") && nobody.contains("--user"),
        "{nobody}"
    );
    let both = ["--token-stdin", "--user", "root@pam"];
    laptop.usage(&add(&standin, &both), &[]);
    laptop.usage(&add(&standin, &["--token-stdin"]), &[]);
    laptop.usage(&add(&standin, &["--token-stdin"]), &["not a token"]);
    assert_eq!(standin.calls(), 0);
}

#[test]
fn an_address_or_a_fingerprint_that_is_none_is_named_and_nothing_is_sent() {
    let standin = standin();
    let laptop = Laptop::new();
    let url = standin.url().replace("https", "http");
    let words = typed(&format!("proxmox add pve --url {url} --token-stdin"));
    let said = laptop.usage(&words, &["a@b!test=12345678"]);
    assert!(said.contains("https"), "{said}");
    let words = typed(&format!(
        "proxmox add pve --url {} --trust 01:02 --token-stdin",
        standin.url()
    ));
    let said = laptop.usage(&words, &["app@pve!test=12345678"]);
    assert!(said.contains("SHA-256"), "{said}");
    assert_eq!(standin.calls(), 0);
}

#[test]
fn a_name_and_an_address_are_taken_once() {
    let standin = standin();
    let laptop = signed_in(&standin);
    let token = standin
        .make_token("app@pve", "two", standin.version().rights())
        .unwrap();
    let again = laptop.error(&add(&standin, &["--token-stdin"]), &[&token]);
    again.says("name_taken", &["wirewarp proxmox login pve"]);
    let mut words = add(&standin, &["--token-stdin"]);
    words[2] = "other".to_owned();
    laptop.error(&words, &[&token]).says("proxmox_known", &["“pve”"]);
}

#[test]
fn a_host_that_is_not_there_is_told_with_those_that_are() {
    let standin = standin();
    let laptop = signed_in(&standin);
    for line in ["guests", "bridges", "login", "trust", "remove", "guest"] {
        let mut words = typed(&format!("proxmox {line} nope"));
        let lines: &[&str] = if line == "login" {
            words.push("--token-stdin".to_owned());
            &["a@b!test=12345678"]
        } else {
            &[]
        };
        if line == "guest" {
            words.push("100".to_owned());
        }
        laptop
            .error(&words, lines)
            .says("not_found", &["“nope”", "There is: pve"]);
    }
}

#[test]
fn another_sign_in_takes_the_place_of_a_revoked_token() {
    let standin = standin();
    let laptop = signed_in(&standin);
    standin.change(|cluster| cluster.revoke_token("app@pve", "test"));
    let refused = laptop.error(&typed("proxmox guests pve"), &[]);
    refused.says(
        "proxmox_token_refused",
        &["revoked", "wirewarp proxmox login NAME"],
    );
    let words = [typed("proxmox login pve"), PASSWORD.map(str::to_owned).to_vec()].concat();
    laptop.json(&words, &[ROOT_PASSWORD]);
    laptop.ok(&typed("proxmox guests pve"), &[]);
    let listed = laptop.json(&typed("proxmox list"), &[]);
    assert_eq!(listed[0]["login"]["user"], "root@pam");
}

#[test]
fn a_ticket_that_ends_in_the_middle_says_so_and_the_next_command_goes_on() {
    let standin = standin();
    let laptop = Laptop::new();
    laptop.json(&add(&standin, &PASSWORD), &[ROOT_PASSWORD]);
    standin.before("GET", "/cluster/resources", |cluster| {
        cluster.advance(Duration::from_secs(3 * 3600));
    });
    let expired = laptop.error(&typed("proxmox guests pve"), &[]);
    expired.says("proxmox_session_expired", &["wirewarp proxmox login NAME"]);
    laptop.ok(&typed("proxmox guests pve"), &[]);
}

#[test]
fn a_dry_run_signs_in_and_leaves_nothing_behind() {
    let standin = standin();
    let laptop = Laptop::new();
    let token = [
        "--user",
        "root@pam",
        "--password-stdin",
        "--make-token",
        "--dry-run",
    ];
    let said = laptop.json(&add(&standin, &token), &[ROOT_PASSWORD]);
    assert_eq!(said["recorded"], false);
    assert_eq!(standin.change(|cluster| cluster.tokens_of("root@pam")), [""; 0]);
    assert_eq!(laptop.json(&typed("proxmox list"), &[]), serde_json::json!([]));
    let laptop = signed_in(&standin);
    laptop.json(&typed("proxmox remove pve --dry-run"), &[]);
    laptop.ok(&typed("proxmox guests pve"), &[]);
    laptop.usage(&typed("proxmox trust pve --dry-run"), &[]);
}

#[test]
fn what_is_removed_is_gone_with_its_secret_and_can_come_again() {
    let standin = standin();
    let laptop = signed_in(&standin);
    let said = laptop.ok(&typed("proxmox remove pve"), &[]);
    assert!(
        said.contains("pveum user token remove 'app@pve' 'test'"),
        "{said}"
    );
    laptop
        .error(&typed("proxmox guests pve"), &[])
        .says("not_found", &["There is no Proxmox host yet"]);
    let token = standin
        .make_token("app@pve", "two", standin.version().rights())
        .unwrap();
    let said = laptop.json(&add(&standin, &["--token-stdin"]), &[&token]);
    assert_eq!(said["proxmox"]["login"]["id"], "app@pve!two");
    let log = laptop.ok(&typed("log"), &[]);
    assert!(
        log.contains("proxmox.remove") && log.contains("proxmox.add"),
        "{log}"
    );
}
