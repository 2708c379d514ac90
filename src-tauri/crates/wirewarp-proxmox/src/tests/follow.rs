//! Following a task to its end.

use std::{future, time::Duration};

use super::stub::{Reply, Seen, Stub};
use crate::{Problem, names::Upid};

const UPID: &str = "UPID:pve1:000000F5:00039787:6B02CEE5:srvreload:networking:app@pve!full:";

fn upid() -> Upid {
    UPID.parse().unwrap()
}

/// A task that runs for `looks` looks and then ends with `exit`, writing one line at each.
fn task(looks: usize, exit: &'static str) -> impl FnMut(&Seen) -> Reply + Send + 'static {
    let mut seen_looks = 0;
    move |seen| {
        let data = if seen.path.ends_with("/status") {
            seen_looks += 1;
            let end = if seen_looks > looks {
                format!(r#""status":"stopped","exitstatus":"{exit}""#)
            } else {
                r#""status":"running""#.to_owned()
            };
            format!(
                r#"{{"pid":245,{end},"upid":"{UPID}","type":"srvreload","id":"networking","node":"pve1","user":"app@pve","pstart":1,"starttime":2}}"#
            )
        } else {
            let start = seen.params.iter().find(|(name, _)| name == "start");
            let start: usize = start.map_or(0, |(_, value)| value.parse().unwrap());
            let lines = (start..seen_looks).map(|n| format!(r#"{{"n":{},"t":"line {}"}}"#, n + 1, n + 1));
            format!("[{}]", lines.collect::<Vec<_>>().join(","))
        };
        Reply::Answer(200, "OK".into(), format!("{{\"data\":{data}}}"))
    }
}

#[tokio::test]
async fn each_line_is_told_once_and_the_end_is_seen() {
    let stub = Stub::start(task(3, "OK")).await;
    let mut told = Vec::new();
    let tell = |line: crate::tasks::LogLine| told.push(line.text);
    let limit = Duration::from_secs(10);
    stub.api()
        .follow(&upid(), limit, future::pending(), tell)
        .await
        .unwrap();
    assert_eq!(told, ["line 1", "line 2", "line 3", "line 4"]);
}

#[tokio::test]
async fn warnings_are_done_and_an_error_is_told_with_its_text() {
    let limit = Duration::from_secs(10);
    let stub = Stub::start(task(0, "WARNINGS: 2")).await;
    stub.api()
        .follow(&upid(), limit, future::pending(), |_| {})
        .await
        .unwrap();
    let stub = Stub::start(task(1, "command 'ifreload -a' failed: exit code 1")).await;
    let error = stub
        .api()
        .follow(&upid(), limit, future::pending(), |_| {})
        .await
        .unwrap_err();
    let kind = "srvreload".to_owned();
    let said = "command 'ifreload -a' failed: exit code 1".to_owned();
    assert_eq!(*error.problem(), Problem::TaskFailed { kind, said });
}

#[tokio::test]
async fn a_task_that_never_ends_is_left_at_the_limit() {
    let stub = Stub::start(task(usize::MAX, "OK")).await;
    let limit = Duration::from_millis(100);
    let error = stub
        .api()
        .follow(&upid(), limit, future::pending(), |_| {})
        .await
        .unwrap_err();
    let kind = "srvreload".to_owned();
    assert_eq!(*error.problem(), Problem::TaskUnfinished { kind, after: limit });
    assert!(error.to_string().contains("goes on"), "{error}");
}

#[tokio::test]
async fn a_connection_that_fails_for_a_while_does_not_end_the_waiting() {
    let mut asked = 0;
    let mut task = task(2, "OK");
    let stub = Stub::start(move |seen| {
        asked += 1;
        // More than one call tries by itself.
        if (3..12).contains(&asked) {
            return Reply::Raw(Vec::new());
        }
        task(seen)
    })
    .await;
    let limit = Duration::from_secs(20);
    let (api, upid) = (stub.api(), upid());
    let followed = api.follow(&upid, limit, future::pending(), |_| {});
    followed.await.unwrap();
    assert!(stub.seen().len() > 12);
}

#[tokio::test]
async fn a_host_that_stays_away_is_told_at_the_limit() {
    let stub = Stub::start(|_| Reply::Raw(Vec::new())).await;
    let limit = Duration::from_millis(200);
    let (api, upid) = (stub.api(), upid());
    let followed = api.follow(&upid, limit, future::pending(), |_| {});
    let error = followed.await.unwrap_err();
    assert_eq!(error.code(), "proxmox_connection_lost");
}

#[tokio::test]
async fn a_person_can_stop_waiting() {
    let stub = Stub::start(task(usize::MAX, "OK")).await;
    let cancelled = tokio::time::sleep(Duration::from_millis(50));
    let limit = Duration::from_secs(60);
    let error = stub
        .api()
        .follow(&upid(), limit, cancelled, |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.code(), "proxmox_cancelled");
}
