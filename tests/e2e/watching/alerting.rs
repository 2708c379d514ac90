//! Who is told when the home line is cut.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::wait_for;
use wirewarp_tests::receivers::Receiver;
use wirewarp_tests::site::Site;
use wirewarp_tests::suite::Case;

use super::monitor::{Monitor, history};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_forward_that_nobody_serves_is_told_and_resolves", failing),
        Case::new(
            "a_cut_home_line_is_told_once_by_mail_and_webhook_and_resolves",
            cut,
        ),
    ]
}

/// A tunnel counts as down 180 s after its last handshake, which may be 120 s old; then the rule's time, and a retry.
const NOTICED: Duration = Duration::from_secs(240);

/// WireGuard tries to shake hands every 5 s, for 90 s, and then when there is something to send: each 25 s.
const BACK: Duration = Duration::from_secs(120);

/// The line of a request that a rule wrote.
fn line<'a>(request: &'a Value, rule: &str) -> Option<&'a Value> {
    let lines = request["body"]["alerts"].as_array()?;
    lines.iter().find(|line| line["rule"] == rule)
}

/// What was told, and taken, of the peer. Its machine is told of as well.
fn states(requests: &[Value]) -> Vec<String> {
    let text = |line: &Value| line["state"].as_str().unwrap_or_default().to_owned();
    requests
        .iter()
        .filter(|request| request["answered"] == "204||")
        .filter_map(|request| line(request, "Peer disconnected"))
        .map(text)
        .collect()
}

/// Waits until so much was told of the peer by webhook.
fn told(hook: &Receiver, count: usize, limit: Duration) -> Result<Vec<String>> {
    wait_for("a message about the peer", limit, || {
        let states = states(&hook.took());
        Ok((states.len() >= count).then_some(states))
    })
}

/// The mails in which all of `parts` are, once there is one.
fn mails(mail: &Receiver, parts: &[&str], limit: Duration) -> Result<Vec<String>> {
    wait_for(&format!("a mail with {parts:?}"), limit, || {
        let texts = mail.took().into_iter();
        let texts = texts.filter_map(|mail| mail["text"].as_str().map(str::to_owned));
        let fitting: Vec<String> = texts
            .filter(|text| parts.iter().all(|part| text.contains(part)))
            .collect();
        Ok((!fitting.is_empty()).then_some(fitting))
    })
}

fn failing(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let opened = site.open(&["attic", "25999", "--label", "nobody", "--proto", "tcp"])?;
    let hook = Receiver::hook(&[])?;
    let me = &site.me;
    me.ok(&[
        "alert",
        "channel",
        "add",
        "webhook",
        "hook",
        "--url",
        &hook.url("/"),
    ])?;
    me.ok(&["alert", "edit", "Forward does not answer", "--on"])?;
    let monitor = Monitor::start(&site)?;
    let told = hook.wait_for(1, Duration::from_secs(90))?;
    let line = line(&told[0], "Forward does not answer").with_context(|| format!("{told:?}"))?;
    ensure!(line["name"] == "nobody" && line["host"] == "nyc", "{line}");
    ensure!(
        line["reason"].as_str().is_some_and(|why| why.contains("25999")),
        "{line}"
    );
    let listed = me.run(&["alert", "list"])?;
    ensure!(
        listed.status == 4 && listed.stdout.contains("nobody"),
        "{listed:?}"
    );
    // A rule that is switched off says nothing more, and leaves nothing open.
    me.ok(&["alert", "edit", "Forward does not answer", "--off"])?;
    wait_for("no open alert", Duration::from_secs(20), || {
        Ok((me.run(&["alert", "list"])?.status == 0).then_some(()))
    })?;
    monitor.stop()?;
    me.ok(&["alert", "channel", "remove", "hook"])?;
    opened.close()
}

fn cut(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let me = &site.me;
    let mail = Receiver::mail(&[])?;
    // The first time it is overloaded.
    let hook = Receiver::hook(&["--key", "a key", "--answer", "503||overloaded"])?;
    let port = mail.port().to_string();
    me.ok(&[
        "alert",
        "channel",
        "add",
        "mail",
        "post",
        "--server",
        "127.0.0.1",
        "--port",
        &port,
        "--security",
        "none",
        "--from",
        "wirewarp@example.org",
        "--to",
        "anna@example.org",
    ])?;
    me.run_with(
        &[
            "alert",
            "channel",
            "add",
            "webhook",
            "hook",
            "--sign",
            "--url",
            &hook.url("/"),
        ],
        "a key\n",
    )?
    .ok()?;
    me.ok(&["alert", "edit", "Peer disconnected", "--for", "5s"])?;
    let monitor = Monitor::start(&site)?;
    lab.cut_link("home")?;
    let firing = [
        "[critical] Peer disconnected: attic on nyc",
        "no handshake for",
        "last from",
    ];
    mails(&mail, &firing, NOTICED)?;
    ensure!(
        told(&hook, 1, Duration::from_secs(60))? == ["firing"],
        "{:?}",
        hook.took()
    );
    // Another program goes on where the first was killed, and repeats nothing.
    monitor.kill()?;
    let monitor = Monitor::start(&site)?;
    ensure!(
        monitor.metric(&["wirewarp_peer_connected{", "peer=\"attic\""])? == Some(0),
        "the tunnel counts as up"
    );
    lab.restore_link("home")?;
    ensure!(
        told(&hook, 2, BACK)? == ["firing", "resolved"],
        "{:?}",
        hook.took()
    );
    let resolved = ["[resolved] Peer disconnected: attic on nyc"];
    mails(&mail, &resolved, Duration::from_secs(20))?;
    ensure!(
        mails(&mail, &firing[..1], Duration::from_secs(1))?.len() == 1,
        "{:?}",
        mail.took()
    );
    let requests = hook.took();
    ensure!(
        requests.iter().all(|request| request["signed"] == true),
        "{requests:?}"
    );
    // What was refused the first time is known again by its identifier.
    let refused = requests.first().context("nothing was asked")?;
    ensure!(refused["answered"] != "204||", "{refused}");
    let same = |request: &&Value| request["body"]["id"] == refused["body"]["id"];
    ensure!(requests.iter().filter(same).count() == 2, "{requests:?}");
    monitor.stop()?;
    let sent = me.json(&["alert", "sent"])?;
    let tries: Vec<_> = sent
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["tries"])
        .collect();
    ensure!(tries.iter().any(|tries| **tries == 2), "{sent}");
    // The charts show when it was away, and why.
    let past = history(&site, "peer", "attic")?;
    let away = past["states"].as_array().into_iter().flatten();
    let away: Vec<_> = away
        .filter(|state| state.to_string().contains("\"disconnected\""))
        .collect();
    ensure!(!away.is_empty(), "{}", past["states"]);
    for channel in ["post", "hook"] {
        me.ok(&["alert", "channel", "remove", channel])?;
    }
    me.ok(&["alert", "edit", "Peer disconnected", "--for", "5m"])?;
    Ok(())
}
