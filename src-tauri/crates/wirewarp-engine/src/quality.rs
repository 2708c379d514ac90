//! How well tunnels carry: latency, loss, and how large packets may be in them. On request, and by the collector on schedule.

use serde::Serialize;
use wirewarp_model::{
    Inventory, Name, Peer, Vps,
    figures::{Sample, Series},
};
use wirewarp_remote::{
    apply::ApplyError,
    path::PathMtu,
    quality::{self, Quality},
};

use crate::{Engine, edit, error::EngineError, watch::clock};

/// How well a peer's tunnel carries, between it and its VPS.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TunnelQuality {
    /// The peer.
    pub peer: Name,
    /// When it was measured, seconds since 1970 UTC.
    pub at: i64,
    /// Pings that were sent.
    pub sent: u32,
    /// Pings that did not come back.
    pub lost: u32,
    /// The mean round trip, milliseconds; none if nothing came back.
    pub mean_ms: Option<f64>,
    /// The longest round trip, milliseconds; none if nothing came back.
    pub most_ms: Option<f64>,
    /// The tunnel's MTU, bytes.
    pub mtu: u16,
    /// How large packets came through it whole, bytes; none if the VPS cannot tell, or nothing came back.
    pub carries: Option<u16>,
}

impl TunnelQuality {
    fn of(peer: &Peer, at: i64, quality: Quality) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a round trip")]
        let ms = |micros: Option<u64>| micros.map(|micros| micros as f64 / 1000.0);
        Self {
            peer: peer.name.clone(),
            at,
            sent: quality.sent,
            lost: quality.sent - quality.received,
            mean_ms: ms(quality.mean),
            most_ms: ms(quality.most),
            mtu: peer.mtu,
            carries: carries(quality.path),
        }
    }
}

fn carries(path: PathMtu) -> Option<u16> {
    match path {
        PathMtu::Carries(size) => Some(size),
        PathMtu::NoAnswer | PathMtu::OnlySmall | PathMtu::Untried => None,
    }
}

/// Measured, as it is told and as it is kept.
pub(crate) struct Measured {
    pub peer: wirewarp_model::PeerId,
    pub told: TunnelQuality,
    pub sample: Sample,
}

impl Engine {
    /// Measures the tunnels of peers now, all active ones if none is named. Some four seconds for each VPS, side by side.
    pub async fn measure_tunnels(&self, names: &[Name]) -> Result<Vec<TunnelQuality>, EngineError> {
        let inventory = self.inventory().await?;
        for name in names {
            let peer = edit::peer(&inventory, name)?;
            if !peer.is_active() {
                return Err(EngineError::refused(
                    "suspended",
                    format!("“{name}” is suspended: it has no tunnel."),
                    &["Resume it first"],
                ));
            }
        }
        let wanted = |peer: &&Peer| peer.is_active() && (names.is_empty() || names.contains(&peer.name));
        let mut asked = Vec::new();
        for vps in &inventory.vpses {
            let peers: Vec<&Peer> = inventory.peers_of(vps.id).filter(wanted).collect();
            if !peers.is_empty() {
                asked.push(self.measure_of(&inventory, vps, peers));
            }
        }
        let (mut told, mut errors) = (Vec::new(), Vec::new());
        for answer in futures::future::join_all(asked).await {
            match answer {
                Ok(measured) => told.extend(measured.into_iter().map(|one| one.told)),
                Err(error) => errors.push(std::sync::Arc::new(error)),
            }
        }
        match errors.len() {
            0 => Ok(told),
            _ => Err(EngineError::Several(errors)),
        }
    }

    /// Measures the tunnels of peers of a VPS.
    pub(crate) async fn measure_of(
        &self,
        inventory: &Inventory,
        vps: &Vps,
        peers: Vec<&Peer>,
    ) -> Result<Vec<Measured>, EngineError> {
        let Some(host) = inventory.host(vps.host) else {
            return Ok(vec![]);
        };
        let session = self.hosts.session(inventory, host).await?;
        let to: Vec<_> = peers.iter().map(|peer| peer.tunnel_ip).collect();
        let answer = quality::measure(&session, &to).await;
        let found = answer.map_err(|error| EngineError::Host {
            host: host.name.clone(),
            source: ApplyError::Run(error),
        })?;
        let at = clock();
        let measured = |peer: &Peer| {
            let quality = *found.get(&peer.tunnel_ip)?;
            Some(Measured {
                peer: peer.id,
                told: TunnelQuality::of(peer, at, quality),
                sample: sample(peer, at, quality),
            })
        };
        Ok(peers.into_iter().filter_map(measured).collect())
    }
}

/// The columns of [`Series::Tunnel`].
fn sample(peer: &Peer, at: i64, quality: Quality) -> Sample {
    let received = u64::from(quality.received);
    let mtu = carries(quality.path).map_or(0, u64::from);
    Sample {
        series: Series::Tunnel(peer.id),
        at,
        seconds: 1,
        values: vec![
            quality.sent.into(),
            u64::from(quality.sent) - received,
            quality.mean.unwrap_or(0).saturating_mul(received),
            quality.most.unwrap_or(0),
            mtu,
        ],
    }
}
