use super::*;

fn answer(status: u16, reason: &str, body: &str) -> Answer {
    Answer {
        status,
        reason: reason.to_owned(),
        body: body.as_bytes().to_vec(),
    }
}

fn refused(status: u16, message: &str) -> Problem {
    let body = serde_json::json!({"data": null, "message": message}).to_string();
    answer(status, "x", &body)
        .envelope("/p", AskedWith::Token)
        .expect_err("it is a refusal")
}

#[test]
fn texts_of_500_become_what_somebody_acts_upon() {
    let stale = "checksum mismatch (file change by other user?)\n";
    assert_eq!(refused(500, stale), Problem::ChangedMeanwhile);
    assert!(matches!(
        refused(500, "VM is locked (backup)\n"),
        Problem::Locked(_)
    ));
    let gone = "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist\n";
    assert_eq!(refused(500, gone), Problem::GuestMissing);
    let lookup = "hostname lookup 'nosuch' failed - failed to get address info";
    assert!(matches!(refused(500, lookup), Problem::NodeMissing(_)));
    for silent in [
        "QEMU guest agent is not running",
        "No QEMU guest agent configured",
        "VM 100 is not running",
    ] {
        assert!(
            matches!(refused(500, silent), Problem::AgentSilent(_)),
            "{silent}"
        );
    }
    for blocked in [
        "Agent error: Command guest-exec has been disabled: the command is not allowed",
        "Agent error: The command guest-exec has been disabled for this instance",
        "Agent error: The command guest-exec has not been found",
    ] {
        assert!(
            matches!(refused(500, blocked), Problem::AgentBlocks(_)),
            "{blocked}"
        );
    }
    assert!(matches!(
        refused(500, "out of luck"),
        Problem::Refused { status: 500, .. }
    ));
}

#[test]
fn a_missing_right_names_path_and_privilege() {
    let Problem::Forbidden { needs, .. } =
        refused(403, "Permission check failed (/nodes/pve1, Sys.Modify)\n")
    else {
        panic!("not a missing right");
    };
    assert_eq!(needs, Some(("/nodes/pve1".into(), "Sys.Modify".into())));
}

#[test]
fn a_401_is_told_by_its_status_line_and_by_who_asked() {
    let bare = answer(401, "permission denied - invalid PVE ticket", "");
    assert_eq!(
        bare.envelope("/p", AskedWith::Ticket).expect_err("401"),
        Problem::SessionExpired("permission denied - invalid PVE ticket".into())
    );
    assert!(matches!(
        bare.envelope("/p", AskedWith::Token).expect_err("401"),
        Problem::TokenRefused(_)
    ));
}

#[test]
fn nodes_that_cannot_be_reached_are_a_problem_of_their_own() {
    for status in [595, 596] {
        let answer = answer(status, "Connection refused", "");
        assert!(answer.is_passing());
        assert_eq!(
            answer
                .envelope("/p", AskedWith::Token)
                .expect_err("it is refused"),
            Problem::NodeUnreachable("Connection refused".into())
        );
    }
}

#[test]
fn a_page_of_a_proxy_is_no_answer_whatever_its_status() {
    for status in [200, 403, 500, 502] {
        let page = answer(status, "x", " \n<html><b>Corporate\u{1b}[31m login</b>");
        let problem = page.envelope("/p", AskedWith::Token).expect_err("it is a page");
        assert!(
            matches!(problem, Problem::NotProxmox { .. }),
            "{status}: {problem:?}"
        );
        assert!(!problem.to_string().contains('\u{1b}'));
    }
}

#[test]
fn fields_of_a_400_are_kept_and_a_failed_hotplug_is_told_apart() {
    let body = r#"{"errors":{"net2":"hotplug problem - bridge 'vmbr99' does not exist\n"},"message":"x","data":null}"#;
    assert_eq!(
        answer(400, "x", body)
            .envelope("/p", AskedWith::Token)
            .expect_err("400"),
        Problem::HotplugFailed {
            field: "net2".into(),
            why: "bridge 'vmbr99' does not exist".into()
        }
    );
    let body =
        r#"{"errors":{"iface":"interface already exists"},"message":"Parameter verification failed.\n"}"#;
    let problem = answer(400, "x", body)
        .envelope("/p", AskedWith::Token)
        .expect_err("400");
    assert_eq!(
        problem.to_string(),
        "it refused what was asked: iface: interface already exists"
    );
}

#[test]
fn markup_and_length_of_a_server_do_not_reach_a_message() {
    let long = format!("\u{1b}]0;x\u{7}{}", "y".repeat(100_000));
    let text = refused(500, &long).to_string();
    assert!(text.chars().count() < 400 && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn garbage_is_an_error_that_names_the_path() {
    for body in ["", "{", "{\"data\":", "{\"data\":1}}"] {
        let problem = answer(200, "OK", body)
            .envelope("/version", AskedWith::Token)
            .expect_err("it is garbage");
        assert!(problem.to_string().contains("/version"), "{problem}");
    }
}

#[test]
fn a_page_of_a_proxy_with_401_says_nothing_about_the_token_or_the_ticket() {
    let page = answer(401, "Unauthorized", "<html><h1>401</h1></html>");
    for asked_with in [AskedWith::Token, AskedWith::Ticket] {
        let problem = page.envelope("/p", asked_with).expect_err("401");
        assert!(
            matches!(problem, Problem::NotProxmox { status: 401, .. }),
            "{problem}"
        );
    }
}
