//! A desktop without a window, an inventory to work on, and a real sshd.

use async_trait::async_trait;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use uuid::Uuid;
use wirewarp_model::{
    Access, ForwardId, ForwardTarget, Host, HostId, Inventory, Peer, PeerId, PeerKind, PeerState,
    PortForward, PortForwardPorts, Protocols, PublicIp, PublicIpId, PublicIpState, Vps, VpsId, WgPublicKey,
    inventory::SshAccess,
};

use crate::{
    Desktop,
    outside::{News, Outside},
    view::{ForwardDraft, Job, JobId, JobState, LoginForm, LoginMethod, Update},
};

/// Remembers what the window would have been told.
#[derive(Default)]
pub struct Recorder {
    pub news: Mutex<Vec<News>>,
    pub save_to: Mutex<Option<PathBuf>>,
    pub notified: Mutex<Vec<String>>,
    pub opened: Mutex<Vec<String>>,
    /// What the publisher answers; none if there is no publisher.
    pub newer: Mutex<Option<Result<Update, String>>>,
}

#[async_trait]
impl Outside for Recorder {
    fn tell(&self, news: News) {
        self.news.lock().unwrap().push(news);
    }

    async fn save_where(&self, file_name: &str) -> Option<PathBuf> {
        let folder = self.save_to.lock().unwrap().clone()?;
        Some(folder.join(file_name))
    }

    fn open(&self, what: &str) -> Result<(), String> {
        self.opened.lock().unwrap().push(what.to_owned());
        Ok(())
    }

    fn notify(&self, title: &str, _: &str) {
        self.notified.lock().unwrap().push(title.to_owned());
    }

    fn is_visible(&self) -> bool {
        true
    }

    fn has_tray(&self) -> bool {
        false
    }

    fn set_autostart(&self, _: bool) -> Result<(), String> {
        Ok(())
    }

    fn webview(&self) -> String {
        String::new()
    }

    fn updates(&self) -> bool {
        self.newer.lock().unwrap().is_some()
    }

    async fn newer_version(&self) -> Result<Option<Update>, String> {
        self.newer.lock().unwrap().clone().transpose()
    }

    async fn install_update(&self) -> Result<(), String> {
        self.opened.lock().unwrap().push("update".to_owned());
        Ok(())
    }

    fn end(&self) {}
}

/// A desktop with its folder.
pub struct Stage {
    pub desktop: Arc<Desktop>,
    pub outside: Arc<Recorder>,
    pub folder: tempfile::TempDir,
}

impl Stage {
    pub async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = Arc::new(Recorder::default());
        let desktop = Desktop::open(folder.path(), outside.clone()).await.unwrap();
        Self {
            desktop,
            outside,
            folder,
        }
    }

    /// With a VPS and two peers of which none answers, and a forward.
    pub async fn furnished() -> Self {
        let stage = Self::empty().await;
        stage
            .put(|inventory| furnish(inventory, closed_port(), None))
            .await;
        stage
    }

    /// The same, where the VPS is reached by this sshd.
    pub async fn reaching(server: &Server) -> Self {
        let stage = Self::empty().await;
        let key = server.key.clone();
        stage
            .put(|inventory| furnish(inventory, server.port, Some(key)))
            .await;
        stage
    }

    /// Changes the inventory.
    pub async fn put(&self, change: impl FnOnce(&mut Inventory) + Send) {
        let edit = |inventory: &Inventory| {
            let mut after = inventory.clone();
            change(&mut after);
            Ok(after)
        };
        let proposal = self.desktop.engine.propose("test", edit).await.unwrap();
        self.desktop.engine.record(&proposal).await.unwrap();
    }

    /// Waits until a job has ended.
    pub async fn ended(&self, id: JobId) -> Job {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            let job = self.desktop.jobs.get(id).unwrap();
            if job.state != JobState::Running {
                return job;
            }
            assert!(Instant::now() < patience, "{job:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for news of a kind.
    pub async fn told<T>(&self, pick: impl Fn(&News) -> Option<T>) -> T {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(found) = self.outside.news.lock().unwrap().iter().find_map(&pick) {
                return found;
            }
            assert!(Instant::now() < patience, "nothing of the kind was told");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A port on which nobody listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn furnish(inventory: &mut Inventory, port: u16, key_file: Option<PathBuf>) {
    let nyc = host("nyc", port, key_file);
    let attic = host("attic", port, None);
    let ip = |address: &str| PublicIp {
        id: PublicIpId(Uuid::new_v4()),
        address: address.parse().unwrap(),
        on_host: address.parse().unwrap(),
        interface: "eth0".parse().unwrap(),
        state: PublicIpState::Active,
    };
    let vps = Vps {
        id: VpsId(Uuid::new_v4()),
        name: "nyc".parse().unwrap(),
        host: nyc.id,
        tunnel_network: "10.0.0.0/24".parse().unwrap(),
        listen_port: "51820".parse().unwrap(),
        endpoint: "203.0.113.10".parse().unwrap(),
        public_key: Some(WgPublicKey::from_bytes([7; 32])),
        ips: vec![ip("203.0.113.10"), ip("203.0.113.11")],
    };
    let attic_peer = peer("attic", &vps, Some(attic.id), 2);
    let phone = peer("phone", &vps, None, 3);
    let forward = PortForward {
        id: ForwardId(Uuid::new_v4()),
        peer: attic_peer.id,
        ports: PortForwardPorts::Ports {
            protocols: Protocols::Both,
            mappings: "25565".parse().unwrap(),
        },
        target: ForwardTarget::Vm {
            address: attic_peer.first_vm(),
        },
        label: "survival".parse().unwrap(),
        template: None,
        enabled: true,
    };
    inventory.hosts.extend([nyc, attic]);
    inventory.vpses.push(vps);
    inventory.peers.extend([attic_peer, phone]);
    inventory.forwards.push(forward);
}

fn host(name: &str, port: u16, key_file: Option<PathBuf>) -> Host {
    Host {
        id: HostId(Uuid::new_v4()),
        name: name.parse().unwrap(),
        access: Access::Ssh(SshAccess {
            address: "127.0.0.1".into(),
            port: Some(port),
            user: Some(me()),
            key_file,
            agent: false,
            password: false,
            sudo_password: false,
            jump: None,
            through_tunnel: false,
        }),
        machine_id: None,
    }
}

/// A peer on the second address of the pool; a manual one without a host.
pub fn peer(name: &str, vps: &Vps, host: Option<HostId>, number: u8) -> Peer {
    Peer {
        id: PeerId(Uuid::new_v4()),
        name: name.parse().unwrap(),
        vps: vps.id,
        kind: if host.is_some() {
            PeerKind::Linux
        } else {
            PeerKind::Manual
        },
        host,
        number: number.into(),
        tunnel_index: 0,
        tunnel_ip: format!("10.0.0.{number}").parse().unwrap(),
        vm_network: format!("10.99.{number}.0/24").parse().unwrap(),
        vm_interface: None,
        public_ip: vps.ips[1].id,
        state: PeerState::Active,
        public_key: Some(WgPublicKey::from_bytes([number; 32])),
        key_serial: 0,
        manual_mode: host.is_none().then_some(wirewarp_model::ManualMode::FullTunnel),
        mtu: 1420,
        mtu_origin: wirewarp_model::MtuOrigin::Measured,
        route: wirewarp_model::PeerRoute::Replies,
        leases: vec![],
    }
}

/// A forward of the peer “attic”.
pub fn draft(ports: &str, protocols: &str) -> ForwardDraft {
    ForwardDraft {
        peer: "attic".into(),
        ports: ports.into(),
        protocols: protocols.into(),
        to: String::new(),
        label: String::new(),
        template: None,
    }
}

/// A login that names only its target and a key.
pub fn login(target: &str, key: &Path) -> LoginForm {
    LoginForm {
        target: target.into(),
        port: String::new(),
        user: String::new(),
        method: LoginMethod::Key {
            file: key.display().to_string(),
        },
        jump: String::new(),
        sudo_password: None,
        trust: String::new(),
    }
}

/// The login name of whoever runs the tests.
pub fn me() -> String {
    run("id", &["-un"]).trim().to_owned()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An sshd on a loopback port of its own; ends with the value.
pub struct Server {
    pub port: u16,
    pub key: PathBuf,
    child: Child,
    folder: tempfile::TempDir,
}

impl Server {
    pub fn start() -> Self {
        // sshd insists on this folder for its unprivileged half.
        let _ = std::fs::create_dir_all("/run/sshd");
        let folder = tempfile::tempdir().unwrap();
        run("chmod", &["755", folder.path().to_str().unwrap()]);
        let at = |name: &str| folder.path().join(name).display().to_string();
        for name in ["key", "host_key"] {
            run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", &at(name)]);
        }
        std::fs::copy(at("key.pub"), at("authorized_keys")).unwrap();
        let port = closed_port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\n\
             PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPidFile none\nPrintMotd no\n",
            at("host_key"),
            at("authorized_keys")
        );
        std::fs::write(at("config"), config).unwrap();
        let child = Command::new("/usr/sbin/sshd")
            .args(["-D", "-f", &at("config")])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let patience = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "sshd did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        let key = folder.path().join("key");
        Self {
            port,
            key,
            child,
            folder,
        }
    }

    /// The fingerprint of its host key.
    pub fn fingerprint(&self) -> String {
        let key = self.folder.path().join("host_key.pub").display().to_string();
        let said = run("ssh-keygen", &["-lf", &key]);
        said.split_whitespace().nth(1).unwrap().to_owned()
    }

    /// Ends what serves connections, as when a host dies.
    pub fn kill_connections(&self) {
        let id = self.child.id().to_string();
        let output = Command::new("ps")
            .args(["-o", "pid=", "--ppid", &id])
            .output()
            .unwrap();
        for pid in String::from_utf8_lossy(&output.stdout).split_whitespace() {
            let _ = Command::new("kill").args(["-KILL", pid]).output();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill_connections();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
