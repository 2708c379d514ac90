//! Hosts behind other hosts.

use wirewarp_remote::ssh::{AuthMethods, Exec, Session, ShellEnd, ShellSaid, Target, TerminalSize};

use crate::support::server::free_port;
use crate::support::{Server, assert_code, connector, me, target};

/// How many connections a server serves now.
fn connections(server: &Server) -> usize {
    let log = std::fs::read_to_string(server.folder().join("sshd.log")).unwrap();
    log.lines()
        .filter(|line| line.starts_with("Accepted publickey"))
        .count()
}

#[tokio::test]
async fn one_jump_connection_serves_several_targets() {
    let (jump, inner) = (Server::start(""), Server::start(""));
    let connector = connector(jump.folder());
    let through = Target {
        jump: Some(Box::new(target(&jump, &[&jump.key]))),
        ..target(&inner, &[&inner.key])
    };
    let (one, two) = tokio::join!(connector.connect(&through), connector.connect(&through));
    let (one, two) = (one.unwrap(), two.unwrap());
    for connection in [&one, &two] {
        let output = connection.exec(Exec::new("echo $SSH_CONNECTION")).await.unwrap();
        assert!(
            output.text().trim().ends_with(&inner.port.to_string()),
            "{}",
            output.text()
        );
    }
    assert_eq!((connections(&jump), connections(&inner)), (1, 2));
    assert!(
        one.endpoint().to_string().contains(" via 127.0.0.1:"),
        "{}",
        one.endpoint()
    );

    // A new one is made when the old one is gone, and a shell says which of the two that is.
    let (_input, mut shell) = two
        .shell(
            TerminalSize {
                columns: 80,
                rows: 24,
            },
            None,
        )
        .await
        .unwrap();
    jump.kill_connections();
    let end = loop {
        if let ShellSaid::Ended(end) = shell.next().await {
            break end;
        }
    };
    let gone = format!("the jump host 127.0.0.1:{} is gone", jump.port);
    assert_eq!(end, ShellEnd::Lost(gone));
    let output = Session::Ssh(one).exec(Exec::new("true")).await;
    assert_code(output, "ssh_connection_lost");
    connector.connect(&through).await.unwrap();
    assert_eq!(connections(&jump), 2);
}

#[tokio::test]
async fn a_chain_of_jumps_comes_from_the_configuration() {
    let (first, second, last) = (Server::start(""), Server::start(""), Server::start(""));
    let home = first.folder();
    let connector = connector(home);
    let hop = |name: &str, server: &Server| {
        format!(
            "Host {name}\n HostName 127.0.0.1\n Port {}\n User {}\n IdentityFile {}\n",
            server.port,
            me(),
            server.key.display()
        )
    };
    let inner = format!(
        "{}{}{}",
        hop("first", &first),
        hop("second", &second),
        hop("home-*", &last)
    );
    std::fs::write(home.join(".ssh/inner"), inner).unwrap();
    std::fs::write(
        home.join(".ssh/config"),
        "Host home-* !home-lan\n ProxyJump first,second\nHost *\nInclude inner\n",
    )
    .unwrap();
    let named = Target {
        auth: AuthMethods::default(),
        ..Target::new("home-pve")
    };
    let connection = connector.connect(&named).await.unwrap();
    let way = connection.endpoint().to_string();
    let expected = format!(
        "127.0.0.1:{} via 127.0.0.1:{} via 127.0.0.1:{}",
        last.port, second.port, first.port
    );
    assert_eq!(way, expected);
    let direct = connector
        .connect(&Target {
            address: "home-lan".into(),
            ..named
        })
        .await
        .unwrap();
    assert_eq!(direct.endpoint().to_string(), format!("127.0.0.1:{}", last.port));
}

#[tokio::test]
async fn jumps_that_fail_say_which_host_is_to_blame() {
    let jump = Server::start("");
    let connector = connector(jump.folder());
    let by = |jump: &Server| Some(Box::new(target(jump, &[&jump.key])));
    let inner = Server::start("");
    let nowhere = Target {
        jump: by(&jump),
        port: Some(free_port()),
        ..target(&inner, &[&inner.key])
    };
    let error = assert_code(connector.connect(&nowhere).await, "ssh_jump_refused");
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{}", jump.port)),
        "{error}"
    );
    let closed = Server::start("AllowTcpForwarding no");
    let forbidden = Target {
        jump: by(&closed),
        ..target(&inner, &[&inner.key])
    };
    assert_code(connector.connect(&forbidden).await, "ssh_jump_refused");

    std::fs::write(
        jump.folder().join(".ssh/config"),
        "Host a\nProxyJump b\nHost b\nProxyJump a\n",
    )
    .unwrap();
    let circle = connector.connect(&Target::new("a")).await;
    assert!(assert_code(circle, "ssh_config").to_string().contains("circle"));
    std::fs::write(
        jump.folder().join(".ssh/config"),
        "Host a\nProxyCommand nc %h %p\n",
    )
    .unwrap();
    let command = connector.connect(&Target::new("a")).await;
    assert!(
        assert_code(command, "ssh_config")
            .to_string()
            .contains("ProxyCommand")
    );
}
