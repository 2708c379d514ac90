use super::*;

fn hop(text: &str) -> (Option<String>, String, Option<u16>) {
    read_hop(text).unwrap()
}

#[test]
fn hops_are_read_in_every_form() {
    let plain = |user: Option<&str>, host: &str, port| (user.map(str::to_owned), host.to_owned(), port);
    assert_eq!(hop("gate"), plain(None, "gate", None));
    assert_eq!(hop("me@gate:2222"), plain(Some("me"), "gate", Some(2222)));
    assert_eq!(hop("me@corp@gate"), plain(Some("me@corp"), "gate", None));
    assert_eq!(hop("ssh://me@gate:22/"), plain(Some("me"), "gate", Some(22)));
    assert_eq!(hop("[2001:db8::1]:22"), plain(None, "2001:db8::1", Some(22)));
    assert_eq!(hop("2001:db8::1"), plain(None, "2001:db8::1", None));
    for bad in ["", "me@", "gate:port", "gate:99999", "[::1]22"] {
        assert!(read_hop(bad).is_err(), "{bad}");
    }
}

#[test]
fn hosts_that_the_configuration_names_are_listed_with_where_they_lead() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    let text = "Host nyc ams *.example\n  User root\nHost nyc\n  HostName 203.0.113.10\n  Port 2222\n  ProxyJump gate\n\
                Host !x *\n  User me\n";
    std::fs::write(&config, text).unwrap();
    let files = SshFiles {
        home: Some(home.path().into()),
        config: vec![config],
        local_user: "me".into(),
        ..SshFiles::default()
    };
    let named = files.named_hosts().unwrap();
    let short: Vec<(&str, &str)> = named
        .iter()
        .map(|(alias, to)| (alias.as_str(), to.as_str()))
        .collect();
    assert_eq!(
        short,
        [("nyc", "root@203.0.113.10:2222 via gate"), ("ams", "root@ams")]
    );
}

#[test]
fn default_keys_are_used_only_when_nothing_else_is_named() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".ssh")).unwrap();
    std::fs::write(home.path().join(".ssh/id_rsa"), "").unwrap();
    let files = SshFiles {
        home: Some(home.path().into()),
        local_user: "me".into(),
        ..SshFiles::default()
    };
    let route = resolve(&Target::new("Vps"), &files).unwrap();
    assert_eq!(route.credentials.usual_files, [home.path().join(".ssh/id_rsa")]);
    assert_eq!(
        (route.user.as_str(), route.endpoint(None).to_string().as_str()),
        ("me", "vps")
    );
    let mut more = Target::new("jump");
    more.auth.more_key_files = vec!["~/mine".into(), "~/.ssh/id_rsa".into()];
    let route = resolve(&more, &files).unwrap();
    let usual = [home.path().join(".ssh/id_rsa"), home.path().join("mine")];
    assert_eq!(route.credentials.usual_files, usual, "each is tried once");
    let mut named = Target::new("vps");
    named.auth.key_files = vec!["~/mine".into()];
    let route = resolve(&named, &files).unwrap();
    assert!(route.credentials.usual_files.is_empty());
    assert_eq!(route.credentials.named_files, [home.path().join("mine")]);
}

#[test]
fn the_same_private_address_behind_two_jumps_is_two_hosts() {
    let route = resolve(&Target::new("10.0.0.2"), &SshFiles::default()).unwrap();
    let (one, two) = (Endpoint::new("one", 22), Endpoint::new("two", 22));
    assert_ne!(route.endpoint(Some(&one)), route.endpoint(Some(&two)));
    assert_eq!(route.endpoint(Some(&one)).to_string(), "10.0.0.2 via one");
}
