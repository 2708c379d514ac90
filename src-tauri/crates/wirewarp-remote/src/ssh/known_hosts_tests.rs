use super::*;
use proptest::prelude::*;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";

fn count(hosts: &str, endpoint: &Endpoint) -> usize {
    let mut found = KnownHosts::default();
    found.read(&format!("{hosts} {KEY} a comment"), Path::new("f"), endpoint);
    found.keys.len()
}

#[test]
fn names_ports_patterns_and_negations() {
    let (plain, custom) = (
        Endpoint::new("VPS.example.com", 22),
        Endpoint::new("vps.example.com", 2222),
    );
    for (hosts, on_22, on_2222) in [
        ("vps.example.com", 1, 0),
        ("[vps.example.com]:2222", 0, 1),
        ("other,vps.example.com,192.0.2.1", 1, 0),
        ("*.example.com", 1, 0),
        ("*.example.com,!vps.*", 0, 0),
        ("[*.example.com]:2222", 0, 1),
        ("example.com", 0, 0),
    ] {
        assert_eq!(
            (count(hosts, &plain), count(hosts, &custom)),
            (on_22, on_2222),
            "{hosts}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_skipped_and_the_rest_is_not() {
    let text = format!(
        "\n# comment\nvps\nvps ssh-ed25519 nonsense\n@strange vps {KEY}\n\tvps   {KEY}\n@revoked vps {KEY}\n"
    );
    let mut found = KnownHosts::default();
    found.read(&text, Path::new("f"), &Endpoint::new("vps", 22));
    assert_eq!((found.keys.len(), found.revoked.len()), (1, 1));
    assert_eq!(found.keys[0].place, "f line 6");
}

proptest! {
    #[test]
    fn a_hashed_name_is_found_again_and_only_that(host in "[a-z]{1,12}\\.[a-z]{2,5}", port in 1u16.., salt in any::<[u8; 20]>()) {
        let endpoint = Endpoint::new(&host, port);
        let mac = Hmac::<Sha1>::new_from_slice(&salt).unwrap().chain_update(endpoint.known_hosts_name());
        let mut hash = [0; 20];
        hash.copy_from_slice(&mac.finalize().into_bytes());
        let hashed = HostPatterns::HashedName { salt: salt.to_vec(), hash }.to_string();
        prop_assert_eq!(count(&hashed, &endpoint), 1);
        prop_assert_eq!(count(&hashed, &Endpoint::new(&format!("x{host}"), port)), 0);
    }

    #[test]
    fn no_file_panics(text in "\\PC{0,300}") {
        KnownHosts::default().read(&text, Path::new("f"), &Endpoint::new("vps", 22));
    }
}
