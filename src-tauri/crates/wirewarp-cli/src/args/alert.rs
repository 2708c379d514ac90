//! `wirewarp alert ...`

use clap::{Args, Subcommand, ValueEnum};
use wirewarp_engine::alert::{QuietHours, Severity};

use super::watch::seconds;

/// Being told.
#[derive(Debug, Subcommand)]
pub enum AlertCommand {
    /// Show what fires, and what fired (exit code 4 if something fires)
    List {
        /// Most entries
        #[arg(long, short = 'n', default_value_t = 30)]
        lines: u32,
    },
    /// Show when you are told
    Rules,
    /// Add a rule, e.g. `wirewarp alert add "Disk of nyc" --when disk --percent 80 --only nyc`
    Add(AddRule),
    /// Change a rule
    Edit(EditRule),
    /// Remove a rule
    Remove {
        /// Its name, or the beginning of its identifier
        rule: String,
    },
    /// By which ways you are told
    #[command(subcommand)]
    Channel(ChannelCommand),
    /// Send a test by a channel
    Test {
        /// Its name
        channel: String,
    },
    /// Show what was sent, and what did not arrive
    Sent {
        /// Most entries
        #[arg(long, short = 'n', default_value_t = 30)]
        lines: u32,
    },
    /// Tell nothing for a while
    Silence {
        /// For how long, e.g. 30m, 2h, 1d
        #[arg(value_parser = seconds)]
        length: i64,
        /// Of this rule alone
        #[arg(long)]
        rule: Option<String>,
        /// Of this VPS, machine, peer or forward alone
        #[arg(long)]
        of: Option<String>,
        /// Why
        #[arg(long, default_value = "")]
        why: String,
    },
    /// End a silence; all of them when none is named
    Unsilence {
        /// The beginning of its identifier
        silence: Option<String>,
    },
    /// Tell only what is critical within these hours
    Quiet {
        /// E.g. 22:00-07:00; `off` for never
        #[arg(value_parser = quiet)]
        hours: Quiet,
    },
}

/// Hours, or none.
#[derive(Debug, Clone, Copy)]
pub struct Quiet(pub Option<QuietHours>);

fn quiet(text: &str) -> Result<Quiet, String> {
    if text == "off" {
        return Ok(Quiet(None));
    }
    let hours = text
        .parse()
        .map_err(|error: wirewarp_model::ParseError| error.to_string())?;
    Ok(Quiet(Some(hours)))
}

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// A peer has no handshake any more
    PeerDisconnected,
    /// A machine does not answer
    HostOffline,
    /// A peer carries more than --mbit
    Bandwidth,
    /// A VPS has used --percent of its month's traffic (see `wirewarp vps quota`)
    Quota,
    /// `/` of a machine is full to --percent
    Disk,
    /// The memory of a machine is full to --percent
    Memory,
    /// The processors of a machine are busy to --percent
    Cpu,
    /// Nobody answers behind a forward; tried every 5 minutes
    ForwardFailing,
    /// A VPS was changed by hand; looked for every 15 minutes
    Drift,
    /// A machine shows another key, or lets nobody in
    KeyChanged,
    /// A machine has security updates waiting, or asks for a restart
    UpdatesWaiting,
}

/// A new rule.
#[derive(Debug, Args)]
pub struct AddRule {
    /// What it is called
    pub name: String,
    /// What must hold
    #[arg(long)]
    pub when: When,
    #[command(flatten)]
    pub choices: RuleChoices,
}

/// Another rule in place of one.
#[derive(Debug, Args)]
pub struct EditRule {
    /// Its name, or the beginning of its identifier
    pub rule: String,
    /// Another name
    #[arg(long)]
    pub name: Option<String>,
    /// Use it
    #[arg(long, conflicts_with = "off")]
    pub on: bool,
    /// Do not use it
    #[arg(long)]
    pub off: bool,
    #[command(flatten)]
    pub choices: RuleChoices,
}

/// What a rule can say.
#[derive(Debug, Args)]
pub struct RuleChoices {
    /// For how long it must hold, e.g. 90s, 5m; 0 for at once
    #[arg(long = "for", value_name = "LENGTH", value_parser = length_or_none)]
    pub length: Option<i64>,
    /// How bad it is: info, warning, critical
    #[arg(long)]
    pub severity: Option<Severity>,
    /// Limit in percent
    #[arg(long, conflicts_with = "mbit")]
    pub percent: Option<u8>,
    /// Limit in Mbit/s, both ways together
    #[arg(long)]
    pub mbit: Option<u32>,
    /// These VPSes, machines, peers or forwards alone; `all` for all
    #[arg(long, value_delimiter = ',')]
    pub only: Option<Vec<String>>,
    /// Remind this often while it holds, e.g. 1h; 0 for never
    #[arg(long, value_name = "LENGTH", value_parser = length_or_none)]
    pub remind: Option<i64>,
    /// By these channels alone; `all` for all
    #[arg(long, value_delimiter = ',')]
    pub by: Option<Vec<String>>,
}

fn length_or_none(text: &str) -> Result<i64, String> {
    if text == "0" { Ok(0) } else { seconds(text) }
}

/// Ways to be told.
#[derive(Debug, Subcommand)]
pub enum ChannelCommand {
    /// Show them
    List,
    /// Add one, or put another in place of one of the same name. Its secret is read from standard input.
    #[command(subcommand)]
    Add(NewChannel),
    /// Use one
    On {
        /// Its name
        name: String,
    },
    /// Do not use one
    Off {
        /// Its name
        name: String,
    },
    /// Remove one with its secret
    Remove {
        /// Its name
        name: String,
    },
}

/// How a mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Security {
    /// Encrypted after the greeting, mostly port 587
    Starttls,
    /// Encrypted from the first byte, mostly port 465
    Tls,
    /// Not at all; for a server on this computer
    None,
}

/// A way to be told.
#[derive(Debug, Subcommand)]
pub enum NewChannel {
    /// E-mail; the account's password is read from standard input
    Mail {
        #[command(flatten)]
        common: ChannelCommon,
        /// The mail server
        #[arg(long)]
        server: String,
        /// Its port; 587, with tls 465, when left out
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        port: Option<u16>,
        /// How it is spoken to
        #[arg(long, default_value = "starttls")]
        security: Security,
        /// The account; without one nobody logs in
        #[arg(long, default_value = "")]
        user: String,
        /// Sender
        #[arg(long)]
        from: String,
        /// Receivers
        #[arg(long, required = true, value_delimiter = ',')]
        to: Vec<String>,
    },
    /// A POST of JSON
    Webhook {
        #[command(flatten)]
        common: ChannelCommon,
        /// Where to
        #[arg(long)]
        url: String,
        /// Sign with a key (HMAC-SHA256), which is read from standard input
        #[arg(long)]
        sign: bool,
    },
    /// Discord; the webhook's address is read from standard input
    Discord {
        #[command(flatten)]
        common: ChannelCommon,
    },
    /// Slack; the webhook's address is read from standard input
    Slack {
        #[command(flatten)]
        common: ChannelCommon,
    },
    /// Telegram; the bot's token is read from standard input
    Telegram {
        #[command(flatten)]
        common: ChannelCommon,
        /// The chat's number, or @channel
        #[arg(long, allow_hyphen_values = true)]
        chat: String,
        /// A Bot API server of your own
        #[arg(long)]
        server: Option<String>,
    },
}

/// What every channel has.
#[derive(Debug, Args)]
pub struct ChannelCommon {
    /// Its name
    pub name: String,
    /// Tell nothing that is less bad: info, warning, critical
    #[arg(long, default_value = "info")]
    pub at_least: Severity,
    /// Text for one alert, with {state}, {severity}, {rule}, {name}, {host}, {reason}, {since}, {duration} in it
    #[arg(long, default_value = "")]
    pub template: String,
}
