//! sudo with and without a password, wrong passwords, and accounts that cannot.

use std::process::Command;

use wirewarp_model::Secret;
use wirewarp_remote::ssh::{AuthMethods, Exit, Privilege, Script, Session, Target};

use crate::support::account::Account;
use crate::support::{Server, assert_code, connector, is_root, target};

struct Host {
    account: Account,
    server: Server,
    session: Session,
}

impl Host {
    /// A host with an account that has `rule` in sudoers; `None` when the tests cannot make one.
    async fn with(rule: Option<&str>) -> Option<Self> {
        let sudo = Command::new("sudo").arg("-V").output().is_ok();
        if !sudo {
            eprintln!("NOT TESTED, sudo is not installed: becoming root by sudo");
        }
        if !sudo || !is_root("becoming root by sudo") {
            return None;
        }
        let account = Account::create();
        if let Some(rule) = rule {
            account.sudoers(rule);
        }
        let server = Server::start("");
        let auth = AuthMethods {
            key_files: vec![server.key.clone()],
            ..AuthMethods::default()
        };
        let target = Target {
            user: Some(account.name.clone()),
            auth,
            ..target(&server, &[])
        };
        let session = Session::Ssh(connector(server.folder()).connect(&target).await.unwrap());
        Some(Self {
            account,
            server,
            session,
        })
    }

    async fn run_as(&self, privilege: &Privilege, text: &str) -> (String, Exit) {
        let output = self
            .session
            .run_script(privilege, Script::new(text), &mut |_| ())
            .await
            .unwrap();
        (output.text(), output.exit)
    }

    fn password(&self) -> Secret {
        Secret::new(self.account.password.clone())
    }
}

#[tokio::test]
async fn root_itself_needs_nothing() {
    if !is_root("running as root") {
        return;
    }
    let (_server, connection) = crate::support::connected().await;
    let session = Session::Ssh(connection);
    assert!(matches!(
        session.find_privilege(None).await.unwrap(),
        Privilege::Root
    ));
}

#[tokio::test]
async fn sudo_without_a_password() {
    let Some(host) = Host::with(Some("ALL=(ALL) NOPASSWD: ALL")).await else {
        return;
    };
    let found = host.session.find_privilege(None).await.unwrap();
    assert!(matches!(found, Privilege::Sudo { password: None }), "{found:?}");
    assert_eq!(
        host.run_as(&found, "id -u; exit 5").await,
        ("0\n".into(), Exit::Code(5))
    );
    // A password that sudo does not ask for is neither run nor refused.
    let needless = Privilege::Sudo {
        password: Some(host.password()),
    };
    assert_eq!(
        host.run_as(&needless, "id -u; cat").await,
        ("0\n".into(), Exit::Code(0))
    );
}

#[tokio::test]
async fn sudo_with_a_password() {
    let Some(host) = Host::with(Some("ALL=(ALL) ALL")).await else {
        return;
    };
    assert_code(host.session.find_privilege(None).await, "sudo_password_required");
    let privilege = host.session.find_privilege(Some(&host.password())).await.unwrap();
    let big = format!("id -u\n# {}\necho end", "x".repeat(2_000_000));
    for text in ["id -u; echo end", big.as_str()] {
        assert_eq!(
            host.run_as(&privilege, text).await,
            ("0\nend\n".into(), Exit::Code(0))
        );
    }
    assert!(!format!("{privilege:?}").contains("secret"), "{privilege:?}");
}

#[tokio::test]
async fn sudo_in_the_settings_that_distributions_ship() {
    let Some(host) = Host::with(None).await else {
        return;
    };
    let privilege = Privilege::Sudo {
        password: Some(host.password()),
    };
    let big = format!("id -u\n# {}\necho end", "x".repeat(500_000));
    for setting in [
        "use_pty",
        "timestamp_timeout=0",
        "passwd_tries=1",
        "log_output",
        "lecture=always",
    ] {
        host.account.sudoers_with("ALL=(ALL) ALL", setting);
        assert_eq!(
            host.run_as(&privilege, &big).await,
            ("0\nend\n".into(), Exit::Code(0)),
            "{setting}"
        );
    }
    host.account.sudoers_with("ALL=(ALL) ALL", "requiretty");
    let result = host
        .session
        .run_script(&privilege, Script::new("id -u"), &mut |_| ())
        .await;
    let error = assert_code(result, "sudo_denied");
    assert!(error.to_string().contains("tty"), "{error}");
}

#[tokio::test]
async fn accounts_that_run_nothing_say_why() {
    let Some(host) = Host::with(None).await else {
        return;
    };
    // PAM looks at the age of the password even when a key opens the account.
    let server = Server::start("UsePAM yes");
    let run_anew = async || {
        let user = Some(host.account.name.clone());
        let account = Target {
            user,
            ..target(&server, &[&server.key])
        };
        let session = Session::from(connector(server.folder()).connect(&account).await.unwrap());
        session
            .run_script(&Privilege::Root, Script::new("id"), &mut |_| ())
            .await
    };
    crate::support::run("usermod", &["-s", "/usr/sbin/nologin", &host.account.name]);
    let error = assert_code(run_anew().await, "ssh_shell_unusable");
    assert!(error.to_string().contains("not available"), "{error}");
    crate::support::run("usermod", &["-s", "/bin/sh", &host.account.name]);
    crate::support::run("chage", &["-d", "0", &host.account.name]);
    assert_code(run_anew().await, "ssh_password_expired");
}

#[tokio::test]
async fn a_wrong_sudo_password_runs_nothing() {
    let Some(host) = Host::with(Some("ALL=(ALL) ALL")).await else {
        return;
    };
    let mark = host.server.folder().join("ran");
    let text = format!("touch {}", mark.display());
    for wrong in ["wrong", "", "touch /tmp/x; id", "$(id)"] {
        let wrong = Privilege::Sudo {
            password: Some(Secret::new(wrong.to_owned())),
        };
        let result = host
            .session
            .run_script(&wrong, Script::new(&text), &mut |_| ())
            .await;
        assert_code(result, "sudo_password_wrong");
    }
    let none = Privilege::Sudo { password: None };
    let result = host
        .session
        .run_script(&none, Script::new(&text), &mut |_| ())
        .await;
    assert_code(result, "sudo_password_required");
    assert!(!mark.exists());
}

#[tokio::test]
async fn an_account_that_may_not_use_sudo_is_told() {
    let Some(host) = Host::with(None).await else {
        return;
    };
    let privilege = Privilege::Sudo {
        password: Some(host.password()),
    };
    let result = host
        .session
        .run_script(&privilege, Script::new("id -u"), &mut |_| ())
        .await;
    assert_code(result, "sudo_denied");
}
