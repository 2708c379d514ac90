//! What can be typed. One file per group of commands; nothing here does anything.

pub mod alert;
pub mod attach;
pub mod client;
pub mod ip;
pub mod logs;
pub mod peer;
pub mod port;
pub mod proxmox;
pub mod template;
pub mod vps;
pub mod watch;

use clap::{Args, Parser, Subcommand, ValueHint};
use std::path::PathBuf;
use wirewarp_engine::logs::Levels;

/// Puts services of your home on the public address of your VPS.
#[derive(Debug, Parser)]
#[command(
    name = "wirewarp",
    version,
    about,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = "Begin with:  wirewarp vps add nyc --host 203.0.113.10\n\
    Exit codes:  0 done · 1 failed · 2 changes are waiting (plan) · 3 you said no · 4 a check failed · 64 wrong usage")]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that can be typed"
)]
pub struct Global {
    /// Folder of the inventory
    #[arg(long, global = true, env = "WIREWARP_DATA_DIR", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data_dir: Option<PathBuf>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Do not ask before applying (unknown host keys are still refused without --trust)
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// Show what would be done; record and change nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Record the change, and leave the hosts for a later `wirewarp apply`
    #[arg(long, global = true, conflicts_with = "dry_run")]
    pub no_apply: bool,
    /// Show every file of a plan as a diff
    #[arg(long, global = true)]
    pub diff: bool,
    /// Say more of what happens (twice: even more)
    #[arg(long, short = 'v', global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What goes into the log, for all modules and for single ones, e.g. `info,wirewarp_remote=debug`
    #[arg(long = "log", global = true, env = "WIREWARP_LOG", value_name = "LEVELS", value_parser = levels)]
    pub log: Option<Levels>,
}

fn levels(text: &str) -> Result<Levels, String> {
    text.parse()
        .map_err(|error: wirewarp_model::ParseError| error.to_string())
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Rented hosts with public addresses
    #[command(subcommand)]
    Vps(vps::VpsCommand),
    /// The public addresses of a VPS
    #[command(subcommand)]
    Ip(ip::IpCommand),
    /// Machines at home
    #[command(subcommand)]
    Peer(peer::PeerCommand),
    /// Proxmox hosts: sign in, and see nodes, guests and bridges
    #[command(subcommand)]
    Proxmox(proxmox::ProxmoxCommand),
    /// Port forwards
    #[command(subcommand)]
    Port(port::PortCommand),
    /// Who is connected through a forward now: see, end, keep out
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Named sets of ports
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// Show what an apply would change (exit code 2 if anything)
    Plan {
        /// VPS or peer; all when left out
        host: Option<String>,
    },
    /// Bring hosts to what the inventory says
    Apply {
        /// VPSes and peers; all when left out
        hosts: Vec<String>,
        /// How long a host waits for the confirmation before it goes back by itself, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(10..=3600))]
        rollback_after: u64,
    },
    /// Put an earlier generation of a host back in force
    Rollback {
        /// VPS or peer
        host: String,
        /// Generation; the one before when left out
        generation: Option<u64>,
    },
    /// Show where a host differs: desired, last applied, live
    Drift {
        /// VPS or peer
        host: String,
        /// Put the host back to what the inventory says
        #[arg(long, conflicts_with = "adopt")]
        repair: bool,
        /// Take what the host's manifest says into the inventory
        #[arg(long)]
        adopt: bool,
    },
    /// Show hosts, tunnels and forwards as they are now
    Status,
    /// Collect figures of all hosts until it is ended, for `history` and Prometheus
    Monitor(watch::MonitorArgs),
    /// Show hosts, tunnels and forwards as they change
    Top(watch::TopArgs),
    /// Show the figures of the past
    History(watch::HistoryArgs),
    /// Show what the past comes to: top peers and forwards, peak times, months, uptime
    Analytics(watch::AnalyticsArgs),
    /// Being told: rules, channels, silences, and what fires
    #[command(subcommand)]
    Alert(alert::AlertCommand),
    /// Connect to forwards from this machine and name the hop that fails
    Check {
        /// Forward (identifier or label) or peer; all when left out
        forward: Option<String>,
    },
    /// Show what was changed, and how applies ended
    Log {
        /// Most entries
        #[arg(long, short = 'n', default_value_t = 30)]
        lines: u32,
        /// One operation with its steps and output
        operation: Option<String>,
    },
    /// Search the program's own log of the last week
    Logs(logs::LogsArgs),
    /// Look at the program's files, secrets and hosts, and say what to do (exit code 4 if something is wrong)
    Doctor {
        /// Ask no host
        #[arg(long)]
        offline: bool,
    },
    /// Write a file for those who help you: versions, settings, inventory, logs, without a secret
    SupportBundle {
        /// The file, which must not be there (.tar.gz)
        #[arg(value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Put address-1 and so on in place of IP addresses
        #[arg(long)]
        mask_addresses: bool,
    },
    /// Print a completion script
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff), for `man -l -`
    Man,
}

/// A VPS or peer that goes.
#[derive(Debug, Args)]
pub struct Removal {
    /// Its name
    pub name: String,
    /// Forget it without touching its host (it is gone)
    #[arg(long)]
    pub forget: bool,
    /// Also remove the packages that WireWarp installed
    #[arg(long)]
    pub remove_packages: bool,
}
