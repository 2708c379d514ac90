//! Terminals for a person.

use std::time::{Duration, Instant};

use wirewarp_remote::ssh::{Exit, ShellEnd, ShellInput, ShellOutput, ShellSaid, Target, TerminalSize};

use crate::support::{Server, connector, target};

const SIZE: TerminalSize = TerminalSize {
    columns: 90,
    rows: 30,
};

async fn shell(server: &Server, target: &Target) -> (ShellInput, ShellOutput) {
    let connector = connector(server.folder()).for_terminals();
    connector
        .connect(target)
        .await
        .unwrap()
        .shell(SIZE, None)
        .await
        .unwrap()
}

/// Reads until the text has `what` in it.
async fn until(output: &mut ShellOutput, what: &str) -> String {
    let mut text = String::new();
    let reading = async {
        while !text.contains(what) {
            match output.next().await {
                ShellSaid::Bytes(bytes) => text.push_str(&String::from_utf8_lossy(&bytes)),
                ShellSaid::Ended(end) => panic!("{end:?} after {text:?}"),
            }
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(20), reading)
        .await
        .is_ok();
    assert!(in_time, "no {what:?} in {text:?}");
    text
}

async fn end(output: &mut ShellOutput) -> ShellEnd {
    loop {
        if let ShellSaid::Ended(end) = output.next().await {
            return end;
        }
    }
}

#[tokio::test]
async fn a_shell_has_the_terminal_that_was_asked_for() {
    let server = Server::start("");
    let (input, mut output) = shell(&server, &target(&server, &[&server.key])).await;
    input.write(b"stty size; echo $TERM\n").await.unwrap();
    let said = until(&mut output, "xterm-256color").await;
    assert!(said.contains("30 90"), "{said:?}");
    input
        .resize(TerminalSize {
            columns: 100,
            rows: 50,
        })
        .await
        .unwrap();
    input.write(b"stty size; exit 3\n").await.unwrap();
    until(&mut output, "50 100").await;
    assert_eq!(end(&mut output).await, ShellEnd::Exit(Exit::Code(3)));
    assert_eq!(
        end(&mut output).await,
        ShellEnd::Exit(Exit::Code(3)),
        "the end stays the end"
    );
}

#[tokio::test]
async fn what_nobody_reads_waits_on_the_host() {
    let server = Server::start("");
    let (input, mut output) = shell(&server, &target(&server, &[&server.key])).await;
    input
        .write(b"stty -echo; yes 0123456789; echo rea'dy'\n")
        .await
        .unwrap();
    until(&mut output, "0123456789\r\n0123456789").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let typed = tokio::spawn(async move { input.write(b"\x03echo rea'dy'\n").await });
    let began = Instant::now();
    let rest = until(&mut output, "ready").await;
    assert!(
        rest.len() < 4 * 1024 * 1024,
        "{} bytes were on their way",
        rest.len()
    );
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    typed.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_shell_works_behind_a_jump_host() {
    let (jump, inner) = (Server::start(""), Server::start(""));
    let through = Target {
        jump: Some(Box::new(target(&jump, &[&jump.key]))),
        ..target(&inner, &[&inner.key])
    };
    let (input, mut output) = shell(&jump, &through).await;
    input.write(b"echo by $SSH_CONNECTION\n").await.unwrap();
    until(&mut output, &format!(" {}\r\n", inner.port)).await;
    inner.kill_connections();
    assert!(matches!(end(&mut output).await, ShellEnd::Lost(_)));
}

#[tokio::test]
async fn a_host_that_gives_no_terminal_is_told_from_one_that_is_gone() {
    let server = Server::start("PermitTTY no\nForceCommand /nonexistent");
    let (_, mut output) = shell(&server, &target(&server, &[&server.key])).await;
    let end = end(&mut output).await;
    assert!(matches!(end, ShellEnd::Refused | ShellEnd::Exit(_)), "{end:?}");
}
