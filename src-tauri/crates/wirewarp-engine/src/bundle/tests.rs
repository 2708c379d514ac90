//! Known secrets are planted everywhere, and none is in the bundle.

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use std::{collections::BTreeMap, fmt::Write as _, io::Read as _, path::Path, sync::Arc};
use tempfile::{TempDir, tempdir};
use uuid::Uuid;
use wirewarp_model::{Access, Host, HostId, Secret, inventory::SshAccess};
use wirewarp_store::secrets::{SecretKey, SecretKind};

use super::{SupportBundle, write};
use crate::{
    Engine, Options, doctor,
    error::EngineError,
    logs,
    person::{CertificateQuestion, HostKeyQuestion, Person, SecretQuestion},
};

const PASSPHRASE: &str = "vault-passphrase-Kq7";
const KEPT: &str = "kept \"pass'word\" Zx81";
const SUDO: &str = "sudo-Zx82/+";
const IN_URL: &str = "urlpass-Zx83";
const TOKEN: &str = "aaaaaaaa-token-Zx84";
const WG_KEY: &str = "mGx85ZxhPdCr0NQvPLcFbVxE0PdqVYMZMjTHlkyqxGk=";
const PEM_LINE: &str = "b3BlbnNzaC1rZXktZx86AAAA";
const SMTP: &str = "smtp-Zx87";
const ALL: [&str; 8] = [PASSPHRASE, KEPT, SUDO, IN_URL, TOKEN, WG_KEY, PEM_LINE, SMTP];

/// Knows the vault's passphrase.
struct Knows;

#[async_trait]
impl Person for Knows {
    async fn trusts(&self, _: &HostKeyQuestion) -> bool {
        false
    }

    async fn trusts_certificate(&self, _: &CertificateQuestion) -> bool {
        false
    }

    async fn secret(&self, _: &SecretQuestion) -> Option<Secret> {
        Some(Secret::new(PASSPHRASE.into()))
    }
}

/// A host that nobody answers for.
fn host(port: u16) -> Host {
    Host {
        id: HostId(Uuid::new_v4()),
        name: "nyc".parse().unwrap(),
        access: Access::Ssh(SshAccess {
            address: "127.0.0.1".into(),
            port: Some(port),
            user: Some("root".into()),
            key_file: None,
            agent: false,
            password: true,
            sudo_password: true,
            jump: None,
            through_tunnel: false,
        }),
        machine_id: None,
    }
}

async fn open(dir: &TempDir) -> Engine {
    let data_dir = dir.path().to_owned();
    Engine::open(Options { data_dir }, Arc::new(Knows)).await.unwrap()
}

async fn with_host(dir: &TempDir, port: u16) -> (Engine, HostId) {
    let engine = open(dir).await;
    let before = engine.inventory().await.unwrap();
    let mut after = before.clone();
    after.hosts.push(host(port));
    let id = after.hosts[0].id;
    engine.store.save(&before, &after, "nora", "test").await.unwrap();
    (engine, id)
}

/// Secrets in the vault, the settings, and in the log in every shape.
async fn plant(dir: &TempDir) {
    let (engine, id) = with_host(dir, 9).await;
    for (kind, text) in [(SecretKind::SshPassword, KEPT), (SecretKind::SudoPassword, SUDO)] {
        let key = SecretKey::host(id, kind);
        engine.secrets.set(&key, &Secret::new(text.into())).await.unwrap();
    }
    engine.end();
    let settings = serde_json::json!({ "theme": "dark", "smtp_password": SMTP, "note": format!("mail://me:{IN_URL}@example.org") });
    std::fs::write(dir.path().join("settings.json"), settings.to_string()).unwrap();
    std::fs::create_dir_all(logs::folder(dir.path())).unwrap();
    std::fs::write(logs::folder(dir.path()).join("command.2026-03-01.jsonl"), lines()).unwrap();
}

fn lines() -> String {
    let pem = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{PEM_LINE}\n-----END OPENSSH PRIVATE KEY-----\n");
    let said = [
        format!("sudo said {SUDO} and {KEPT}"),
        format!(
            "in base64 {} {}",
            BASE64_STANDARD.encode(KEPT),
            BASE64_STANDARD.encode(SUDO)
        ),
        format!("GET https://admin:{IN_URL}@pve.example.org:8006/ failed"),
        format!("Authorization: PVEAPIToken=root@pam!ww={TOKEN}"),
        format!(
            "Authorization: Basic {}",
            BASE64_STANDARD.encode(format!("me:{TOKEN}"))
        ),
        format!("[Interface]\nPrivateKey = {WG_KEY}\nAddress = 203.0.113.7/32"),
        format!("key {pem}"),
        format!("WIREWARP_VAULT_PASSPHRASE={PASSPHRASE}"),
        "203.0.113.7 and 2001:db8::7 answered at 12:00:00".to_owned(),
    ];
    let mut text = String::from("garbage with PrivateKey = aaa\n");
    for said in said {
        let line = serde_json::json!({
            "timestamp": "2026-03-01T10:00:00Z", "level": "WARN", "target": "wirewarp",
            "fields": { "message": said, "token": TOKEN, "output": pem },
        });
        writeln!(text, "{line}").unwrap();
    }
    text
}

fn unpacked(bundle: &Path) -> BTreeMap<String, String> {
    let mut archive = tar::Archive::new(GzDecoder::new(std::fs::File::open(bundle).unwrap()));
    let read = |entry: std::io::Result<tar::Entry<'_, GzDecoder<std::fs::File>>>| {
        let mut entry = entry.unwrap();
        let name = entry
            .path()
            .unwrap()
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (name, text)
    };
    archive.entries().unwrap().map(read).collect()
}

async fn bundle(dir: &TempDir, mask: bool) -> Result<SupportBundle, EngineError> {
    write(
        dir.path(),
        Arc::new(Knows),
        &dir.path().join("bundle.tar.gz"),
        mask,
    )
    .await
}

#[tokio::test]
async fn no_planted_secret_is_in_the_bundle() {
    let dir = tempdir().unwrap();
    plant(&dir).await;
    let made = bundle(&dir, false).await.unwrap();
    assert!(made.secrets_compared, "{made:?}");
    let files = unpacked(&made.path);
    for (name, text) in &files {
        for secret in ALL {
            let json = serde_json::json!(secret).to_string();
            let base64 = BASE64_STANDARD.encode(secret);
            for form in [secret, json.trim_matches('"'), base64.trim_end_matches('=')] {
                assert!(!text.contains(form), "{form} in {name}: {text}");
            }
        }
        assert!(
            !text.contains(&BASE64_STANDARD.encode(format!("me:{TOKEN}"))),
            "{name}"
        );
    }
    assert!(files["inventory.json"].contains("nyc") && files["settings.json"].contains("dark"));
    assert_eq!(files["log.jsonl"].lines().count(), 9);
    assert!(files["log.jsonl"].contains("203.0.113.7") && files["doctor.json"].contains("database"));
    assert_eq!(made.entries.len(), files.len());
}

#[tokio::test]
async fn addresses_are_masked_alike_in_all_lines_if_asked_for() {
    let dir = tempdir().unwrap();
    plant(&dir).await;
    let files = unpacked(&bundle(&dir, true).await.unwrap().path);
    let log = &files["log.jsonl"];
    assert!(!log.contains("203.0.113.7") && !log.contains("2001:db8"), "{log}");
    assert!(log.contains("address-") && log.contains("12:00:00"), "{log}");
}

#[tokio::test]
async fn a_broken_inventory_still_gives_a_bundle_and_a_file_is_not_overwritten() {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("inventory.db"), "no database".repeat(1_000)).unwrap();
    let made = bundle(&dir, false).await.unwrap();
    assert!(!made.secrets_compared);
    assert!(unpacked(&made.path)["inventory.json"].contains("inventory_corrupt"));
    assert!(bundle(&dir, false).await.is_err());
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_found_by_the_doctor() {
    let dir = tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    with_host(&dir, free).await.0.end();
    let report = doctor::examine(dir.path(), Arc::new(Knows), false).await;
    let host = report
        .checks
        .iter()
        .find(|check| check.what == "host nyc")
        .unwrap();
    assert!(
        host.verdict == doctor::Verdict::Bad && !report.is_well(),
        "{host:?}"
    );
}
