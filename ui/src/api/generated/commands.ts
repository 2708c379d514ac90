// Generated from src-tauri/src by `cargo test -p wirewarp-desktop contract`. Do not edit.

import type { Channel } from "@tauri-apps/api/core";

import type {
  About,
  ActivityFilter,
  ActivityPage,
  Alert,
  AlertChannel,
  AlertRule,
  AlertingView,
  Analysis,
  Answer,
  AttachedSight,
  BridgesSight,
  Change,
  Changed,
  CheckResult,
  ClientConfigView,
  Clients,
  Collecting,
  Delivery,
  DnsCheck,
  DriftReport,
  Export,
  FileDiff,
  Finding,
  ForwardDraft,
  ForwardId,
  ForwardRow,
  GoTo,
  GuestAddresses,
  HostLive,
  HostNow,
  Ipv4,
  Job,
  JobEvent,
  JobId,
  LogForm,
  LogRow,
  LoginForm,
  Month,
  OperationView,
  Page,
  ParsedTarget,
  PastView,
  PeerPage,
  PeerRow,
  Pending,
  PlanId,
  PlanView,
  Probe,
  ProxmoxRow,
  ProxmoxSight,
  Question,
  QuestionClosed,
  QuestionId,
  QuitAsked,
  QuotaForm,
  SecretText,
  SeriesRef,
  Settings,
  SilenceForm,
  SshHost,
  StretchForm,
  SupportBundleView,
  TemplateRow,
  TerminalEvent,
  TerminalId,
  TerminalSize,
  TunnelQuality,
  Update,
  UserError,
  VpsPage,
  VpsRow,
} from "./types";

/** Each command with its arguments and result. It fails with a `UserError`. */
export interface Commands {
  /** Every VPS, by name. */
  list_vpses: { args: Record<string, never>; result: Array<VpsRow> };
  /** Every peer, by name. */
  list_peers: { args: Record<string, never>; result: Array<PeerRow> };
  /** Every port forward, oldest first. */
  list_forwards: { args: Record<string, never>; result: Array<ForwardRow> };
  /** Everything about a VPS, without looking at it now. */
  vps_details: { args: { name: string }; result: VpsPage };
  /** Everything about a peer, without looking at it now. */
  peer_details: { args: { name: string }; result: PeerPage };
  /** How hosts stood when they were last looked at in this run of the program; those never looked at are left out. */
  live: { args: Record<string, never>; result: Array<HostLive> };
  /** Looks at hosts now (all if none is named), at most 8 at once; each answer also comes as event `status` when it is there. */
  status: { args: { hosts: Array<string> }; result: Array<HostLive> };
  /** Hosts, tunnels and forwards as they are now (all hosts if none is named), by name; one that was not polled yet is left out. Event `changed` with `figures` says that there is more. */
  figures: { args: { hosts: Array<string> }; result: Array<HostNow> };
  /** Figures of a stretch of the past, for each of at most 200 series. */
  past: { args: { of: Array<SeriesRef>; stretch: StretchForm }; result: Array<PastView> };
  /** What a stretch of the past comes to, of one VPS or of all: top peers and forwards, hours of the week, months, uptime. */
  analysis: { args: { stretch: StretchForm; vps: string | null }; result: Analysis };
  /** Who is connected through a forward now; looks at its VPS. */
  clients: { args: { forward: ForwardId }; result: Clients };
  /** Ends what a client has open through a forward; gives how many connections that were. It may come again. */
  end_client: { args: { forward: ForwardId; client: string }; result: number };
  /** Keeps a client out of a forward's public address for some seconds, at most 30 days, and ends what it has open there. */
  block_client: { args: { forward: ForwardId; client: string; seconds: number }; result: number };
  /** Lets a client in again. */
  unblock_client: { args: { forward: ForwardId; client: string }; result: null };
  /** Measures latency, loss and the largest packet through a peer's tunnel now: some four seconds. */
  measure_tunnel: { args: { peer: string }; result: TunnelQuality };
  /** The newest lines of the program's own log that fit, at most 1000, newest first. */
  log_lines: { args: { query: LogForm }; result: Array<LogRow> };
  /** Asks where, and writes what helps others to help there, without a secret; none if the person chose no place. */
  save_support_bundle: { args: { mask_addresses: boolean }; result: SupportBundleView | null };
  /** How figures are collected. */
  collecting: { args: Record<string, never>; result: Collecting };
  /** Rules, channels, silences and quiet hours. */
  alerting: { args: Record<string, never>; result: AlertingView };
  /** What is pending, fires or fired, newest first. Event `changed` with `alerts` says that there is more. */
  alerts: { args: Record<string, never>; result: Array<Alert> };
  /** What was sent of it, newest first. */
  deliveries: { args: Record<string, never>; result: Array<Delivery> };
  /** Adds or replaces a rule. */
  save_alert_rule: { args: { rule: AlertRule }; result: AlertingView };
  /** Removes a rule. */
  remove_alert_rule: { args: { rule: string }; result: AlertingView };
  /** Adds or replaces a channel; without a secret the one that is kept stays. */
  save_alert_channel: { args: { channel: AlertChannel; secret: SecretText | null }; result: AlertingView };
  /** Removes a channel with its secret; fails with `channel_in_use` where a rule has no other. */
  remove_alert_channel: { args: { channel: string }; result: AlertingView };
  /** Sends a test by a channel as it is entered, kept or not, and says who took it. Fails with `not_delivered`. */
  test_alert_channel: { args: { channel: AlertChannel; secret: SecretText | null }; result: string };
  /** Tells nothing for a while. */
  silence: { args: { silence: SilenceForm }; result: AlertingView };
  /** Ends a silence. */
  end_silence: { args: { silence: string }; result: AlertingView };
  /** Sets the hours in which only what is critical is told; empty for none. */
  set_quiet_hours: { args: { hours: string }; result: AlertingView };
  /** What a VPS carried since its month began. */
  month: { args: { vps: string }; result: Month };
  /** Sets how much a VPS may carry in a month, or that nobody counts. */
  set_quota: { args: { vps: string; quota: QuotaForm | null }; result: Month };
  /** Desired, last applied and live side by side. */
  drift: { args: { host: string }; result: DriftReport };
  /** Every Proxmox host that is signed in to, by name. */
  list_proxmoxes: { args: Record<string, never>; result: Array<ProxmoxRow> };
  /** Its nodes and guests, asked for now. */
  proxmox_guests: { args: { name: string }; result: ProxmoxSight };
  /** One guest with its network cards and addresses, asked for now. */
  proxmox_guest: { args: { name: string; vmid: number }; result: GuestAddresses };
  /** The bridges of its nodes, asked for now. */
  proxmox_bridges: { args: { name: string }; result: BridgesSight };
  /** Guests that are attached, each compared with what is there now. */
  proxmox_attached: { args: { name: string }; result: Array<AttachedSight> };
  /** Trusts the certificate that it shows now, once the person has compared it. Gives its fingerprint. */
  trust_proxmox: { args: { name: string }; result: string };
  /** Computes a change and plans it: looks at the hosts that it concerns, which can take a while and ask questions. Nothing is recorded. */
  preview_change: { args: { change: Change }; result: PlanView };
  /** Plans what is recorded and not applied on these hosts (all if none is named). */
  preview_pending: { args: { hosts: Array<string> }; result: PlanView };
  /** A plan that was made earlier; fails with `plan_gone` if it is not one of the newest 50. */
  plan: { args: { plan: PlanId }; result: PlanView };
  /** The exact differences of every file of a host of a plan. */
  plan_files: { args: { plan: PlanId; host: string }; result: Array<FileDiff> };
  /** Keeps the intent of a plan for a later apply; hosts stay as they are. */
  record_plan: { args: { plan: PlanId }; result: PlanView };
  /** Records a plan and carries it out in the background; gives the job. `rollback_after`: seconds, none for that of the settings. */
  apply_plan: { args: { plan: PlanId; rollback_after: number | null }; result: JobId };
  /** What is recorded and not applied, told without a look at any host. */
  pending: { args: Record<string, never>; result: Pending };
  /** What stands against a forward while it is typed; `own` is its identifier when an existing one is edited. Offline, quick. */
  conflicts: { args: { draft: ForwardDraft; own: ForwardId | null }; result: Array<Finding> };
  /** Every job of this run of the program, newest first. */
  jobs: { args: Record<string, never>; result: Array<Job> };
  /** One job. */
  job: { args: { id: JobId }; result: Job };
  /** Stops a job before a host was given its script; fails with `handed_over` afterwards. */
  cancel_job: { args: { id: JobId }; result: Job };
  /** Begins a failed job again: an apply is planned anew for the hosts that failed. Gives the new job. */
  retry_job: { args: { id: JobId }; result: JobId };
  /** Takes ended jobs out of the list. */
  forget_jobs: { args: { ids: Array<JobId> }; result: null };
  /** Questions that wait for their answer. */
  questions: { args: Record<string, never>; result: Array<Question> };
  /** Answers one; fails with `not_found` if it waits no more. */
  answer_question: { args: { id: QuestionId; answer: Answer }; result: null };
  /** Tries forwards from this machine and names the hop that fails; all that are on if none is named. Gives the job. */
  check: { args: { forwards: Array<ForwardId> }; result: JobId };
  /** The last check of each forward in this run of the program. */
  check_results: { args: Record<string, never>; result: Array<CheckResult> };
  /** Changes and operations, newest first. */
  activity: { args: { filter: ActivityFilter; page: Page }; result: ActivityPage };
  /** One operation with its steps. */
  operation: { args: { id: string }; result: OperationView };
  /** All templates, by name. */
  templates: { args: Record<string, never>; result: Array<TemplateRow> };
  /** Adds a template, or replaces one of the person's own. Gives all. */
  save_template: { args: { name: string; ports: string }; result: Array<TemplateRow> };
  /** Removes one of the person's own. Gives all. */
  remove_template: { args: { name: string }; result: Array<TemplateRow> };
  /** The settings. */
  settings: { args: Record<string, never>; result: Settings };
  /** Puts settings in place of the others. */
  set_settings: { args: { settings: Settings }; result: Settings };
  /** What this program is. */
  about: { args: Record<string, never>; result: About };
  /** A version newer than this one, if its publisher has one. Fails with `updates_off` if this build has no publisher's key. */
  newer_version: { args: Record<string, never>; result: Update | null };
  /** Installs that version, once its publisher's signature was checked, and starts the program again. Fails with `busy` while something runs. */
  install_update: { args: Record<string, never>; result: null };
  /** Hosts of the person's SSH configuration. */
  ssh_config_hosts: { args: Record<string, never>; result: Array<SshHost> };
  /** Reads `root@host`, `ssh -p 2222 user@host`, or an alias. Fails with `bad_input.target`. */
  parse_target: { args: { text: string }; result: ParsedTarget };
  /** Connects to a machine and looks at it; nothing on it is changed or recorded. May ask questions. */
  probe_host: { args: { login: LoginForm }; result: Probe };
  /** Accepts the key that a host shows now in place of the remembered one: that with `fingerprint`, or the one that the person trusts when asked. Gives its fingerprint. */
  trust_host: { args: { host: string; fingerprint: string | null }; result: string };
  /** A manual peer's configuration, private key included. Fails with `no_key` if it is neither fresh nor kept, with `vps_not_applied` before its VPS is set up. */
  client_config: { args: { peer: string }; result: ClientConfigView };
  /** Keeps a fresh key in the keychain, or forgets a kept one. */
  keep_client_key: { args: { peer: string; keep: boolean }; result: ClientConfigView };
  /** Asks where, and writes the configuration there (0600). Gives the path; none if the person changed their mind. */
  save_client_config: { args: { peer: string }; result: string | null };
  /** Asks where, and writes a table as CSV, whole or what of it is named. Gives the path; none if the person changed their mind. */
  export_csv: { args: { what: Export }; result: string | null };
  /** Asks where, and writes a text, e.g. the log of a terminal. Gives the path; none if the person changed their mind. */
  save_text: { args: { file_name: string; text: string }; result: string | null };
  /** What to give to friends, e.g. `Join: play.example.org:25565`. */
  share_text: { args: { forward: ForwardId }; result: string };
  /** Whether a DNS name leads to an address. */
  check_dns: { args: { name: string; address: Ipv4 }; result: DnsCheck };
  /** Opens an `https:` or `http:` address in the system's browser. */
  open_link: { args: { url: string }; result: null };
  /** Shows the data folder in the system's file manager. */
  open_data_dir: { args: Record<string, never>; result: null };
  /** Types into a terminal. The next write waits for the answer to this one: order is only kept so. */
  terminal_write: { args: { id: TerminalId; text: string }; result: null };
  /** Says that the page has taken in this many bytes of output; the host is not read while more than 256 KiB are open. */
  terminal_ack: { args: { id: TerminalId; bytes: number }; result: null };
  /** The terminal's size has changed. */
  terminal_resize: { args: { id: TerminalId; size: TerminalSize }; result: null };
  /** Ends a terminal. Its event `ended` follows. */
  terminal_close: { args: { id: TerminalId }; result: null };
  /** Ends the program, jobs and all. Asked by the page after the event `quit_asked`. */
  quit: { args: Record<string, never>; result: null };
  /** Opens a shell on a host, or the console of a guest (`PROXMOX:NUMBER`); its output comes as raw bytes by `output`. Gives its identifier. */
  terminal_open: { args: { host: string; size: TerminalSize; output: Channel<ArrayBuffer> }; result: TerminalId };
}

export type CommandName = keyof Commands;

/** Each event with its payload. */
export interface Events {
  /** A job began, took a step, or ended. */
  job: JobEvent;
  /** The person is asked something. */
  question: Question;
  /** A question was answered, or waits no more. */
  question_closed: QuestionClosed;
  /** A host was looked at. */
  status: HostLive;
  /** Something is to be asked for again, whoever changed it. */
  changed: Changed;
  /** A terminal ended. */
  terminal: TerminalEvent;
  /** The person wants to end the program while jobs run; `quit` does it. */
  quit_asked: QuitAsked;
  /** The person chose something in the tray or a notification. */
  go: GoTo;
}

export type EventName = keyof Events;
