use super::*;
use russh::keys::PrivateKey;
use std::path::Path;

fn key(algorithm: Algorithm) -> HostKey {
    let private = PrivateKey::random(&mut russh::keys::key::safe_rng(), algorithm).unwrap();
    HostKey::from_key(private.public_key().clone())
}

fn ed25519() -> HostKey {
    key(Algorithm::Ed25519)
}

fn ecdsa() -> HostKey {
    key(Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP256,
    })
}

fn files(text: &str) -> KnownHosts {
    let mut found = KnownHosts::default();
    found.read(text, Path::new("known_hosts"), &Endpoint::new("vps", 2222));
    found
}

fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Known => "known",
        Verdict::Unknown => "unknown",
        Verdict::Bad(problem) => problem.code(),
    }
}

#[test]
fn another_key_is_a_change_whatever_its_algorithm() {
    let (known, other, ec) = (ed25519(), ed25519(), ecdsa());
    for known_by in [
        Known {
            own: vec![known.clone()],
            files: KnownHosts::default(),
        },
        Known {
            own: vec![],
            files: files(&format!("[vps]:2222 {known}\n")),
        },
    ] {
        assert_eq!(code(known_by.judge(&known)), "known");
        assert_eq!(code(known_by.judge(&other)), "host_key_changed");
        assert_eq!(code(known_by.judge(&ec)), "host_key_changed");
    }
    assert_eq!(code(Known::default().judge(&known)), "unknown");
}

#[test]
fn our_own_list_outranks_the_files_but_not_a_revocation() {
    let (old, new) = (ed25519(), ed25519());
    let stale = Known {
        own: vec![new.clone()],
        files: files(&format!("[vps]:2222 {old}\n")),
    };
    assert_eq!(code(stale.judge(&new)), "known", "trusted anew with WireWarp");
    assert_eq!(code(stale.judge(&old)), "host_key_changed");
    let revoked = Known {
        own: vec![new.clone()],
        files: files(&format!("@revoked * {new}\n")),
    };
    assert_eq!(code(revoked.judge(&new)), "host_key_revoked");
}

#[test]
fn a_key_known_without_the_port_is_accepted_but_never_a_change() {
    let (known, other) = (ed25519(), ed25519());
    let by_name = Known {
        own: vec![],
        files: files(&format!("vps {known}\n")),
    };
    assert_eq!(code(by_name.judge(&known)), "known", "as ssh does");
    assert_eq!(
        code(by_name.judge(&other)),
        "unknown",
        "another port may be another machine"
    );
}

#[test]
fn known_algorithms_are_negotiated_first_and_unsafe_ones_never() {
    let known = Known {
        own: vec![ecdsa()],
        files: KnownHosts::default(),
    };
    let order = known.algorithms();
    assert_eq!(
        order[0],
        Algorithm::Ecdsa {
            curve: EcdsaCurve::NistP256
        }
    );
    assert_eq!(
        (order.len(), order.contains(&Algorithm::Rsa { hash: None })),
        (6, false)
    );
    assert_eq!(Known::default().algorithms()[0], Algorithm::Ed25519);
}
