//! How things are now, and how they were.

use jiff::tz::TimeZone;
use std::{collections::HashSet, sync::Arc};
use wirewarp_engine::TunnelQuality;
use wirewarp_engine::watch::{Analysis, HostNow, Past, Stretch};
use wirewarp_model::{ForwardId, HostId, PeerId, PublicIpId, figures::Series};

use crate::{
    Desktop,
    change::name,
    errors::{Answered, bad_input, user},
    view::{Collecting, ColumnView, PastView, SeriesKind, SeriesRef, StateView, StretchForm},
};

/// Most series that are asked for at once: a page of a table.
const MOST: usize = 200;

pub(crate) async fn figures(desktop: &Arc<Desktop>, hosts: Vec<String>) -> Answered<Vec<HostNow>> {
    let wanted: HashSet<String> = hosts.into_iter().collect();
    let now = desktop.figures.now();
    let wanted = now
        .into_iter()
        .filter(|host| wanted.is_empty() || wanted.contains(host.name.as_str()));
    Ok(wanted.map(Arc::unwrap_or_clone).collect())
}

pub(crate) async fn past(
    desktop: &Arc<Desktop>,
    of: Vec<SeriesRef>,
    stretch: StretchForm,
) -> Answered<Vec<PastView>> {
    if of.len() > MOST {
        return Err(bad_input(
            "of",
            format!("at most {MOST} can be asked for at once"),
        ));
    }
    let stretch = asked(stretch);
    let mut views = Vec::with_capacity(of.len());
    for one in of {
        let past = desktop.engine.past(series(one), stretch).await.map_err(user)?;
        views.push(view(&past));
    }
    Ok(views)
}

pub(crate) async fn analysis(
    desktop: &Arc<Desktop>,
    stretch: StretchForm,
    vps: Option<String>,
) -> Answered<Analysis> {
    let vps = vps.map(|vps| name("vps", &vps)).transpose()?;
    let zone = TimeZone::system();
    let made = desktop.engine.analysis(asked(stretch), vps.as_ref(), zone);
    made.await.map_err(user)
}

fn asked(stretch: StretchForm) -> Stretch {
    Stretch {
        from: stretch.from,
        to: stretch.to,
        step: stretch.step,
    }
}

pub(crate) async fn measure_tunnel(desktop: &Arc<Desktop>, peer: String) -> Answered<TunnelQuality> {
    let peer = name("peer", &peer)?;
    let measured = desktop.engine.measure_tunnels(std::slice::from_ref(&peer)).await;
    let measured = measured.map_err(user)?.pop();
    measured.ok_or_else(|| bad_input("peer", "its VPS said nothing of it"))
}

pub(crate) async fn collecting(desktop: &Arc<Desktop>) -> Answered<Collecting> {
    Ok(Collecting {
        recording: desktop.figures.is_recording(),
        interval: desktop.poll_interval().as_secs(),
        history_bytes: desktop.engine.history_size().await.map_err(user)?,
    })
}

fn series(of: SeriesRef) -> Series {
    match of.kind {
        SeriesKind::Host => Series::Host(HostId(of.id)),
        SeriesKind::Peer => Series::Peer(PeerId(of.id)),
        SeriesKind::Tunnel => Series::Tunnel(PeerId(of.id)),
        SeriesKind::Forward => Series::Forward(ForwardId(of.id)),
        SeriesKind::PublicIp => Series::PublicIp(PublicIpId(of.id)),
    }
}

fn view(past: &Past) -> PastView {
    let column = |(at, column): (usize, &_)| ColumnView {
        column: *column,
        mean: past
            .buckets
            .iter()
            .map(|bucket| bucket.mean(at).unwrap_or(0.0))
            .collect(),
        peak: past
            .buckets
            .iter()
            .map(|bucket| bucket.cells.get(at).map_or(0, |cell| cell.peak))
            .collect(),
        sum: if column.is_count() { past.sum(*column) } else { 0 },
        p95: column
            .is_count()
            .then(|| past.percentile(*column, 0.95))
            .flatten(),
    };
    let state = |(at, state, reason): &(i64, String, String)| StateView {
        at: *at,
        state: state.clone(),
        reason: reason.clone(),
    };
    PastView {
        step: past.step,
        at: past.buckets.iter().map(|bucket| bucket.start).collect(),
        columns: past.columns.iter().enumerate().map(column).collect(),
        polled: past.polled.clone(),
        states: past.states.iter().map(state).collect(),
    }
}
