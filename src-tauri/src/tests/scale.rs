use super::support::{Stage, draft};
use crate::commands::reads::{conflicts, list_forwards};
use std::time::Instant;
use uuid::Uuid;
use wirewarp_model::{ForwardId, PortForwardPorts, Protocols};

/// An unoptimised build under load is many times slower than the program; the limits only catch another order of growth.
#[tokio::test]
async fn tens_of_thousands_of_forwards_are_listed_and_a_draft_is_judged_at_once() {
    let stage = Stage::furnished().await;
    stage
        .put(|inventory| {
            let model = inventory.forwards[0].clone();
            for port in 1024_u16..=26_023 {
                if port == 25_565 {
                    continue;
                }
                let mut forward = model.clone();
                forward.id = ForwardId(Uuid::new_v4());
                forward.ports = PortForwardPorts::Ports {
                    protocols: Protocols::Tcp,
                    mappings: port.to_string().parse().unwrap(),
                };
                inventory.forwards.push(forward);
            }
        })
        .await;
    let began = Instant::now();
    let rows = list_forwards(&stage.desktop).await.unwrap();
    let text = serde_json::to_string(&rows).unwrap();
    assert_eq!(rows.len(), 25_000);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert!(text.len() < 12_000_000, "{} bytes", text.len());
    let first = conflicts(&stage.desktop, draft("2000", "tcp"), None)
        .await
        .unwrap();
    assert_eq!(first.len(), 1);
    let began = Instant::now();
    for port in ["2001", "30000", "3000-3010"] {
        conflicts(&stage.desktop, draft(port, "tcp"), None).await.unwrap();
    }
    let each = began.elapsed() / 3;
    assert!(each.as_millis() < 500, "{each:?}");
    eprintln!("a draft over 25,000 forwards of one peer: {each:?}");
}
