//! Hosts that are not there, not SSH, or not themselves.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wirewarp_remote::ssh::{Connector, Decision, HostKey, Limits, NoPrompt, SshProblem, Target};

use crate::support::server::free_port;
use crate::support::{Memory, Server, assert_code, connector, files, limits, run, target};

/// A server that says `words` to everybody and then hangs up or not.
fn speaker(words: &'static [u8], hang_up: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.write_all(words).unwrap();
            let mut heard = [0; 64];
            let _ = stream.read(&mut heard);
            if !hang_up {
                kept.push(stream);
            }
        }
    });
    port
}

fn at(port: u16) -> Target {
    Target {
        address: "127.0.0.1".into(),
        port: Some(port),
        user: Some("nobody".into()),
        ..Target::default()
    }
}

#[tokio::test]
async fn hosts_that_are_not_there_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let connector = connector(home.path());
    assert_code(connector.connect(&at(free_port())).await, "ssh_refused");
    let nameless = Target {
        address: "no-such-host.invalid".into(),
        ..at(22)
    };
    assert_code(connector.connect(&nameless).await, "ssh_name_not_found");
    for odd in ["", "-oProxyCommand=reboot", "two words"] {
        assert_code(
            connector
                .connect(&Target {
                    address: odd.into(),
                    ..at(22)
                })
                .await,
            "ssh_config",
        );
    }
}

#[tokio::test]
async fn a_host_that_never_answers_is_given_up() {
    let home = tempfile::tempdir().unwrap();
    let quick = Limits {
        handshake: Duration::from_millis(500),
        ..limits()
    };
    let connector = Connector::new(
        Memory::new(Decision::Accept),
        Arc::new(NoPrompt),
        quick,
        files(home.path()),
    );
    let begun = Instant::now();
    assert_code(connector.connect(&at(speaker(b"", false))).await, "ssh_timed_out");
    assert_code(
        connector
            .connect(&at(speaker(b"SSH-2.0-silent\r\n", false)))
            .await,
        "ssh_timed_out",
    );
    assert_code(
        connector
            .connect(&at(speaker(b"220 mail ready\r\n", false)))
            .await,
        "ssh_not_ssh",
    );
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn servers_that_are_not_ssh_are_told() {
    let home = tempfile::tempdir().unwrap();
    let connector = connector(home.path());
    for words in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
        b"\x15\x03\x01\x00\x02\x02\x46",
        &[0xff; 4096],
    ] {
        assert_code(connector.connect(&at(speaker(words, true))).await, "ssh_not_ssh");
    }
    assert_code(
        connector.connect(&at(speaker(b"", true))).await,
        "ssh_closed_early",
    );
    assert_code(
        connector
            .connect(&at(speaker(b"Exceeded MaxStartups\r\n", true)))
            .await,
        "ssh_closed_early",
    );
    let nonsense = [&b"SSH-2.0-broken\r\n"[..], &[0x41; 200]].concat().leak();
    let error = connector.connect(&at(speaker(nonsense, true))).await.unwrap_err();
    assert!(
        ["ssh_not_ssh", "ssh_closed_early"].contains(&error.code()),
        "{error}"
    );
}

#[tokio::test]
async fn an_unknown_host_is_asked_about_once_with_its_fingerprint() {
    let server = Server::start("");
    let memory = Memory::new(Decision::Accept);
    let home = server.folder();
    let connector = Connector::new(memory.clone(), Arc::new(NoPrompt), limits(), files(home));
    for _ in 0..2 {
        let connection = connector.connect(&target(&server, &[&server.key])).await.unwrap();
        assert_eq!(
            connection.host_key().unwrap().to_string(),
            server.host_key("ed25519")
        );
    }
    assert_eq!(*memory.asked.lock().unwrap(), 1);

    let refusing = Connector::new(
        Memory::new(Decision::Refuse),
        Arc::new(NoPrompt),
        limits(),
        files(home),
    );
    let error = assert_code(
        refusing.connect(&target(&server, &[&server.key])).await,
        "host_key_unknown",
    );
    let shown = run(
        "ssh-keygen",
        &["-l", "-f", home.join("host_ed25519.pub").to_str().unwrap()],
    );
    let SshProblem::HostKeyUnknown {
        algorithm,
        fingerprint,
    } = error.problem()
    else {
        panic!("{error}")
    };
    assert_eq!(algorithm, "ssh-ed25519");
    assert!(shown.contains(fingerprint.as_str()), "{shown} {fingerprint}");
}

#[tokio::test]
async fn a_person_may_think_longer_than_the_handshake_may_take() {
    let server = Server::start("");
    let mut memory = Arc::into_inner(Memory::new(Decision::Accept)).unwrap();
    memory.thinks = Duration::from_secs(2);
    let quick = Limits {
        handshake: Duration::from_millis(700),
        ..limits()
    };
    let connector = Connector::new(
        Arc::new(memory),
        Arc::new(NoPrompt),
        quick,
        files(server.folder()),
    );
    connector.connect(&target(&server, &[&server.key])).await.unwrap();
}

#[tokio::test]
async fn a_changed_key_stops_everything_whatever_its_algorithm() {
    let mut server = Server::start("");
    let home = server.folder().to_owned();
    let connector = connector(&home);
    let target = target(&server, &[&server.key.clone()]);
    connector.connect(&target).await.unwrap();
    server.reinstall(&["ed25519"], "");
    let error = assert_code(connector.connect(&target).await, "host_key_changed");
    assert!(error.to_string().contains("WireWarp's own list"), "{error}");
    server.reinstall(&["rsa"], "");
    assert_code(connector.connect(&target).await, "host_key_changed");
    server.reinstall(&["ecdsa"], "");
    assert_code(connector.connect(&target).await, "host_key_changed");
}

#[tokio::test]
async fn a_host_with_several_keys_is_no_false_alarm() {
    let server = Server::start_with(&["ed25519", "ecdsa", "rsa"], "");
    for kind in ["rsa", "ecdsa", "ed25519"] {
        let memory = Memory::new(Decision::Refuse);
        let endpoint = wirewarp_remote::ssh::Endpoint::new("127.0.0.1", server.port);
        memory
            .keys
            .lock()
            .unwrap()
            .push((endpoint, HostKey::parse(&server.host_key(kind)).unwrap()));
        let connector = Connector::new(memory, Arc::new(NoPrompt), limits(), files(server.folder()));
        let connection = connector.connect(&target(&server, &[&server.key])).await.unwrap();
        assert_eq!(connection.host_key().unwrap().to_string(), server.host_key(kind));
    }
}

#[tokio::test]
async fn known_hosts_files_are_honoured() {
    let server = Server::start_with(&["ed25519", "rsa"], "");
    let home = server.folder();
    let refusing = Connector::new(
        Memory::new(Decision::Refuse),
        Arc::new(NoPrompt),
        limits(),
        files(home),
    );
    let target = target(&server, &[&server.key]);
    let known_hosts = home.join(".ssh/known_hosts");
    let name = format!("[127.0.0.1]:{}", server.port);
    let key = server.host_key("ed25519");
    let other = HostKey::parse(&std::fs::read_to_string(server.key.with_extension("pub")).unwrap()).unwrap();

    std::fs::write(&known_hosts, format!("# mine\n{name} {key}\n")).unwrap();
    refusing.connect(&target).await.unwrap();
    run("ssh-keygen", &["-q", "-H", "-f", known_hosts.to_str().unwrap()]);
    assert!(std::fs::read_to_string(&known_hosts).unwrap().contains("|1|"));
    refusing.connect(&target).await.unwrap();
    std::fs::write(
        &known_hosts,
        format!("[127.0.*]:{} {}\n", server.port, server.host_key("rsa")),
    )
    .unwrap();
    refusing.connect(&target).await.unwrap();

    std::fs::write(&known_hosts, format!("{name} {other}\n")).unwrap();
    let error = assert_code(refusing.connect(&target).await, "host_key_changed");
    assert!(error.to_string().contains("known_hosts line 1"), "{error}");
    std::fs::write(&known_hosts, format!("{name} {key}\n@revoked * {key}\n")).unwrap();
    assert_code(refusing.connect(&target).await, "host_key_revoked");
    std::fs::write(
        &known_hosts,
        format!("@cert-authority * {key}\nother.example {key}\n"),
    )
    .unwrap();
    assert_code(refusing.connect(&target).await, "host_key_unknown");
}
