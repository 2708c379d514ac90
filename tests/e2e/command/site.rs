//! An operator with one VPS, a manual peer and a forward: set up once, used by most cases.

use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::Value;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::lab::process::{Output, run};
use wirewarp_tests::wirewarp::{Operator, wirewarp_program};

/// `nyc` on vps1, the manual peer `phone`, and its forward `game` of 25565.
pub fn operator(lab: &Lab) -> Result<Operator<'_>> {
    static READY: OnceLock<Result<(), String>> = OnceLock::new();
    let me = Operator::new(lab, "anna")?;
    let set_up = || -> Result<()> {
        me.add_vps("nyc", "vps1", &[])?;
        me.change(&["peer", "add", "phone", "--manual", "--ip", "203.0.113.10"])?;
        me.change(&[
            "port", "add", "phone", "25565", "--proto", "both", "--label", "game",
        ])?;
        Ok(())
    };
    let ready = READY.get_or_init(|| set_up().map_err(|error| format!("{error:#}")));
    ready.as_ref().map_err(|error| anyhow!("{error}"))?;
    Ok(me)
}

/// Everything of the inventory that commands list.
pub fn everything(me: &Operator) -> Result<Value> {
    let list = |what: &str| me.json(&[what, "list"]);
    Ok(serde_json::json!([
        list("vps")?,
        list("peer")?,
        list("port")?,
        list("template")?,
        me.json(&["log", "-n", "10000"])?
    ]))
}

/// Standard output as one JSON document and nothing else, whatever the status.
pub fn document(output: &Output) -> Result<Value> {
    serde_json::from_str(&output.stdout).with_context(|| format!("not one JSON document: {output:?}"))
}

/// The stable identifier of the error that a command ended with.
pub fn code(output: &Output) -> Result<String> {
    let document = document(output)?;
    let code = document["error"]["code"].as_str();
    code.map(str::to_owned)
        .with_context(|| format!("no error: {output:?}"))
}

/// Runs a line of bash in the namespace `admin`, as the operator; `wirewarp` is the command.
pub fn bash(me: &Operator, script: &str) -> Result<Output> {
    let program = wirewarp_program()?;
    let folder = program
        .parent()
        .context("the program lies in a folder")?
        .display()
        .to_string();
    let path = format!("PATH={folder}:/usr/sbin:/usr/bin:/sbin:/bin");
    run(me.program_at("admin", &["env", &path, "bash", "-c", script]), b"")
}

/// Fails unless the text has all of these words in it.
pub fn says(text: &str, words: &[&str]) -> Result<()> {
    for word in words {
        ensure!(text.contains(word), "it does not say {word:?}: {text}");
    }
    Ok(())
}
