//! A change records, shows, asks and applies; options leave out the one or the other.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use super::site::{document, everything, operator, says};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_dry_run_shows_the_plan_and_records_nothing", dry_run),
        Case::new("without_applying_the_change_is_only_recorded", no_apply),
        Case::new(
            "with_nobody_to_ask_a_change_is_recorded_and_not_applied",
            declined,
        ),
        Case::new("exit_codes_tell_what_happened", exit_codes),
        Case::new("a_check_that_fails_ends_with_4_and_names_the_hop", failed_check),
        Case::new("a_change_that_changes_nothing_says_so", nothing_to_do),
    ]
}

fn generation(lab: &Lab) -> Result<String> {
    Ok(lab
        .exec("vps1", "readlink /etc/wirewarp/current")?
        .ok()?
        .to_owned())
}

fn dry_run(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let (before, on_host) = (everything(&me)?, generation(lab)?);
    for words in [
        &["port", "add", "phone", "80"][..],
        &["peer", "add", "tablet", "--manual"],
        &["peer", "remove", "phone"],
        &["ip", "disable", "nyc", "203.0.113.11"],
        &["vps", "rename", "nyc", "ams"],
        &["apply"],
    ] {
        let output = me.run(&[words, &["--dry-run", "--json"]].concat())?;
        ensure!(output.status == 0 || output.status == 2, "{output:?}");
        document(&output)?;
        ensure!(
            !output.stdout.contains("PrivateKey"),
            "a key is shown: {output:?}"
        );
    }
    let text = me.ok(&["port", "add", "phone", "80", "--dry-run", "--diff"])?;
    says(&text, &["Dry run", "80", "+", "rules.nft"])?;
    ensure!(everything(&me)? == before, "something was recorded");
    ensure!(generation(lab)? == on_host, "something was applied");
    Ok(())
}

fn no_apply(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let on_host = generation(lab)?;
    me.json(&["port", "add", "phone", "8081", "--label", "later", "--no-apply"])?;
    ensure!(generation(lab)? == on_host, "it was applied");
    ensure!(me.run(&["plan"])?.status == 2, "the plan sees no change");
    ensure!(
        me.run(&["plan", "nyc", "--json"])?.status == 2,
        "the plan of the host sees no change"
    );
    me.change(&["apply"])?;
    ensure!(generation(lab)? != on_host, "it was not applied");
    ensure!(
        me.run(&["plan"])?.status == 0,
        "the plan is not empty after the apply"
    );
    me.change(&["port", "remove", "later"])?;
    let both = me.run(&["port", "add", "phone", "8081", "--no-apply", "--dry-run"])?;
    ensure!(both.status == 64, "{both:?}");
    Ok(())
}

fn declined(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let on_host = generation(lab)?;
    let output = me.run(&["port", "add", "phone", "8082", "--label", "asked"])?;
    ensure!(output.status == 3, "{output:?}");
    says(&output.stderr, &["--yes"])?;
    says(&output.stdout, &["wirewarp apply"])?;
    ensure!(generation(lab)? == on_host, "it was applied");
    let as_json = me.run(&["apply", "--json"])?;
    ensure!(as_json.status == 3, "{as_json:?}");
    ensure!(document(&as_json)?["applied_to_hosts"] == false);
    let listed = me.ok(&["port", "list"])?;
    says(&listed, &["asked", "8082"])?;
    // Typing “n” on a pipe is not a person either.
    ensure!(
        me.run_with(&["apply"], "y\n")?.status == 3,
        "a pipe was taken for a person"
    );
    me.change(&["port", "remove", "asked"])?;
    Ok(())
}

fn exit_codes(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    for (words, status) in [
        (&["vps", "list"][..], 0),
        (&["--version"], 0),
        (&["--help"], 0),
        (&["vps", "--help"], 0),
        (&["plan"], 0),
        (&["vps", "show", "nowhere"], 1),
        (&["port", "list", "nobody"], 1),
        (&["log", "nothing"], 1),
        (&[], 64),
        (&["bogus"], 64),
        (&["vps"], 64),
        (&["vps", "add"], 64),
        (&["vps", "list", "--bogus"], 64),
        (&["port", "add", "phone"], 64),
        (&["port", "add", "phone", "80", "--template", "minecraft"], 64),
        (&["peer", "add", "x", "--manual", "--local"], 64),
        (&["apply", "--rollback-after", "5"], 64),
        (&["log", "-n", "many"], 64),
        (&["completions", "tcsh"], 64),
    ] {
        let output = me.run(words)?;
        ensure!(
            output.status == status,
            "{words:?} should end with {status}: {output:?}"
        );
        if status != 0 {
            ensure!(
                output.stdout.is_empty(),
                "an error on standard output: {output:?}"
            );
        }
    }
    Ok(())
}

fn failed_check(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let output = me.run(&["check", "game", "--json"])?;
    ensure!(output.status == 4, "nobody has the manual peer's key: {output:?}");
    ensure!(
        document(&output)?["checks"]
            .as_array()
            .is_some_and(|checks| !checks.is_empty())
    );
    let text = me.run(&["check", "game"])?;
    says(&text.stdout, &["25565", "→"])
}

fn nothing_to_do(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let on_host = generation(lab)?;
    for words in [
        &["port", "enable", "game"][..],
        &["peer", "resume", "phone"],
        &["ip", "enable", "nyc", "203.0.113.10"],
        &["peer", "move", "phone", "--ip", "203.0.113.10"],
        &["apply"],
    ] {
        let text = me.ok(words)?;
        ensure!(text.contains("Nothing"), "{words:?}: {text}");
    }
    ensure!(generation(lab)? == on_host);
    Ok(())
}
