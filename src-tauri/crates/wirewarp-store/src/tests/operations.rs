//! Operations, plans, what was applied, host keys and templates: round trips.

use super::{bundle, inventory, new_store, path_in};
use crate::{NewOperation, OperationState, Store};
use uuid::Uuid;
use wirewarp_model::{HostId, Name, OperationId, PlanId, UserError, observed::Observed};

const HOST: HostId = HostId(Uuid::from_u128(1));

/// Begins an operation that puts a file with this text on the host.
async fn begin(store: &Store, text: &str) -> OperationId {
    let (id, name) = (OperationId(Uuid::new_v4()), "nyc".parse().unwrap());
    let new = NewOperation {
        id,
        host: HOST,
        host_name: &name,
        plan: PlanId(Uuid::from_u128(2)),
        base: 3,
        generation: 4,
        action: "port.add",
        bundle: &bundle(text),
    };
    store.begin_operation(new).await.unwrap();
    id
}

/// An operation that is through, and what it brought is in force.
async fn apply(store: &Store, generation: u64, text: &str) -> OperationId {
    let id = begin(store, text).await;
    store.record_applied(HOST, generation, id).await.unwrap();
    store
        .end_operation(id, OperationState::Succeeded, None)
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn an_operation_keeps_its_steps_in_order_and_its_outcome() {
    let (folder, store) = new_store().await;
    let id = begin(&store, "a\n").await;
    for number in 0..200 {
        store.note_step(id, &format!("step {number}"), "ok", "said “so”\n", number);
    }
    store.operation_waits(id).await.unwrap();
    let error = UserError {
        code: "ssh_refused".into(),
        message: "nyc: refused".into(),
        hints: vec!["look".into()],
    };
    store
        .end_operation(id, OperationState::RolledBack, Some(&error))
        .await
        .unwrap();

    let reopened = Store::open(&path_in(&folder)).await.unwrap();
    let operation = reopened.operations(10).await.unwrap().remove(0);
    assert_eq!((operation.base, operation.generation), (3, 4));
    assert_eq!(
        (operation.state, operation.error),
        (OperationState::RolledBack, Some(error))
    );
    assert!(operation.ended_at >= Some(operation.started_at));
    let steps = reopened.operation_steps(id).await.unwrap();
    let expected: Vec<String> = (0..200).map(|number| format!("step {number}")).collect();
    let seen: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn steps_of_two_runs_of_the_program_stay_in_order() {
    let (folder, store) = new_store().await;
    let id = begin(&store, "a\n").await;
    // More steps than milliseconds pass before the second run begins.
    for number in 0..300 {
        store.note_step(id, &format!("first {number}"), "ok", "", 0);
    }
    let second = Store::open(&path_in(&folder)).await.unwrap();
    for number in 0..50 {
        second.note_step(id, &format!("second {number}"), "ok", "", 0);
    }
    store
        .end_operation(id, OperationState::Waiting, None)
        .await
        .unwrap();
    second
        .end_operation(id, OperationState::Succeeded, None)
        .await
        .unwrap();
    let steps = second.operation_steps(id).await.unwrap();
    assert_eq!(steps.len(), 350, "none is lost");
    for run in ["first", "second"] {
        let of_run: Vec<&str> = steps
            .iter()
            .map(|step| step.step.as_str())
            .filter(|step| step.starts_with(run))
            .collect();
        let expected: Vec<String> = (0..of_run.len())
            .map(|number| format!("{run} {number}"))
            .collect();
        assert_eq!(of_run, expected);
    }
}

#[tokio::test]
async fn an_operation_of_a_program_that_runs_is_not_interrupted() {
    let (_folder, store) = new_store().await;
    begin(&store, "a\n").await;
    assert!(store.interrupted_operations().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_applied_and_seen_and_planned_comes_back() {
    let (_folder, store) = new_store().await;
    assert_eq!(store.last_applied(HOST).await.unwrap(), None);
    apply(&store, 7, "seven\n").await;
    apply(&store, 8, "eight\n").await;
    let applied = store.last_applied(HOST).await.unwrap().unwrap();
    assert_eq!((applied.generation, applied.bundle), (8, bundle("eight\n")));
    assert_eq!(store.last_generation(HOST).await.unwrap(), 8);
    store.forget_applied(HOST).await.unwrap();
    assert_eq!(store.last_applied(HOST).await.unwrap(), None);
    assert_eq!(store.last_generation(HOST).await.unwrap(), 0);

    let host = HOST;
    let seen = Observed {
        hostname: "nyc".into(),
        ..Observed::default()
    };
    store.remember_observed(host, &seen).await.unwrap();
    assert_eq!(store.last_observed(host).await.unwrap(), Some(seen));

    let plan = PlanId(Uuid::new_v4());
    store.save_plan(plan, &["a", "b"]).await.unwrap();
    assert_eq!(
        store.plan(plan).await.unwrap(),
        Some(serde_json::json!(["a", "b"]))
    );
    assert!(
        store.save_plan(plan, &["c"]).await.is_err(),
        "a plan is written once"
    );
}

#[tokio::test]
async fn files_are_kept_while_they_can_be_needed() {
    let (_folder, store) = new_store().await;
    let files_of = async |id| {
        let mut db = store.pool.acquire().await.unwrap();
        crate::operation_files::bundle(&mut db, id).await.unwrap().files
    };
    let first = apply(&store, 1, "one\n").await;
    let second = apply(&store, 2, "two\n").await;
    let third = begin(&store, "three\n").await;
    let learned = bundle("three, with its key\n");
    store.replace_operation_files(third, &learned).await.unwrap();
    assert_eq!(files_of(third).await, learned.files, "it is open");
    assert_eq!(files_of(second).await, bundle("two\n").files, "it is in force");
    assert!(files_of(first).await.is_empty());
    store.record_applied(HOST, 3, third).await.unwrap();
    assert!(files_of(second).await.is_empty());
    assert_eq!(store.operations(9).await.unwrap().len(), 3, "what was done stays");
}

#[tokio::test]
async fn a_host_key_takes_the_place_of_those_before_only_when_asked() {
    let (_folder, store) = new_store().await;
    for key in ["ssh-ed25519 AAAA1", "ssh-rsa AAAA2", "ssh-ed25519 AAAA1"] {
        let algorithm = key.split(' ').next().unwrap();
        store
            .remember_host_key("h:22", algorithm, key, "anna")
            .await
            .unwrap();
    }
    let keys =
        |known: Vec<crate::KnownHostKey>| -> Vec<String> { known.into_iter().map(|k| k.key).collect() };
    assert_eq!(keys(store.host_keys("h:22").await.unwrap()).len(), 2);
    assert!(store.host_keys("h:2222").await.unwrap().is_empty());
    store
        .replace_host_key("h:22", "ssh-ed25519", "ssh-ed25519 AAAA3", "anna")
        .await
        .unwrap();
    assert_eq!(
        keys(store.host_keys("h:22").await.unwrap()),
        ["ssh-ed25519 AAAA3"]
    );
    let entries = store.audit(10).await.unwrap();
    assert_eq!(
        entries.len(),
        3,
        "two were added, one took their place, one was known already"
    );
    assert!(
        entries
            .iter()
            .all(|e| e.kind == "host key" && e.name == "h:22" && e.who == "anna")
    );
    assert_eq!(entries[0].before.as_ref().unwrap().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_template_is_replaced_whatever_its_case_and_removed_once() {
    let (_folder, store) = new_store().await;
    let name = |text: &str| text.parse::<Name>().unwrap();
    store
        .put_template(&name("Mine"), "25565 tcp", "anna")
        .await
        .unwrap();
    store
        .put_template(&name("mine"), "25565 udp", "bert")
        .await
        .unwrap();
    let templates = store.templates().await.unwrap();
    assert_eq!(templates, [(name("mine"), "25565 udp".to_owned())]);
    assert!(store.remove_template(&name("MINE"), "anna").await.unwrap());
    assert!(!store.remove_template(&name("mine"), "anna").await.unwrap());
    let entries = store.audit(10).await.unwrap();
    let done: Vec<_> = entries
        .iter()
        .map(|e| (e.who.as_str(), e.action.as_str()))
        .collect();
    assert_eq!(
        done,
        [
            ("anna", "template.remove"),
            ("bert", "template.add"),
            ("anna", "template.add")
        ]
    );
    assert_eq!(entries[1].before.as_ref().unwrap(), "25565 tcp");
}

#[tokio::test]
async fn the_inventory_refers_to_nothing_that_the_logs_hold() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    let full = inventory(&empty, 1);
    store.save(&empty, &full, "anna", "test").await.unwrap();
    let host = full.hosts[0].id;
    let operation = OperationId(Uuid::new_v4());
    store.record_applied(host, 1, operation).await.unwrap();
    store.save(&full, &empty, "anna", "test").await.unwrap();
    assert!(store.last_applied(host).await.unwrap().is_some());
    assert!(store.audit(100).await.unwrap().len() > 10);
}

#[tokio::test]
async fn the_stamp_differs_after_every_turn_of_an_operation() {
    let (_folder, store) = new_store().await;
    let mut stamps = vec![store.stamp().await.unwrap()];
    let id = begin(&store, "a\n").await;
    stamps.push(store.stamp().await.unwrap());
    store.operation_waits(id).await.unwrap();
    stamps.push(store.stamp().await.unwrap());
    assert_eq!(stamps[2], store.stamp().await.unwrap());
    store
        .end_operation(id, OperationState::Succeeded, None)
        .await
        .unwrap();
    stamps.push(store.stamp().await.unwrap());
    for (index, stamp) in stamps.iter().enumerate() {
        assert!(!stamps[..index].contains(stamp), "{stamps:?}");
    }
}
