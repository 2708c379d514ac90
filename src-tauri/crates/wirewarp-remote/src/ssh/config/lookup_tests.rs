use super::*;
use proptest::prelude::*;

fn configured(text: &str) -> (SshConfig, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    std::fs::write(&file, text).unwrap();
    (
        SshConfig::load(&[file, "/nonexistent".into()], Some(folder.path())).unwrap(),
        folder,
    )
}

fn query(host: &str) -> Query<'_> {
    Query {
        host,
        port: None,
        user: None,
        local_user: "me",
        home: Some("/home/me".into()),
    }
}

fn lookup(text: &str, host: &str) -> HostConfig {
    configured(text).0.lookup(&query(host)).unwrap()
}

#[test]
fn without_a_word_about_the_host_the_defaults_hold() {
    let found = lookup("Host other\n User root\n", "vps.example.com");
    let expected = HostConfig {
        host_name: "vps.example.com".into(),
        port: 22,
        user: "me".into(),
        identity_files: None,
        identities_only: false,
        identity_agent: IdentityAgent::Default,
        proxy_jump: Vec::new(),
        host_key_alias: None,
        known_hosts: None,
    };
    assert_eq!(found, expected);
}

#[test]
fn the_first_value_wins_and_key_files_add_up() {
    let text = "User first\nIdentityFile ~/a\nHost vps*\n User second\n Port 2222\n IdentityFile \"%d/b %r\"\n\
                Host *\n Port 3333\n IdentityFile /c/%h\n";
    let found = lookup(text, "vps1");
    assert_eq!((found.user.as_str(), found.port), ("first", 2222));
    let files: Vec<PathBuf> = ["/home/me/a", "/home/me/b first", "/c/vps1"]
        .map(PathBuf::from)
        .into();
    let (config, folder) = configured(text);
    assert_eq!(found.identity_files, Some(files));
    let direct = Query {
        port: Some(1),
        user: Some("given"),
        ..query("vps1")
    };
    let found = config.lookup(&direct).unwrap();
    assert_eq!(
        (found.user.as_str(), found.port),
        ("given", 1),
        "{}",
        folder.path().display()
    );
}

#[test]
fn aliases_negations_and_tokens() {
    let text = "Host *.lan !db.lan\n User admin\nHost nas db\n HostName %h.lan\n HostKeyAlias nas-key\n\
                UserKnownHostsFile ~/one \"/two %p\"\n";
    assert_eq!(lookup(text, "web.lan").user, "admin");
    assert_eq!(lookup(text, "db.lan").user, "me");
    let found = lookup(text, "nas");
    assert_eq!(
        (found.host_name.as_str(), found.user.as_str()),
        ("nas.lan", "me"),
        "Host means the name as given"
    );
    assert_eq!(found.host_key_alias.as_deref(), Some("nas-key"));
    assert_eq!(
        found.known_hosts,
        Some(vec!["/home/me/one".into(), "/two 22".into()])
    );
}

#[test]
fn match_blocks_hold_only_when_they_do() {
    let text = "Host a\n HostName real.example\nMatch host real.example user me\n Port 1001\n\
                Match originalhost b,c !localuser you\n Port 1002\nMatch exec \"true\"\n Port 1003\n\
                Match all\n User everyone\n";
    assert_eq!(lookup(text, "a").port, 1001);
    assert_eq!(lookup(text, "c").port, 1002);
    assert_eq!(lookup(text, "d").port, 22, "nothing is run to find out");
    assert_eq!(lookup(text, "d").user, "everyone");
}

#[test]
fn jumps_agents_and_what_switches_them_off() {
    let text = "Host a\n ProxyJump one,me@two:2222\nHost b\n ProxyCommand none\nHost c\n ProxyCommand ssh -q -W %h:%p gate\n\
                Host d\n IdentityAgent none\n IdentitiesOnly yes\n IdentityFile none\nHost e\n ProxyCommand nc %h %p\n\
                Host *\n ProxyJump late\n IdentityAgent ~/agent\n";
    assert_eq!(lookup(text, "a").proxy_jump, ["one", "me@two:2222"]);
    assert_eq!(lookup(text, "b").proxy_jump, [""; 0]);
    assert_eq!(lookup(text, "c").proxy_jump, ["gate"]);
    let d = lookup(text, "d");
    assert_eq!(
        (d.identity_agent, d.identities_only, d.identity_files),
        (IdentityAgent::Off, true, Some(vec![]))
    );
    assert_eq!(
        lookup(text, "x").identity_agent,
        IdentityAgent::Socket("/home/me/agent".into())
    );
    assert!(
        configured(text)
            .0
            .lookup(&query("e"))
            .unwrap_err()
            .contains("ProxyCommand")
    );
}

#[test]
fn included_files_hold_where_they_are_included() {
    let (_, folder) = configured("");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("conf.d")).unwrap();
    std::fs::write(at("conf.d/1.conf"), "Port 1111\nInclude more\nHost z\nUser zed\n").unwrap();
    std::fs::write(at("conf.d/.hidden.conf"), "Port 9999\n").unwrap();
    std::fs::write(at("more"), "User deep\n").unwrap();
    std::fs::write(
        at("config"),
        "Host a\nInclude conf.d/*.conf nothing\nIdentityFile k\nHost *\nUser late\n",
    )
    .unwrap();
    let config = SshConfig::load(&[at("config")], None).unwrap();
    let a = config.lookup(&query("a")).unwrap();
    assert_eq!(
        (a.port, a.user.as_str(), a.identity_files),
        (1111, "deep", Some(vec!["k".into()]))
    );
    let z = config.lookup(&query("z")).unwrap();
    assert_eq!(
        (z.port, z.user.as_str()),
        (22, "late"),
        "a Host inside an include stays inside what includes it"
    );
    std::fs::write(at("config"), "Include config\n").unwrap();
    assert!(
        SshConfig::load(&[at("config")], None)
            .unwrap_err()
            .contains("too deeply")
    );
}

#[test]
fn mistakes_are_named_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    std::fs::write(&file, "User me\nPort \"22\nUser").unwrap();
    let error = SshConfig::load(std::slice::from_ref(&file), None).unwrap_err();
    assert!(error.contains("line 2") && error.contains("quote"), "{error}");
    for (text, part) in [
        ("Port ssh\n", "not a port"),
        ("IdentityFile %C\n", "%C"),
        ("IdentityFile ${WW_NOT_SET}\n", "not set"),
    ] {
        let error = configured(text).0.lookup(&query("a")).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn what_ssh_itself_says_is_what_we_say() {
    let text = "Host a\n HostName 192.0.2.1\nHost b* !b2\n User bee\nMatch originalhost b3\n Port 3\nMatch user bee\n Port 77\n\
                Host *\n User any\n Port 88\n";
    let (config, folder) = configured(text);
    for host in ["a", "b1", "b2", "b3", "c"] {
        let file = folder.path().join("config");
        let output = std::process::Command::new("ssh")
            .arg("-G")
            .arg("-F")
            .arg(&file)
            .arg(host)
            .output();
        let Ok(output) = output else {
            eprintln!("NOT TESTED, ssh is not installed: the same answers as ssh -G");
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let value = |key: &str| {
            said.lines()
                .find_map(|line| line.strip_prefix(key))
                .unwrap()
                .trim()
                .to_owned()
        };
        let ours = config.lookup(&query(host)).unwrap();
        let theirs = (value("hostname "), value("port "), value("user "));
        assert_eq!(
            (ours.host_name, ours.port.to_string(), ours.user),
            theirs,
            "{host}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "((Host|Match|Port|User|Include|IdentityFile|ProxyJump) \\PC{0,20}\n){0,8}") {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        std::fs::write(&file, text).unwrap();
        if let Ok(config) = SshConfig::load(&[file], Some(folder.path())) {
            let _ = config.lookup(&query("host"));
        }
    }
}
