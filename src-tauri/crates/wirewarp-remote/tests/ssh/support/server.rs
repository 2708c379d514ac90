//! A real sshd.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{make_key, run};

/// An sshd on a loopback port of its own; ends with the value.
pub struct Server {
    pub port: u16,
    /// A key that it lets in.
    pub key: PathBuf,
    child: Child,
    folder: tempfile::TempDir,
}

impl Server {
    /// Starts one with an Ed25519 host key and `extra` lines of configuration.
    pub fn start(extra: &str) -> Self {
        Self::start_with(&["ed25519"], extra)
    }

    /// Starts one with host keys of these types.
    pub fn start_with(host_keys: &[&str], extra: &str) -> Self {
        // sshd insists on this folder for its unprivileged half.
        let _ = std::fs::create_dir_all("/run/sshd");
        let folder = tempfile::tempdir().unwrap();
        // sshd reads the keys of an account with that account's rights.
        run("chmod", &["755", folder.path().to_str().unwrap()]);
        let key = make_key(folder.path(), "id_test", &["-t", "ed25519"]);
        std::fs::copy(key.with_extension("pub"), folder.path().join("authorized_keys")).unwrap();
        for kind in host_keys {
            make_key(folder.path(), &format!("host_{kind}"), &["-t", kind]);
        }
        let port = free_port();
        write_config(folder.path(), port, host_keys, extra);
        let child = spawn(folder.path(), port);
        Self {
            port,
            key,
            child,
            folder,
        }
    }

    /// Stops it and starts it again with other host keys, as a reinstalled host.
    pub fn reinstall(&mut self, host_keys: &[&str], extra: &str) {
        self.stop();
        for kind in host_keys {
            let path = self.folder.path().join(format!("host_{kind}"));
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::remove_file(path.with_extension("pub"));
            make_key(self.folder.path(), &format!("host_{kind}"), &["-t", kind]);
        }
        write_config(self.folder.path(), self.port, host_keys, extra);
        self.child = spawn(self.folder.path(), self.port);
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Lets another public key in.
    pub fn authorize(&self, private_key: &Path) {
        let public = run(
            "ssh-keygen",
            &["-y", "-P", "", "-f", private_key.to_str().unwrap()],
        );
        self.authorize_line(&public);
    }

    pub fn authorize_line(&self, public: &str) {
        let path = self.folder.path().join("authorized_keys");
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, format!("{before}{}\n", public.trim())).unwrap();
    }

    /// The public host key, `type base64`.
    pub fn host_key(&self, kind: &str) -> String {
        let text = std::fs::read_to_string(self.folder.path().join(format!("host_{kind}.pub"))).unwrap();
        text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    }

    /// Kills the processes that serve connections, as when a host dies.
    pub fn kill_connections(&self) {
        self.signal_connections("KILL");
    }

    /// Sends a signal to the processes that serve connections.
    pub fn signal_connections(&self, signal: &str) {
        for pid in self.connections() {
            // It may have ended meanwhile.
            let _ = Command::new("kill").arg(format!("-{signal}")).arg(pid).output();
        }
    }

    /// The processes that serve connections.
    pub fn connections(&self) -> Vec<String> {
        let id = self.child.id().to_string();
        let output = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &id])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split_whitespace().map(str::to_owned).collect()
    }

    pub fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill_connections();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn write_config(folder: &Path, port: u16, host_keys: &[&str], extra: &str) {
    let at = |name: &str| folder.join(name).display().to_string();
    let mut config = format!(
        "{extra}\nPort {port}\nListenAddress 127.0.0.1\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\n\
         PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPidFile none\n",
        at("authorized_keys")
    );
    for kind in host_keys {
        let key = at(&format!("host_{kind}"));
        config.extend(["HostKey ", key.as_str(), "\n"]);
    }
    std::fs::write(folder.join("sshd_config"), config).unwrap();
}

fn spawn(folder: &Path, port: u16) -> Child {
    let log = std::fs::File::create(folder.join("sshd.log")).unwrap();
    let child = Command::new("/usr/sbin/sshd")
        .args(["-D", "-e", "-f"])
        .arg(folder.join("sshd_config"))
        .stdin(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            Instant::now() < patience,
            "{}",
            std::fs::read_to_string(folder.join("sshd.log")).unwrap()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}
