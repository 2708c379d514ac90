use super::support::{Stage, draft};
use crate::{
    Desktop,
    commands::{
        changes::{preview_change, record_plan},
        connect::parse_target,
        handing::{about, export_csv, install_update, newer_version, open_link, save_text},
        reads::list_peers,
        records::{activity, operation, remove_template, save_template, set_settings, settings, templates},
    },
    view::{ActivityFilter, ActivityKind, Change, Export, JobKind, JobState, Page, Theme, Update},
};

fn page(offset: u32, limit: u32) -> Page {
    Page { offset, limit }
}

#[tokio::test]
async fn settings_are_kept_and_odd_ones_refused() {
    let stage = Stage::empty().await;
    let mut wanted = settings(&stage.desktop).await.unwrap();
    wanted.theme = Theme::Dark;
    wanted
        .dns_names
        .insert("203.0.113.11".into(), "play.example.org".into());
    set_settings(&stage.desktop, wanted.clone()).await.unwrap();
    let again = Desktop::open(stage.folder.path(), stage.outside.clone())
        .await
        .unwrap();
    assert_eq!(settings(&again).await.unwrap(), wanted);
    wanted.rollback_after = 5;
    let error = set_settings(&stage.desktop, wanted).await.unwrap_err();
    assert_eq!(error.code, "bad_input.rollback_after");
    assert_eq!(settings(&stage.desktop).await.unwrap().rollback_after, 60);
}

#[tokio::test]
async fn a_settings_file_of_another_time_does_not_stop_the_program() {
    let stage = Stage::empty().await;
    let path = stage.folder.path().join("settings.json");
    std::fs::write(&path, r#"{"theme":"light","colour":"green"}"#).unwrap();
    let again = Desktop::open(stage.folder.path(), stage.outside.clone())
        .await
        .unwrap();
    assert_eq!(settings(&again).await.unwrap().theme, Theme::Light);
    std::fs::write(&path, "not json").unwrap();
    let again = Desktop::open(stage.folder.path(), stage.outside.clone())
        .await
        .unwrap();
    assert_eq!(settings(&again).await.unwrap().theme, Theme::System);
    assert!(stage.folder.path().join("settings.unreadable.json").exists());
}

#[tokio::test]
async fn activity_is_given_in_parts_and_filtered() {
    let stage = Stage::furnished().await;
    let change = Change::ForwardAdd {
        draft: draft("80", "tcp"),
        enabled: true,
    };
    let plan = preview_change(&stage.desktop, change).await.unwrap();
    record_plan(&stage.desktop, plan.id).await.unwrap();
    let all = activity(&stage.desktop, ActivityFilter::default(), page(0, 100))
        .await
        .unwrap();
    assert_eq!(all.rows.len(), all.total as usize);
    assert_eq!(
        (all.rows[0].action.as_str(), all.rows[0].what.as_str()),
        ("port.add", "added")
    );
    assert_eq!(all.rows[0].kind, ActivityKind::Change);
    let second = activity(&stage.desktop, ActivityFilter::default(), page(1, 1))
        .await
        .unwrap();
    assert_eq!(
        (second.rows[0].clone(), second.total),
        (all.rows[1].clone(), all.total)
    );
    let by_words = ActivityFilter {
        text: "TEST attic".into(),
        ..ActivityFilter::default()
    };
    let found = activity(&stage.desktop, by_words, page(0, 100)).await.unwrap();
    let objects: Vec<&str> = found.rows.iter().map(|row| row.object.as_str()).collect();
    assert_eq!(objects, ["peer attic", "host attic"]);
    let failed = ActivityFilter {
        failed: true,
        ..ActivityFilter::default()
    };
    assert_eq!(
        activity(&stage.desktop, failed, page(0, 100))
            .await
            .unwrap()
            .total,
        0
    );
    assert_eq!(
        operation(&stage.desktop, "none such".into())
            .await
            .unwrap_err()
            .code,
        "not_found"
    );
}

#[tokio::test]
async fn templates_of_ones_own_are_made_and_removed() {
    let stage = Stage::empty().await;
    let built_in = templates(&stage.desktop).await.unwrap();
    assert!(
        built_in
            .iter()
            .all(|row| !row.own && !row.source.is_empty() && !row.kind.is_empty())
    );
    let all = save_template(&stage.desktop, "mine".into(), "25565 tcp+udp, 80 tcp".into())
        .await
        .unwrap();
    assert!(
        all.iter()
            .any(|row| row.own && row.name.as_str() == "mine" && row.kind == "own")
    );
    let bad = save_template(&stage.desktop, "mine".into(), "25565".into())
        .await
        .unwrap_err();
    assert_eq!(bad.code, "bad_input.ports");
    assert_eq!(
        remove_template(&stage.desktop, "mine".into())
            .await
            .unwrap()
            .len(),
        built_in.len()
    );
}

#[tokio::test]
async fn tables_are_exported_where_the_person_says() {
    let stage = Stage::furnished().await;
    let forwards = Export::Forwards { only: None };
    assert_eq!(export_csv(&stage.desktop, forwards).await.unwrap(), None);
    *stage.outside.save_to.lock().unwrap() = Some(stage.folder.path().to_owned());
    let all = ActivityFilter::default();
    for (what, lines) in [
        (Export::Vpses { only: None }, 2),
        (Export::Peers { only: None }, 3),
        (Export::Forwards { only: None }, 2),
        (Export::Activity { filter: all }, 7),
    ] {
        let text = exported(&stage, what).await;
        assert_eq!(text.lines().count(), lines, "{text}");
    }
    let path = save_text(&stage.desktop, "../../odd name.log".into(), "hello".into())
        .await
        .unwrap()
        .unwrap();
    assert!(
        path.ends_with("odd name.log") && path.starts_with(stage.folder.path().to_str().unwrap()),
        "{path}"
    );
}

async fn exported(stage: &Stage, what: Export) -> String {
    let path = export_csv(&stage.desktop, what).await.unwrap().unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn what_a_filter_leaves_is_exported() {
    let stage = Stage::furnished().await;
    *stage.outside.save_to.lock().unwrap() = Some(stage.folder.path().to_owned());
    let peers = list_peers(&stage.desktop).await.unwrap();
    let last = peers.last().unwrap();
    let text = exported(
        &stage,
        Export::Peers {
            only: Some(vec![last.id]),
        },
    )
    .await;
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(rows.len(), 1, "{text}");
    assert!(rows[0].starts_with(&format!("{},", last.name)), "{text}");
    let none = exported(
        &stage,
        Export::Forwards {
            only: Some(Vec::new()),
        },
    )
    .await;
    assert_eq!(none.lines().count(), 1, "{none}");
    let filter = ActivityFilter {
        text: last.name.to_string(),
        ..ActivityFilter::default()
    };
    let found = activity(&stage.desktop, filter.clone(), page(0, 500))
        .await
        .unwrap();
    let text = exported(&stage, Export::Activity { filter }).await;
    assert_eq!(text.lines().count(), found.rows.len() + 1, "{text}");
    assert!(
        !found.rows.is_empty() && found.rows.len() < 6,
        "{}",
        found.rows.len()
    );
}

#[tokio::test]
async fn only_links_to_the_web_are_opened() {
    let stage = Stage::empty().await;
    for url in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://a b",
        "smb://host/x",
    ] {
        assert_eq!(
            open_link(&stage.desktop, url.into()).await.unwrap_err().code,
            "bad_input.url",
            "{url}"
        );
    }
    open_link(&stage.desktop, "https://example.org/x?y=1".into())
        .await
        .unwrap();
    assert_eq!(stage.outside.opened.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_program_says_what_it_is_and_reads_targets() {
    let stage = Stage::empty().await;
    let about = about(&stage.desktop).await.unwrap();
    assert_eq!(about.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(about.data_dir, stage.folder.path().display().to_string());
    let target = parse_target(&stage.desktop, "ssh -p 2222 ops@host.example".into())
        .await
        .unwrap();
    assert_eq!(
        (target.user.as_str(), target.address.as_str(), target.port),
        ("ops", "host.example", Some(2222))
    );
    let bad = parse_target(&stage.desktop, "a b".into()).await.unwrap_err();
    assert_eq!(bad.code, "bad_input.target");
}

#[tokio::test]
async fn updates_are_off_without_a_publisher() {
    let stage = Stage::empty().await;
    assert!(!about(&stage.desktop).await.unwrap().updates);
    assert_eq!(
        newer_version(&stage.desktop).await.unwrap_err().code,
        "updates_off"
    );
    assert_eq!(
        install_update(&stage.desktop).await.unwrap_err().code,
        "updates_off"
    );
    assert!(stage.outside.opened.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_update_waits_for_what_runs() {
    let stage = Stage::empty().await;
    let newer = Update {
        version: "9.9.9".into(),
        notes: "Quicker".into(),
    };
    *stage.outside.newer.lock().unwrap() = Some(Ok(newer.clone()));
    assert!(about(&stage.desktop).await.unwrap().updates);
    assert_eq!(newer_version(&stage.desktop).await.unwrap(), Some(newer));
    let (job, _) = stage.desktop.jobs.begin(JobKind::Check, "check", vec![]);
    assert_eq!(install_update(&stage.desktop).await.unwrap_err().code, "busy");
    stage.desktop.jobs.end(job, JobState::Done, None);
    install_update(&stage.desktop).await.unwrap();
    assert_eq!(*stage.outside.opened.lock().unwrap(), ["update"]);
    *stage.outside.newer.lock().unwrap() = Some(Err("no route".into()));
    let error = newer_version(&stage.desktop).await.unwrap_err();
    assert_eq!(error.code, "update_failed");
    assert!(error.message.contains("no route"), "{error:?}");
}
