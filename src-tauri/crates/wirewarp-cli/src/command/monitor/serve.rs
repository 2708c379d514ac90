//! `/metrics` and `/healthz` over HTTP.

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use wirewarp_engine::watch::{HealthPart, Watching, prometheus};

use crate::{context::Failure, output};

/// Requests that are answered side by side; who asks more waits.
const AT_ONCE: usize = 16;

/// Longest wait for a request's head.
const HEAD: Duration = Duration::from_secs(10);

pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    if !address.ip().is_loopback() {
        output::note(&format!(
            "{address} can be reached from other machines, and anybody there can read the figures."
        ));
    }
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Usage(format!("--listen {address}: {error}")))
}

/// Serves until it is aborted.
pub async fn serve(listener: TcpListener, watching: Arc<Watching>, interval: Duration) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = room.clone().acquire_owned().await else {
            return;
        };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a request could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let watching = Arc::downgrade(&watching);
        tokio::spawn(async move {
            let answer = service_fn(move |request| {
                let response = match watching.upgrade() {
                    Some(watching) => answer(&request, &watching, interval),
                    None => plain(StatusCode::SERVICE_UNAVAILABLE, "ending\n".into()),
                };
                async { Ok::<_, Infallible>(response) }
            });
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), answer)
                .await;
            if let Err(error) = served {
                tracing::debug!(%error, "a request broke off");
            }
            drop(place);
        });
    }
}

fn answer(request: &Request<Incoming>, watching: &Watching, interval: Duration) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "GET only\n".into());
    }
    match request.uri().path() {
        "/metrics" => {
            let text = prometheus(&watching.now(), watching.is_recording());
            with_type(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
        }
        "/healthz" => health(&watching.health(interval)),
        _ => plain(StatusCode::NOT_FOUND, "There are /metrics and /healthz.\n".into()),
    }
}

fn health(parts: &[HealthPart]) -> Response<Full<Bytes>> {
    let status = if parts.iter().all(|part| part.ok) {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let text = serde_json::to_string(parts).unwrap_or_default();
    with_type(status, "application/json", text + "\n")
}

fn plain(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    with_type(status, "text/plain; charset=utf-8", text)
}

fn with_type(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}
