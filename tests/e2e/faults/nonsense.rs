//! A host that answers nonsense, too much, or nothing.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

use crate::fresh;
use crate::lane::Lane;
use crate::program::Program;
use wirewarp_tests::hold;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_tool_that_answers_nonsense_is_named_and_nothing_is_changed",
            tools,
        ),
        Case::new(
            "a_login_that_talks_or_breaks_off_is_told_and_nothing_is_changed",
            logins,
        ),
    ]
}

/// A tool, the words of the call that goes wrong, what it does then, and what the error says.
const TOOLS: [(&str, &str, &str, &str); 8] = [
    ("ip", "*-j*addr*", "echo '[{\"ifname\":'", "addresses"),
    ("ip", "*-j*route*", "head -c 100000 /dev/urandom", "routes"),
    (
        "ip",
        "*-j*addr*",
        "head -c 9000000 /dev/zero | tr '\\0' x",
        "bytes",
    ),
    (
        "wg",
        "*show*all*",
        "printf 'ww0\\tnonsense\\t\\t\\n1\\t2\\t3\\t4\\t5\\n'",
        "wireguard",
    ),
    (
        "ss",
        "*",
        "printf '\\033[2J tcp LISTEN'; kill -9 $PPID",
        "wireguard|listeners|broke off|ended",
    ),
    ("nft", "-c*", "echo '\u{1b}[31mnonsense'; exit 1", "check"),
    ("sha256sum", "-c*", "echo nonsense; exit 1", "check"),
    (
        "systemd-run",
        "*wirewarp-apply*",
        "echo nonsense >&2; exit 1",
        "nonsense",
    ),
];

fn tools(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    for (tool, call, does, says) in TOOLS {
        let change = lane.change()?;
        let script = format!(
            "rm -f /usr/local/sbin/{tool}; cat > /usr/local/sbin/{tool} <<'END'\n#!/bin/sh\ncase \"$*\" in {call}) {does}; exit ;; esac\n\
             exec \"$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v {tool})\" \"$@\"\nEND\nchmod 755 /usr/local/sbin/{tool}"
        );
        lab.exec(lane.vps, &script)?.ok()?;
        let ended = Program::start(&lane.me, &lane.apply())?.end(Duration::from_secs(90));
        let ended = ended.with_context(|| format!("{tool} {call}"))?;
        lab.exec(lane.vps, &format!("rm /usr/local/sbin/{tool}"))?.ok()?;
        hold::install(lab, lane.vps)?;
        let told = ended.status == Some(1) && says.split('|').any(|word| ended.said.contains(word));
        ensure!(told, "{tool} {call}: {ended:?}");
        ensure!(
            !ended.said.contains('\u{1b}'),
            "{tool}: an escape sequence reached the terminal: {ended:?}"
        );
        let generation = lane
            .whole_and_goes_on(&change)
            .with_context(|| format!("{tool} {call}"))?;
        ensure!(
            !change.is_after(generation),
            "{tool} {call}: it was changed all the same"
        );
    }
    Ok(())
}

/// What stands in root's `.bashrc`, and what the error says; none if there must be none.
const LOGINS: [(&str, Option<&str>); 4] = [
    (
        "echo 'Welcome to Nonsense Hosting'; head -c 20000 /dev/zero | tr '\\0' x; echo",
        None,
    ),
    (
        "head -c 1000000 /dev/zero | tr '\\0' x",
        Some("printed more than"),
    ),
    ("exit 0", Some("shell does not run commands")),
    (
        "printf 'ww-half a line'; kill -9 $PPID",
        Some("connection was lost"),
    ),
];

fn logins(lab: &Lab) -> Result<()> {
    let lane = Lane::first(lab)?;
    for (bashrc, says) in LOGINS {
        let change = lane.change()?;
        write_bashrc(lab, lane.vps, bashrc)?;
        let ended = Program::start(&lane.me, &lane.apply())?.end(Duration::from_secs(90))?;
        lab.exec(lane.vps, "rm -f /root/.bashrc")?.ok()?;
        match says {
            Some(says) => ended.failed(&[says]).with_context(|| bashrc.to_owned())?,
            None => ensure!(ended.status == Some(0), "{bashrc}: {ended:?}"),
        }
        let generation = lane
            .whole_and_goes_on(&change)
            .with_context(|| bashrc.to_owned())?;
        ensure!(
            change.is_after(generation) == says.is_none(),
            "{bashrc}: generation {generation}"
        );
    }
    Ok(())
}

/// A host on which nothing ends; it takes the whole time limit of a look.
pub fn hangs(lab: &Lab) -> Result<()> {
    let me = fresh::fresh(lab, "vps61", "hangs")?;
    let words = fresh::add(&me, "vps61")?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    write_bashrc(lab, "vps61", "sleep 1000")?;
    let ended = Program::start(&me, &words)?.end(Duration::from_secs(100))?;
    ended.failed(&["was not done within 60 s"])?;
    ensure!(me.ok(&["vps", "list", "--json"])? == "[]", "it was recorded");
    Ok(())
}

fn write_bashrc(lab: &Lab, host: &str, text: &str) -> Result<()> {
    let script = format!("cat > /root/.bashrc <<'END'\n{text}\nEND");
    lab.exec(host, &script)?.ok().map(drop)
}
