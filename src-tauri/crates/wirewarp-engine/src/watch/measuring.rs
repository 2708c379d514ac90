//! Measuring busy tunnels, again and again.

use std::{sync::Arc, time::Duration};
use tokio::sync::watch;
use wirewarp_model::{Inventory, Peer};
use wirewarp_watch::TunnelState;

use super::{collector::Shared, now::PeerNow, writer::Record};

/// How often, if nobody says otherwise.
pub(super) const MEASURE: Duration = Duration::from_mins(10);

/// A tunnel that carries this much, in bytes per second, is in use; one that only keeps itself alive is not measured.
const BUSY: u64 = 500;

/// Measures until it is dropped: all VPSes side by side, of each the tunnels in use.
pub(super) async fn measure_again(
    shared: Arc<Shared>,
    inventory: watch::Receiver<Arc<Inventory>>,
    mut every: watch::Receiver<Duration>,
) {
    loop {
        let wait = *every.borrow_and_update();
        let due = async {
            if wait.is_zero() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(wait).await;
        };
        tokio::select! {
            () = due => {
                let now = inventory.borrow().clone();
                measure(&shared, &now).await;
            }
            changed = every.changed() => if changed.is_err() {
                return;
            },
        }
    }
}

async fn measure(shared: &Shared, inventory: &Inventory) {
    let each = inventory.vpses.iter().map(async |vps| {
        let Some(now) = shared.host(vps.host) else { return };
        let in_use = |peer: &&Peer| now.peers.iter().any(|one| one.id == peer.id && is_in_use(one));
        let peers: Vec<&Peer> = inventory.peers_of(vps.id).filter(in_use).collect();
        if peers.is_empty() {
            return;
        }
        match shared.engine.measure_of(inventory, vps, peers).await {
            Ok(measured) => {
                let at = measured.iter().map(|one| one.sample.at).max().unwrap_or_default();
                let mut samples = Vec::with_capacity(measured.len());
                for one in measured {
                    shared.keep_quality(one.peer, one.told);
                    samples.push(one.sample);
                }
                let record = Record {
                    host: vps.host,
                    at,
                    samples,
                    last: None,
                    states: Vec::new(),
                };
                shared.write(record).await;
            }
            Err(error) => tracing::debug!(vps = %vps.name, %error, "tunnels could not be measured"),
        }
    });
    futures::future::join_all(each).await;
}

fn is_in_use(peer: &PeerNow) -> bool {
    let carries = peer.rates.from_home.saturating_add(peer.rates.to_home);
    peer.state == TunnelState::Connected && carries >= BUSY
}
