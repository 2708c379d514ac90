//! What to do next about a [`SshProblem`].

use super::problem::SshProblem;

/// Next steps for the person, most useful first. `host` is the name in the message the hints stand under.
pub(super) fn hints(problem: &SshProblem, host: &str) -> Vec<String> {
    let one = |text: &str| vec![text.to_owned()];
    match problem {
        SshProblem::NameNotFound => one("Check the spelling of the name, or use the address."),
        SshProblem::Unreachable => one("Check that this computer is online and that the address is right."),
        SshProblem::Refused => vec![
            "Check the port: many hosts move SSH away from 22.".into(),
            "Check that the server is running and its SSH service is on.".into(),
        ],
        SshProblem::TimedOut(_) => vec![
            "Check the address, and that the server is running.".into(),
            "A firewall of the provider may drop SSH from here.".into(),
        ],
        SshProblem::NotSsh => one("Check the port: another program answers on this one."),
        SshProblem::ClosedEarly => vec![
            "The host may have banned this address for a while (fail2ban), or be overloaded; wait and try again.".into(),
        ],
        SshProblem::NoCommonAlgorithm(_) => one("Update the SSH server of the host; what it offers is outdated."),
        SshProblem::HostKeyUnknown { fingerprint, .. } => vec![
            format!("Compare the fingerprint with what the provider's console shows for {host}."),
            format!("If it is the same, accept it with `--trust {fingerprint}`."),
        ],
        SshProblem::HostKeyChanged { .. } => vec![
            "If you reinstalled this server, run `wirewarp vps trust NAME` and check the new fingerprint.".into(),
            "If you did not, do not connect: somebody may be between you and the server.".into(),
        ],
        SshProblem::HostKeyRevoked { .. } => one("Do not connect: this key was withdrawn, most likely because it was stolen."),
        SshProblem::PasswordWrong { .. } => one("Type the password again; check the user name."),
        SshProblem::PasswordExpired { user } => vec![format!("Run `ssh {user}@{host}` once and set a new password.")],
        SshProblem::KeysRefused { .. } | SshProblem::NoCredentials { .. } => login_hints(),
        SshProblem::TooManyAttempts { .. } => vec![
            "Name the one key to use, so that the others are not tried first.".into(),
            "Or set `IdentitiesOnly yes` for this host in ~/.ssh/config.".into(),
        ],
        SshProblem::UnexpectedPrompt { .. } => one("Use a key for this host: questions like this cannot be answered by a program."),
        SshProblem::KeyUnreadable { .. } => vec![
            "Check the path and that the file is a private key you may read.".into(),
            "An old format can be converted: `ssh-keygen -p -f FILE`.".into(),
        ],
        SshProblem::KeyEncrypted(_) => one("Give its passphrase, or load the key into the SSH agent with `ssh-add`."),
        SshProblem::PassphraseWrong(_) => one("Type the passphrase again."),
        SshProblem::AgentUnavailable(_) => one("Start the agent (`ssh-agent`) and add the key with `ssh-add`, or name a key file."),
        SshProblem::Config(_) => one("Correct that line of the SSH configuration, or give address, user and key directly."),
        SshProblem::JumpRefused { .. } => vec![
            "Check that the jump host can reach the address and port.".into(),
            "`AllowTcpForwarding` must not be `no` in the jump host's sshd_config.".into(),
        ],
        SshProblem::SudoMissing => one("Log in as root, or install sudo on the host."),
        SshProblem::SudoPasswordRequired => one("Give the sudo password of that account, or log in as root."),
        SshProblem::SudoPasswordWrong => one("Type the sudo password again; it is the password of the account on the host."),
        SshProblem::SudoDenied(_) => one("Let the account use sudo for all commands, or log in as root."),
        SshProblem::ShellUnusable(_) => one("Use an account with an ordinary shell such as /bin/sh or /bin/bash."),
        SshProblem::CommandTimedOut(_) | SshProblem::CommandSilent(_) => one("The host may be overloaded; try again."),
        SshProblem::OutputTooLarge(_) => {
            one("Check what the login scripts of that account print (~/.bashrc, ~/.profile).")
        }
        SshProblem::ConnectionLost(_) => one("Try again; what was begun is finished or taken back by the host itself."),
        SshProblem::ChannelRefused(_) => one("`MaxSessions` in the host's sshd_config may be very low."),
        SshProblem::Local(_) => one("Check that `sh` is installed on this machine and that you may run it."),
    }
}

fn login_hints() -> Vec<String> {
    vec![
        "Name the key that opens the account, or use its password.".into(),
        "Check the user name: cloud images often use `root`, `ubuntu`, `debian` or `admin`.".into(),
    ]
}
