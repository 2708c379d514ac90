//! Real SSH servers, keys, agents and accounts for the tests, all on loopback and in temporary folders.

pub mod account;
pub mod agent;
pub mod server;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use wirewarp_model::Secret;
use wirewarp_remote::ssh::{
    AuthMethods, Connection, Connector, Decision, Endpoint, HostKey, Limits, NoPrompt, Prompt, SshError,
    SshFiles, Target, Trust,
};

pub use server::Server;

/// Runs a command that must succeed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The login name of whoever runs the tests.
pub fn me() -> String {
    run("id", &["-un"]).trim().to_owned()
}

/// Whether the tests run as root; if not, says loudly what is left out.
pub fn is_root(left_out: &str) -> bool {
    let root = run("id", &["-u"]).trim() == "0";
    if !root {
        eprintln!("NOT TESTED, needs root: {left_out}");
    }
    root
}

/// Makes a key with `ssh-keygen` and gives its path.
pub fn make_key(folder: &Path, name: &str, options: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let file = path.to_str().unwrap();
    let passphrase: &[&str] = if options.contains(&"-N") { &[] } else { &["-N", ""] };
    run(
        "ssh-keygen",
        &[options, passphrase, &["-q", "-C", name, "-f", file]].concat(),
    );
    path
}

/// A trust list in memory that answers every question the same way.
pub struct Memory {
    answer: Decision,
    pub keys: Mutex<Vec<(Endpoint, HostKey)>>,
    pub asked: Mutex<usize>,
    /// How long the person thinks.
    pub thinks: Duration,
}

impl Memory {
    pub fn new(answer: Decision) -> Arc<Self> {
        Arc::new(Self {
            answer,
            keys: Mutex::default(),
            asked: Mutex::default(),
            thinks: Duration::ZERO,
        })
    }
}

#[async_trait]
impl Trust for Memory {
    async fn known_keys(&self, endpoint: &Endpoint) -> Vec<HostKey> {
        let keys = self.keys.lock().unwrap();
        keys.iter()
            .filter(|(known, _)| known == endpoint)
            .map(|(_, key)| key.clone())
            .collect()
    }

    async fn decide(&self, endpoint: &Endpoint, offered: &HostKey) -> Decision {
        *self.asked.lock().unwrap() += 1;
        tokio::time::sleep(self.thinks).await;
        if self.answer == Decision::Accept {
            self.keys
                .lock()
                .unwrap()
                .push((endpoint.clone(), offered.clone()));
        }
        self.answer
    }
}

/// Knows one passphrase for every key.
pub struct Passphrase(pub &'static str);

#[async_trait]
impl Prompt for Passphrase {
    async fn passphrase(&self, _key_file: &Path) -> Option<Secret> {
        Some(Secret::new(self.0.to_owned()))
    }
}

/// Limits short enough for tests.
pub fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(5),
        handshake: Duration::from_secs(5),
        login: Duration::from_secs(20),
        ..Limits::default()
    }
}

/// The SSH files of a person whose home is `home`.
pub fn files(home: &Path) -> SshFiles {
    std::fs::create_dir_all(home.join(".ssh")).unwrap();
    SshFiles {
        home: Some(home.to_owned()),
        config: vec![home.join(".ssh/config")],
        system_known_hosts: Vec::new(),
        local_user: me(),
    }
}

/// A connector that accepts new host keys, for a person with `home`.
pub fn connector(home: &Path) -> Connector {
    Connector::new(
        Memory::new(Decision::Accept),
        Arc::new(NoPrompt),
        limits(),
        files(home),
    )
}

/// `server` with these key files and nothing else.
pub fn target(server: &Server, key_files: &[&Path]) -> Target {
    let key_files = key_files.iter().map(|path| path.to_path_buf()).collect();
    Target {
        address: "127.0.0.1".into(),
        port: Some(server.port),
        user: Some(me()),
        auth: AuthMethods {
            key_files,
            ..AuthMethods::default()
        },
        ..Target::default()
    }
}

/// A server that lets the key in, and a connection to it.
pub async fn connected() -> (Server, Connection) {
    let server = Server::start("");
    let connection = connector(server.folder())
        .connect(&target(&server, &[&server.key]))
        .await
        .unwrap();
    (server, connection)
}

/// The error's code; panics with the message when the codes differ.
#[track_caller]
pub fn assert_code<T: std::fmt::Debug>(result: Result<T, SshError>, code: &str) -> SshError {
    let error = result.unwrap_err();
    assert_eq!(
        error.code(),
        code,
        "{error} ({:?})",
        std::error::Error::source(&error)
    );
    assert!(!error.hints().is_empty(), "{error} has no hint");
    error
}
