//! By mail.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use serde_json::Value;
use tempfile::TempDir;
use wirewarp_tests::laptop::{Laptop, PASSPHRASE};
use wirewarp_tests::receivers::Receiver;

use crate::{fails, typed};

const SOON: Duration = Duration::from_secs(10);

/// A certificate for `localhost`, and the authority that signed it, in files.
struct Authority {
    folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        let cert = params.signed_by(&key, &issuer).unwrap();
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("ca.pem", issuer.pem());
        write("cert.pem", cert.pem());
        write("key.pem", key.serialize_pem());
        Self { folder }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A mail server that has the certificate.
    fn server(&self, more: &[&str]) -> Receiver {
        let (cert, key) = (self.file("cert.pem"), self.file("key.pem"));
        let options = ["--cert", &cert, "--key", &key];
        Receiver::mail(&[&options, more].concat()).unwrap()
    }
}

/// `alert test me` where `ca` is trusted beside nobody else.
fn test_trusting(laptop: &Laptop, ca: &Path) -> wirewarp_tests::lab::process::Output {
    let ca = ca.display().to_string();
    let variables = [
        ("WIREWARP_VAULT_PASSPHRASE", PASSPHRASE),
        ("SSL_CERT_FILE", ca.as_str()),
    ];
    laptop.run_with(&typed("alert test me"), &[], &variables)
}

fn mail_by(server: &Receiver, security: &str, more: &str) -> Vec<String> {
    let port = server.port();
    typed(&format!(
        "alert channel add mail me --server localhost --port {port} --security {security} \
         --from me@example.org --to you@example.org,them@example.org{more}"
    ))
}

#[test]
fn a_mail_goes_out_encrypted_with_the_accounts_password() {
    for (mode, security) in [("starttls", "starttls"), ("tls", "tls")] {
        let authority = Authority::new();
        let server = authority.server(&["--mode", mode, "--login", "me:s3cret phrase"]);
        let laptop = Laptop::new();
        laptop.ok(&mail_by(&server, security, " --user me"), &["s3cret phrase"]);
        let output = test_trusting(&laptop, Path::new(&authority.file("ca.pem")));
        assert!(output.succeeded(), "{mode}: {output:?}");
        let mail = server.wait_for(1, SOON).unwrap().remove(0);
        assert_eq!(mail["encrypted"], true);
        assert_eq!(mail["login"], "me");
        assert_eq!(
            mail["to"],
            serde_json::json!(["you@example.org", "them@example.org"])
        );
        assert_eq!(mail["subject"], "[WireWarp] Test (WireWarp)");
        assert!(
            mail["text"].as_str().unwrap().contains("nothing is wrong"),
            "{mail}"
        );
        // Neither the name nor the address of this computer is told.
        assert_eq!(mail["hello"], "[127.0.0.1]");
        // The certificate of a stranger is none.
        let message = fails(&laptop);
        assert!(message.to_lowercase().contains("certificate"), "{message}");
        assert_eq!(server.took().len(), 1);
    }
}

#[test]
fn a_wrong_password_and_a_server_without_encryption_are_told() {
    let authority = Authority::new();
    let server = authority.server(&["--mode", "starttls", "--login", "me:right"]);
    let laptop = Laptop::new();
    laptop.ok(&mail_by(&server, "starttls", " --user me"), &["wrong"]);
    let output = test_trusting(&laptop, Path::new(&authority.file("ca.pem")));
    assert!(!output.succeeded() && output.stderr.contains("535"), "{output:?}");
    assert!(output.stderr.contains("Correct the channel"), "{output:?}");
    // One that offers no encryption never gets to see the password.
    let plain = Receiver::mail(&["--login", "me:right"]).unwrap();
    laptop.ok(&mail_by(&plain, "starttls", " --user me"), &["right"]);
    fails(&laptop);
    assert_eq!((server.took(), plain.took()), (vec![], vec![]));
    // Nor is a password taken for it at all, but on this computer.
    let words = "alert channel add mail other --server mail.example.org --security none --user me --from a@b.org --to c@d.org";
    let refused = laptop.run(&typed(words), &["right"]);
    assert_eq!(refused.status, 64, "{refused:?}");
    assert!(refused.stderr.contains("readable on the way"), "{refused:?}");
}

#[test]
fn what_passes_is_told_from_what_does_not() {
    let server = Receiver::mail(&[
        "--refuse",
        "450 4.2.0 come back later",
        "--refuse",
        "550 5.7.1 no",
    ])
    .unwrap();
    let laptop = Laptop::new();
    laptop.ok(&mail_by(&server, "none", ""), &[]);
    let error = laptop.error(&typed("alert test me"), &[]);
    assert!(
        error.message.contains("450") && error.message.contains("come back later"),
        "{error:?}"
    );
    assert!(error.hints[0].contains("tried again"), "{error:?}");
    let error = laptop.error(&typed("alert test me"), &[]);
    assert!(error.message.contains("550"), "{error:?}");
    assert!(error.hints[0].contains("Correct the channel"), "{error:?}");
    laptop.ok(&typed("alert test me"), &[]);
    drop(server);
    let error = laptop.error(&typed("alert test me"), &[]);
    assert!(error.hints[0].contains("tried again"), "{error:?}");
}

#[test]
fn a_channel_is_kept_only_if_it_can_work() {
    let laptop = Laptop::new();
    let refused = |words: &str, says: &str| {
        let output = laptop.run(&typed(words), &["secret"]);
        assert_eq!(output.status, 64, "{words}: {output:?}");
        assert!(output.stderr.contains(says), "{words}: {output:?}");
    };
    let mail = "alert channel add mail me --server";
    refused(&format!("{mail} a/b --from a@b.org --to c@d.org"), "mail server");
    refused(
        &format!("{mail} mail.example.org --from a --to c@d.org"),
        "sender",
    );
    refused(
        &format!("{mail} mail.example.org --from a@b.org --to nobody"),
        "receiver",
    );
    refused("alert channel add webhook me --url ftp://example.org", "https://");
    refused("alert channel add telegram me --chat 12x", "chat");
    refused("alert channel add telegram me --chat 12", "@BotFather");
    refused("alert channel add discord me", "https://");
    refused(
        "alert channel add webhook me --url https://example.org --template {nam}",
        "{name}",
    );
    let channels: Value = laptop.json(&typed("alert channel list"), &[]);
    assert_eq!(channels, serde_json::json!([]));
}
