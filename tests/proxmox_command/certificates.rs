//! Which server is trusted.

use crate::{Laptop, add, signed_in, standin, typed};

const TOKEN: &str = "app@pve!test=00000000-0000-4000-8000-000000000000";

/// Another fingerprint than any server has.
fn other() -> String {
    ["AB"; 32].join(":")
}

#[test]
fn a_certificate_that_nobody_vouched_for_is_refused_and_nothing_is_sent() {
    let standin = standin();
    let laptop = Laptop::new();
    let words = typed(&format!(
        "proxmox add pve --url {} --token-stdin --yes",
        standin.url()
    ));
    let error = laptop.error(&words, &[TOKEN]);
    error.says(
        "proxmox_certificate_unknown",
        &[&standin.fingerprint(), "System, Certificates"],
    );
    assert_eq!(standin.calls(), 0, "something was sent");
}

#[test]
fn another_certificate_than_the_one_named_is_refused_with_both() {
    let standin = standin();
    let laptop = Laptop::new();
    let other = other();
    let words = format!(
        "proxmox add pve --url {} --trust {other} --token-stdin",
        standin.url()
    );
    let error = laptop.error(&typed(&words), &[TOKEN]);
    error.says("proxmox_certificate_differs", &[&standin.fingerprint(), &other]);
    assert_eq!(standin.calls(), 0, "something was sent");
}

#[test]
fn a_certificate_that_changed_stops_everything_until_it_is_trusted() {
    let standin = standin();
    let laptop = signed_in(&standin);
    let before = standin.fingerprint();
    standin.change_certificate().unwrap();
    standin.forget_requests();
    let both = [
        before.as_str(),
        &standin.fingerprint(),
        "wirewarp proxmox trust NAME",
    ];
    for line in ["guests pve", "guest pve 100", "bridges pve"] {
        let error = laptop.error(&typed(&format!("proxmox {line}")), &[]);
        error.says("proxmox_certificate_changed", &both);
    }
    let login = laptop.error(&typed("proxmox login pve --token-stdin"), &[TOKEN]);
    login.says("proxmox_certificate_changed", &both);
    assert_eq!(standin.calls(), 0, "something was sent");

    let unsure = laptop.error(&typed("proxmox trust pve"), &[]);
    unsure.says("proxmox_certificate_unknown", &[&standin.fingerprint()]);
    let other = other();
    let wrong = laptop.error(&typed(&format!("proxmox trust pve --trust {other}")), &[]);
    wrong.says("proxmox_certificate_differs", &[&standin.fingerprint(), &other]);
    laptop.usage(&typed("proxmox trust pve --trust SHA256:abc"), &[]);

    let words = typed(&format!("proxmox trust pve --trust {}", standin.fingerprint()));
    let said = laptop.json(&words, &[]);
    assert_eq!(said["fingerprint"], standin.fingerprint());
    laptop.ok(&typed("proxmox guests pve"), &[]);
}

#[test]
fn a_server_without_a_certificate_is_told_apart_from_one_that_is_not_there() {
    let laptop = Laptop::new();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let words = typed(&format!("proxmox add pve --url {url} --token-stdin"));
    laptop
        .error(&words, &[TOKEN])
        .says("proxmox_unreachable", &["Connection refused", "8006"]);
    let standin = standin();
    laptop.json(
        &add(&standin, &["--token-stdin"]),
        &[&standin
            .make_token("app@pve", "test", standin.version().rights())
            .unwrap()],
    );
    standin.set_away(true);
    let away = laptop.error(&typed("proxmox guests pve"), &[]);
    assert!(
        [
            "proxmox_unreachable",
            "proxmox_connection_lost",
            "proxmox_tls_failed"
        ]
        .contains(&away.code.as_str()),
        "{away:?}"
    );
}
