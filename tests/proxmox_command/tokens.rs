//! A token for WireWarp, made with a password.

use wirewarp_tests::proxmox::{AnswerFault, RIGHTS_9, ROOT_PASSWORD, Standin, Version};

use crate::{Laptop, add, standin, typed};

const MAKE: [&str; 4] = ["--user", "root@pam", "--password-stdin", "--make-token"];

fn tokens(standin: &Standin) -> Vec<String> {
    standin.change(|cluster| cluster.tokens_of("root@pam"))
}

#[test]
fn a_token_is_made_with_its_role_and_works_without_the_password() {
    for version in [Version::V8, Version::V9] {
        let standin = Standin::start(version).unwrap();
        let laptop = Laptop::new();
        let said = laptop.json(&add(&standin, &MAKE), &[ROOT_PASSWORD]);
        assert_eq!(said["proxmox"]["login"]["id"], "root@pam!wirewarp");
        let made = tokens(&standin);
        assert!(made[0].starts_with("root@pam!wirewarp="), "{made:?}");
        laptop.keeps_no_secret_in_clear(&[made[0].split_once('=').unwrap().1]);

        standin.change(|cluster| cluster.set_password("root@pam", "another one"));
        standin.forget_requests();
        laptop.ok(&typed("proxmox guests pve"), &[]);
        let asked = standin.requests();
        assert!(
            asked.iter().all(|request| !request.target.contains("ticket")),
            "a password was sent: {asked:?}"
        );
    }
}

#[test]
fn a_second_token_has_a_name_of_its_own() {
    let standin = standin();
    let first = Laptop::new();
    first.json(&add(&standin, &MAKE), &[ROOT_PASSWORD]);
    let second = Laptop::new();
    let said = second.json(&add(&standin, &MAKE), &[ROOT_PASSWORD]);
    let id = said["proxmox"]["login"]["id"].as_str().unwrap();
    assert!(id.starts_with("root@pam!wirewarp-"), "{id}");
    assert_eq!(tokens(&standin).len(), 2);
    first.ok(&typed("proxmox guests pve"), &[]);
    second.ok(&typed("proxmox guests pve"), &[]);
}

#[test]
fn a_grant_that_fails_leaves_no_token() {
    for fault in [AnswerFault::Html(502), AnswerFault::Truncated, AnswerFault::Huge] {
        let standin = standin();
        let laptop = Laptop::new();
        standin.spoil("PUT", "/access/acl", fault);
        let error = laptop.error(&add(&standin, &MAKE), &[ROOT_PASSWORD]);
        assert!(!error.hints.is_empty(), "{error:?}");
        assert_eq!(tokens(&standin), [""; 0], "{fault:?}: {error:?}");
        assert_eq!(laptop.json(&typed("proxmox list"), &[]), serde_json::json!([]));
    }
}

#[test]
fn somebody_who_may_not_grant_is_told_what_is_missing_and_no_token_stays() {
    let standin = standin();
    standin.change(|cluster| {
        cluster.add_user("anna@pve", "anna-password");
        cluster.grant("anna@pve", "/", RIGHTS_9);
    });
    let words = ["--user", "anna@pve", "--password-stdin", "--make-token"];
    let error = Laptop::new().error(&add(&standin, &words), &["anna-password"]);
    error.says("proxmox_forbidden", &["Permissions.Modify on /"]);
    assert_eq!(standin.change(|cluster| cluster.tokens_of("anna@pve")), [""; 0]);
}

#[test]
fn a_role_of_that_name_that_lacks_a_right_is_told_with_its_line_and_no_token_stays() {
    let standin = standin();
    standin.change(|cluster| cluster.add_role("WireWarp", &RIGHTS_9[..8]));
    let laptop = Laptop::new();
    let error = laptop.error(&add(&standin, &MAKE), &[ROOT_PASSWORD]);
    error.says(
        "proxmox_rights_missing",
        &[
            "VM.GuestAgent.Unrestricted on /vms",
            "|| pveum role modify WireWarp -privs '",
        ],
    );
    assert!(
        !error.hints.concat().contains("-token"),
        "that token is gone: {error:?}"
    );
    assert_eq!(tokens(&standin), [""; 0]);
    standin.change(|cluster| cluster.add_role("WireWarp", RIGHTS_9));
    laptop.json(&add(&standin, &MAKE), &[ROOT_PASSWORD]);
}

#[test]
fn no_token_is_made_that_could_not_be_kept() {
    let standin = standin();
    let laptop = Laptop::new();
    let output = laptop.run_with(&add(&standin, &MAKE), &[ROOT_PASSWORD], &[]);
    assert_eq!(output.status, 1, "{output:?}");
    assert!(output.stderr.contains("WIREWARP_VAULT_PASSPHRASE"), "{output:?}");
    assert_eq!(tokens(&standin), [""; 0]);
}

#[test]
fn a_password_gives_way_to_a_token_later() {
    let standin = standin();
    let laptop = Laptop::new();
    let keep = ["--user", "root@pam", "--password-stdin", "--keep-password"];
    laptop.json(&add(&standin, &keep), &[ROOT_PASSWORD]);
    let words = [typed("proxmox login pve"), MAKE.map(str::to_owned).to_vec()].concat();
    laptop.json(&words, &[ROOT_PASSWORD]);
    standin.change(|cluster| cluster.set_password("root@pam", "another one"));
    laptop.ok(&typed("proxmox guests pve"), &[]);
}
