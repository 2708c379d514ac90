//! Logging in with the agent, with passwords, and with too much.

use wirewarp_model::Secret;
use wirewarp_remote::ssh::{AuthMethods, Exec, Target};

use crate::support::account::Account;
use crate::support::agent::Agent;
use crate::support::{Server, assert_code, connector, is_root, make_key, run, target};

#[tokio::test]
async fn the_agent_opens_the_account_alone_and_for_encrypted_files() {
    let server = Server::start("");
    let home = server.folder().to_owned();
    let agent = Agent::start();
    agent.add(&server.key);
    let config = format!("IdentityAgent {}\n", agent.socket.display());
    let connector = connector(&home);
    std::fs::write(home.join(".ssh/config"), &config).unwrap();
    let alone = Target {
        auth: AuthMethods {
            agent: true,
            ..AuthMethods::default()
        },
        use_ssh_config: true,
        ..target(&server, &[])
    };
    connector.connect(&alone).await.unwrap();

    // The same key encrypted: the agent signs, nobody is asked.
    let locked = home.join("locked");
    std::fs::copy(&server.key, &locked).unwrap();
    run(
        "ssh-keygen",
        &[
            "-q",
            "-p",
            "-P",
            "",
            "-N",
            "hidden",
            "-f",
            locked.to_str().unwrap(),
        ],
    );
    let mut encrypted = alone.clone();
    encrypted.auth.key_files = vec![locked.clone()];
    connector.connect(&encrypted).await.unwrap();

    // The public half named in the configuration picks that key out of the agent.
    let public = server.key.with_extension("pub");
    let config = format!("{config}IdentitiesOnly yes\nIdentityFile {}\n", public.display());
    std::fs::write(home.join(".ssh/config"), config).unwrap();
    connector.connect(&alone).await.unwrap();
    assert_code(
        connector
            .connect(&Target {
                auth: AuthMethods::default(),
                ..alone
            })
            .await,
        "ssh_no_credentials",
    );
}

#[tokio::test]
async fn an_agent_that_is_gone_is_named() {
    let server = Server::start("");
    let home = server.folder();
    let connector = connector(home);
    std::fs::write(home.join(".ssh/config"), "IdentityAgent ~/gone\n").unwrap();
    let auth = AuthMethods {
        agent: true,
        ..AuthMethods::default()
    };
    let target = Target {
        auth,
        use_ssh_config: true,
        ..target(&server, &[])
    };
    assert_code(connector.connect(&target).await, "ssh_agent_unavailable");
}

#[tokio::test]
async fn too_many_keys_are_told_and_one_named_key_still_works() {
    let server = Server::start("MaxAuthTries 3");
    let home = server.folder();
    let agent = Agent::start();
    for n in 0..6 {
        agent.add(&make_key(home, &format!("wrong{n}"), &["-t", "ed25519"]));
    }
    agent.add(&server.key);
    let connector = connector(home);
    std::fs::write(
        home.join(".ssh/config"),
        format!("IdentityAgent {}\n", agent.socket.display()),
    )
    .unwrap();
    let auth = AuthMethods {
        agent: true,
        ..AuthMethods::default()
    };
    let mut target = Target {
        auth,
        use_ssh_config: true,
        ..target(&server, &[])
    };
    assert_code(connector.connect(&target).await, "ssh_too_many_attempts");
    target.auth.key_files = vec![server.key.clone()];
    connector.connect(&target).await.unwrap();
}

#[tokio::test]
async fn a_key_that_the_host_does_not_know_is_named_in_the_error() {
    let server = Server::start("");
    let stranger = make_key(server.folder(), "stranger", &["-t", "ed25519"]);
    let error = assert_code(
        connector(server.folder())
            .connect(&target(&server, &[&stranger]))
            .await,
        "ssh_keys_refused",
    );
    assert!(
        error.to_string().contains("stranger") && error.to_string().contains("publickey"),
        "{error}"
    );
}

#[tokio::test]
async fn keys_are_rotated_by_the_configuration_alone() {
    let server = Server::start("");
    let home = server.folder();
    let connector = connector(home);
    let (old, new) = (
        make_key(home, "old_key", &["-t", "ed25519"]),
        make_key(home, "new_key", &["-t", "ed25519"]),
    );
    server.authorize(&new);
    let target = Target {
        use_ssh_config: true,
        ..target(&server, &[])
    };
    std::fs::write(
        home.join(".ssh/config"),
        format!("IdentityFile {}\n", old.display()),
    )
    .unwrap();
    assert_code(connector.connect(&target).await, "ssh_keys_refused");
    std::fs::write(
        home.join(".ssh/config"),
        "Host 127.*\nIdentityFile ~/%n_missing\nIdentityFile ~/new_key\n",
    )
    .unwrap();
    connector.connect(&target).await.unwrap();
}

#[tokio::test]
async fn passwords_work_by_both_methods_and_wrong_ones_are_told() {
    if !is_root("passwords") {
        return;
    }
    let account = Account::create();
    let plain = Server::start("PasswordAuthentication yes");
    let by_pam = Server::start("UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes");
    for server in [&plain, &by_pam] {
        let home = tempfile::tempdir().unwrap();
        let connector = connector(home.path());
        let with = |password: &str| {
            let password = Some(Secret::new(password.to_owned()));
            let auth = AuthMethods {
                password,
                ..AuthMethods::default()
            };
            Target {
                user: Some(account.name.clone()),
                auth,
                ..target(server, &[])
            }
        };
        let connection = connector.connect(&with(&account.password)).await.unwrap();
        let output = connection.exec(Exec::new("id -un")).await.unwrap();
        assert_eq!(output.text().trim(), account.name);
        let error = assert_code(connector.connect(&with("wrong")).await, "ssh_password_wrong");
        assert!(
            !format!("{error:?}").contains("wrong\""),
            "the password shows: {error:?}"
        );
        let nothing = Target {
            auth: AuthMethods::default(),
            ..with("")
        };
        assert_code(connector.connect(&nothing).await, "ssh_no_credentials");
    }
}

#[tokio::test]
async fn a_host_that_wants_a_key_and_a_password_gets_both() {
    if !is_root("two factors") {
        return;
    }
    let account = Account::create();
    let server = Server::start("PasswordAuthentication yes\nAuthenticationMethods publickey,password");
    let password = Some(Secret::new(account.password.clone()));
    for key_files in [vec![server.key.clone()], vec![]] {
        let auth = AuthMethods {
            key_files,
            agent: false,
            password: password.clone(),
            ..AuthMethods::default()
        };
        let named = !auth.key_files.is_empty();
        let target = Target {
            user: Some(account.name.clone()),
            auth,
            ..target(&server, &[])
        };
        let result = connector(server.folder()).connect(&target).await;
        assert_eq!(result.is_ok(), named, "{result:?}");
    }
}
