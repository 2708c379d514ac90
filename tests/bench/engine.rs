//! The engine in this process, its connections open, as the window holds it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use wirewarp_engine::edit::forward::{self, NewForward};
use wirewarp_engine::person::Nobody;
use wirewarp_engine::progress::Silent;
use wirewarp_engine::{ApplyOptions, Engine, Options};
use wirewarp_model::{Inventory, Label, PortForwardPorts, Protocols};

use crate::busy::{Busy, PEER};

/// An engine over an inventory.
pub struct Warm {
    runtime: tokio::runtime::Runtime,
    engine: Engine,
}

impl Warm {
    /// Opens the inventory. The first change opens the connections.
    pub fn open(data_dir: &Path) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let options = Options {
            data_dir: data_dir.to_owned(),
        };
        let engine = runtime.block_on(Engine::open(options, Arc::new(Nobody)))?;
        Ok(Self { runtime, engine })
    }

    /// Adds one forward to the busy VPS, from the wish to the proof that the host has it.
    pub fn add_one(&self, busy: &Busy) -> Result<Duration> {
        let port = busy.free_port();
        let began = Instant::now();
        self.runtime.block_on(self.add(port))?;
        Ok(began.elapsed())
    }

    async fn add(&self, port: u16) -> Result<()> {
        let peer = PEER.parse()?;
        let wish = NewForward {
            ports: PortForwardPorts::Ports {
                protocols: Protocols::Tcp,
                mappings: port.to_string().parse()?,
            },
            target: None,
            label: Label::default(),
            template: None,
            enabled: true,
        };
        let edit = |inventory: &Inventory| Ok(forward::add(inventory, &peer, vec![wish])?.0);
        let proposal = self.engine.propose("port.add", edit).await?;
        let preview = self.engine.preview(&proposal).await?;
        ensure!(!preview.is_empty(), "the plan is empty");
        self.engine.record(&proposal).await?;
        let applied = self
            .engine
            .apply(&preview, ApplyOptions::default(), Arc::new(Silent))
            .await?;
        applied.failure().map_or(Ok(()), |error| Err(anyhow!(error)))
    }
}
