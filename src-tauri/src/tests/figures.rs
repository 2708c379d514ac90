use wirewarp_model::figures::{Sample, Series};
use wirewarp_store::history::{History, Poll, State};

use super::support::Stage;
use crate::{commands::figures::analysis, view::StretchForm};

const DAY: i64 = 86_400;
const GIB: u64 = 1 << 30;

/// Forty days that end this hour: the peer `attic` carries 1 GiB a day and 3 GiB on the last, `phone` a tenth of it, and both were
/// away for an hour of the last day while somebody looked.
async fn lived(stage: &Stage, now: i64) {
    let inventory = stage.desktop.engine.inventory().await.unwrap();
    let vps = &inventory.vpses[0];
    let history = History::open(&stage.folder.path().join("history.db"))
        .await
        .unwrap();
    let mut samples = Vec::new();
    let mut sample = |series: Series, at: i64, values: &[u64]| {
        samples.push(Sample {
            series,
            at,
            seconds: 60,
            values: values.to_vec(),
        });
    };
    for day in 1..=40_i64 {
        let at = now - day * DAY + 3600;
        let bytes = if day == 1 { 3 * GIB } else { GIB };
        sample(Series::Host(vps.host), at, &[0; 6]);
        for (peer, part) in inventory.peers.iter().zip([1, 10]) {
            sample(Series::Peer(peer.id), at, &[bytes / part, bytes / part / 2]);
        }
        sample(Series::Forward(inventory.forwards[0].id), at, &[bytes / 2, 0, 0]);
    }
    let poll = Poll {
        host: vps.host,
        samples: &samples,
        last: Some(b""),
    };
    history.write(&[poll]).await.unwrap();
    history.note_run(now - DAY, now).await.unwrap();
    let note = async |of: Series, at: i64, word: &str| {
        let became = State {
            state: word.to_owned(),
            reason: String::new(),
        };
        history.note_state(of, at, &became).await.unwrap();
    };
    note(Series::Host(vps.host), now - DAY, "online").await;
    for peer in &inventory.peers {
        note(Series::Peer(peer.id), now - 2 * DAY, "connected").await;
        note(Series::Peer(peer.id), now - 7200, "disconnected").await;
        note(Series::Peer(peer.id), now - 3600, "connected").await;
    }
}

#[tokio::test]
async fn an_analysis_has_who_carries_most_when_and_who_was_away() {
    let stage = Stage::furnished().await;
    let now = jiff::Timestamp::now().as_second() / 3600 * 3600;
    lived(&stage, now).await;
    let stretch = StretchForm {
        from: now - 7 * DAY,
        to: now,
        step: None,
    };
    let made = analysis(&stage.desktop, stretch, None).await.unwrap();

    let names: Vec<&str> = made.peers.iter().map(|peer| peer.name.as_str()).collect();
    assert_eq!(names, ["attic", "phone"]);
    assert_eq!(
        (made.peers[0].from_home, made.peers[0].to_home),
        (9 * GIB, 9 * GIB / 2)
    );
    assert_eq!(made.peers[0].before, Some(7 * GIB * 3 / 2));
    let forward = &made.forwards[0];
    assert_eq!(
        (forward.name.as_str(), forward.of.as_str()),
        ("survival", "attic")
    );

    assert_eq!(made.heat.len(), 168);
    // One measurement a day: seven hours of the week.
    assert_eq!(made.heat.iter().filter(|cell| cell.weeks > 0).count(), 7);
    let all: u64 = made.heat.iter().map(|cell| cell.bytes).sum();
    let peers: u64 = made.peers.iter().map(|peer| peer.from_home + peer.to_home).sum();
    assert_eq!(all, peers);

    assert_eq!(made.months.len(), 12);
    let sums: u64 = made.months.iter().map(|month| month.from_home).sum();
    let tenths = 39 * (GIB / 10) + 3 * GIB / 10;
    assert_eq!(sums, 42 * GIB + tenths);

    let down: i64 = made.peer_uptimes[0].months.iter().map(|month| month.down).sum();
    let outages: u32 = made.peer_uptimes[0]
        .months
        .iter()
        .map(|month| month.outages)
        .sum();
    assert_eq!((down, outages.clamp(1, 1)), (3600, outages));
    let up: i64 = made.vpses[0].months.iter().map(|month| month.up).sum();
    assert!((0..=DAY).contains(&up) && up > DAY - 3700, "{up}");

    let only = analysis(&stage.desktop, stretch, Some("nowhere".into())).await;
    assert_eq!(only.unwrap_err().code, "not_found");
    let backwards = StretchForm {
        from: now,
        to: now - 1,
        step: None,
    };
    let refused = analysis(&stage.desktop, backwards, None).await.unwrap_err();
    assert_eq!(refused.code, "empty_stretch");
}
