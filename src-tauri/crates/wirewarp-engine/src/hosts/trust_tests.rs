use super::*;
use crate::person::SecretQuestion;
use std::sync::atomic::{AtomicUsize, Ordering};
use wirewarp_model::Secret;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFlqGw7tiGqN5uQ1yIZr3Xy0dRw2ryS6wQk0sV1mJd1C";

/// Trusts whatever is asked about, and counts.
#[derive(Default)]
struct Counting(AtomicUsize);

#[async_trait]
impl Person for Counting {
    async fn trusts(&self, _: &HostKeyQuestion) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        true
    }

    async fn trusts_certificate(&self, _: &crate::person::CertificateQuestion) -> bool {
        false
    }

    async fn secret(&self, _: &SecretQuestion) -> Option<Secret> {
        None
    }
}

#[tokio::test]
async fn a_fingerprint_given_beforehand_is_for_one_way_to_one_host() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("inventory.db")).await.unwrap();
    let person = Arc::new(Counting::default());
    let usual = Arc::new(InventoryTrust::new(store, person.clone()));
    let (key, other) = (HostKey::parse(KEY).unwrap(), HostKey::parse(OTHER).unwrap());
    let [vps, jump, home] = ["vps", "jump", "home"].map(|host| Endpoint::new(host, 22));
    let expected = TrustExpected::new(usual.clone(), vps.clone(), &key.fingerprint());

    assert!(matches!(expected.decide(&vps, &other).await, Decision::Refuse));
    assert!(usual.known_keys(&vps).await.is_empty());
    assert!(matches!(expected.decide(&vps, &key).await, Decision::Accept));
    assert_eq!(usual.known_keys(&vps).await, std::slice::from_ref(&key));
    // It may be that of a jump host on the way.
    assert!(matches!(expected.decide(&jump, &key).await, Decision::Accept));
    assert_eq!(person.0.load(Ordering::Relaxed), 0, "the person was asked");

    assert!(matches!(expected.decide(&jump, &other).await, Decision::Accept));
    assert!(matches!(usual.decide(&home, &other).await, Decision::Accept));
    assert_eq!(person.0.load(Ordering::Relaxed), 2, "the person was not asked");
}
