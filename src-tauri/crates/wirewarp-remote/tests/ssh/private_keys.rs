//! Private keys of every kind and format.

use std::path::Path;
use std::sync::Arc;

use wirewarp_remote::ssh::{Connector, Decision, Exec, NoPrompt, Prompt, keys};

use crate::support::{
    Memory, Passphrase, Server, assert_code, connected, connector, files, limits, make_key, run, target,
};

fn prompting(home: &Path, prompt: Arc<dyn Prompt>) -> Connector {
    Connector::new(Memory::new(Decision::Accept), prompt, limits(), files(home))
}

/// PEM files that `ssh-keygen` of today no longer writes come from here.
fn openssl(folder: &Path, name: &str, arguments: &[&str]) -> std::path::PathBuf {
    let path = folder.join(name);
    let text = run("openssl", arguments);
    std::fs::write(&path, text).unwrap();
    run("chmod", &["600", path.to_str().unwrap()]);
    path
}

#[tokio::test]
async fn every_kind_of_plain_key_opens_the_account() {
    let server = Server::start("");
    let folder = server.folder();
    let kinds: [(&str, &[&str]); 9] = [
        ("ed25519", &["-t", "ed25519"]),
        ("rsa", &["-t", "rsa", "-b", "2048"]),
        ("ecdsa256", &["-t", "ecdsa", "-b", "256"]),
        ("ecdsa384", &["-t", "ecdsa", "-b", "384"]),
        ("ecdsa521", &["-t", "ecdsa", "-b", "521"]),
        ("rsa_pem", &["-t", "rsa", "-b", "2048", "-m", "PEM"]),
        ("ecdsa_pem", &["-t", "ecdsa", "-m", "PEM"]),
        ("rsa_pkcs8", &["-t", "rsa", "-b", "2048", "-m", "PKCS8"]),
        ("ecdsa_pkcs8", &["-t", "ecdsa", "-m", "PKCS8"]),
    ];
    for (name, options) in kinds {
        let key = make_key(folder, name, options);
        server.authorize(&key);
        let connection = connector(folder).connect(&target(&server, &[&key])).await;
        assert!(connection.is_ok(), "{name}: {connection:?}");
    }
}

#[tokio::test]
async fn every_kind_of_encrypted_key_opens_with_its_passphrase_only() {
    let server = Server::start("");
    let folder = server.folder();
    let mut encrypted = vec![
        make_key(
            folder,
            "openssh_ctr",
            &["-t", "ed25519", "-N", "open sesame", "-Z", "aes256-ctr"],
        ),
        make_key(
            folder,
            "openssh_gcm",
            &[
                "-t",
                "ed25519",
                "-N",
                "open sesame",
                "-Z",
                "aes256-gcm@openssh.com",
            ],
        ),
        make_key(
            folder,
            "openssh_chacha",
            &[
                "-t",
                "ed25519",
                "-N",
                "open sesame",
                "-Z",
                "chacha20-poly1305@openssh.com",
            ],
        ),
        make_key(
            folder,
            "pem_rsa",
            &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "open sesame"],
        ),
        make_key(
            folder,
            "pkcs8_rsa",
            &["-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", "open sesame"],
        ),
        make_key(
            folder,
            "pkcs8_ecdsa",
            &["-t", "ecdsa", "-m", "PKCS8", "-N", "open sesame"],
        ),
    ];
    for key in &encrypted {
        server.authorize_line(&std::fs::read_to_string(key.with_extension("pub")).unwrap());
    }
    // Without a .pub beside it, as people copy them.
    std::fs::remove_file(encrypted[4].with_extension("pub")).unwrap();
    for key in encrypted.drain(..) {
        let target = target(&server, &[&key]);
        let right = prompting(folder, Arc::new(Passphrase("open sesame")))
            .connect(&target)
            .await;
        assert!(right.is_ok(), "{}: {right:?}", key.display());
        let wrong = prompting(folder, Arc::new(Passphrase("open barley")))
            .connect(&target)
            .await;
        assert_code(wrong, "ssh_passphrase_wrong");
        let none = prompting(folder, Arc::new(NoPrompt)).connect(&target).await;
        assert_code(none, "ssh_key_encrypted");
    }
}

#[tokio::test]
async fn keys_of_openssl_open_the_account() {
    let server = Server::start("");
    let folder = server.folder();
    let ed = openssl(folder, "ed_pkcs8", &["genpkey", "-algorithm", "ed25519"]);
    let ec = openssl(
        folder,
        "ec_sec1",
        &["ecparam", "-name", "prime256v1", "-genkey", "-noout"],
    );
    server.authorize(&ec);
    let opened = connector(folder).connect(&target(&server, &[&ec])).await;
    assert!(opened.is_ok(), "{opened:?}");
    // ssh-keygen of this age cannot read Ed25519 in PKCS#8: that it is read here shows in what the host says.
    assert_code(
        connector(folder).connect(&target(&server, &[&ed])).await,
        "ssh_keys_refused",
    );
}

#[tokio::test]
async fn files_that_are_no_private_keys_are_explained() {
    let server = Server::start("");
    let folder = server.folder();
    let public = server.key.with_extension("pub");
    let damaged = folder.join("damaged");
    let text = std::fs::read_to_string(&server.key).unwrap();
    std::fs::write(&damaged, text.replace('A', "B")).unwrap();
    let other = folder.join("other");
    std::fs::write(&other, "hello").unwrap();
    let old = make_key(folder, "old", &["-t", "ecdsa", "-m", "PEM", "-N", "secret"]);
    for (path, part) in [
        (public.as_path(), "public key"),
        (&damaged, "damaged"),
        (&other, "not a private key"),
        (Path::new("/nonexistent/key"), "does not exist"),
        (folder, "not a key file"),
    ] {
        let error = assert_code(
            connector(folder).connect(&target(&server, &[path])).await,
            "ssh_key_unreadable",
        );
        assert!(error.to_string().contains(part), "{error}");
    }
    let result = prompting(folder, Arc::new(Passphrase("secret")))
        .connect(&target(&server, &[&old]))
        .await;
    let error = assert_code(result, "ssh_key_unreadable");
    assert!(error.to_string().contains("ssh-keygen -p"), "{error}");
}

#[tokio::test]
async fn a_key_made_here_is_installed_once_and_then_opens_the_account() {
    let (server, connection) = connected().await;
    let path = server.folder().join("made here");
    let public = keys::generate_ed25519(&path, "wirewarp on laptop").unwrap();
    assert!(
        keys::generate_ed25519(&path, "again").is_err(),
        "a key is never replaced"
    );
    let listed = run("ssh-keygen", &["-l", "-f", path.to_str().unwrap()]);
    assert!(listed.contains("wirewarp on laptop (ED25519)"), "{listed}");

    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".ssh")).unwrap();
    let authorized = home.path().join(".ssh/authorized_keys");
    std::fs::write(&authorized, "ssh-ed25519 AAAA unfinished-last-line").unwrap();
    let script = format!(
        "HOME={}\n{}",
        home.path().display(),
        keys::install_script(&public).unwrap()
    );
    for expected in ["added\n", "present\n"] {
        let output = connection
            .exec(Exec {
                stdin: script.as_bytes(),
                ..Exec::new("sh -s")
            })
            .await
            .unwrap();
        assert_eq!((output.text().as_str(), output.stderr.as_str()), (expected, ""));
    }
    let text = std::fs::read_to_string(&authorized).unwrap();
    assert_eq!(
        text,
        format!("ssh-ed25519 AAAA unfinished-last-line\n{}\n", public.trim())
    );

    server.authorize_line(&public);
    connector(server.folder())
        .connect(&target(&server, &[&path]))
        .await
        .unwrap();
    assert!(keys::install_script("ssh-ed25519 nonsense").is_err());
}
