//! The command in a shell: completions, manual page, colours, pipes.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::site::{bash, operator, says};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "completions_are_made_for_each_shell_and_work_in_bash",
            completions,
        ),
        Case::new("the_manual_page_renders", man),
        Case::new("colours_are_for_terminals_alone", colours),
        Case::new("a_reader_that_goes_away_ends_it_quietly", broken_pipe),
    ]
}

fn completions(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "completions")?;
    for (shell, marks) in [
        ("bash", ["complete -F", "rotate-keys"]),
        ("zsh", ["#compdef wirewarp", "rotate-keys"]),
        ("fish", ["complete -c wirewarp", "rotate-keys"]),
        ("powershell", ["Register-ArgumentCompleter", "rotate-keys"]),
    ] {
        says(&me.ok(&["completions", shell])?, &marks)?;
    }
    ensure!(!me.data_dir().exists(), "an inventory was made for it");
    let complete = "source <(wirewarp completions bash); COMP_WORDS=(wirewarp peer r); COMP_CWORD=2; \
         $(complete -p wirewarp | sed 's/.*-F \\([^ ]*\\).*/\\1/') wirewarp r peer; echo ${COMPREPLY[*]}";
    let said = bash(&me, complete)?;
    says(said.ok()?, &["resume", "rename", "rotate-keys", "remove"])?;
    for (shell, check) in [("zsh", "zsh -n"), ("fish", "fish --no-execute")] {
        let there = bash(&me, &format!("command -v {shell}"))?.succeeded();
        if there {
            bash(
                &me,
                &format!("wirewarp completions {shell} > $HOME/c && {check} $HOME/c"),
            )?
            .ok()?;
        }
    }
    Ok(())
}

fn man(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "man")?;
    let page = me.ok(&["man"])?;
    says(
        &page,
        &[
            ".TH wirewarp 1",
            ".SH NAME",
            ".SH OPTIONS",
            "data\\-dir",
            "Exit codes",
            "rollback",
        ],
    )?;
    for renderer in ["mandoc -T utf8", "groff -man -T utf8 -ww", "man -l -"] {
        let program = renderer.split(' ').next().unwrap_or_default();
        if !bash(&me, &format!("command -v {program}"))?.succeeded() {
            continue;
        }
        let rendered = bash(
            &me,
            &format!("set -o pipefail; wirewarp man | {renderer} | col -b"),
        )?;
        says(rendered.ok()?, &["NAME", "OPTIONS", "--data-dir", "wirewarp"])?;
        ensure!(rendered.stderr.is_empty(), "{rendered:?}");
    }
    Ok(())
}

fn colours(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let on_terminal = |command: &str, setting: &str| {
        let line =
            format!("{setting} TERM=xterm script -qefc 'wirewarp {command}' /dev/null < /dev/null || true");
        bash(&me, &line)
    };
    for command in ["status", "vps show nowhere"] {
        let coloured = on_terminal(command, "unset NO_COLOR;")?;
        ensure!(
            coloured.stdout.contains("\u{1b}["),
            "no colours on a terminal: {coloured:?}"
        );
        let plain = on_terminal(command, "NO_COLOR=1")?;
        ensure!(
            !plain.stdout.contains("\u{1b}[3"),
            "NO_COLOR is ignored: {plain:?}"
        );
        let piped = bash(
            &me,
            &format!("unset NO_COLOR; TERM=xterm wirewarp {command} 2>&1 | cat"),
        )?;
        ensure!(!piped.stdout.contains('\u{1b}'), "colours in a pipe: {piped:?}");
    }
    Ok(())
}

fn broken_pipe(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    for command in [
        "log -n 1000",
        "template list",
        "template list --json",
        "man",
        "completions bash",
        "--help",
    ] {
        // `head` goes away before the first line is written, or right after it.
        for reader in ["head -n 1", "true"] {
            let said = bash(
                &me,
                &format!("wirewarp {command} | {reader}; exit ${{PIPESTATUS[0]}}"),
            )?;
            ensure!(said.stderr.is_empty(), "{command} | {reader}: {said:?}");
            ensure!(said.status == 0, "{command} | {reader}: {said:?}");
        }
    }
    Ok(())
}
