//! The person at this terminal.

use async_trait::async_trait;
use std::io::{BufRead, IsTerminal, Write};
use wirewarp_engine::person::{CertificateQuestion, HostKeyQuestion, Person, SecretQuestion};
use wirewarp_model::Secret;

use crate::output::{
    note,
    style::{self, paint},
};

/// Asks on the terminal; where there is none, every answer is no.
pub struct Terminal;

#[async_trait]
impl Person for Terminal {
    async fn trusts(&self, question: &HostKeyQuestion) -> bool {
        note(&format!(
            "{} has not been seen before. Its key is",
            paint(style::BOLD, &question.endpoint)
        ));
        note(&format!(
            "  {} {}",
            question.algorithm,
            paint(style::BOLD, &question.fingerprint)
        ));
        note(
            "Compare it with what your provider's console shows (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`).",
        );
        yes("Is it the right one?")
    }

    async fn trusts_certificate(&self, question: &CertificateQuestion) -> bool {
        note(&format!(
            "{} has not been seen before. SHA-256 of its certificate is",
            paint(style::BOLD, &question.endpoint)
        ));
        note(&format!("  {}", paint(style::BOLD, &question.fingerprint)));
        note("Compare it with what Proxmox shows under the node's System, Certificates.");
        yes("Is it the right one?")
    }

    async fn secret(&self, question: &SecretQuestion) -> Option<Secret> {
        if !std::io::stdin().is_terminal() {
            return None;
        }
        if let Some(refused) = &question.refused {
            note(refused);
        }
        let (prompt, is_new) = (format!("{}: ", question.prompt), question.is_new);
        let read = tokio::task::spawn_blocking(move || {
            let ask = |prompt: &str| rpassword::prompt_password(prompt).ok();
            if is_new {
                chosen(&prompt, ask)
            } else {
                ask(&prompt)
            }
        });
        read.await.ok()?.map(Secret::new)
    }
}

/// A secret that is chosen: typed twice, until both are the same. Nothing typed is no answer.
fn chosen(prompt: &str, mut ask: impl FnMut(&str) -> Option<String>) -> Option<String> {
    loop {
        let text = ask(prompt).filter(|text| !text.is_empty())?;
        if ask("The same again: ")? == text {
            return Some(text);
        }
        note("The two are not the same. Choose once more.");
    }
}

/// Asks a yes-no question; no where nobody is there.
pub fn yes(question: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    let mut err = anstream::stderr().lock();
    let _ = write!(err, "{question} [y/N] ");
    let _ = err.flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).is_ok();
    read && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn a_secret_is_chosen_when_it_was_typed_twice_alike() {
        let typed = |lines: &[&str]| {
            let mut lines = lines.iter();
            let mut prompts = Vec::new();
            let chosen = chosen("New", |prompt| {
                prompts.push(prompt.to_owned());
                lines.next().map(|line| (*line).to_owned())
            });
            (chosen, prompts.len())
        };
        assert_eq!(typed(&["good", "good"]), (Some("good".to_owned()), 2));
        assert_eq!(
            typed(&["good", "godo", "good", "good"]),
            (Some("good".to_owned()), 4)
        );
        assert_eq!(typed(&["", "good"]), (None, 1));
        assert_eq!(typed(&["good"]), (None, 2));
    }
}
