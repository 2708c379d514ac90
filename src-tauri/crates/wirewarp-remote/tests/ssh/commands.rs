//! Running commands over a connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wirewarp_remote::ssh::{
    Connector, Decision, Exec, ExecLimits, Exit, Limits, NoPrompt, Privilege, Script, Session,
};

use crate::support::{Memory, Server, assert_code, connected, connector, files, limits, target};

#[tokio::test]
async fn a_command_gives_its_output_its_errors_and_its_status() {
    let (_server, connection) = connected().await;
    let output = connection
        .exec(Exec::new("echo out; echo err >&2; exit 3"))
        .await
        .unwrap();
    assert_eq!(
        (output.text().as_str(), output.stderr.as_str(), output.exit),
        ("out\n", "err\n", Exit::Code(3))
    );
    let killed = connection.exec(Exec::new("kill -KILL $$")).await.unwrap();
    assert_eq!(killed.exit, Exit::Signal("KILL".into()));
}

#[tokio::test]
async fn lines_arrive_while_the_command_runs() {
    let (_server, connection) = connected().await;
    let folder = tempfile::tempdir().unwrap();
    let heard = folder.path().join("heard");
    // The command goes on only once its first line was heard.
    let command = format!(
        "echo one; until [ -e {} ]; do sleep 0.05; done; echo two",
        heard.display()
    );
    let mut lines = Vec::new();
    let mut on_line = |line: &str| {
        lines.push(line.to_owned());
        if line == "one" {
            std::fs::write(&heard, "").unwrap();
        }
    };
    tokio::time::timeout(
        Duration::from_secs(60),
        connection.exec_lines(Exec::new(&command), &mut on_line),
    )
    .await
    .expect("the first line came only at the end")
    .unwrap();
    assert_eq!(lines, ["one", "two"]);
}

#[tokio::test]
async fn five_megabytes_go_in_and_come_out() {
    let (_server, connection) = connected().await;
    let input: Vec<u8> = (0..5_000_000u32).map(|n| n.to_le_bytes()[0]).collect();
    let output = connection
        .exec(Exec {
            stdin: &input,
            ..Exec::new("cat")
        })
        .await
        .unwrap();
    assert!(
        output.stdout == input,
        "{} of {} bytes",
        output.stdout.len(),
        input.len()
    );
    let ignored = connection
        .exec(Exec {
            stdin: &input,
            ..Exec::new("true")
        })
        .await
        .unwrap();
    assert!(ignored.success());
}

#[tokio::test]
async fn more_commands_at_once_than_the_host_allows_sessions() {
    let (_server, connection) = connected().await;
    let runs = (0..40).map(|n| {
        let connection = connection.clone();
        tokio::spawn(async move {
            let command = format!("sleep 0.1; echo {n}");
            connection.exec(Exec::new(&command)).await.unwrap().text() == format!("{n}\n")
        })
    });
    for run in runs.collect::<Vec<_>>() {
        assert!(run.await.unwrap());
    }
}

#[tokio::test]
async fn a_host_that_prints_without_end_is_stopped() {
    let (_server, connection) = connected().await;
    let limits = ExecLimits {
        stdout: 1_000_000,
        ..ExecLimits::default()
    };
    assert_code(
        connection
            .exec(Exec {
                limits,
                ..Exec::new("yes")
            })
            .await,
        "command_output_too_large",
    );
    assert_code(
        connection
            .exec(Exec {
                limits,
                ..Exec::new("yes >&2")
            })
            .await,
        "command_output_too_large",
    );
    assert!(
        connection.exec(Exec::new("true")).await.unwrap().success(),
        "the connection is still good"
    );
}

#[tokio::test]
async fn a_command_that_hangs_is_given_up_and_ended() {
    let (_server, connection) = connected().await;
    let limits = ExecLimits {
        total: Duration::from_millis(600),
        ..ExecLimits::default()
    };
    let busy = "while :; do echo x; sleep 0.125; done # ww-busy-loop";
    assert_code(
        connection
            .exec(Exec {
                limits,
                ..Exec::new(busy)
            })
            .await,
        "command_timed_out",
    );
    let limits = ExecLimits {
        idle: Duration::from_millis(500),
        ..ExecLimits::default()
    };
    assert_code(
        connection
            .exec(Exec {
                limits,
                ..Exec::new("sleep 60.125")
            })
            .await,
        "command_silent",
    );
    tokio::time::sleep(Duration::from_millis(500)).await;
    let left = connection
        .exec(Exec::new("pgrep -f '[w]w-busy-loop'"))
        .await
        .unwrap();
    assert_eq!(left.text(), "", "the command was left running");
}

#[tokio::test]
async fn a_child_in_the_background_does_not_keep_us_waiting() {
    let (_server, connection) = connected().await;
    let begun = Instant::now();
    let output = connection.exec(Exec::new("sleep 20 & echo done")).await.unwrap();
    assert!(output.success() && output.text() == "done\n");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_of_a_line_is_told() {
    let (server, connection) = connected().await;
    let running = tokio::spawn({
        let connection = connection.clone();
        async move { connection.exec(Exec::new("printf half; sleep 30")).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    server.kill_connections();
    assert_code(running.await.unwrap(), "ssh_connection_lost");
    assert!(connection.is_closed());
    assert_code(connection.exec(Exec::new("true")).await, "ssh_connection_lost");
}

#[tokio::test]
async fn a_host_that_falls_silent_is_noticed_by_keep_alives() {
    let server = Server::start("");
    let limits = Limits {
        keep_alive: Duration::from_millis(300),
        keep_alive_misses: 2,
        ..limits()
    };
    let trust = Memory::new(Decision::Accept);
    let connector = Connector::new(trust, Arc::new(NoPrompt), limits, files(server.folder()));
    let connection = connector.connect(&target(&server, &[&server.key])).await.unwrap();
    server.signal_connections("STOP");
    let begun = Instant::now();
    assert_code(connection.exec(Exec::new("true")).await, "ssh_connection_lost");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_connection_ends_when_it_is_closed_or_dropped() {
    let (server, connection) = connected().await;
    let other = connector(server.folder())
        .connect(&target(&server, &[&server.key]))
        .await
        .unwrap();
    assert_eq!(server.connections().len(), 2);
    drop(other);
    connection.close().await;
    let patience = Instant::now() + Duration::from_secs(5);
    while !server.connections().is_empty() {
        assert!(Instant::now() < patience, "{:?}", server.connections());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_script_runs_whole_with_nothing_on_its_standard_input() {
    let (_server, connection) = connected().await;
    let session = Session::Ssh(connection);
    let text = "cat\nfor n in 1 2 3; do echo $n; done\nexit 7";
    let mut lines = Vec::new();
    let mut on_line = |line: &str| lines.push(line.to_owned());
    let output = session
        .run_script(&Privilege::Root, Script::new(text), &mut on_line)
        .await
        .unwrap();
    assert_eq!((lines.join(" ").as_str(), output.exit), ("1 2 3", Exit::Code(7)));
    let broken = session
        .run_script(&Privilege::Root, Script::new("echo begun\nif"), &mut |_| ())
        .await
        .unwrap();
    assert!(
        !broken.success() && broken.text().is_empty(),
        "nothing of a script with a mistake runs: {broken:?}"
    );
}

#[tokio::test]
async fn this_machine_runs_scripts_alike() {
    let session = Session::local();
    let output = session
        .run_script(&Privilege::Root, Script::new("echo hello; exit 4"), &mut |_| ())
        .await
        .unwrap();
    assert_eq!((output.text().as_str(), output.exit), ("hello\n", Exit::Code(4)));
    let limits = ExecLimits {
        stdout: 100_000,
        ..ExecLimits::default()
    };
    let endless = session
        .run_script(
            &Privilege::Root,
            Script {
                limits,
                ..Script::new("yes")
            },
            &mut |_| (),
        )
        .await;
    assert_code(endless, "command_output_too_large");
    let limits = ExecLimits {
        idle: Duration::from_millis(300),
        ..ExecLimits::default()
    };
    assert_code(
        session
            .exec(Exec {
                limits,
                ..Exec::new("sleep 20")
            })
            .await,
        "command_silent",
    );
}
