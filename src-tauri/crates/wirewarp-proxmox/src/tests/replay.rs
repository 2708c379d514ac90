//! Every recorded answer through the client, without a difference.

use std::collections::BTreeMap;

use super::recorded::{Recording, all};
use crate::{Problem, answer::printable};

#[tokio::test]
async fn every_recorded_answer_is_read_without_a_difference() {
    let Some(recordings) = all() else { return };
    assert!(recordings.len() >= 90, "only {} recordings", recordings.len());
    for recording in &recordings {
        let stub = recording.stub().await;
        let outcome = stub
            .api()
            .envelope(recording.verb(), recording.path(), recording.params(), false)
            .await;
        recording.assert_asked(&stub.last());
        match outcome {
            Ok(envelope) => {
                assert_eq!(recording.status, 200, "{}", recording.label);
                assert_eq!(envelope.data, recording.body["data"], "{}", recording.label);
                let changes = recording.body["changes"].as_str();
                assert_eq!(envelope.changes.as_deref(), changes, "{}", recording.label);
            }
            Err(error) => {
                assert_eq!(*error.problem(), refusal(recording), "{}", recording.label);
                assert_ne!(error.hints(), Vec::<String>::new(), "{}", recording.label);
            }
        }
    }
}

/// What a recorded refusal must become, told from the recording alone.
fn refusal(recording: &Recording) -> Problem {
    let message = recording.body["message"].as_str().unwrap_or(&recording.reason);
    let said = printable(message);
    let is = |label: &str| recording.label == label;
    match recording.status {
        401 => Problem::TokenRefused(said),
        403 => Problem::Forbidden {
            needs: said
                .trim_start_matches("Permission check failed (")
                .trim_end_matches(')')
                .split_once(", ")
                .map(|(path, privilege)| (path.into(), privilege.into())),
            said,
        },
        400 if is("vm nic missing bridge running") => Problem::HotplugFailed {
            field: "net2".into(),
            why: "bridge 'vmbr99' does not exist".into(),
        },
        400 => Problem::BadParameters(fields(recording)),
        501 => Problem::NotOffered(said),
        500 if is("vm stale digest") => Problem::ChangedMeanwhile,
        500 if message.starts_with("Configuration file") => Problem::GuestMissing,
        500 if is("node missing") => Problem::NodeMissing(said),
        500 => Problem::Refused { status: 500, said },
        other => panic!("{}: status {other} is not expected", recording.label),
    }
}

fn fields(recording: &Recording) -> BTreeMap<String, String> {
    let errors = recording.body["errors"].as_object().unwrap();
    errors
        .iter()
        .map(|(field, why)| (field.clone(), printable(why.as_str().unwrap())))
        .collect()
}
