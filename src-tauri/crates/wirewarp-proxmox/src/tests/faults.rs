//! What a host, a proxy or a network can do to a call.

use std::time::{Duration, Instant};

use super::stub::{Reply, Stub, quick, token};
use crate::{Api, Fingerprint, Limits, Problem, Server};

const VERSION: &str = r#"{"data":{"version":"9.2.11","release":"9.2","repoid":"14a22df3"}}"#;

fn with_pin(stub: &Stub, pin: Option<Fingerprint>) -> Api {
    Api::with_token(Server::new(stub.endpoint(), pin, quick()).unwrap(), &token())
}

#[tokio::test]
async fn the_first_connection_tells_the_fingerprint_and_sends_nothing() {
    let stub = Stub::saying(200, "OK", VERSION).await;
    let error = with_pin(&stub, None).version().await.unwrap_err();
    let offered = stub.fingerprint;
    assert_eq!(*error.problem(), Problem::CertificateUnknown { offered });
    assert!(error.to_string().contains(&offered.to_string()));
    assert!(stub.seen().is_empty());
    let api = with_pin(&stub, Some(offered));
    assert_eq!(api.version().await.unwrap().to_string(), "9.2.11");
}

#[tokio::test]
async fn a_changed_certificate_is_refused_with_both_fingerprints_and_sends_nothing() {
    let stub = Stub::saying(200, "OK", VERSION).await;
    let pinned = Fingerprint::of(b"another certificate");
    let error = with_pin(&stub, Some(pinned)).version().await.unwrap_err();
    let offered = stub.fingerprint;
    assert_eq!(*error.problem(), Problem::CertificateChanged { offered, pinned });
    let text = error.to_string();
    assert!(text.contains(&offered.to_string()) && text.contains(&pinned.to_string()));
    assert!(error.is_distrust() && stub.seen().is_empty());
}

#[tokio::test]
async fn a_port_where_nobody_listens_and_one_without_tls_are_told_apart() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = listener.local_addr().unwrap().to_string().parse().unwrap();
    let server = Server::new(endpoint, None, quick()).unwrap();
    let api = Api::with_token(server, &token());
    let plain = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncWriteExt;
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").await;
        }
    });
    assert_eq!(api.version().await.unwrap_err().code(), "proxmox_tls_failed");
    plain.abort();
    let _ = plain.await;
    assert_eq!(api.version().await.unwrap_err().code(), "proxmox_unreachable");
}

#[tokio::test]
async fn an_answer_that_ends_early_is_read_again_and_then_told() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":{\"ver".to_vec();
    let stub = Stub::start(move |_| Reply::Raw(cut.clone())).await;
    let error = stub.api().version().await.unwrap_err();
    assert_eq!(*error.problem(), Problem::Truncated { changing: false });
    assert_eq!(stub.seen().len(), 3, "one attempt and two more");
}

#[tokio::test]
async fn a_change_is_sent_once_and_its_loss_says_that_it_may_have_been_made() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{".to_vec();
    let stub = Stub::start(move |_| Reply::Raw(cut.clone())).await;
    let error = stub
        .api()
        .revert_network(&"pve1".parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(*error.problem(), Problem::Truncated { changing: true });
    assert!(
        error.is_in_doubt() && error.to_string().contains("not known"),
        "{error}"
    );
    assert_eq!(stub.seen().len(), 1);
}

#[tokio::test]
async fn a_reading_call_survives_one_failure_of_a_node_in_between() {
    let mut calls = 0;
    let stub = Stub::start(move |_| {
        calls += 1;
        match calls {
            1 => Reply::Answer(595, "Connection refused".into(), String::new()),
            _ => Reply::Answer(200, "OK".into(), VERSION.into()),
        }
    })
    .await;
    assert!(stub.api().version().await.is_ok());
    assert_eq!(stub.seen().len(), 2);
}

#[tokio::test]
async fn a_node_that_stays_away_is_told_with_the_reason() {
    let stub = Stub::saying(
        596,
        "tls_process_server_certificate: certificate verify failed",
        "",
    )
    .await;
    let error = stub.api().version().await.unwrap_err();
    assert_eq!(error.code(), "proxmox_node_unreachable");
    assert!(error.to_string().contains("certificate verify failed"), "{error}");
}

#[tokio::test]
async fn an_answer_over_the_bound_is_not_read_to_its_end() {
    let huge = format!("{{\"data\":\"{}\"}}", "x".repeat(10 << 20));
    let stub = Stub::saying(200, "OK", &huge).await;
    let error = stub.api().guests().await.unwrap_err();
    assert_eq!(*error.problem(), Problem::TooLarge { most: 1 << 20 });
    assert_eq!(stub.seen().len(), 1, "it would be as large again");
}

#[tokio::test]
async fn an_endless_answer_ends_at_the_bound_too() {
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.extend(std::iter::repeat_n(b' ', 4 << 20));
    let stub = Stub::start(move |_| Reply::Raw(endless.clone())).await;
    let error = stub.api().guests().await.unwrap_err();
    assert_eq!(*error.problem(), Problem::TooLarge { most: 1 << 20 });
}

#[tokio::test]
async fn a_page_of_a_proxy_is_told_as_such() {
    let page = "<!DOCTYPE html><title>Guest WiFi</title><script>alert(1)</script>";
    let stub = Stub::saying(200, "OK", page).await;
    let error = stub.api().nodes().await.unwrap_err();
    assert_eq!(error.code(), "proxmox_not_proxmox");
    assert!(error.hints().concat().contains("/api2/json"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Stub::saying(200, "OK", VERSION).await;
    let to = format!(
        "HTTP/1.1 302 Found\r\nlocation: https://{}/\r\ncontent-length: 0\r\n\r\n",
        elsewhere.endpoint()
    );
    let stub = Stub::start(move |_| Reply::Raw(to.clone().into_bytes())).await;
    assert!(stub.api().version().await.is_err());
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_silent_host_is_waited_for_no_longer_than_the_limit() {
    let stub = Stub::start(|_| Reply::Silence).await;
    let limits = Limits {
        request: Duration::from_millis(200),
        retries: Vec::new(),
        ..quick()
    };
    let server = Server::new(stub.endpoint(), Some(stub.fingerprint), limits).unwrap();
    let begun = Instant::now();
    let error = Api::with_token(server, &token()).version().await.unwrap_err();
    let after = Duration::from_millis(200);
    assert_eq!(
        *error.problem(),
        Problem::TimedOut {
            after,
            changing: false
        }
    );
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_host_that_hangs_is_not_asked_again_and_one_that_fails_at_once_is() {
    let stub = Stub::start(|_| Reply::Silence).await;
    let limits = Limits {
        read: Duration::from_millis(200),
        retry_within: Duration::from_millis(100),
        ..quick()
    };
    let server = Server::new(stub.endpoint(), Some(stub.fingerprint), limits).unwrap();
    let error = Api::with_token(server, &token()).version().await.unwrap_err();
    assert_eq!(error.code(), "proxmox_timed_out");
    assert_eq!(stub.seen().len(), 1, "it would hang again");
    let busy = Stub::saying(595, "Connection refused", "").await;
    assert!(busy.api().version().await.is_err());
    assert_eq!(busy.seen().len(), 3);
}

#[tokio::test]
async fn a_reading_call_of_a_host_that_never_answers_takes_seconds_in_all() {
    let Limits {
        connect,
        read,
        retries,
        retry_within,
        ..
    } = Limits::default();
    // The last attempt begins, after its wait, at the latest then.
    let last = retry_within + retries.into_iter().max().unwrap_or_default();
    assert!(last + connect.max(read) <= Duration::from_secs(25));
}
