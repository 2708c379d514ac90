use super::support::{Stage, draft};
use crate::{
    commands::reads::{conflicts, drift, list_forwards, list_peers, list_vpses, live, pending, status},
    commands::{details, handing},
    ending::Standing,
    view::{AccessView, ForwardState, Health, PendingWhy, TargetKind},
};

#[tokio::test]
async fn an_empty_inventory_gives_empty_lists() {
    let stage = Stage::empty().await;
    assert!(list_vpses(&stage.desktop).await.unwrap().is_empty());
    assert!(list_peers(&stage.desktop).await.unwrap().is_empty());
    assert!(list_forwards(&stage.desktop).await.unwrap().is_empty());
    assert!(pending(&stage.desktop).await.unwrap().hosts.is_empty());
    assert!(live(&stage.desktop).await.unwrap().is_empty());
}

#[tokio::test]
async fn rows_say_what_the_inventory_has() {
    let stage = Stage::furnished().await;
    let vps = list_vpses(&stage.desktop).await.unwrap().pop().unwrap();
    assert_eq!((vps.name.as_str(), vps.peers, vps.forwards), ("nyc", 2, 1));
    assert_eq!(vps.addresses.len(), 2);
    let peers = list_peers(&stage.desktop).await.unwrap();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let just_now = |at: i64| (now - 60_000..=now).contains(&at);
    assert!(peers.iter().all(|peer| peer.added_at.is_some_and(just_now)));
    assert_eq!(
        peers[0].host.as_ref().map(ToString::to_string).as_deref(),
        Some("attic")
    );
    assert_eq!((peers[1].name.as_str(), peers[1].host.is_none()), ("phone", true));
    let forward = list_forwards(&stage.desktop).await.unwrap().pop().unwrap();
    assert_eq!((forward.protocols, forward.ports.as_str()), ("both", "25565"));
    assert_eq!(forward.public_ip.to_string(), "203.0.113.11");
    assert_eq!(
        (forward.target_kind, forward.state),
        (TargetKind::Vm, ForwardState::On)
    );
    assert_eq!(forward.target.to_string(), "10.99.2.2");
}

#[tokio::test]
async fn details_show_the_pool_and_how_a_host_is_reached() {
    let stage = Stage::furnished().await;
    let page = details::vps_details(&stage.desktop, "NYC".into()).await.unwrap();
    assert_eq!((page.pool.len(), page.peers.len()), (2, 2));
    assert!(page.pool[0].is_endpoint && page.pool[1].forwards == 1);
    assert!(matches!(page.host.access, AccessView::Ssh { .. }));
    assert!(page.host.facts.is_none() && page.host.live.is_none());
    let page = details::peer_details(&stage.desktop, "attic".into())
        .await
        .unwrap();
    assert_eq!(
        (page.forwards.len(), page.mtu, page.tunnel_interface.as_str()),
        (1, 1420, "ww0")
    );
    let gone = details::peer_details(&stage.desktop, "nobody".into())
        .await
        .unwrap_err();
    assert_eq!(gone.code, "not_found");
    let bad = details::vps_details(&stage.desktop, "a b".into())
        .await
        .unwrap_err();
    assert_eq!(bad.code, "bad_input.name");
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_unreachable_and_says_why() {
    let stage = Stage::furnished().await;
    let answers = status(&stage.desktop, vec!["nyc".into()]).await.unwrap();
    assert_eq!((answers.len(), answers[0].health), (1, Health::Unreachable));
    let error = answers[0].error.clone().unwrap();
    assert!(!error.code.is_empty() && !error.hints.is_empty(), "{error:?}");
    assert_eq!(answers[0].tunnels.len(), 2);
    assert!(answers[0].tunnels.iter().all(|tunnel| !tunnel.up));
    assert_eq!(live(&stage.desktop).await.unwrap().len(), 1);
    let error = drift(&stage.desktop, "nyc".into()).await.unwrap_err();
    assert!(!error.code.is_empty());
}

#[tokio::test]
async fn the_tray_says_how_things_stand() {
    let stage = Stage::furnished().await;
    assert_eq!(
        stage.desktop.standing(),
        (Standing::Unknown, "nothing looked at yet".into())
    );
    status(&stage.desktop, vec![]).await.unwrap();
    let (standing, words) = stage.desktop.standing();
    assert_eq!(
        (standing, words.as_str()),
        (Standing::Bad, "2 unreachable, 2 not connected")
    );
}

#[tokio::test]
async fn hosts_that_were_never_set_up_are_pending() {
    let stage = Stage::furnished().await;
    let pending = pending(&stage.desktop).await.unwrap();
    let why: Vec<(&str, PendingWhy)> = pending
        .hosts
        .iter()
        .map(|host| (host.name.as_str(), host.why))
        .collect();
    assert_eq!(why, [("attic", PendingWhy::New), ("nyc", PendingWhy::New)]);
}

#[tokio::test]
async fn a_draft_is_judged_while_it_is_typed() {
    let stage = Stage::furnished().await;
    let own = list_forwards(&stage.desktop).await.unwrap()[0].id;
    let taken = conflicts(&stage.desktop, draft("25560-25570", "tcp"), None)
        .await
        .unwrap();
    assert_eq!(taken[0].code, "port_taken");
    assert!(taken[0].message.contains("survival"), "{}", taken[0].message);
    let edited = conflicts(&stage.desktop, draft("25565", "both"), Some(own))
        .await
        .unwrap();
    assert!(edited.is_empty(), "{edited:?}");
    let free = conflicts(&stage.desktop, draft("25566", "both"), None)
        .await
        .unwrap();
    assert!(free.is_empty(), "{free:?}");
    let bad = conflicts(&stage.desktop, draft("x", "tcp"), None)
        .await
        .unwrap_err();
    assert_eq!(bad.code, "bad_input.ports");
    let mut elsewhere = draft("25566", "tcp");
    elsewhere.to = "10.99.2.1".into();
    let findings = conflicts(&stage.desktop, elsewhere, None).await.unwrap();
    assert!(!findings.is_empty(), "the gateway is no machine to forward to");
}

#[tokio::test]
async fn friends_are_told_what_to_type() {
    let stage = Stage::furnished().await;
    let id = list_forwards(&stage.desktop).await.unwrap()[0].id;
    assert_eq!(
        handing::share_text(&stage.desktop, id).await.unwrap(),
        "Join: 203.0.113.11:25565"
    );
    let mut settings = stage.desktop.settings.get();
    settings
        .dns_names
        .insert("203.0.113.11".into(), "play.example.org".into());
    stage.desktop.settings.set(settings).unwrap();
    assert_eq!(
        handing::share_text(&stage.desktop, id).await.unwrap(),
        "Join: play.example.org:25565"
    );
}
