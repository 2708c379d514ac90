//! Use cases: the one surface that the window, the command and the tests call.
//!
//! A change goes one way: an edit of the inventory ([`edit`]) becomes a [`Proposal`], [`Engine::preview`] looks at the
//! hosts and plans, [`Engine::record`] writes the intent down, [`Engine::apply`] brings the hosts there and proves it.

pub mod activity;
mod adopt;
pub mod alert;
mod apply;
pub mod bundle;
mod check;
mod clients;
pub mod doctor;
mod draft;
mod drift;
pub mod edit;
mod error;
mod hosts;
mod journal;
mod live;
pub mod logs;
mod look;
mod mtu;
mod peers;
mod pending;
pub mod person;
mod preview;
mod probe;
pub mod progress;
pub mod proof;
pub mod proxmox;
mod qr;
mod quality;
mod record;
mod relogin;
mod shell;
mod status;
mod stop;
mod target;
mod templates;
mod trust_anew;
mod vps;
pub mod watch;

pub use apply::{Applied, ApplyOptions, HostApplied};
pub use check::{CheckReport, ForwardCheck, HopCheck, Skipped};
pub use clients::{BlockedClient, Client, Clients};
pub use draft::Drafting;
pub use drift::{DriftFile, DriftReport};
pub use edit::{Proposal, peer::Assignment};
pub use error::EngineError;
pub use hosts::login::HostLogin;
pub use journal::{LogEntry, OperationDetails};
pub use live::HostLook;
pub use look::HostRecord;
pub use peers::{AddPeer, NodeMachine, PeerSetup};
pub use pending::{PendingHost, PendingWhy};
pub use preview::{HostPreview, Preview};
pub use probe::Probed;
pub use qr::ClientConfig;
pub use quality::TunnelQuality;
pub use status::{HostStatus, PoolEntry, Status, TunnelStatus, VpsDetails};
pub use stop::Stop;
pub use target::TypedTarget;
pub use templates::TemplateEntry;
pub use vps::AddVps;
pub use wirewarp_plan::{
    check::{Finding, Severity},
    plan::{FileDiff, FileState},
};
pub use wirewarp_remote::ssh::{Exit, ShellEnd, ShellInput, ShellOutput, ShellSaid, TerminalSize};
pub use wirewarp_store::{OperationState, OperationStep, secrets::KnownPlace};

use std::{path::PathBuf, sync::Arc};
use tokio::sync::OnceCell;
use wirewarp_model::Inventory;
use wirewarp_store::{Store, history::History, secrets::Secrets};

use hosts::Hosts;
use person::Person;
use proxmox::Connections;

/// Where the engine keeps its things.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the inventory, its vault and the keys it made; created if it is not there.
    pub data_dir: PathBuf,
}

/// The engine over one inventory. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    data_dir: PathBuf,
    store: Store,
    secrets: Arc<Secrets>,
    hosts: Arc<Hosts>,
    proxmoxes: Arc<Connections>,
    history: Arc<OnceCell<History>>,
}

impl Engine {
    /// Opens the inventory in `options.data_dir`, and makes it if there is none.
    pub async fn open(options: Options, person: Arc<dyn Person>) -> Result<Self, EngineError> {
        let data_dir = options.data_dir;
        let store = Store::open(&data_dir.join("inventory.db")).await?;
        let secrets = Arc::new(record::secrets(&data_dir, person.clone()));
        let proxmoxes = Arc::new(Connections::new(secrets.clone(), person.clone()));
        let hosts = Arc::new(Hosts::new(store.clone(), secrets.clone(), person));
        Ok(Self {
            data_dir,
            store,
            secrets,
            hosts,
            proxmoxes,
            history: Arc::default(),
        })
    }

    /// The program ends in good order. What is still being applied is settled by the next one.
    pub fn end(&self) {
        self.store.end();
    }

    /// Folder of the inventory.
    pub fn data_dir(&self) -> &std::path::Path {
        &self.data_dir
    }

    /// Login name of who runs the program; it stands beside what was changed.
    pub fn user(&self) -> String {
        whoami::username().unwrap_or_default()
    }

    /// Where secrets are kept; none until one was needed.
    pub fn secrets_place(&self) -> Option<KnownPlace> {
        self.secrets.known_place()
    }

    /// The inventory as it is now.
    pub async fn inventory(&self) -> Result<Inventory, EngineError> {
        Ok(self.store.inventory().await?)
    }
}
