//! Signing in, two-factor, renewal, expiry; and that no secret is shown.

use std::time::Duration;

use wirewarp_model::Secret;

use super::stub::{Reply, Seen, Stub, quick};
use crate::{Api, Limits, Login, Problem, SecondFactor, Server, SignIn};

fn login() -> Login {
    Login {
        user: "app@pve".parse().unwrap(),
        password: Secret::new("correct horse".into()),
    }
}

fn param<'a>(seen: &'a Seen, name: &str) -> Option<&'a str> {
    seen.params
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

fn ok(data: &str) -> Reply {
    Reply::Answer(200, "OK".into(), format!("{{\"data\":{data}}}"))
}

const VERSION: &str = r#"{"version":"9.2.11","release":"9.2","repoid":"14a22df3"}"#;

/// A Proxmox that gives tickets, numbered, asks for a code, and wants ticket and CSRF token afterwards.
fn host(two_factor: bool) -> impl FnMut(&Seen) -> Reply + Send + 'static {
    let mut given = 0;
    move |seen| {
        if seen.path.ends_with("/access/ticket") {
            given += 1;
            return ticket(seen, two_factor, given);
        }
        let cookie = seen.headers.get("cookie").cloned().unwrap_or_default();
        let csrf = seen.headers.get("csrfpreventiontoken");
        if cookie != format!("PVEAuthCookie=PVE:app@pve:{given}") {
            return Reply::Answer(
                401,
                "permission denied - invalid PVE ticket".into(),
                String::new(),
            );
        }
        if seen.method != "GET" && csrf != Some(&format!("csrf{given}")) {
            return Reply::Answer(
                401,
                "Permission denied - invalid csrf token".into(),
                String::new(),
            );
        }
        ok(if seen.path.ends_with("/version") {
            VERSION
        } else {
            "null"
        })
    }
}

fn ticket(seen: &Seen, two_factor: bool, number: u32) -> Reply {
    let challenge = "PVE:!tfa!{\\\"totp\\\"%3Atrue}:6B02CEE0::c2ln";
    let given = format!(
        r#"{{"username":"app@pve","ticket":"PVE:app@pve:{number}","CSRFPreventionToken":"csrf{number}"}}"#
    );
    match (param(seen, "password"), param(seen, "tfa-challenge")) {
        (Some("correct horse"), None) if two_factor => ok(&format!(
            r#"{{"username":"app@pve","NeedTFA":1,"ticket":"{challenge}","CSRFPreventionToken":"x"}}"#
        )),
        (Some("correct horse"), None) => ok(&given),
        (Some("totp:123456"), Some(asked)) if asked == challenge.replace('\\', "") => ok(&given),
        (Some(renewing), None) if renewing == format!("PVE:app@pve:{}", number - 1) => ok(&given),
        _ => Reply::Answer(401, "authentication failure".into(), String::new()),
    }
}

async fn signed_in(server: &Server) -> Api {
    match SignIn::begin(server, &login()).await.unwrap() {
        SignIn::Done(api) => api,
        SignIn::SecondFactor(_) => panic!("there is no second factor"),
    }
}

#[tokio::test]
async fn a_password_gives_a_ticket_that_reads_and_writes() {
    let stub = Stub::start(host(false)).await;
    let api = signed_in(&stub.server()).await;
    assert_eq!(api.version().await.unwrap().major, 9);
    api.revert_network(&"pve1".parse().unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_told_as_such() {
    let stub = Stub::start(host(false)).await;
    let mut login = login();
    login.password = Secret::new("wrong".into());
    let error = SignIn::begin(&stub.server(), &login).await.unwrap_err();
    assert_eq!(error.code(), "proxmox_login_refused");
    assert!(error.to_string().contains("app@pve"), "{error}");
}

#[tokio::test]
async fn the_second_factor_ends_the_sign_in_and_a_wrong_code_can_be_tried_again() {
    let stub = Stub::start(host(true)).await;
    let SignIn::SecondFactor(challenge) = SignIn::begin(&stub.server(), &login()).await.unwrap() else {
        panic!("a second factor is wanted");
    };
    assert_eq!(challenge.kinds(), ["totp"]);
    let wrong = SecondFactor::Totp(Secret::new("000000".into()));
    let error = challenge.answer(&wrong).await.unwrap_err();
    assert_eq!(error.code(), "proxmox_second_factor_refused");
    // The stub numbers its tickets; the wrong code took one.
    let right = SecondFactor::Totp(Secret::new("123 456".into()));
    let api = challenge.answer(&right).await.unwrap();
    assert_eq!(api.version().await.unwrap().minor, 2);
}

#[tokio::test]
async fn a_factor_that_needs_a_browser_is_refused_with_the_way_out() {
    let data = r#"{"data":{"username":"a@pve","NeedTFA":1,"ticket":"PVE:!tfa!{\"webauthn\"%3A{}}:6B:: "}}"#;
    let stub = Stub::saying(200, "OK", data).await;
    let error = SignIn::begin(&stub.server(), &login()).await.unwrap_err();
    assert_eq!(error.code(), "proxmox_second_factor_unknown");
    assert!(error.hints().concat().contains("API token"));
}

#[tokio::test]
async fn a_ticket_that_is_old_is_renewed_once_before_the_next_call() {
    let stub = Stub::start(host(false)).await;
    let limits = Limits {
        renew_after: Duration::from_millis(300),
        ..quick()
    };
    let server = Server::new(stub.endpoint(), Some(stub.fingerprint), limits).unwrap();
    let api = signed_in(&server).await;
    api.version().await.unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let (one, two) = tokio::join!(api.version(), api.version());
    assert!(one.is_ok() && two.is_ok());
    let tickets = stub
        .seen()
        .iter()
        .filter(|seen| seen.path.ends_with("/ticket"))
        .count();
    assert_eq!(tickets, 2, "one sign-in and one renewal");
}

#[tokio::test]
async fn an_expired_ticket_says_to_sign_in_again() {
    let mut calls = 0;
    let stub = Stub::start(move |seen| {
        calls += 1;
        match calls {
            1 => ticket(seen, false, 1),
            _ => Reply::Answer(
                401,
                "permission denied - invalid PVE ticket".into(),
                String::new(),
            ),
        }
    })
    .await;
    let api = signed_in(&stub.server()).await;
    let error = api.version().await.unwrap_err();
    assert_eq!(
        *error.problem(),
        Problem::SessionExpired("permission denied - invalid PVE ticket".into())
    );
    assert!(error.hints().concat().starts_with("Sign in again"));
    assert_eq!(stub.seen().len(), 2, "a refusal is not repeated");
}

#[tokio::test]
async fn a_revoked_token_is_a_problem_of_its_own_with_the_reason_of_the_status_line() {
    let stub = Stub::saying(401, "no such token 'full' for user 'app@pve'", "").await;
    let error = stub.api().version().await.unwrap_err();
    assert_eq!(
        *error.problem(),
        Problem::TokenRefused("no such token 'full' for user 'app@pve'".into())
    );
    let sent = stub.last().headers["authorization"].clone();
    assert_eq!(
        sent,
        "PVEAPIToken=app@pve!full=00000000-0000-4000-8000-000000000000"
    );
}

#[tokio::test]
async fn no_secret_is_in_what_is_printed_for_debugging() {
    let stub = Stub::start(host(true)).await;
    let printed = match SignIn::begin(&stub.server(), &login()).await.unwrap() {
        SignIn::SecondFactor(challenge) => {
            let code = SecondFactor::Totp(Secret::new("123456".into()));
            let api = challenge.answer(&code).await.unwrap();
            format!("{challenge:?} {code:?} {api:?} {:?} {:?}", login(), stub.api())
        }
        SignIn::Done(_) => panic!("a second factor is wanted"),
    };
    for secret in [
        "correct horse",
        "123456",
        "tfa!",
        "csrf2",
        "PVE:app@pve:2",
        "00000000-0000",
    ] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
    assert!(
        "app@pve!x=hunter2!"
            .parse::<crate::ApiToken>()
            .unwrap_err()
            .to_string()
            .find("hunter2")
            .is_none()
    );
}
