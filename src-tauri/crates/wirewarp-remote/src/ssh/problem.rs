//! What can go wrong between here and a command on a host, in the reader's words.

use std::{path::PathBuf, time::Duration};

/// One way in which reaching a host, or running something on it, fails. `Display` is the sentence for the person;
/// foreign text inside has been shortened and made printable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SshProblem {
    /// The name has no address.
    #[error("the name could not be found")]
    NameNotFound,
    /// The network says that there is no way there.
    #[error("there is no route to it")]
    Unreachable,
    /// Nothing listens on the port.
    #[error("the connection was refused: nothing answers on that port")]
    Refused,
    /// No answer while connecting or shaking hands.
    #[error("it did not answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// Something else than SSH answers there.
    #[error("what answers on that port is not an SSH server")]
    NotSsh,
    /// The host hung up before or while keys were exchanged.
    #[error("it closed the connection before the handshake was done")]
    ClosedEarly,
    /// No algorithm that both sides accept.
    #[error("it offers no {0} that is safe to use")]
    NoCommonAlgorithm(String),
    /// A key nobody has vouched for yet.
    #[error("its host key is not known: {algorithm} {fingerprint}")]
    HostKeyUnknown {
        /// e.g. `ssh-ed25519`.
        algorithm: String,
        /// e.g. `SHA256:...`, as `ssh-keygen -l` prints it.
        fingerprint: String,
    },
    /// The host is known by other keys.
    #[error(
        "its host key has changed: it now offers {algorithm} {fingerprint}, but is known by {known} (from {place})"
    )]
    HostKeyChanged {
        /// Algorithm of the key offered.
        algorithm: String,
        /// Fingerprint of the key offered.
        fingerprint: String,
        /// The keys it is known by, `algorithm fingerprint`, joined with commas.
        known: String,
        /// Where those are written: a file with its line, or "WireWarp's own list".
        place: String,
    },
    /// The key is marked `@revoked`.
    #[error("its host key {algorithm} {fingerprint} is revoked ({place})")]
    HostKeyRevoked {
        /// Algorithm of the key offered.
        algorithm: String,
        /// Fingerprint of the key offered.
        fingerprint: String,
        /// File and line that revoke it.
        place: String,
    },
    /// The password was not accepted.
    #[error("the password for {user} was not accepted")]
    PasswordWrong {
        /// The login name.
        user: String,
    },
    /// The host wants the password changed first.
    #[error("the password of {user} has expired and must be changed first")]
    PasswordExpired {
        /// The login name.
        user: String,
    },
    /// None of the keys opens the account.
    #[error("none of the keys tried ({tried}) opens the account {user}; the host accepts: {accepts}")]
    KeysRefused {
        /// The login name.
        user: String,
        /// Files and agent entries that were offered.
        tried: String,
        /// Methods that the host names.
        accepts: String,
    },
    /// The host hung up after too many attempts.
    #[error("it hung up after too many attempts to log in as {user} (tried: {tried})")]
    TooManyAttempts {
        /// The login name.
        user: String,
        /// What was offered.
        tried: String,
    },
    /// There is nothing to log in with.
    #[error("there is no key and no password to log in as {user} with; the host accepts: {accepts}")]
    NoCredentials {
        /// The login name.
        user: String,
        /// Methods that the host names.
        accepts: String,
    },
    /// A question that is not for a password.
    #[error("it asks something that a password does not answer: “{prompt}”")]
    UnexpectedPrompt {
        /// The question, shortened.
        prompt: String,
    },
    /// A key file cannot be read or understood.
    #[error("the key {} cannot be read: {why}", path.display())]
    KeyUnreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A key file needs a passphrase and none was given.
    #[error("the key {} is encrypted and no passphrase was given", .0.display())]
    KeyEncrypted(PathBuf),
    /// The passphrase does not open the key file.
    #[error("the passphrase for the key {} is wrong", .0.display())]
    PassphraseWrong(PathBuf),
    /// The agent was asked for and does not answer.
    #[error("the SSH agent does not answer: {0}")]
    AgentUnavailable(String),
    /// The person's SSH configuration cannot be used.
    #[error("the SSH configuration cannot be used: {0}")]
    Config(String),
    /// The jump host does not forward.
    #[error("the jump host {jump} does not let us through to it: {why}")]
    JumpRefused {
        /// The jump host.
        jump: String,
        /// What it said.
        why: String,
    },
    /// Neither root nor sudo.
    #[error("the account is not root and sudo is not installed")]
    SudoMissing,
    /// sudo wants a password and none was given.
    #[error("sudo asks for a password")]
    SudoPasswordRequired,
    /// sudo does not accept the password.
    #[error("sudo does not accept the password")]
    SudoPasswordWrong,
    /// sudo refuses for another reason.
    #[error("sudo refuses: {0}")]
    SudoDenied(String),
    /// The login shell does not run commands.
    #[error("the account's shell does not run commands: {0}")]
    ShellUnusable(String),
    /// The whole command took too long.
    #[error("the command was not done within {} s", .0.as_secs_f32())]
    CommandTimedOut(Duration),
    /// The command printed nothing for too long.
    #[error("the command said nothing for {} s", .0.as_secs_f32())]
    CommandSilent(Duration),
    /// The command printed more than allowed.
    #[error("the command printed more than {0} bytes")]
    OutputTooLarge(usize),
    /// The connection ended while it was in use.
    #[error("the connection was lost{}", if .0.is_empty() { String::new() } else { format!(": {}", .0) })]
    ConnectionLost(String),
    /// The host does not open another channel.
    #[error("it refuses to run another command: {0}")]
    ChannelRefused(String),
    /// A process on this machine cannot be run.
    #[error("a command cannot be run on this machine: {0}")]
    Local(String),
}

impl SshProblem {
    /// The stable identifier that the window and `--json` match on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NameNotFound => "ssh_name_not_found",
            Self::Unreachable => "ssh_unreachable",
            Self::Refused => "ssh_refused",
            Self::TimedOut(_) => "ssh_timed_out",
            Self::NotSsh => "ssh_not_ssh",
            Self::ClosedEarly => "ssh_closed_early",
            Self::NoCommonAlgorithm(_) => "ssh_no_common_algorithm",
            Self::HostKeyUnknown { .. } => "host_key_unknown",
            Self::HostKeyChanged { .. } => "host_key_changed",
            Self::HostKeyRevoked { .. } => "host_key_revoked",
            Self::PasswordWrong { .. } => "ssh_password_wrong",
            Self::PasswordExpired { .. } => "ssh_password_expired",
            Self::KeysRefused { .. } => "ssh_keys_refused",
            Self::TooManyAttempts { .. } => "ssh_too_many_attempts",
            Self::NoCredentials { .. } => "ssh_no_credentials",
            Self::UnexpectedPrompt { .. } => "ssh_unexpected_prompt",
            Self::KeyUnreadable { .. } => "ssh_key_unreadable",
            Self::KeyEncrypted(_) => "ssh_key_encrypted",
            Self::PassphraseWrong(_) => "ssh_passphrase_wrong",
            Self::AgentUnavailable(_) => "ssh_agent_unavailable",
            Self::Config(_) => "ssh_config",
            Self::JumpRefused { .. } => "ssh_jump_refused",
            Self::SudoMissing => "sudo_missing",
            Self::SudoPasswordRequired => "sudo_password_required",
            Self::SudoPasswordWrong => "sudo_password_wrong",
            Self::SudoDenied(_) => "sudo_denied",
            Self::ShellUnusable(_) => "ssh_shell_unusable",
            Self::CommandTimedOut(_) => "command_timed_out",
            Self::CommandSilent(_) => "command_silent",
            Self::OutputTooLarge(_) => "command_output_too_large",
            Self::ConnectionLost(_) => "ssh_connection_lost",
            Self::ChannelRefused(_) => "ssh_channel_refused",
            Self::Local(_) => "local_command",
        }
    }
}
