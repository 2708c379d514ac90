use proptest::prelude::*;
use uuid::Uuid;
use wirewarp_model::{
    AlertRuleId, HostId, PeerId,
    alert::{Alert, AlertRule, AlertState, Condition, Severity},
    figures::Series,
};

use super::{Holds, Line, Message, News, Sight, step, text};

fn rule() -> AlertRule {
    AlertRule {
        id: AlertRuleId(Uuid::nil()),
        name: "Peer disconnected".parse().unwrap(),
        condition: Condition::PeerDisconnected,
        only: vec![],
        for_seconds: 300,
        severity: Severity::Critical,
        remind_minutes: 60,
        channels: vec![],
        enabled: true,
    }
}

fn sight(holds: Holds) -> Sight {
    Sight {
        of: Series::Peer(PeerId(Uuid::nil())),
        name: "attic".into(),
        host: HostId(Uuid::nil()),
        holds,
        since: None,
        reason: "no handshake for 6 min".into(),
    }
}

/// What happens when `holds` is seen at each moment; what is told, and when.
fn told(
    rule: &AlertRule,
    seen: &[(i64, Holds)],
    muted: impl Fn(i64) -> bool,
) -> (Option<Alert>, Vec<(i64, News)>) {
    let (mut alert, mut news) = (None, Vec::new());
    for (now, holds) in seen {
        let next = step(rule, &sight(*holds), alert, *now, muted(*now));
        news.extend(next.news.map(|news| (*now, news)));
        alert = next.alert.filter(|alert| alert.state != AlertState::Resolved);
    }
    (alert, news)
}

#[test]
fn it_fires_after_its_time_once_and_is_over_when_it_stays_away() {
    let (yes, no) = (Holds::Yes, Holds::No);
    let seen = [
        (0, no),
        (10, yes),
        (309, yes),
        (310, yes),
        (320, yes),
        (330, no),
        (389, no),
        (390, no),
        (400, no),
    ];
    let (alert, news) = told(&rule(), &seen, |_| false);
    assert_eq!(news, [(310, News::Fired), (390, News::Resolved)]);
    assert_eq!(alert, None);
    // It comes back within the minute: that is the same alert.
    let seen = [(0, yes), (300, yes), (310, no), (330, yes), (340, no), (399, no)];
    let (alert, news) = told(&rule(), &seen, |_| false);
    assert_eq!(
        (alert.unwrap().state, news),
        (AlertState::Firing, vec![(300, News::Fired)])
    );
    // It went before its time.
    assert_eq!(told(&rule(), &[(0, yes), (200, no), (400, yes)], |_| false).1, []);
}

#[test]
fn what_nobody_knows_changes_nothing() {
    let (yes, unclear) = (Holds::Yes, Holds::Unclear);
    let seen = [
        (0, yes),
        (100, unclear),
        (400, unclear),
        (401, yes),
        (500, unclear),
        (9000, unclear),
    ];
    let (alert, news) = told(&rule(), &seen, |_| false);
    assert_eq!(news, [(401, News::Fired), (9000, News::Reminder)]);
    assert_eq!(alert.unwrap().state, AlertState::Firing);
    assert_eq!(told(&rule(), &[(0, unclear), (900, unclear)], |_| false).0, None);
}

#[test]
fn it_reminds_and_keeps_quiet_when_asked() {
    let yes = Holds::Yes;
    let seen: Vec<_> = (0..=10_000).step_by(100).map(|at| (at, yes)).collect();
    let news = told(&rule(), &seen, |_| false).1;
    assert_eq!(
        news,
        [(300, News::Fired), (3900, News::Reminder), (7500, News::Reminder)]
    );
    let once = AlertRule {
        remind_minutes: 0,
        ..rule()
    };
    assert_eq!(told(&once, &seen, |_| false).1, [(300, News::Fired)]);
    // What fired while all was quiet is told afterwards.
    assert_eq!(told(&once, &seen, |now| now < 5000).1, [(5000, News::Fired)]);
    // And if it is over by then, nobody hears of it.
    let seen = [(0, yes), (300, yes), (400, Holds::No), (500, Holds::No)];
    assert_eq!(told(&rule(), &seen, |now| now < 450), (None, vec![]));
}

#[test]
fn a_limit_is_left_a_little_below_it() {
    assert_eq!(Holds::at_least(90, 90), Holds::Yes);
    assert_eq!(Holds::at_least(87, 90), Holds::Unclear);
    assert_eq!(Holds::at_least(85, 90), Holds::No);
    assert_eq!(Holds::at_least(u64::MAX, u64::MAX), Holds::Yes);
}

#[test]
fn a_message_says_what_and_why() {
    let alert = step(
        &AlertRule {
            for_seconds: 0,
            ..rule()
        },
        &sight(Holds::Yes),
        None,
        0,
        false,
    )
    .alert
    .unwrap();
    let line = Line::new(&alert, News::Fired, "nyc", 360);
    let message = Message::new(Uuid::nil(), vec![line.clone()], 360);
    assert_eq!(message.title, "Peer disconnected (attic)");
    assert_eq!(
        text(&message, ""),
        "[critical] Peer disconnected: attic on nyc: no handshake for 6 min (for 6 min)"
    );
    let braces = Line {
        name: "{reason}".into(),
        ..line.clone()
    };
    assert_eq!(
        text(
            &Message::new(Uuid::nil(), vec![braces], 360),
            "{name} {state} since {since}"
        ),
        "{reason} firing since 1970-01-01 00:00:00 UTC"
    );
    let over = Line::new(&alert, News::Resolved, "nyc", 600);
    let both = Message::new(Uuid::nil(), vec![line, over], 600);
    assert_eq!(both.title, "1 alert, 1 resolved");
    assert_eq!(both.severity(), Severity::Critical);
}

proptest! {
    /// Whatever is seen, an alert is told once before it is over, and never over without having been told.
    #[test]
    fn firing_and_resolved_alternate(holds in prop::collection::vec(0..3u8, 1..200), step in 1..200i64) {
        let seen: Vec<_> = holds.iter().enumerate().map(|(n, holds)| {
            let holds = [Holds::Yes, Holds::No, Holds::Unclear][usize::from(*holds)];
            (i64::try_from(n).unwrap() * step, holds)
        }).collect();
        let (_, news) = told(&rule(), &seen, |now| now % 7 == 0);
        let mut firing = false;
        for (_, news) in news {
            match news {
                News::Fired => { prop_assert!(!firing); firing = true; }
                News::Reminder => prop_assert!(firing),
                News::Resolved => { prop_assert!(firing); firing = false; }
            }
        }
    }
}
