//! What the window can ask for.
#![expect(clippy::unused_async, reason = "the table awaits every command alike")]

pub(crate) mod alerts;
pub(crate) mod changes;
pub(crate) mod clients;
pub(crate) mod connect;
pub(crate) mod details;
pub(crate) mod figures;
pub(crate) mod handing;
pub(crate) mod jobs;
pub(crate) mod logs;
pub(crate) mod proxmox;
pub(crate) mod reads;
pub(crate) mod records;
pub(crate) mod terminal;

use std::{net::Ipv4Addr, sync::Arc};
use tauri::ipc::{Channel, InvokeResponseBody};
use ts_rs::TS;
use wirewarp_engine::{
    Clients, DriftReport, FileDiff, Finding, TunnelQuality,
    alert::{Alert, AlertChannel, AlertRule, Delivery, Month},
    proxmox::{AttachedSight, BridgesSight, GuestAddresses, ProxmoxSight},
    watch::{Analysis, HostNow},
};
use wirewarp_model::{ForwardId, PlanId};

use crate::{
    Desktop,
    contract::{Contract, commands},
    errors::Answered,
    view::{
        About, ActivityFilter, ActivityPage, AlertingView, Answer, Change, CheckResult, ClientConfigView,
        Collecting, DnsCheck, Export, ForwardDraft, ForwardRow, HostLive, Job, JobId, LogForm, LogRow,
        LoginForm, OperationView, Page, ParsedTarget, PastView, PeerPage, PeerRow, Pending, PlanView, Probe,
        ProxmoxRow, Question, QuestionId, QuotaForm, SecretText, SeriesRef, Settings, SilenceForm, SshHost,
        StretchForm, SupportBundleView, TemplateRow, TerminalId, TerminalSize, Update, VpsPage, VpsRow,
    },
};

commands! {
    /// Every VPS, by name.
    list_vpses() -> Vec<VpsRow> = reads::list_vpses;
    /// Every peer, by name.
    list_peers() -> Vec<PeerRow> = reads::list_peers;
    /// Every port forward, oldest first.
    list_forwards() -> Vec<ForwardRow> = reads::list_forwards;
    /// Everything about a VPS, without looking at it now.
    vps_details(name: String) -> VpsPage = details::vps_details;
    /// Everything about a peer, without looking at it now.
    peer_details(name: String) -> PeerPage = details::peer_details;
    /// How hosts stood when they were last looked at in this run of the program; those never looked at are left out.
    live() -> Vec<HostLive> = reads::live;
    /// Looks at hosts now (all if none is named), at most 8 at once; each answer also comes as event `status` when it is there.
    status(hosts: Vec<String>) -> Vec<HostLive> = reads::status;
    /// Hosts, tunnels and forwards as they are now (all hosts if none is named), by name; one that was not polled yet is left out. Event `changed` with `figures` says that there is more.
    figures(hosts: Vec<String>) -> Vec<HostNow> = figures::figures;
    /// Figures of a stretch of the past, for each of at most 200 series.
    past(of: Vec<SeriesRef>, stretch: StretchForm) -> Vec<PastView> = figures::past;
    /// What a stretch of the past comes to, of one VPS or of all: top peers and forwards, hours of the week, months, uptime.
    analysis(stretch: StretchForm, vps: Option<String>) -> Analysis = figures::analysis;
    /// Who is connected through a forward now; looks at its VPS.
    clients(forward: ForwardId) -> Clients = clients::clients;
    /// Ends what a client has open through a forward; gives how many connections that were. It may come again.
    end_client(forward: ForwardId, client: String) -> u32 = clients::end;
    /// Keeps a client out of a forward's public address for some seconds, at most 30 days, and ends what it has open there.
    block_client(forward: ForwardId, client: String, seconds: u32) -> u32 = clients::block;
    /// Lets a client in again.
    unblock_client(forward: ForwardId, client: String) -> () = clients::unblock;
    /// Measures latency, loss and the largest packet through a peer's tunnel now: some four seconds.
    measure_tunnel(peer: String) -> TunnelQuality = figures::measure_tunnel;
    /// The newest lines of the program's own log that fit, at most 1000, newest first.
    log_lines(query: LogForm) -> Vec<LogRow> = logs::log_lines;
    /// Asks where, and writes what helps others to help there, without a secret; none if the person chose no place.
    save_support_bundle(mask_addresses: bool) -> Option<SupportBundleView> = logs::save_support_bundle;
    /// How figures are collected.
    collecting() -> Collecting = figures::collecting;

    /// Rules, channels, silences and quiet hours.
    alerting() -> AlertingView = alerts::alerting;
    /// What is pending, fires or fired, newest first. Event `changed` with `alerts` says that there is more.
    alerts() -> Vec<Alert> = alerts::alerts;
    /// What was sent of it, newest first.
    deliveries() -> Vec<Delivery> = alerts::deliveries;
    /// Adds or replaces a rule.
    save_alert_rule(rule: AlertRule) -> AlertingView = alerts::save_rule;
    /// Removes a rule.
    remove_alert_rule(rule: String) -> AlertingView = alerts::remove_rule;
    /// Adds or replaces a channel; without a secret the one that is kept stays.
    save_alert_channel(channel: AlertChannel, secret: Option<SecretText>) -> AlertingView = alerts::save_channel;
    /// Removes a channel with its secret; fails with `channel_in_use` where a rule has no other.
    remove_alert_channel(channel: String) -> AlertingView = alerts::remove_channel;
    /// Sends a test by a channel as it is entered, kept or not, and says who took it. Fails with `not_delivered`.
    test_alert_channel(channel: AlertChannel, secret: Option<SecretText>) -> String = alerts::test_channel;
    /// Tells nothing for a while.
    silence(silence: SilenceForm) -> AlertingView = alerts::silence;
    /// Ends a silence.
    end_silence(silence: String) -> AlertingView = alerts::end_silence;
    /// Sets the hours in which only what is critical is told; empty for none.
    set_quiet_hours(hours: String) -> AlertingView = alerts::set_quiet_hours;
    /// What a VPS carried since its month began.
    month(vps: String) -> Month = alerts::month;
    /// Sets how much a VPS may carry in a month, or that nobody counts.
    set_quota(vps: String, quota: Option<QuotaForm>) -> Month = alerts::set_quota;
    /// Desired, last applied and live side by side.
    drift(host: String) -> DriftReport = reads::drift;

    /// Every Proxmox host that is signed in to, by name.
    list_proxmoxes() -> Vec<ProxmoxRow> = proxmox::list;
    /// Its nodes and guests, asked for now.
    proxmox_guests(name: String) -> ProxmoxSight = proxmox::guests;
    /// One guest with its network cards and addresses, asked for now.
    proxmox_guest(name: String, vmid: u32) -> GuestAddresses = proxmox::guest;
    /// The bridges of its nodes, asked for now.
    proxmox_bridges(name: String) -> BridgesSight = proxmox::bridges;
    /// Guests that are attached, each compared with what is there now.
    proxmox_attached(name: String) -> Vec<AttachedSight> = proxmox::attached;
    /// Trusts the certificate that it shows now, once the person has compared it. Gives its fingerprint.
    trust_proxmox(name: String) -> String = proxmox::trust;

    /// Computes a change and plans it: looks at the hosts that it concerns, which can take a while and ask questions. Nothing is recorded.
    preview_change(change: Change) -> PlanView = changes::preview_change;
    /// Plans what is recorded and not applied on these hosts (all if none is named).
    preview_pending(hosts: Vec<String>) -> PlanView = changes::preview_pending;
    /// A plan that was made earlier; fails with `plan_gone` if it is not one of the newest 50.
    plan(plan: PlanId) -> PlanView = changes::plan;
    /// The exact differences of every file of a host of a plan.
    plan_files(plan: PlanId, host: String) -> Vec<FileDiff> = changes::plan_files;
    /// Keeps the intent of a plan for a later apply; hosts stay as they are.
    record_plan(plan: PlanId) -> PlanView = changes::record_plan;
    /// Records a plan and carries it out in the background; gives the job. `rollback_after`: seconds, none for that of the settings.
    apply_plan(plan: PlanId, rollback_after: Option<u32>) -> JobId = changes::apply_plan;
    /// What is recorded and not applied, told without a look at any host.
    pending() -> Pending = reads::pending;
    /// What stands against a forward while it is typed; `own` is its identifier when an existing one is edited. Offline, quick.
    conflicts(draft: ForwardDraft, own: Option<ForwardId>) -> Vec<Finding> = reads::conflicts;

    /// Every job of this run of the program, newest first.
    jobs() -> Vec<Job> = jobs::jobs;
    /// One job.
    job(id: JobId) -> Job = jobs::job;
    /// Stops a job before a host was given its script; fails with `handed_over` afterwards.
    cancel_job(id: JobId) -> Job = jobs::cancel_job;
    /// Begins a failed job again: an apply is planned anew for the hosts that failed. Gives the new job.
    retry_job(id: JobId) -> JobId = jobs::retry_job;
    /// Takes ended jobs out of the list.
    forget_jobs(ids: Vec<JobId>) -> () = jobs::forget_jobs;

    /// Questions that wait for their answer.
    questions() -> Vec<Question> = jobs::questions;
    /// Answers one; fails with `not_found` if it waits no more.
    answer_question(id: QuestionId, answer: Answer) -> () = jobs::answer_question;

    /// Tries forwards from this machine and names the hop that fails; all that are on if none is named. Gives the job.
    check(forwards: Vec<ForwardId>) -> JobId = jobs::check;
    /// The last check of each forward in this run of the program.
    check_results() -> Vec<CheckResult> = jobs::check_results;

    /// Changes and operations, newest first.
    activity(filter: ActivityFilter, page: Page) -> ActivityPage = records::activity;
    /// One operation with its steps.
    operation(id: String) -> OperationView = records::operation;

    /// All templates, by name.
    templates() -> Vec<TemplateRow> = records::templates;
    /// Adds a template, or replaces one of the person's own. Gives all.
    save_template(name: String, ports: String) -> Vec<TemplateRow> = records::save_template;
    /// Removes one of the person's own. Gives all.
    remove_template(name: String) -> Vec<TemplateRow> = records::remove_template;

    /// The settings.
    settings() -> Settings = records::settings;
    /// Puts settings in place of the others.
    set_settings(settings: Settings) -> Settings = records::set_settings;
    /// What this program is.
    about() -> About = handing::about;
    /// A version newer than this one, if its publisher has one. Fails with `updates_off` if this build has no publisher's key.
    newer_version() -> Option<Update> = handing::newer_version;
    /// Installs that version, once its publisher's signature was checked, and starts the program again. Fails with `busy` while something runs.
    install_update() -> () = handing::install_update;

    /// Hosts of the person's SSH configuration.
    ssh_config_hosts() -> Vec<SshHost> = connect::ssh_config_hosts;
    /// Reads `root@host`, `ssh -p 2222 user@host`, or an alias. Fails with `bad_input.target`.
    parse_target(text: String) -> ParsedTarget = connect::parse_target;
    /// Connects to a machine and looks at it; nothing on it is changed or recorded. May ask questions.
    probe_host(login: LoginForm) -> Probe = connect::probe_host;
    /// Accepts the key that a host shows now in place of the remembered one: that with `fingerprint`, or the one that the person trusts when asked. Gives its fingerprint.
    trust_host(host: String, fingerprint: Option<String>) -> String = connect::trust_host;
    /// A manual peer's configuration, private key included. Fails with `no_key` if it is neither fresh nor kept, with `vps_not_applied` before its VPS is set up.
    client_config(peer: String) -> ClientConfigView = handing::client_config;
    /// Keeps a fresh key in the keychain, or forgets a kept one.
    keep_client_key(peer: String, keep: bool) -> ClientConfigView = handing::keep_client_key;
    /// Asks where, and writes the configuration there (0600). Gives the path; none if the person changed their mind.
    save_client_config(peer: String) -> Option<String> = handing::save_client_config;
    /// Asks where, and writes a table as CSV, whole or what of it is named. Gives the path; none if the person changed their mind.
    export_csv(what: Export) -> Option<String> = handing::export_csv;
    /// Asks where, and writes a text, e.g. the log of a terminal. Gives the path; none if the person changed their mind.
    save_text(file_name: String, text: String) -> Option<String> = handing::save_text;
    /// What to give to friends, e.g. `Join: play.example.org:25565`.
    share_text(forward: ForwardId) -> String = handing::share_text;
    /// Whether a DNS name leads to an address.
    check_dns(name: String, address: Ipv4) -> DnsCheck = handing::check_dns;
    /// Opens an `https:` or `http:` address in the system's browser.
    open_link(url: String) -> () = handing::open_link;
    /// Shows the data folder in the system's file manager.
    open_data_dir() -> () = handing::open_data_dir;

    /// Types into a terminal. The next write waits for the answer to this one: order is only kept so.
    terminal_write(id: TerminalId, text: String) -> () = terminal::write;
    /// Says that the page has taken in this many bytes of output; the host is not read while more than 256 KiB are open.
    terminal_ack(id: TerminalId, bytes: u32) -> () = terminal::ack;
    /// The terminal's size has changed.
    terminal_resize(id: TerminalId, size: TerminalSize) -> () = terminal::resize;
    /// Ends a terminal. Its event `ended` follows.
    terminal_close(id: TerminalId) -> () = terminal::close;

    /// Ends the program, jobs and all. Asked by the page after the event `quit_asked`.
    quit() -> () = handing::quit;
}

/// An IPv4 address as text.
#[derive(Debug, Clone, Copy, serde::Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Ipv4(pub Ipv4Addr);

/// Opens a shell on a host. Not in the table: its channel is Tauri's.
#[tauri::command(rename_all = "snake_case")]
async fn terminal_open(
    desktop: tauri::State<'_, Arc<Desktop>>,
    host: String,
    size: TerminalSize,
    output: Channel<InvokeResponseBody>,
) -> Answered<TerminalId> {
    let take = move |bytes| output.send(InvokeResponseBody::Raw(bytes)).is_ok();
    terminal::open(&desktop, host, size, Box::new(take)).await
}

/// The row of [`terminal_open`] in the contract.
pub(crate) fn declare_terminal_open(contract: &mut Contract) {
    let size = contract.takes::<TerminalSize>();
    let id = contract.takes::<TerminalId>();
    let arguments = [
        ("host", "string".to_owned()),
        ("size", size),
        ("output", "Channel<ArrayBuffer>".to_owned()),
    ];
    let doc = "Opens a shell on a host, or the console of a guest (`PROXMOX:NUMBER`); its output comes as raw bytes by `output`. Gives its identifier.";
    contract.command(&[doc], "terminal_open", &arguments, &id);
}
