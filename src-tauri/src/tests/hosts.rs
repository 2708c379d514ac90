use super::support::{Server, Stage, login};
use crate::{
    change::{Proposed, propose},
    commands::{
        connect::{probe_host, trust_host},
        jobs::{answer_question, questions},
        reads::{list_vpses, status},
    },
    outside::News,
    view::{Answer, Change, Health, QuestionAsk, Subject},
};
use wirewarp_model::UserError;

/// Answers the first question that comes.
async fn answer(stage: &Stage, answer: Answer) -> QuestionAsk {
    let asked = |news: &News| match news {
        News::Question(question) => Some(question.clone()),
        _ => None,
    };
    let question = stage.told(asked).await;
    assert_eq!(
        questions(&stage.desktop).await.unwrap(),
        std::slice::from_ref(&question),
        "a reloaded page sees it"
    );
    answer_question(&stage.desktop, question.id, answer)
        .await
        .unwrap();
    assert!(questions(&stage.desktop).await.unwrap().is_empty());
    let late = answer_question(&stage.desktop, question.id, Answer::No).await;
    assert_eq!(late.unwrap_err().code, "not_found");
    question.ask
}

async fn probed(stage: &Stage, server: &Server, trust: Answer) -> Result<crate::view::Probe, UserError> {
    let form = login(&format!("127.0.0.1:{}", server.port), &server.key);
    let desktop = stage.desktop.clone();
    let probing = tokio::spawn(async move { probe_host(&desktop, form).await });
    let ask = answer(stage, trust).await;
    let QuestionAsk::HostKey { fingerprint, .. } = ask else {
        panic!("{ask:?}");
    };
    assert_eq!(fingerprint, server.fingerprint());
    probing.await.unwrap()
}

#[tokio::test]
async fn a_new_host_is_shown_to_the_person_before_it_is_trusted() {
    let (server, stage) = (Server::start(), Stage::empty().await);
    let error = probed(&stage, &server, Answer::No).await.unwrap_err();
    assert_eq!(error.code, "host_key_unknown");
}

#[tokio::test]
async fn a_trusted_host_is_looked_at_and_nothing_is_recorded() {
    let (server, stage) = (Server::start(), Stage::empty().await);
    match probed(&stage, &server, Answer::Trust).await {
        Ok(probe) => {
            assert_eq!(probe.fingerprint, server.fingerprint());
            assert!(!probe.system.is_empty() && probe.known_as.is_none());
        }
        // Who runs the tests may have no way to become root.
        Err(error) => assert!(error.code.starts_with("sudo"), "{error:?}"),
    }
    assert!(stage.desktop.engine.inventory().await.unwrap().hosts.is_empty());
}

#[tokio::test]
async fn another_way_to_log_in_is_tried_before_it_is_recorded() {
    let server = Server::start();
    let stage = Stage::furnished().await;
    let mut form = login(&format!("127.0.0.1:{}", server.port), &server.key);
    form.trust = server.fingerprint();
    let change = Change::HostLogin {
        host: "nyc".into(),
        login: form,
    };
    let proposal = match Box::pin(propose(&stage.desktop, change)).await {
        Ok(Proposed::Edit(proposal, None)) => proposal,
        Ok(_) => panic!("it is an edit without a key"),
        Err(error) => return assert!(error.code.starts_with("sudo"), "{error:?}"),
    };
    stage.desktop.engine.record(&proposal).await.unwrap();
    let row = list_vpses(&stage.desktop).await.unwrap().remove(0);
    assert_eq!(row.reached_at, format!("127.0.0.1:{}", server.port));
    let answers = status(&stage.desktop, vec!["nyc".into()]).await.unwrap();
    assert_ne!(answers[0].health, Health::Unreachable, "{answers:?}");
}

#[tokio::test]
async fn a_host_whose_key_is_trusted_with_its_fingerprint_is_looked_at_in_the_status() {
    let server = Server::start();
    let stage = Stage::reaching(&server).await;
    let fingerprint = trust_host(&stage.desktop, "nyc".into(), Some(server.fingerprint()))
        .await
        .unwrap();
    assert_eq!(fingerprint, server.fingerprint());
    let answers = status(&stage.desktop, vec!["nyc".into()]).await.unwrap();
    if answers[0].health == Health::Unreachable {
        let error = answers[0].error.clone().unwrap();
        assert!(error.code.starts_with("sudo"), "{error:?}");
        return;
    }
    assert_eq!(
        (answers[0].health, answers[0].generation),
        (Health::ChangesWaiting, 0)
    );
    assert!(
        answers[0].uptime.is_some_and(|seconds| seconds > 0),
        "{:?}",
        answers[0]
    );
    let told = |news: &News| match news {
        News::Status(live) if live.health != Health::Unreachable => Some(live.name.clone()),
        _ => None,
    };
    assert_eq!(stage.told(told).await.as_str(), "nyc");
    // That it waits for an apply was not known before; what is pending is asked for anew.
    let pending_anew = |news: &News| match news {
        News::Changed(changed) => changed.subjects.contains(&Subject::Inventory).then_some(()),
        _ => None,
    };
    stage.told(pending_anew).await;
}

#[tokio::test]
async fn what_another_program_changes_is_told_from_the_start_on() {
    let stage = Stage::furnished().await;
    let watching = tokio::spawn(stage.desktop.clone().live_on());
    let inventory = |news: &News| match news {
        News::Changed(changed) => changed.subjects.contains(&Subject::Inventory).then_some(()),
        _ => None,
    };
    stage.told(inventory).await;
    watching.abort();
}
