//! With --json every command prints one document and nothing else, also when it fails.

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use super::site::{code, document, operator};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("what_commands_show_is_one_json_document", shown),
        Case::new("what_commands_do_is_told_as_one_json_document", done),
        Case::new("errors_are_json_with_a_code_and_a_message", errors),
    ]
}

fn shown(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    for words in [
        &["vps", "list"][..],
        &["vps", "show", "nyc"],
        &["ip", "list", "nyc"],
        &["peer", "list"],
        &["peer", "show", "phone"],
        &["peer", "mtu", "phone"],
        &["peer", "route", "phone"],
        &["port", "list"],
        &["port", "list", "phone"],
        &["template", "list"],
        &["plan"],
        &["plan", "nyc"],
        &["drift", "nyc"],
        &["status"],
        &["log"],
    ] {
        let output = me.run(&[words, &["--json"]].concat())?;
        ensure!(output.succeeded(), "{output:?}");
        document(&output)?;
        ensure!(output.stderr.is_empty(), "{words:?} said more: {output:?}");
        // The option may stand before the command as well.
        let before = me.run(&[&["--json"], words].concat())?;
        ensure!(before.succeeded() && document(&before).is_ok(), "{before:?}");
    }
    let log = me.json(&["log"])?;
    let operation = log
        .as_array()
        .into_iter()
        .flatten()
        .find_map(|entry| entry["operation"].as_str())
        .context("the log names no operation")?;
    let details = me.json(&["log", operation])?;
    ensure!(
        details["steps"].as_array().is_some_and(|steps| !steps.is_empty()),
        "{details}"
    );
    Ok(())
}

fn done(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    for words in [
        &["template", "add", "mine", "7000 tcp+udp, 7001 udp"][..],
        &[
            "port",
            "add",
            "phone",
            "--template",
            "mine",
            "--label",
            "templated",
        ],
        &["port", "disable", "templated"],
        &["port", "enable", "--of", "phone"],
        &["port", "remove", "templated"],
        &["template", "remove", "mine"],
        &["peer", "suspend", "phone"],
        &["peer", "resume", "phone"],
        &["peer", "rename", "phone", "mobile"],
        &["peer", "rename", "mobile", "phone"],
        &["peer", "move", "phone", "--ip", "203.0.113.11"],
        &["peer", "move", "phone", "--ip", "203.0.113.10"],
        &["peer", "mtu", "phone", "--set", "1380"],
        &["peer", "config", "phone"],
        &["ip", "disable", "nyc", "203.0.113.11"],
        &["ip", "remove", "nyc", "203.0.113.11"],
        &["ip", "add", "nyc", "203.0.113.11"],
        &["vps", "rename", "nyc", "ams"],
        &["vps", "rename", "ams", "nyc"],
        &["vps", "apply", "nyc"],
        &["apply"],
        &["rollback", "nyc"],
        &["drift", "nyc", "--repair"],
    ] {
        let output = me.run(&[words, &["--json", "--yes"]].concat())?;
        ensure!(output.succeeded(), "{words:?}: {output:?}");
        document(&output).with_context(|| format!("{words:?}"))?;
        ensure!(output.stderr.is_empty(), "{words:?} said more: {output:?}");
    }
    let config = me.change(&["peer", "config", "phone"])?;
    ensure!(
        config["config"]
            .as_str()
            .is_some_and(|text| text.contains("[Interface]"))
    );
    ensure!(me.run(&["plan"])?.status == 0, "something is left to do");
    Ok(())
}

fn errors(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    for (words, status, expected) in [
        (&["vps", "show", "nowhere"][..], 1, "not_found"),
        (&["peer", "add", "phone", "--manual"], 1, "name_taken"),
        (&["peer", "add", "NYC", "--manual"], 1, "name_taken"),
        (&["vps", "remove", "nyc"], 1, "vps_has_peers"),
        (&["ip", "remove", "nyc", "203.0.113.10"], 1, "ip_in_use"),
        (&["peer", "rotate-keys", "phone"], 1, "manual_peer"),
        (&["peer", "mtu", "phone", "--measure"], 1, "manual_peer"),
        (&["peer", "route", "phone", "everything"], 1, "manual_peer"),
        (&["port", "add", "phone", "0"], 64, "bad_input"),
        (&["vps", "add", "x"], 64, "usage"),
        (
            &["vps", "add", "x", "--host", "nowhere.invalid"],
            1,
            "ssh_name_not_found",
        ),
    ] {
        let output = me.run(&[words, &["--json", "--yes"]].concat())?;
        ensure!(output.status == status, "{words:?}: {output:?}");
        ensure!(code(&output)? == expected, "{words:?}: {output:?}");
        let message = document(&output)?["error"]["message"].as_str().map(str::len);
        ensure!(message > Some(5), "{output:?}");
    }
    Ok(())
}
