//! Somebody at a terminal is asked, and what is secret is not shown.

use wirewarp_tests::proxmox::ROOT_PASSWORD;

use crate::{Laptop, standin, typed};

#[test]
fn somebody_at_a_terminal_compares_the_certificate_and_types_password_and_code_unseen() {
    let standin = standin();
    standin.change(|cluster| cluster.set_totp("root@pam", b"a secret of twenty b"));
    let code = standin.totp("root@pam").unwrap();
    let laptop = Laptop::new();
    let words = typed(&format!(
        "proxmox add pve --url {} --user root@pam",
        standin.url()
    ));
    let shown = laptop.at_terminal(
        &words,
        &[
            ("instead of keeping the password? [y/N] ", "y"),
            ("password of root@pam: ", ROOT_PASSWORD),
            ("Is it the right one? [y/N] ", "y"),
            ("Code of root@pam from the authenticator app: ", "000000"),
            ("Code of root@pam from the authenticator app: ", &code),
        ],
    );
    assert!(shown.contains(&standin.fingerprint()), "{shown}");
    assert!(shown.contains("Signed in to"), "{shown}");
    assert!(
        !shown.contains(ROOT_PASSWORD) && !shown.contains(&code),
        "{shown}"
    );
    laptop.ok(&typed("proxmox guests pve"), &[]);
    laptop.keeps_no_secret_in_clear(&[ROOT_PASSWORD]);
    assert_eq!(standin.change(|cluster| cluster.tokens_of("root@pam")).len(), 1);
}

#[test]
fn somebody_at_a_terminal_types_a_token_unseen_and_trusts_a_new_certificate() {
    let standin = standin();
    let token = standin
        .make_token("app@pve", "test", standin.version().rights())
        .unwrap();
    let laptop = Laptop::new();
    let words = typed(&format!("proxmox add pve --url {} --token-stdin", standin.url()));
    let shown = laptop.at_terminal(
        &words,
        &[("API token: ", &token), ("Is it the right one? [y/N] ", "y")],
    );
    assert!(!shown.contains(&token), "{shown}");
    standin.change_certificate().unwrap();
    let shown = laptop.at_terminal(
        &typed("proxmox trust pve"),
        &[("Is it the right one? [y/N] ", "y")],
    );
    assert!(shown.contains(&standin.fingerprint()), "{shown}");
    laptop.ok(&typed("proxmox guests pve"), &[]);
}
