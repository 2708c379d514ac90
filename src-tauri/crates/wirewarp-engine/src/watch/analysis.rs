//! What the past comes to: who carries most, when, whether it grows, and for how much of the time everything was there.

use jiff::tz::TimeZone;
use serde::Serialize;
use wirewarp_model::{
    Inventory, Name, PortForward, VpsId,
    figures::{Column, Series},
};
use wirewarp_store::history::{History, Level};
use wirewarp_watch::analysis::{Heat, HeatCell, MonthSpan, Times, Uptime, months, uptime};

use super::{Stretch, clock, past::not_empty};
use crate::{Engine, error::EngineError};

/// Months that are looked back on.
const MONTHS: i32 = 12;

/// Most of a list; a page that shows more is not read.
const MOST: usize = 20;

/// Most peers whose uptime is told, those that were away longest first.
const MOST_UPTIMES: usize = 200;

/// What a stretch of the past comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Analysis {
    /// Its beginning, seconds since 1970 UTC.
    pub from: i64,
    /// Its end, seconds since 1970 UTC, not part of it.
    pub to: i64,
    /// Traffic of the peers by hour of the week, in this computer's time: 168 hours from Monday, 0 o'clock.
    pub heat: Vec<HeatCell>,
    /// The peers that carried most, at most 20.
    pub peers: Vec<Carried>,
    /// The forwards that carried most, at most 20.
    pub forwards: Vec<Carried>,
    /// The last months, the oldest first; of the calendar, UTC.
    pub months: Vec<MonthTraffic>,
    /// VPSes, by name.
    pub vpses: Vec<UptimeRow>,
    /// Peers, those that were away longest first; at most 200.
    pub peer_uptimes: Vec<UptimeRow>,
}

/// What something carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Carried {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The peer of a forward, the VPS of a peer.
    pub of: String,
    /// Bytes from the internet towards home.
    pub to_home: u64,
    /// Bytes from home towards the internet.
    pub from_home: u64,
    /// Bytes in both directions in the stretch of the same length before; none if nobody looked then.
    pub before: Option<u64>,
}

/// What all peers carried in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MonthTraffic {
    /// Its beginning, seconds since 1970 UTC.
    pub from: i64,
    /// Bytes from the internet towards home.
    pub to_home: u64,
    /// Bytes from home towards the internet.
    pub from_home: u64,
    /// Whether anything was measured.
    pub measured: bool,
}

/// For how much of the time something was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UptimeRow {
    /// Its identifier.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The months of [`Analysis::months`].
    pub months: Vec<Uptime>,
}

impl Engine {
    /// What a stretch of the past comes to, of one VPS or of all.
    pub async fn analysis(
        &self,
        stretch: Stretch,
        vps: Option<&Name>,
        zone: TimeZone,
    ) -> Result<Analysis, EngineError> {
        not_empty(stretch)?;
        let inventory = self.inventory().await?;
        let only = vps
            .map(|name| {
                let known = inventory.vpses.iter().map(|vps| vps.name.as_str());
                let found = inventory.vps_named(name).map(|vps| vps.id);
                found.ok_or_else(|| EngineError::not_found("VPS", name.as_str(), known))
            })
            .transpose()?;
        let look = Look {
            history: self.history().await?,
            inventory: &inventory,
            only,
            stretch,
            now: clock(),
        };
        let months = months(look.now, MONTHS);
        let (peers, traffic) = look.peers(&months).await?;
        let since = months.first().map_or(look.now, |month| month.from);
        let watched = look.history.runs(since, look.now).await?;
        Ok(Analysis {
            from: stretch.from,
            to: stretch.to,
            heat: look.heat(zone).await?,
            peers,
            forwards: look.forwards().await?,
            months: traffic,
            vpses: look.vps_uptimes(&months, &watched).await?,
            peer_uptimes: look.peer_uptimes(&months, &watched).await?,
        })
    }
}

struct Look<'a> {
    history: &'a History,
    inventory: &'a Inventory,
    only: Option<VpsId>,
    stretch: Stretch,
    now: i64,
}

impl Look<'_> {
    fn wanted(&self) -> impl Iterator<Item = &wirewarp_model::Peer> {
        let is_wanted = |peer: &&wirewarp_model::Peer| self.only.is_none_or(|vps| peer.vps == vps);
        self.inventory.peers.iter().filter(is_wanted)
    }

    fn vpses(&self) -> impl Iterator<Item = &wirewarp_model::Vps> {
        let is_wanted = |vps: &&wirewarp_model::Vps| self.only.is_none_or(|id| vps.id == id);
        self.inventory.vpses.iter().filter(is_wanted)
    }

    async fn heat(&self, zone: TimeZone) -> Result<Vec<HeatCell>, EngineError> {
        let mut heat = Heat::new(zone);
        let (from, to) = (self.stretch.from, self.stretch.to);
        for vps in self.vpses() {
            let polled = self.history.read(Series::Host(vps.host), Level::Hours, from, to);
            for bucket in polled.await? {
                heat.polled(bucket.start);
            }
        }
        for peer in self.wanted() {
            let series = Series::Peer(peer.id);
            let buckets = self.history.read(series, Level::Hours, from, to).await?;
            heat.add(series, &buckets);
        }
        Ok(heat.cells())
    }

    /// The peers that carried most, and what all of them carried in each month.
    async fn peers(&self, months: &[MonthSpan]) -> Result<(Vec<Carried>, Vec<MonthTraffic>), EngineError> {
        let mut traffic: Vec<MonthTraffic> = months.iter().map(begun).collect();
        let since = months.first().map_or(self.now, |month| month.from);
        for vps in self.vpses() {
            let series = Series::Host(vps.host);
            for bucket in self.history.read(series, Level::Days, since, self.now).await? {
                if let Some(month) = of_month(months, &mut traffic, bucket.start) {
                    month.measured = true;
                }
            }
        }
        let mut carried = Vec::new();
        for peer in self.wanted() {
            let series = Series::Peer(peer.id);
            for bucket in self.history.read(series, Level::Days, since, self.now).await? {
                let sum = |at: usize| bucket.cells.get(at).map_or(0, |cell| cell.sum);
                if let Some(month) = of_month(months, &mut traffic, bucket.start) {
                    month.from_home = month.from_home.saturating_add(sum(0));
                    month.to_home = month.to_home.saturating_add(sum(1));
                    month.measured = true;
                }
            }
            let vps = self.inventory.vps(peer.vps);
            let of = vps.map_or_else(String::new, |vps| vps.name.to_string());
            carried.extend(
                self.carried(series, peer.id.to_string(), peer.name.to_string(), of)
                    .await?,
            );
        }
        Ok((most(carried), traffic))
    }

    async fn forwards(&self) -> Result<Vec<Carried>, EngineError> {
        let mut carried = Vec::new();
        for forward in &self.inventory.forwards {
            let Some(peer) = self.wanted().find(|peer| peer.id == forward.peer) else {
                continue;
            };
            let (id, name) = (forward.id.to_string(), called(forward));
            let of = peer.name.to_string();
            carried.extend(self.carried(Series::Forward(forward.id), id, name, of).await?);
        }
        Ok(most(carried))
    }

    /// What a series carried in the stretch and in the one before; none if nothing.
    async fn carried(
        &self,
        of: Series,
        id: String,
        name: String,
        owner: String,
    ) -> Result<Option<Carried>, EngineError> {
        let (from, to) = (self.stretch.from, self.stretch.to);
        let (from_home, to_home) = self.sums(of, from, to).await?;
        if from_home == 0 && to_home == 0 {
            return Ok(None);
        }
        let before = self.sums(of, from - (to - from), from).await?;
        let before = before.0.saturating_add(before.1);
        Ok(Some(Carried {
            id,
            name,
            of: owner,
            to_home,
            from_home,
            before: (before > 0).then_some(before),
        }))
    }

    /// Bytes from home and to home.
    async fn sums(&self, of: Series, from: i64, to: i64) -> Result<(u64, u64), EngineError> {
        let level = Level::Hours.max(Level::finest(from, self.now));
        let buckets = self.history.read(of, level, from, to).await?;
        let sum = |column: Column| -> u64 {
            let at = of.index_of(column);
            let cells = buckets.iter().filter_map(|bucket| bucket.cells.get(at?));
            cells.fold(0, |sum, cell| sum.saturating_add(cell.sum))
        };
        Ok((sum(Column::FromHome), sum(Column::ToHome)))
    }

    async fn vps_uptimes(
        &self,
        months: &[MonthSpan],
        watched: &Times,
    ) -> Result<Vec<UptimeRow>, EngineError> {
        let mut rows = Vec::new();
        for vps in self.vpses() {
            let months = self.uptimes(Series::Host(vps.host), months, watched).await?;
            rows.push(UptimeRow {
                id: vps.id.to_string(),
                name: vps.name.to_string(),
                months,
            });
        }
        rows.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(rows)
    }

    async fn peer_uptimes(
        &self,
        months: &[MonthSpan],
        watched: &Times,
    ) -> Result<Vec<UptimeRow>, EngineError> {
        let mut rows = Vec::new();
        for peer in self.wanted() {
            let months = self.uptimes(Series::Peer(peer.id), months, watched).await?;
            rows.push(UptimeRow {
                id: peer.id.to_string(),
                name: peer.name.to_string(),
                months,
            });
        }
        let away = |row: &UptimeRow| row.months.iter().map(|month| month.down).sum::<i64>();
        rows.sort_by(|one, other| away(other).cmp(&away(one)).then(one.name.cmp(&other.name)));
        rows.truncate(MOST_UPTIMES);
        Ok(rows)
    }

    async fn uptimes(
        &self,
        of: Series,
        months: &[MonthSpan],
        watched: &Times,
    ) -> Result<Vec<Uptime>, EngineError> {
        let since = months.first().map_or(self.now, |month| month.from);
        let states = self.history.states(of, since, self.now).await?;
        let changes: Vec<(i64, &str)> = states
            .iter()
            .map(|change| (change.at, change.state.state.as_str()))
            .collect();
        let month = |span: &MonthSpan| uptime(&changes, watched, span.from, span.to.min(self.now));
        Ok(months.iter().map(month).collect())
    }
}

fn begun(span: &MonthSpan) -> MonthTraffic {
    MonthTraffic {
        from: span.from,
        ..MonthTraffic::default()
    }
}

fn of_month<'a>(
    months: &[MonthSpan],
    traffic: &'a mut [MonthTraffic],
    at: i64,
) -> Option<&'a mut MonthTraffic> {
    let place = months
        .iter()
        .position(|month| (month.from..month.to).contains(&at))?;
    traffic.get_mut(place)
}

fn most(mut carried: Vec<Carried>) -> Vec<Carried> {
    let both = |one: &Carried| one.to_home.saturating_add(one.from_home);
    carried.sort_by(|one, other| both(other).cmp(&both(one)).then(one.name.cmp(&other.name)));
    carried.truncate(MOST);
    carried
}

/// Its label, or its ports.
fn called(forward: &PortForward) -> String {
    let label = forward.label.to_string();
    if label.is_empty() {
        forward.ports.to_string()
    } else {
        label
    }
}
