//! A person at a terminal: a command on a pseudo-terminal that is answered when it asks.

use anyhow::{Context, Result};
use wirewarp_tests::lab::process::{Output, run};
use wirewarp_tests::wirewarp::{Operator, wirewarp_program};

/// Runs a line of bash as the operator; `wirewarp` is the command.
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

/// Runs `wirewarp` with these words on a terminal. Each question that is waited for is answered with a line.
pub fn at_terminal(me: &Operator, words: &[&str], answers: &[(&str, &str)]) -> Result<Output> {
    let quoted: Vec<String> = words.iter().map(|word| quote(word)).collect();
    let line = format!("wirewarp {}", quoted.join(" "));
    let dialogue: Vec<String> = answers
        .iter()
        .map(|(question, answer)| format!("answer {} {}", quote(question), quote(answer)))
        .collect();
    let script = format!(
        "coproc T {{ exec script -qefc {} /dev/null; }}\n\
         pid=$T_PID; exec 3<&${{T[0]}} 4>&${{T[1]}}\n\
         answer() {{ local seen= c\n\
           while IFS= read -r -n 1 -d '' -t 60 c <&3; do printf %s \"$c\"; seen+=$c\n\
             if [[ $seen == *\"$1\"* ]]; then sleep 0.2; printf '%s\\n' \"$2\" >&4; return; fi\n\
           done; echo \"never asked: $1\"; kill $pid; exit 99; }}\n\
         {}\ncat <&3\nwait $pid",
        quote(&line),
        dialogue.join("\n")
    );
    bash(me, &script)
}

fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
