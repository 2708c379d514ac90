//! The engine's hints name commands where that is the shortest way to say it. In the window they name what is there.

use wirewarp_engine::{CheckReport, Finding};
use wirewarp_model::UserError;

/// What stands in a hint, and what is said instead of the whole of it.
const INSTEAD: &[(&str, &str)] = &[
    (
        "--address dhcp, or set it in the guest yourself",
        "Let it ask for its address, or set it in the guest yourself",
    ),
    (
        "Leave --address out, or use --address config",
        "Leave the address as it is suggested, or choose its configuration",
    ),
    (
        "Look on without collecting: wirewarp top",
        "Another program collects the same figures; Monitoring shows them here as well",
    ),
    (
        "wirewarp vps remove, or peer remove",
        "To take everything away, remove the VPS or the peer",
    ),
    (
        "then forget it with --forget",
        "Clean it by hand: sh /etc/wirewarp/current/load none; then remove it with “the host is gone”",
    ),
    ("--repair", "Put it right from the inventory instead: Repair"),
    (
        "Look closer: wirewarp drift",
        "Look closer at the host’s drift, or repair it",
    ),
    (
        "wirewarp peer rotate-keys",
        "To make a new key there, choose “New key” on the peer’s page",
    ),
    (
        "there (`MTU = 1280`)",
        "Try a smaller MTU such as 1280: in the device’s own configuration, and the same on the peer’s page",
    ),
    (
        "wirewarp peer mtu",
        "Measure the tunnel’s MTU on the peer’s page, or set a smaller one there, such as 1280",
    ),
    ("Say which: --vps", "Say which of them"),
    ("--install-key", "Leave out “make a key” to keep the password"),
    (
        "Name it: --ip",
        "Name it under “Addresses”, as PUBLIC=PRIVATE where the provider maps a public address to a private one",
    ),
    (
        "wirewarp drift NAME --adopt",
        "To take it over with its peers and forwards, keep it for later first, then adopt it on the host’s page",
    ),
    (
        "gone for good: --forget",
        "If that Proxmox host is gone for good, remove it with “the host is gone”",
    ),
    (
        "Say how: --host",
        "Say how to log in there, with a key, an agent or a password as for any host",
    ),
    (
        "wirewarp proxmox trust NAME",
        "Did you renew the certificate or reinstall the host? Trust the new one on its page, and compare the fingerprint first",
    ),
    (
        "wirewarp proxmox login NAME`, if",
        "Sign in again on its page, if repeating it does not do",
    ),
    (
        "wirewarp proxmox login NAME",
        "Was the token revoked, or has it expired? Sign in again on the page of the Proxmox host",
    ),
    ("leave --peer out", "Name a peer of that node, or none"),
    (
        "accept it with `--trust",
        "If it is the same, accept it when you are asked",
    ),
    (
        "wirewarp vps trust NAME",
        "If you reinstalled this server, trust its new key on its page, and compare the fingerprint first",
    ),
    (
        "set WIREWARP_VAULT_PASSPHRASE",
        "Unlock your keychain, or do it again and type the passphrase",
    ),
    (
        "Check the folder's permissions",
        "Check the folder’s permissions, or name another with WIREWARP_DATA_DIR",
    ),
    (
        "Update WireWarp, or name another folder",
        "Update WireWarp, or name another folder with WIREWARP_DATA_DIR",
    ),
    (
        "Copy the file aside",
        "Copy the file aside, then take a copy from before (inventory.db.before-*), or begin anew and adopt your hosts",
    ),
];

/// A hint as the window says it.
pub(crate) fn hint(text: &str) -> String {
    if let Some((_, instead)) = INSTEAD.iter().find(|(mark, _)| text.contains(mark)) {
        return (*instead).to_owned();
    }
    // “Set it up first: wirewarp apply”, “Use DHCP: --address dhcp”: what is before it says it.
    let command = text.find(": wirewarp ").or_else(|| text.find(": --"));
    command.map_or_else(|| text.to_owned(), |at| text[..at].to_owned())
}

/// An error with its hints.
pub(crate) fn error(mut error: UserError) -> UserError {
    hints(&mut error.hints);
    error
}

/// Findings with theirs.
pub(crate) fn findings(mut findings: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut findings {
        hints(&mut finding.hints);
    }
    findings
}

/// What a check found.
pub(crate) fn report(mut report: CheckReport) -> CheckReport {
    for check in &mut report.checks {
        hints(&mut check.hints);
    }
    report
}

fn hints(texts: &mut Vec<String>) {
    for text in texts.iter_mut() {
        *text = hint(text);
    }
    texts.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn a_command_behind_a_sentence_goes_and_the_sentence_stays() {
        assert_eq!(hint("Set it up first: wirewarp apply"), "Set it up first");
        assert_eq!(hint("Is the game server running?"), "Is the game server running?");
        assert!(hint("Look closer: wirewarp drift nyc. Put it right: wirewarp apply nyc").contains("repair"));
    }

    /// Every text of the crates below that names a command or an option of the command line.
    #[test]
    fn no_hint_of_the_engine_names_a_command_in_the_window() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/crates");
        let mut seen = 0;
        for name in [
            "wirewarp-engine",
            "wirewarp-plan",
            "wirewarp-proxmox",
            "wirewarp-remote",
            "wirewarp-store",
        ] {
            for file in sources(&crates.join(name).join("src")) {
                let text = fs::read_to_string(&file).unwrap();
                let program = text.split("#[cfg(test)]").next().unwrap_or_default();
                for literal in program
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .flat_map(literals)
                {
                    if names_a_command(literal) {
                        seen += 1;
                        let said = hint(literal);
                        assert!(
                            !names_a_command(&said),
                            "{}: “{literal}” is “{said}” in the window",
                            file.display()
                        );
                    }
                }
            }
        }
        assert!(
            seen > 15,
            "only {seen} hints name a command: is the way they are found still right?"
        );
    }

    fn names_a_command(text: &str) -> bool {
        let commands = [
            "vps", "peer", "port", "ip", "apply", "plan", "drift", "log", "template", "rollback", "proxmox",
        ];
        let options = [
            "--repair",
            "--adopt",
            "--forget",
            "--vps",
            "--ip",
            "--trust",
            "--data-dir",
            "--no-apply",
            "--install-key",
            "--host",
            "--peer",
            "--nic",
            "--address",
            "--lan-address",
        ];
        commands
            .iter()
            .any(|command| text.contains(&format!("wirewarp {command}")))
            || options.iter().any(|option| text.contains(option))
    }

    /// The texts in quotes of a line, those with escapes left out.
    fn literals(line: &str) -> impl Iterator<Item = &str> {
        line.split('"').skip(1).step_by(2)
    }

    fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
        let below = folders.iter().flat_map(|folder| sources(folder));
        let is_source = |path: &std::path::PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".rs") && !name.contains("tests")
        };
        below.chain(files.into_iter().filter(is_source)).collect()
    }
}
