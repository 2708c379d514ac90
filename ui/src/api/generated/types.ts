// Generated from src-tauri/src by `cargo test -p wirewarp-desktop contract`. Do not edit.

/** What this program is. */
export type About = {
    /** Its version. */
    version: string,
    /** Version of Tauri. */
    tauri: string,
    /** Version of the system's web view; empty if it did not say. */
    webview: string,
    /** `linux`, `windows` or `macos`. */
    os: string,
    /** Folder of the inventory. */
    data_dir: string,
    /** File of the log. */
    log_file: string,
    /** Where secrets are kept. */
    secrets: SecretsPlace,
    /** Whether a tray answers. */
    tray: boolean,
    /** Whether this build may look for updates. */
    updates: boolean,
    /** Licence, as SPDX names it. */
    licence: string,
    /** Where the source is. */
    repository: string, };

/** How a machine is reached; no secret is in it. */
export type AccessView = { "kind": "local" }
  | {
    "kind": "ssh",
    /** In short, e.g. `root@203.0.113.10:2222`. */
    short: string,
    /** Name, address or alias. */
    address: string,
    /** Port, if it was said. */
    port: number | null,
    /** User, if it was said. */
    user: string | null,
    /** Private key file, if it was said. */
    key_file: string | null,
    /** Whether ssh-agent alone is used. */
    agent: boolean,
    /** Whether a password is kept. */
    password: boolean,
    /** Whether a password for sudo is kept. */
    sudo_password: boolean,
    /** Jump host. */
    jump: string | null,
    /** Whether it is reached through its tunnel. */
    through_tunnel: boolean, };

/** Which entries; empty texts and none do not filter. */
export type ActivityFilter = {
    /** Words that occur in what, who or on what. */
    text: string,
    /** Which kind. */
    kind: ActivityKind | null,
    /** Only what failed or went back. */
    failed: boolean,
    /** Not before, milliseconds since 1970 UTC. */
    from: number | null,
    /** Before, the same. */
    until: number | null, };

/** Kinds of entries. */
export type ActivityKind = "change" | "operation";

/** A part of the entries, newest first. */
export type ActivityPage = {
    /** The entries. */
    rows: Array<ActivityRow>,
    /** How many the filter lets through. */
    total: number, };

/** One entry. */
export type ActivityRow = {
    /** Milliseconds since 1970 UTC. */
    at: number,
    /** Which kind. */
    kind: ActivityKind,
    /** `user@machine`; for an operation, the host's name. */
    who: string,
    /** The change it was part of, e.g. `port.add`. */
    action: string,
    /** `added`, `changed` or `removed`, `generation 3 -> 4`. */
    what: string,
    /** What it was done to: kind and name, e.g. `peer attic`. */
    object: string,
    /** How an operation ended. */
    state: OperationState | null,
    /** The first line of why it failed. */
    error: string | null,
    /** The operation. */
    operation: OperationId | null,
    /** What it was before, as JSON; of a change alone. */
    before: string | null,
    /** What it became, as JSON; of a change alone. */
    after: string | null, };

/** Who tells a guest its address. */
export type AddressForm = "auto" | "dhcp" | "config" | "agent" | "by_hand";

/** A pool address with what hangs on it. */
export type AddressView = {
    /** The address that the internet uses. */
    address: string,
    /** The address on the interface; another one where the provider maps it. */
    on_host: string,
    /** The interface. */
    interface: string,
    /** Whether it is given to new peers. */
    active: boolean,
    /** Whether peers connect to it. */
    is_endpoint: boolean,
    /** Names of the peers that have it. */
    peers: Array<Name>,
    /** Their forwards. */
    forwards: number,
    /** Public ports of those. */
    ports: number,
    /** The DNS name of the settings for it. */
    dns_name: string | null, };

/** One time that the condition of a rule held of something. All times are seconds since 1970 UTC. */
export type Alert = {
    /** Its identifier. */
    id: AlertId,
    /** Which rule. */
    rule: AlertRuleId,
    /** What the rule was called then. */
    rule_name: string,
    /** How bad it is. */
    severity: AlertSeverity,
    /** `host`, `peer` or `forward`. */
    kind: string,
    /** The identifier of what it is about. */
    object: string,
    /** What that was called then. */
    name: string,
    /** The machine that it was seen on. */
    host: HostId,
    /** Why, in words. */
    reason: string,
    /** How far it is. */
    state: AlertState,
    /** Since when the condition holds. */
    since: number,
    /** Since when it does not hold any more, if it does not. */
    clear_since: number | null,
    /** When it fired. */
    fired_at: number | null,
    /** When it was over. */
    resolved_at: number | null,
    /** When somebody was told last. */
    told_at: number | null, };

/** A way to be told. */
export type AlertChannel = {
    /** Its identifier. */
    id: AlertChannelId,
    /** What it is called. */
    name: Name,
    /** Which way. */
    kind: ChannelKind,
    /** What is less bad than this is not told. */
    at_least: AlertSeverity,
    /** Text of a message for one alert, with `{name}` and so on in it; the usual one if it is empty. */
    template: string,
    /** Whether it is in use. */
    enabled: boolean, };

/** A way to be told. */
export type AlertChannelId = string;

/** One time that a rule's condition held. */
export type AlertId = string;

/** A rule of when to be told. */
export type AlertRule = {
    /** Its identifier. */
    id: AlertRuleId,
    /** What it is called; not empty. */
    name: string,
    /** What must hold. */
    condition: Condition,
    /** Of which machines, peers or forwards alone; of all if it is empty. */
    only: Array<string>,
    /** For how long it must hold, in seconds. */
    for_seconds: number,
    /** How bad it is. */
    severity: AlertSeverity,
    /** How often to remind while it holds, in minutes; 0 for never. */
    remind_minutes: number,
    /** Which channels alone; all if it is empty. */
    channels: Array<AlertChannelId>,
    /** Whether it is in use. */
    enabled: boolean, };

/** A rule of when to be told. */
export type AlertRuleId = string;

/** How bad it is. */
export type AlertSeverity = "info" | "warning" | "critical";

/** How far an alert is. */
export type AlertState = "pending" | "firing" | "resolved";

/** When somebody is told, by which way, and when not. */
export type AlertingView = {
    /** Rules, oldest first. */
    rules: Array<AlertRule>,
    /** Channels, by name. */
    channels: Array<AlertChannel>,
    /** Silences that are not over, the first to end first. */
    silences: Array<Silence>,
    /** Hours in which only what is critical is told, e.g. `22:00-07:00`. */
    quiet_hours: string | null, };

/** What a stretch of the past comes to. */
export type Analysis = {
    /** Its beginning, seconds since 1970 UTC. */
    from: number,
    /** Its end, seconds since 1970 UTC, not part of it. */
    to: number,
    /** Traffic of the peers by hour of the week, in this computer's time: 168 hours from Monday, 0 o'clock. */
    heat: Array<HeatCell>,
    /** The peers that carried most, at most 20. */
    peers: Array<Carried>,
    /** The forwards that carried most, at most 20. */
    forwards: Array<Carried>,
    /** The last months, the oldest first; of the calendar, UTC. */
    months: Array<MonthTraffic>,
    /** VPSes, by name. */
    vpses: Array<UptimeRow>,
    /** Peers, those that were away longest first; at most 200. */
    peer_uptimes: Array<UptimeRow>, };

/** An answer. */
export type Answer = { "answer": "trust" }
  | {
    "answer": "secret",
    /** Its text. */
    text: SecretText, }
  | {
    "answer": "no" };

/** An attached guest as it is now. */
export type AttachedSight = {
    /** Its number. */
    vmid: number,
    /** Virtual machine or container. */
    kind: GuestKind,
    /** What it was called. */
    name: string,
    /** The node that it was attached on. */
    node: string,
    /** The peer whose tunnel it takes. */
    peer: Name | null,
    /** Its address. */
    address: string,
    /** How far it came. */
    state: AttachmentState,
    /** Where it differs from what was left, in words; empty if it does not. */
    differences: Array<string>, };

/** How far an attachment is in force. Each way can be gone on with, and back. */
export type AttachmentState = "attaching" | "attached" | "detaching";

/** Somebody who is let in no more. */
export type BlockedClient = {
    /** Its address. */
    address: string,
    /** Until when, seconds since 1970 UTC. */
    until: number, };

/** A bridge of a node. */
export type BridgeSight = {
    /** The node. */
    node: string,
    /** Its name. */
    name: string,
    /** Whether it is up. */
    active: boolean,
    /** The node's address on it. */
    address: string | null,
    /** Its ports, with blanks between them; empty for one that leads nowhere but to guests. */
    ports: string,
    /** The peer whose VM network it is, if it is one of WireWarp's. */
    peer: Name | null,
    /** Edits that somebody has pending on its node, as a diff. */
    pending: string | null, };

/** Bridges of all nodes at one moment. */
export type BridgesSight = {
    /** When it was asked. */
    at: string,
    /** Bridges of the nodes that answered, by node and name. */
    bridges: Array<BridgeSight>,
    /** Nodes that did not answer. */
    silent: Array<SilentNode>, };

/** A file of the bundle. */
export type BundleEntryView = {
    /** Its name in the bundle. */
    name: string,
    /** Its size, bytes. */
    bytes: number, };

/** What something carried. */
export type Carried = {
    /** Its identifier. */
    id: string,
    /** What it is called. */
    name: string,
    /** The peer of a forward, the VPS of a peer. */
    of: string,
    /** Bytes from the internet towards home. */
    to_home: number,
    /** Bytes from home towards the internet. */
    from_home: number,
    /** Bytes in both directions in the stretch of the same length before; none if nobody looked then. */
    before: number | null, };

/** A change of the inventory. Texts are as they were typed; an empty one is what was left out. */
export type Change = { "change": "vps_add",
    /** Its name. */
    name: string,
    /** How it is logged in to. */
    login: LoginForm,
    /** `10.0.0.0/24`; empty for a free one. */
    tunnel_network: string,
    /** UDP port of WireGuard; empty for that of the settings. */
    listen_port: string,
    /** Addresses for the pool (`PUBLIC` or `PUBLIC=PRIVATE`); none for all that are found. */
    ips: Array<string>, }
  | {
    "change": "vps_rename",
    /** Its name. */
    name: string,
    /** Its new name. */
    new_name: string, }
  | {
    "change": "vps_remove",
    /** Its name. */
    name: string,
    /** Forget it without touching the host (it is gone). */
    forget: boolean,
    /** Also remove the packages that WireWarp installed. */
    remove_packages: boolean, }
  | {
    "change": "ip_add",
    /** VPS. */
    vps: string,
    /** `PUBLIC` or `PUBLIC=PRIVATE`; empty for all that are found. */
    address: string, }
  | {
    "change": "ip_remove",
    /** VPS. */
    vps: string,
    /** Address. */
    address: string, }
  | {
    "change": "ip_set_active",
    /** VPS. */
    vps: string,
    /** Address. */
    address: string,
    /** Whether it is. */
    active: boolean, }
  | {
    "change": "peer_add",
    /** Its name. */
    name: string,
    /** Its VPS; empty for the only one. */
    vps: string,
    /** How it is set up. */
    setup: PeerSetupForm,
    /** `round-robin`, `least-used` or an address of the pool; empty for `round-robin`. */
    ip: string,
    /** VM network; empty for the next free one. */
    network: string,
    /** Existing interface for the gateway address; empty for a bridge of its own. */
    vm_interface: string,
    /** MTU in bytes; empty for what the home line allows. */
    mtu: string,
    /** What of the machine's own traffic goes through the tunnel: `replies`, `everything`, or networks with commas
 * between them; empty or left out for `replies`. */
    route?: string, }
  | {
    "change": "peer_route",
    /** Its name. */
    name: string,
    /** `replies`, `everything`, or networks with commas between them. */
    route: string, }
  | {
    "change": "peer_rename",
    /** Its name. */
    name: string,
    /** Its new name. */
    new_name: string, }
  | {
    "change": "peer_move",
    /** Its name. */
    name: string,
    /** `round-robin`, `least-used` or an address of the pool. */
    ip: string, }
  | {
    "change": "peer_set_active",
    /** Their names. */
    names: Array<string>,
    /** Whether they take part. */
    active: boolean, }
  | {
    "change": "peer_rotate_keys",
    /** Its name. */
    name: string, }
  | {
    "change": "peer_mtu",
    /** Its name. */
    name: string,
    /** In bytes; empty to measure the path from there, outside the tunnel. */
    mtu: string, }
  | {
    "change": "peer_remove",
    /** Their names. */
    names: Array<string>,
    /** Forget them without touching their hosts (they are gone). */
    forget: boolean,
    /** Also remove the packages that WireWarp installed. */
    remove_packages: boolean, }
  | {
    "change": "forward_add",
    /** What is to be opened. */
    draft: ForwardDraft,
    /** Whether it is in force at once. */
    enabled: boolean, }
  | {
    "change": "forward_import",
    /** Peer. */
    peer: string,
    /** The lines. */
    text: string, }
  | {
    "change": "forward_edit",
    /** Its identifier. */
    id: string,
    /** What it is to be; a `template` is ignored. */
    draft: ForwardDraft, }
  | {
    "change": "forward_remove",
    /** Their identifiers. */
    ids: Array<string>, }
  | {
    "change": "forward_set_enabled",
    /** Their identifiers. */
    ids: Array<string>,
    /** Whether they are in force. */
    enabled: boolean, }
  | {
    "change": "proxmox_add",
    /** What to call it. */
    name: string,
    /** Where its window opens: `https://192.168.1.10:8006`, or a part of that. */
    url: string,
    /** Who signs in. */
    sign_in: ProxmoxSignInForm, }
  | {
    "change": "proxmox_login",
    /** Its name. */
    name: string,
    /** Who signs in. */
    sign_in: ProxmoxSignInForm, }
  | {
    "change": "proxmox_remove",
    /** Its name. */
    name: string,
    /** Forget it with the guests that are attached through it (it is gone for good). */
    forget: boolean, }
  | {
    "change": "guest_attach",
    /** Which, and how. */
    guest: GuestForm, }
  | {
    "change": "guest_detach",
    /** Name of the Proxmox host. */
    proxmox: string,
    /** Number of the guest. */
    vmid: number, }
  | {
    "change": "host_login",
    /** Name of a VPS or peer. */
    host: string,
    /** How it is logged in to. */
    login: LoginForm, }
  | {
    "change": "host_adopt",
    /** Name of a VPS or peer. */
    host: string, }
  | {
    "change": "host_repair",
    /** Name of a VPS or peer. */
    host: string, }
  | {
    "change": "host_rollback",
    /** Name of a VPS or peer. */
    host: string,
    /** Which; none for the one before. */
    generation: number | null, };

/** What has changed. Payload of the event `changed`. */
export type Changed = {
    /** What is to be asked for again. */
    subjects: Array<ChangedSubject>, };

/** Something that can be asked for. */
export type ChangedSubject = "inventory" | "activity" | "templates" | "settings" | "checks" | "figures" | "alerts";

/** A way, without its secret, which the keychain has. */
export type ChannelKind = { "by": "mail",
    /** Name or address of the server. */
    server: string,
    /** Its port. */
    port: number,
    /** How it is spoken to. */
    security: MailSecurity,
    /** The account; empty if the server asks for none. */
    user: string,
    /** Sender, e.g. `WireWarp <me@example.org>`. */
    from: string,
    /** Receivers. */
    to: Array<string>, }
  | {
    "by": "webhook",
    /** Where to. */
    url: string, }
  | {
    "by": "discord" }
  | {
    "by": "slack" }
  | {
    "by": "telegram",
    /** Identifier of the chat, or `@channel`. */
    chat: string,
    /** The Bot API server; `https://api.telegram.org` unless one's own. */
    server: string, };

/** What a check found. */
export type CheckReport = {
    /** Each protocol and port, or range of ports, that was tried. */
    checks: Array<ForwardCheck>,
    /** What could not be tried. */
    skipped: Array<Skipped>, };

/** The last check of a part of a forward in this run of the program. */
export type CheckResult = {
    /** The forward. */
    forward: ForwardId,
    /** When, milliseconds since 1970 UTC. */
    at: number,
    /** What was found. */
    check: ForwardCheck, };

/** Somebody who is connected. */
export type Client = {
    /** Its address. */
    address: string,
    /** Connections that it has open. */
    connections: number,
    /** Since when the oldest of them, seconds since 1970 UTC; none if the VPS does not know. */
    since: number | null,
    /** Bytes towards home that they carried; none if the VPS does not count. */
    to_home: number | null,
    /** Bytes from home that they carried; none if the VPS does not count. */
    from_home: number | null,
    /** The public ports that they came to, lowest first, each with its protocol: `25565/tcp`. */
    ports: Array<string>, };

/** A manual peer's configuration. It holds the private key. */
export type ClientConfigView = {
    /** In the form of wg-quick(8). */
    text: string,
    /** Its QR code, an SVG document. */
    qr_svg: string,
    /** What a file of it is called, e.g. `phone.conf`. */
    file_name: string,
    /** Whether the key is kept in the keychain; else it is gone when the program ends. */
    kept: boolean, };

/** Who is connected through a forward. */
export type Clients = {
    /** The forward's identifier. */
    forward: string,
    /** When this was so, seconds since 1970 UTC. */
    at: number,
    /** Those with most traffic first. */
    clients: Array<Client>,
    /** Connections beyond the first 5,000, which are not among them. */
    more: number,
    /** Who is kept out of the forward's public address. */
    blocked: Array<BlockedClient>, };

/** How figures are collected. */
export type Collecting = {
    /** Whether this program writes the history; else another one does, or none. */
    recording: boolean,
    /** Seconds between two polls of a host. */
    interval: number,
    /** Bytes that the history takes on disk. */
    history_bytes: number, };

/** One thing that is measured. */
export type Column = "cpu" | "memory" | "disk" | "load" | "received" | "sent" | "from_home" | "to_home" | "connections" | "pings" | "pings_lost" | "round_trips" | "round_trip_most" | "path_mtu";

/** A column of the figures. */
export type ColumnView = {
    /** Which. */
    column: Column,
    /** Of bytes the mean rate per second, of a state its mean value. */
    mean: Array<number>,
    /** The highest rate or value within each point. */
    peak: Array<number>,
    /** Of bytes all of them, else 0. */
    sum: number,
    /** Of bytes the rate that is not exceeded for 95 in 100 of the time; none if nobody polled. */
    p95: number | null, };

/** What must hold. */
export type Condition = { "when": "peer_disconnected" }
  | {
    "when": "host_offline" }
  | {
    "when": "bandwidth",
    /** Mbit/s. */
    above: number, }
  | {
    "when": "quota",
    /** Percent of the quota. */
    percent: number, }
  | {
    "when": "disk",
    /** Percent of its size. */
    percent: number, }
  | {
    "when": "memory",
    /** Percent of its size. */
    percent: number, }
  | {
    "when": "cpu",
    /** Percent of all of them. */
    percent: number, }
  | {
    "when": "forward_failing" }
  | {
    "when": "drift" }
  | {
    "when": "key_changed" }
  | {
    "when": "updates_waiting" };

/** A message and the channel that it goes by. Times are seconds since 1970 UTC. */
export type Delivery = {
    /** Its number. */
    id: number,
    /** By which channel. */
    channel: AlertChannelId,
    /** What that was called then. */
    channel_name: string,
    /** When it was to be told. */
    at: number,
    /** How far it is. */
    state: DeliveryState,
    /** How often it was tried. */
    tries: number,
    /** When it is tried next, if it waits. */
    next_at: number,
    /** What the receiver said, or why there was none. */
    said: string, };

/** How far a delivery is. */
export type DeliveryState = "waiting" | "delivered" | "failed";

/** Height of rows. */
export type Density = "normal" | "compact";

/** What a program told about itself. Texts are harmless to show. */
export type Details = { "kind": "game" } & Game | {
    "kind": "unread",
    /** Why, e.g. "the answer came in several packets, which are not put together". */
    why: string, }
  | {
    "kind": "unknown",
    /** Its length in bytes. */
    length: number,
    /** Its beginning, escaped. */
    excerpt: string, };

/** Whether a name leads to an address. */
export type DnsCheck = {
    /** Whether it does. */
    ok: boolean,
    /** Where it leads. */
    addresses: Array<string>,
    /** In a sentence, with what to do. */
    message: string, };

/** A file with its three sides. */
export type DriftFile = {
    /** Path below the generation's folder. */
    path: string,
    /** Which side moved. */
    state: FileState,
    /** As the inventory wants it. */
    desired: string | null,
    /** As it was last applied. */
    applied: string | null,
    /** As it is on the host. */
    live: string | null,
    /** From live to desired, as a unified diff. */
    diff: string, };

/** Where a host differs. */
export type DriftReport = {
    /** The host. */
    name: Name,
    /** The generation in force on it. */
    generation: number,
    /** The generation that this inventory applied last; none if it never did. */
    applied: number | null,
    /** The live state against the generation in force, one line each. */
    live: Array<string>,
    /** Files that differ. */
    files: Array<DriftFile>, };

/** A table that is exported, and what of it; where no list is given, all of it. */
export type Export = { "table": "vpses",
    /** These alone. */
    only: Array<VpsId> | null, }
  | {
    "table": "peers",
    /** These alone. */
    only: Array<PeerId> | null, }
  | {
    "table": "forwards",
    /** These alone. */
    only: Array<ForwardId> | null, }
  | {
    "table": "activity",
    /** Which entries. */
    filter: ActivityFilter, };

/** How a file differs. */
export type FileChange = "added" | "changed" | "removed";

/** One file that is added, changed or removed. */
export type FileDiff = {
    /** Path below the generation's folder. */
    path: string,
    /** Text before; none if the file is new. */
    before: string | null,
    /** Text after; none if the file goes. */
    after: string | null,
    /** Both as a unified diff with three lines around each change. */
    unified: string, };

/** Which side moved. */
export type FileState = "changed_here" | "changed_there" | "changed_both" | "missing" | "unknown";

/** A file that differs. */
export type FileSummary = {
    /** Path below the generation's folder. */
    path: string,
    /** How. */
    change: FileChange,
    /** Lines that come. */
    added: number,
    /** Lines that go. */
    removed: number, };

/** One thing that is wrong, in the way, or good to know. */
export type Finding = {
    /** A stable identifier, e.g. `port_taken`. */
    code: string,
    /** How bad it is. */
    severity: Severity,
    /** What it is and what it does, in the reader's words. */
    message: string,
    /** What to do, most useful first. */
    hints: Array<string>,
    /** What it is about. */
    subject: Subject, };

/** One protocol and port, or range of ports, of a forward. */
export type ForwardCheck = {
    /** The forward. */
    id: ForwardId,
    /** The forward's identifier, shortened. */
    forward: string,
    /** e.g. `25565/udp on 203.0.113.10 (survival)`. */
    title: string,
    /** Whether it works, as far as it can be proved. */
    ok: boolean,
    /** In a sentence. */
    verdict: string,
    /** Its kind, for programs. */
    outcome: Verdict,
    /** The public port that all this is about: of a range, the one that gave most. */
    port: number,
    /** Every hop on the way. */
    hops: Array<HopCheck>,
    /** What to do next. */
    hints: Array<string>,
    /** What the try gave. */
    reach: Reach, };

/** A forward as it is being typed. */
export type ForwardDraft = {
    /** Peer. */
    peer: string,
    /** `25565` · `80,443` · `27000-27050` · `8000-8010->9000`; `all` for the whole address. Ignored with a `template`. */
    ports: string,
    /** `tcp`, `udp` or `both`; empty for tcp. Ignored with a `template`. */
    protocols: string,
    /** Address of a VM or of the LAN, or `peer` for the peer itself; empty for the usual target. */
    to: string,
    /** What to call it. */
    label: string,
    /** Template whose ports are opened; none for `ports`. */
    template: string | null, };

/** A port forward. */
export type ForwardId = string;

/** A port forward. */
export type ForwardNow = {
    /** Its identifier. */
    id: ForwardId,
    /** Its peer. */
    peer: Name,
    /** The address that players connect to. */
    public_ip: string,
    /** Its ports, as they are written. */
    ports: string,
    /** What its owner calls it; may be empty. */
    label: string,
    /** Connections that are open. */
    connections: number,
    /** What it carried since its VPS counts. */
    total: Totals,
    /** What it carries. */
    rates: Rates, };

/** A port forward in a table. */
export type ForwardRow = {
    /** Its identifier. */
    id: ForwardId,
    /** Its peer. */
    peer: PeerId,
    /** Name of its peer. */
    peer_name: Name,
    /** Name of the VPS. */
    vps_name: Name,
    /** Where the ports open. */
    public_ip: string,
    /** `tcp`, `udp`, `both`; `all` for the whole address, whose `ports` is empty. */
    protocols: "tcp" | "udp" | "both" | "all",
    /** As it was typed: `25565`, `80,443`, `8000-8010->9000`. */
    ports: string,
    /** What kind of machine answers. */
    target_kind: TargetKind,
    /** The address of the machine that answers, on its own network. */
    target: string,
    /** What its owner calls it; may be empty. */
    label: string,
    /** The template it was made from. */
    template: Name | null,
    /** Whether it is meant to be in force. */
    state: ForwardState, };

/** Whether a forward is meant to be in force. */
export type ForwardState = "on" | "off" | "suspended";

/** A game server as it describes itself. */
export type Game = {
    /** Which game, e.g. `Minecraft`, `Counter-Strike 2`. */
    game: string,
    /** The server's name or message of the day. */
    name: string,
    /** Version, if told. */
    version: string | null,
    /** Map, if told. */
    map: string | null,
    /** Players now, and the most that fit. */
    players: [number, number] | null, };

/** A place to go to. Payload of the event `go`. */
export type GoTo = { "to": "pending" }
  | {
    "to": "job",
    /** Its identifier. */
    id: JobId, };

/** One guest with what it takes a question of its own to know. */
export type GuestAddresses = {
    /** When it was asked. */
    at: string,
    /** The guest. */
    guest: GuestSight,
    /** Its network cards. */
    nics: Array<NicSight>,
    /** Its system: what the agent says, else the family that Proxmox was told. */
    system: string | null,
    /** Why addresses are missing, in words; none where they could be asked for. */
    silent: string | null, };

/** A guest to be attached. Empty texts are what was left out. */
export type GuestForm = {
    /** Name of the Proxmox host. */
    proxmox: string,
    /** Number of the guest. */
    vmid: number,
    /** Ports to open to it, as for a forward; empty for none. Ignored with a `template`. */
    ports: string,
    /** `tcp`, `udp` or `both`; empty for tcp. */
    protocols: string,
    /** Template whose ports are opened; none for `ports`. */
    template: string | null,
    /** What to call what is opened. */
    label: string,
    /** How it gets onto the network. */
    nic: NicForm,
    /** Who tells it its address. */
    address: AddressForm,
    /** Peer on its node whose tunnel it takes; empty for the one that is there, or a new one. */
    peer: string,
    /** What a new peer needs; none to take one that is there. */
    new_peer: NodePeerForm | null, };

/** Whether a guest is a machine or a container. */
export type GuestKind = "vm" | "ct";

/** What is to be done to a guest and on its node through the API. */
export type GuestPlan = {
    /** The Proxmox host. */
    proxmox: Name,
    /** The node. */
    node: string,
    /** Virtual machine or container. */
    kind: GuestKind,
    /** Its number. */
    vmid: number,
    /** Its name. */
    name: string,
    /** The address that it has, or gets. */
    address: string,
    /** What will be done, in words and in order; empty when nothing is to be done there. */
    steps: Array<string>,
    /** Names of the guest's configuration that change. */
    changes: Array<SettingChange>,
    /** What is good to know before. */
    notes: Array<string>, };

/** A guest. */
export type GuestSight = {
    /** Its number. */
    vmid: number,
    /** Virtual machine or container. */
    kind: GuestKind,
    /** Its name; may be empty. */
    name: string,
    /** The node that it is on. */
    node: string,
    /** `running`, `stopped` or `unknown`. */
    state: string,
    /** Whether it is a template, which never runs. */
    template: boolean,
    /** What holds it, e.g. `backup`. */
    lock: string | null,
    /** Peers that it is attached to. */
    peers: Array<Name>, };

/** In a word. */
export type Health = "ok" | "changes_waiting" | "drift" | "unreachable";

/** One hour of the week. */
export type HeatCell = {
    /** Bytes in both directions, all weeks together. */
    bytes: number,
    /** In how many weeks it was measured; 0 if nobody knows. */
    weeks: number, };

/** A hop on the way to the program. */
export type Hop = "name" | "provider_firewall" | "vps_rule" | "tunnel" | "peer_routing" | "guest" | "program";

/** One hop. */
export type HopCheck = {
    /** Which. */
    hop: Hop,
    /** What it is called. */
    title: string,
    /** What is known of it. */
    state: HopState,
    /** Why. */
    why: string, };

/** What is known of a hop. */
export type HopState = "proved" | "failed" | "unknown" | "not_reached";

/** What a machine was seen to be. */
export type HostFacts = {
    /** When, milliseconds since 1970 UTC. */
    at: number,
    /** Its own name of itself. */
    hostname: string,
    /** Operating system. */
    system: string,
    /** Kernel release. */
    kernel: string,
    /** Architecture, e.g. `x86_64`. */
    machine: string,
    /** Kind of container; none on a real or virtual machine. */
    container: string | null,
    /** Whether its kernel has WireGuard; else a program does it. */
    kernel_wireguard: boolean,
    /** Ports on which sshd listens. */
    sshd_ports: Array<number>,
    /** Its interfaces, loopback left out. */
    interfaces: Array<InterfaceFacts>,
    /** Other firewalls and rules that were seen, a line each. */
    firewalls: Array<string>,
    /** Packages that WireWarp installed. */
    packages: Array<string>, };

/** A machine that is managed over SSH: a VPS, or a machine at home with one or more tunnels. */
export type HostId = string;

/** A host as it was seen last in this run of the program. Also the payload of the event `status`. */
export type HostLive = {
    /** Its name. */
    name: Name,
    /** When, milliseconds since 1970 UTC. */
    at: number,
    /** In a word. */
    health: Health,
    /** Why it could not be looked at. */
    error: UserError | null,
    /** Its operating system, e.g. `Debian GNU/Linux 12 (bookworm)`; empty if it was never seen. */
    system: string,
    /** The generation in force; 0 for none. */
    generation: number,
    /** Where its live state differs from that generation, a line each. */
    drift: Array<string>,
    /** Since when it runs, in seconds; none if it did not tell. */
    uptime: number | null,
    /** The tunnels that end on it, if it is a VPS. */
    tunnels: Array<TunnelLive>,
    /** Its forwards whose public port a program on it serves as well, if it is a VPS. */
    conflicts: Array<PortConflict>, };

/** A machine. */
export type HostNow = {
    /** Its identifier. */
    id: HostId,
    /** Its name. */
    name: Name,
    /** Whether it answers. */
    state: HostState,
    /** If not, why, in words. */
    reason: string,
    /** Whether it is there, and does not let us in: its key or its logins changed. */
    refused: boolean,
    /** When it answered last, seconds since 1970 UTC. */
    at: number | null,
    /** What it answered last. */
    system: SystemNow | null,
    /** The tunnels that end on it, if it is a VPS. */
    peers: Array<PeerNow>,
    /** Its forwards, if it is a VPS. */
    forwards: Array<ForwardNow>, };

/** A machine. */
export type HostPage = {
    /** Its identifier. */
    id: HostId,
    /** Its name. */
    name: Name,
    /** How it is reached. */
    access: AccessView,
    /** The generation that this inventory applied last; 0 for none. */
    applied: number,
    /** As it stands now; none if nobody looked in this run of the program. */
    live: HostLive | null,
    /** What was seen of it at the last look, be it long ago. */
    facts: HostFacts | null, };

/** Whether a host answers. */
export type HostState = "online" | "unknown" | "offline";

/** A network interface. */
export type InterfaceFacts = {
    /** Its name. */
    name: string,
    /** Kind as ip(8) names it; empty for a plain device. */
    kind: string,
    /** Whether it is up. */
    up: boolean,
    /** MTU in bytes. */
    mtu: number,
    /** Addresses with their prefix. */
    addresses: Array<string>, };

/** An IPv4 address as text. */
export type Ipv4 = string;

/** A long work, from its start to its end. */
export type Job = {
    /** Its identifier. */
    id: JobId,
    /** What it is. */
    kind: JobKind,
    /** What it is for, e.g. `port.add`, `apply`, `check`. */
    action: string,
    /** Names of the hosts (apply) or titles of the forwards (check; none for all) that it is about. */
    about: Array<string>,
    /** The plan that it applies. */
    plan: PlanId | null,
    /** How it stands. */
    state: JobState,
    /** Milliseconds since 1970 UTC. */
    started_at: number,
    /** The same; none while it runs. */
    ended_at: number | null,
    /** What happened so far, in order. */
    steps: Array<JobStep>,
    /** How it ended on each host of an apply. */
    hosts: Array<JobHost>,
    /** Why it failed. */
    error: UserError | null,
    /** What a check found. */
    result: JobResult | null,
    /** Whether `cancel_job` would still stop it. */
    can_cancel: boolean,
    /** Whether `retry_job` would begin it again. */
    can_retry: boolean, };

/** Payload of the event `job`. */
export type JobEvent = {
    /** The job. */
    id: JobId,
    /** What happened. */
    news: JobNews, };

/** How an apply ended on a host. */
export type JobHost = {
    /** Its name. */
    name: Name,
    /** The generation in force now, if it succeeded. */
    generation: number,
    /** How long it took, seconds. */
    seconds: number,
    /** Why it failed. */
    error: UserError | null, };

/** A job. */
export type JobId = string;

/** Kinds of jobs. */
export type JobKind = "apply" | "check";

/** What happened to a job. */
export type JobNews = { "news": "changed",
    /** The job. */
    job: Job, }
  | {
    "news": "step",
    /** The step. */
    step: JobStep, };

/** What a job gave. */
export type JobResult = { "kind": "check",
    /** What it found. */
    report: CheckReport, };

/** How a job stands. */
export type JobState = "running" | "done" | "failed" | "cancelled";

/** One step, or a remark. */
export type JobStep = {
    /** Its number in the job, from 0. A step that ends keeps the number with which it began. */
    number: number,
    /** The host's name. */
    host: string,
    /** What is done, in words; empty for a remark. */
    step: string,
    /** How it stands; `done` for a remark. */
    state: StepState,
    /** Output of a failed step, or the remark. */
    message: string,
    /** When it began, milliseconds since 1970 UTC. */
    at: number,
    /** How long it took, milliseconds; none while it runs. */
    ms: number | null, };

/** Words. */
export type Language = "system" | "en" | "de";

/** What is looked for in the log. */
export type LogForm = {
    /** In the message or its details; empty for all. */
    text: string,
    /** This grave or graver. */
    level: LogLevel | null,
    /** Modules whose name begins like this. */
    module: string | null,
    /** Nothing older; milliseconds since 1970. */
    since: number | null, };

/** What goes into the log. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** A line of the log. */
export type LogRow = {
    /** Milliseconds since 1970. */
    at: number,
    /** `error`, `warn`, `info`, `debug` or `trace`. */
    level: "error" | "warn" | "info" | "debug" | "trace",
    /** Of which module, e.g. `wirewarp_remote::ssh`. */
    module: string,
    /** `command` or `window`. */
    program: string,
    /** The process. */
    pid: number,
    /** What happened. */
    message: string,
    /** With what: `name=value`. */
    details: string, };

/** A login form. Empty texts are what was left out. */
export type LoginForm = {
    /** `root@203.0.113.10`, `ssh -p 2222 ops@host`, a name, or an alias of the SSH configuration. */
    target: string,
    /** Port; empty for that of `target`, of the SSH configuration, or 22. */
    port: string,
    /** User; empty for that of `target`, of the SSH configuration, or this user. */
    user: string,
    /** With what. */
    method: LoginMethod,
    /** Jump host as `user@host:port` or an alias; empty for that of the SSH configuration. */
    jump: string,
    /** Password for sudo; none if it is not needed or the same as for SSH. */
    sudo_password: SecretText | null,
    /** The host key's fingerprint (`SHA256:...`) if it is known beforehand; else the person is asked. */
    trust: string, };

/** With what to log in. */
export type LoginMethod = { "method": "default" }
  | {
    "method": "agent" }
  | {
    "method": "key",
    /** Its path; `~/` is the home directory. */
    file: string, }
  | {
    "method": "password",
    /** The password. */
    password: SecretText,
    /** Whether to make a key, install it on the host, and use it instead from now on. */
    install_key: boolean, };

/** How a mail server is spoken to. */
export type MailSecurity = "starttls" | "tls" | "none";

/** How a manual peer uses the tunnel. */
export type ManualMode = "full_tunnel" | "masquerade";

/** How a manual peer uses the tunnel. */
export type ManualModeChoice = "full_tunnel" | "masquerade";

/** The month that is running, by the provider's reckoning. */
export type Month = {
    /** Its beginning, seconds since 1970 UTC. */
    from: number,
    /** Its end, seconds since 1970 UTC, not part of it. */
    to: number,
    /** Bytes that the VPS's interface received and sent, as far as they were counted. */
    used: number,
    /** Bytes that it may carry; none if nobody set a quota. */
    quota: number | null,
    /** Bytes that it will have carried at the end if it goes on like in the last week; none before a day was measured. */
    forecast: number | null,
    /** When the quota will be used up then; none if it will not be within the month, or nobody knows. */
    used_up_at: number | null, };

/** What all peers carried in a month. */
export type MonthTraffic = {
    /** Its beginning, seconds since 1970 UTC. */
    from: number,
    /** Bytes from the internet towards home. */
    to_home: number,
    /** Bytes from home towards the internet. */
    from_home: number,
    /** Whether anything was measured. */
    measured: boolean, };

/** Where the MTU of a peer's tunnel comes from. */
export type MtuOrigin = "assumed" | "measured" | "set";

/** A name of a VPS, a peer or a template: 1 to 40 of `a-z A-Z 0-9 . _ -`, beginning with a letter or a digit.
 *
 * It is typed as an argument and stands in file names and unit logs, hence the narrow alphabet; free text belongs into
 * a [`Label`]. Two names that differ in case alone count as the same (see [`Name::is`]). */
export type Name = string;

/** How a guest gets onto the network. */
export type NicForm = { "nic": "new" }
  | {
    "nic": "replace",
    /** The N of `netN`; none for its only one. */
    index: number | null, }
  | {
    "nic": "lan",
    /** Its address there; empty to ask the guest. */
    address: string, };

/** A guest's network card. */
export type NicSight = {
    /** `net0`. */
    key: string,
    /** Its hardware address. */
    mac: string | null,
    /** The bridge that it is on. */
    bridge: string | null,
    /** Its addresses with the lengths of their networks, where the guest tells. */
    addresses: Array<string>, };

/** A tunnel to be set up on a node. */
export type NodePeerForm = {
    /** Its VPS; empty for the only one. */
    vps: string,
    /** `round-robin`, `least-used` or an address of the pool; empty for `round-robin`. */
    ip: string,
    /** How the node is logged in to; none where it is a machine of the inventory already. */
    login: LoginForm | null, };

/** A node. */
export type NodeSight = {
    /** Its name. */
    name: string,
    /** Whether the cluster sees it. */
    online: boolean,
    /** Seconds since it started. */
    uptime: number | null, };

/** One apply, with its steps and outcome. */
export type OperationId = string;

/** How an operation stands. */
export type OperationState = "running" | "waiting" | "succeeded" | "failed" | "rolled_back";

/** One step of an operation. */
export type OperationStepView = {
    /** Milliseconds since 1970 UTC. */
    at: number,
    /** The step. */
    step: string,
    /** `started`, `ok`, `failed` or `waiting`. */
    state: string,
    /** More about it. */
    message: string,
    /** How long it took, milliseconds. */
    ms: number, };

/** An operation with its steps. */
export type OperationView = {
    /** Its identifier. */
    id: OperationId,
    /** What the host was called. */
    host: string,
    /** The change it was part of. */
    action: string,
    /** The generation before. */
    base: number,
    /** The generation to be. */
    generation: number,
    /** How it stands. */
    state: OperationState,
    /** Milliseconds since 1970 UTC. */
    started_at: number,
    /** The same; none while it runs. */
    ended_at: number | null,
    /** Why it failed, with the output. */
    error: UserError | null,
    /** Its steps, in order. */
    steps: Array<OperationStepView>, };

/** Which part of a long list. */
export type Page = {
    /** Entries before it. */
    offset: number,
    /** Most entries, 500 at most. */
    limit: number, };

/** A target as it was understood. */
export type ParsedTarget = {
    /** Name, address or alias. */
    address: string,
    /** User; empty if it was not said. */
    user: string,
    /** Port; none if it was not said. */
    port: number | null,
    /** Jump host; empty if it was not said. */
    jump: string,
    /** Private key file; empty if it was not said. */
    key_file: string,
    /** Whether the SSH configuration knows `address` as an alias. */
    is_alias: boolean, };

/** The figures of a stretch of the past. The lists of a column have a value for each entry of `at`. */
export type PastView = {
    /** Seconds of a point. */
    step: number,
    /** Beginnings of the points, seconds since 1970 UTC, in order. Where nothing was measured there is none. */
    at: Array<number>,
    /** What is measured. */
    columns: Array<ColumnView>,
    /** Beginnings of the steps in which the host was polled: one that is not there is a gap; where one is there and `at`
 * has none, nothing happened. */
    polled: Array<number>,
    /** When it became how, what held at the beginning first. */
    states: Array<StateView>, };

/** A peer. */
export type PeerId = string;

/** How a peer is set up. */
export type PeerKind = "linux" | "proxmox" | "manual";

/** A peer's tunnel, as its VPS sees it. */
export type PeerNow = {
    /** Its identifier. */
    id: PeerId,
    /** Its name. */
    name: Name,
    /** How its tunnel is. */
    state: TunnelState,
    /** If it is not connected, why, in words. */
    reason: string,
    /** Seconds since the last handshake. */
    handshake_age: number | null,
    /** `address:port` that it was last heard from. */
    endpoint: string | null,
    /** What it carried since its tunnel was set up. */
    total: Totals,
    /** What it carries. */
    rates: Rates,
    /** How well it carried when that was measured last; none if it was not yet. */
    quality: TunnelQuality | null, };

/** Everything about a peer. */
export type PeerPage = {
    /** Its row. */
    row: PeerRow,
    /** Its port forwards, oldest first. */
    forwards: Array<ForwardRow>,
    /** Its tunnel as last seen by its VPS. */
    tunnel: TunnelLive | null,
    /** Key of its tunnel; none until its host has made it. */
    public_key: string | null,
    /** MTU of its tunnel in bytes. */
    mtu: number,
    /** Where that comes from. */
    mtu_origin: MtuOrigin,
    /** What of its machine's own traffic goes through the tunnel: `replies`, `everything`, or networks with commas between
 * them; `replies` for a manual peer. */
    route: string,
    /** Its interface at home, e.g. `ww0`. */
    tunnel_interface: string,
    /** How a manual peer uses the tunnel. */
    manual_mode: ManualMode | null,
    /** Its machine; none for a manual peer. */
    host: HostPage | null, };

/** A peer in a table. How its tunnel stands now is in the `TunnelLive` of its name. */
export type PeerRow = {
    /** Its identifier. */
    id: PeerId,
    /** Its name. */
    name: Name,
    /** Its VPS. */
    vps: VpsId,
    /** Name of its VPS. */
    vps_name: Name,
    /** How it is set up. */
    kind: PeerKind,
    /** Name of its machine; none for a manual peer. Two peers of one machine have the same one. */
    host: Name | null,
    /** The pool address that its forwards and its egress use. */
    public_ip: string,
    /** Its address inside the tunnel. */
    tunnel_ip: string,
    /** What lies behind it, e.g. `10.99.2.0/24`. */
    vm_network: string,
    /** The VM network's gateway. */
    gateway: string,
    /** The first address for a VM. */
    first_vm: string,
    /** The interface at home that holds the gateway address. */
    gateway_interface: string,
    /** Whether it takes part. */
    state: PeerState,
    /** Its port forwards. */
    forwards: number,
    /** Whether its tunnel has a key yet. */
    set_up: boolean,
    /** When it was added, milliseconds since 1970 UTC. */
    added_at: number | null, };

/** How a peer is set up. */
export type PeerSetupForm = { "setup": "ssh",
    /** How it is logged in to. */
    login: LoginForm, }
  | {
    "setup": "local" }
  | {
    "setup": "manual",
    /** How it uses the tunnel. */
    mode: ManualModeChoice, };

/** Whether a peer takes part. */
export type PeerState = "active" | "suspended";

/** What is recorded and not applied, told without a look at any host. */
export type Pending = {
    /** Hosts that an apply would change, by name. */
    hosts: Array<PendingHost>, };

/** A host that an apply would change. */
export type PendingHost = {
    /** Its name. */
    name: Name,
    /** Why. */
    why: PendingWhy, };

/** Why a host is not as the inventory wants it. */
export type PendingWhy = "new" | "changed" | "lost" | "leaving";

/** The plan of one host. */
export type PlanHost = {
    /** Its name. */
    name: Name,
    /** Its operating system, e.g. `Debian GNU/Linux 12 (bookworm)`. */
    system: string,
    /** What kind of plan it is. */
    kind: PlanKind,
    /** The generation that the plan was made against; 0 for none. */
    base: number,
    /** The generation to be. */
    generation: number,
    /** What changes, in words. */
    changes: Array<string>,
    /** Packages to be installed. */
    packages: Array<string>,
    /** What the host will do, in order. */
    steps: Array<string>,
    /** What is wrong, in the way, or good to know; the worst first. */
    findings: Array<Finding>,
    /** Files that differ; their diffs are given by `plan_files`. */
    files: Array<FileSummary>, };

/** A computed, immutable plan. */
export type PlanId = string;

/** What an apply is for a host. */
export type PlanKind = "nothing" | "set_up" | "change" | "remove";

/** A plan over one or more hosts. It stays in the program, under its identifier, while it is one of the newest 50. */
export type PlanView = {
    /** Its identifier. */
    id: PlanId,
    /** The change it is part of, e.g. `port.add`; `apply` for what was recorded earlier. */
    action: string,
    /** Whether nothing is to be done on any host that was looked at. */
    empty: boolean,
    /** Whether the inventory differs once it is recorded. False and `empty`: it is like that already. */
    changes_inventory: boolean,
    /** Whether the inventory has it already. */
    recorded: boolean,
    /** What is done to a guest and its node through the API of Proxmox, before and after what is done on the hosts; it is
 * carried out at once or not at all, never kept for later. */
    guest: GuestPlan | null,
    /** Each host that was looked at, those with nothing to do last. */
    hosts: Array<PlanHost>,
    /** Hosts that could not be looked at. They are left as they are, for a later apply. */
    unreached: Array<Unreached>,
    /** The manual peer for which `client_config` gives a configuration once it is applied. */
    manual_peer: Name | null, };

/** A port that is forwarded, and served by a program of the VPS: people reach the machine at home, and not that program. */
export type PortConflict = {
    /** The forward. */
    forward: ForwardId,
    /** Which port and by whom, in words. */
    why: string, };

/** A machine that answered. */
export type Probe = {
    /** Address and port that were dialled, and the way there. */
    endpoint: string,
    /** The fingerprint of its host key. */
    fingerprint: string,
    /** The user that was logged in as. */
    user: string,
    /** How it becomes root. */
    privilege: ProbePrivilege,
    /** Its own name of itself. */
    hostname: string,
    /** Operating system, e.g. `Debian GNU/Linux 12 (bookworm)`. */
    system: string,
    /** Kernel release. */
    kernel: string,
    /** Whether its kernel has WireGuard. */
    kernel_wireguard: boolean,
    /** Public addresses that were found. */
    public_ips: Array<string>,
    /** What is wrong, in the way, or good to know; the worst first. */
    findings: Array<Finding>,
    /** The name by which the inventory knows this machine already. */
    known_as: Name | null,
    /** How long it took, milliseconds. */
    ms: number, };

/** How a user becomes root. */
export type ProbePrivilege = "root" | "sudo";

/** A Proxmox host in the list of all. */
export type ProxmoxRow = {
    /** Its name. */
    name: Name,
    /** Where its API is: `host:port`. */
    endpoint: string,
    /** The user or token that is signed in. */
    who: string,
    /** Its version when it was signed in to last. */
    version: string,
    /** SHA-256 of the certificate that is trusted. */
    fingerprint: string,
    /** Guests that are attached through it. */
    attached: number, };

/** Nodes and guests of a Proxmox host at one moment. */
export type ProxmoxSight = {
    /** When it was asked. */
    at: string,
    /** Its nodes, by name; those that are down too. */
    nodes: Array<NodeSight>,
    /** Guests of all nodes, by number. */
    guests: Array<GuestSight>, };

/** Who signs in to a Proxmox host, as it is typed. */
export type ProxmoxSignInForm = { "with": "token",
    /** `user@realm!name=secret`. */
    token: SecretText, }
  | {
    "with": "password",
    /** User and realm, e.g. `root@pam`. */
    user: string,
    /** The password. */
    password: SecretText,
    /** Whether to make a token with the rights that WireWarp needs, and keep that instead of the password. */
    make_token: boolean, };

/** What a port is asked. */
export type Query = "connect" | "minecraft_java" | "datagram" | "source" | "rak_net" | "quake";

/** A question that waits for its answer. Also the payload of the event `question`. */
export type Question = {
    /** Its identifier. */
    id: QuestionId,
    /** When it was asked, milliseconds since 1970 UTC. */
    at: number,
    /** What is asked. */
    ask: QuestionAsk, };

/** What is asked. */
export type QuestionAsk = { "ask": "host_key",
    /** Address and port that were dialled. */
    endpoint: string,
    /** Algorithm, e.g. `ssh-ed25519`. */
    algorithm: string,
    /** `SHA256:...` as `ssh-keygen -lf` prints it. */
    fingerprint: string, }
  | {
    "ask": "certificate",
    /** Host and port that were dialled. */
    endpoint: string,
    /** SHA-256, as Proxmox shows it. */
    fingerprint: string, }
  | {
    "ask": "secret",
    /** The question, in words. */
    prompt: string,
    /** Why what was said before did not do, if it is asked again. */
    refused: string | null,
    /** Whether it is chosen now, and typed twice. */
    is_new: boolean, };

/** A question waits no more. Payload of the event `question_closed`. */
export type QuestionClosed = {
    /** Its identifier. */
    id: QuestionId, };

/** A question to the person. */
export type QuestionId = string;

/** The program asks whether to end. Payload of the event `quit_asked`. */
export type QuitAsked = {
    /** Jobs that still run. */
    running_jobs: number,
    /** Terminals that are open. */
    terminals: number, };

/** How much a VPS may carry in a month. */
export type QuotaForm = {
    /** Bytes, both ways together. */
    bytes: number,
    /** Day on which a month begins, 1 to 28. */
    first_day: number, };

/** Bytes per second since the poll before. */
export type Rates = {
    /** From home towards the internet; of an interface: received. */
    from_home: number,
    /** From the internet towards home; of an interface: sent. */
    to_home: number, };

/** What a try gave. */
export type Reach = { "kind": "answered",
    /** Milliseconds from the question to the answer. */
    round_trip_ms: number,
    /** What it said. */
    details: Details, }
  | {
    "kind": "connected",
    /** Milliseconds until it stood. */
    round_trip_ms: number,
    /** What the other side said by itself or instead of an answer, escaped. */
    said: string | null,
    /** Whether it closed the connection in good order. */
    closed: boolean,
    /** The query that was sent and that it did not answer. */
    unanswered: Query | null, }
  | {
    "kind": "silent",
    /** How many datagrams were sent. */
    sent: number, }
  | {
    "kind": "refused" }
  | {
    "kind": "timed_out" }
  | {
    "kind": "unreachable",
    /** As the system puts it. */
    what: string, }
  | {
    "kind": "reset",
    /** Milliseconds that it stood. */
    after_ms: number, }
  | {
    "kind": "not_sent",
    /** As the system puts it. */
    why: string, };

/** A secret on its way from the window: text there, and never shown or sent back. */
export type SecretText = string;

/** Where secrets are kept. */
export type SecretsPlace = "keychain" | "vault" | "not_used";

/** What figures are kept of. */
export type SeriesKind = "host" | "peer" | "tunnel" | "forward" | "public_ip";

/** Something that figures are kept of. */
export type SeriesRef = {
    /** What it is. */
    kind: SeriesKind,
    /** Its identifier. */
    id: string, };

/** One line of a guest's configuration. */
export type SettingChange = {
    /** Its name, e.g. `net1`. */
    name: string,
    /** What it is; none if it is not there. */
    before: string | null,
    /** What it will be; none if it goes. */
    after: string | null, };

/** Settings of this program, kept in the data folder. What an older file does not have is as in a new one. */
export type Settings = {
    /** Colours. */
    theme: Theme,
    /** Words. */
    language: Language,
    /** Height of rows. */
    density: Density,
    /** Whether closing the window leaves the program in the tray, where there is one. */
    close_to_tray: boolean,
    /** Whether it starts with the session, in the tray. */
    autostart: boolean,
    /** Whether the system is told when a job ends while the window is not in front. */
    notifications: boolean,
    /** Between two looks at the hosts while the window is visible, in seconds; 0 for never by itself. */
    refresh_seconds: number,
    /** Between two polls of a host's figures while the window is visible, in seconds, 1 to 3600. */
    poll_seconds: number,
    /** The same while it is not, in seconds, 1 to 3600. */
    poll_background_seconds: number,
    /** How long a host waits for the confirmation before it goes back by itself, in seconds, 10 to 3600. */
    rollback_after: number,
    /** User of a new host whose form names none; empty for what SSH says. */
    ssh_user: string,
    /** UDP port of WireGuard on a new VPS. */
    listen_port: number,
    /** DNS names that lead to public addresses: address -> name. */
    dns_names: { [key in string]: string },
    /** The terminal. */
    terminal: TerminalSettings,
    /** What goes into the log. */
    log_level: LogLevel,
    /** The same of single modules, e.g. `wirewarp_remote` -> everything. */
    log_modules: { [key in string]: LogLevel },
    /** Whether the first start's path was finished or put away. */
    welcomed: boolean, };

/** How bad a finding is; the worst first. */
export type Severity = "error" | "warning" | "note";

/** A time of not being told. What fires meanwhile is shown, and told when it still holds afterwards. */
export type Silence = {
    /** Its identifier. */
    id: SilenceId,
    /** Of which rule alone. */
    rule: AlertRuleId | null,
    /** Of which machine, peer or forward alone. */
    object: string | null,
    /** Until when, seconds since 1970 UTC. */
    until: number,
    /** Why, in the person's words. */
    why: string, };

/** Tell nothing for a while. */
export type SilenceForm = {
    /** Identifier of the rule, if it is about one. */
    rule: string | null,
    /** Identifier of a machine, peer or forward, if it is about one. */
    object: string | null,
    /** For how long. */
    seconds: number, };

/** A time of not being told. */
export type SilenceId = string;

/** A node whose bridges are not known. */
export type SilentNode = {
    /** Its name. */
    name: string,
    /** Why it did not answer. */
    why: string, };

/** A forward, or a part of it, that could not be tried. */
export type Skipped = {
    /** The forward. */
    id: ForwardId,
    /** The forward's identifier, shortened. */
    forward: string,
    /** What was not tried, and why. */
    why: string, };

/** A host of the person's SSH configuration. */
export type SshHost = {
    /** What is typed after `ssh`. */
    alias: string,
    /** Where it leads, e.g. `root@203.0.113.10:2222 via bastion`. */
    leads_to: string, };

/** How something became. */
export type StateView = {
    /** Seconds since 1970 UTC. */
    at: number,
    /** One word, e.g. `connected`. */
    state: string,
    /** Why, in words. */
    reason: string, };

/** How a step stands. */
export type StepState = "started" | "done" | "failed";

/** A stretch of the past. */
export type StretchForm = {
    /** Seconds since 1970 UTC. */
    from: number,
    /** Seconds since 1970 UTC, not part of it. */
    to: number,
    /** Seconds of a point; none for as finely as it is kept and can be shown. */
    step: number | null, };

/** What a finding is about. */
export type Subject = { "kind": "host", "id": HostId }
  | {
    "kind": "vps", "id": VpsId }
  | {
    "kind": "peer", "id": PeerId }
  | {
    "kind": "forward", "id": ForwardId };

/** A support bundle that was written. */
export type SupportBundleView = {
    /** Where it is. */
    path: string,
    /** What is in it. */
    entries: Array<BundleEntryView>,
    /** Whether the kept secrets themselves were looked for, besides whatever has the shape of one. */
    secrets_compared: boolean, };

/** A machine's own figures. */
export type SystemNow = {
    /** Thousandths of its processors in use since the poll before; none at the first poll. */
    cpu: number | null,
    /** MiB. */
    memory_used: number,
    /** MiB. */
    memory_total: number,
    /** MiB of `/`. */
    disk_used: number,
    /** MiB of `/`. */
    disk_total: number,
    /** Load average of a minute, in hundredths. */
    load: number,
    /** Seconds since it was started. */
    uptime: number,
    /** `uname -r`. */
    kernel: string,
    /** Whether the system asks for a restart. */
    reboot_needed: boolean,
    /** Security updates that wait, as of the last day; none if the system cannot tell. */
    security_updates: number | null,
    /** Of its network interface: received and sent. */
    network: Rates | null,
    /** The same since the interface was made. */
    network_total: Totals | null,
    /** Seconds that its clock is ahead of this computer's. */
    clock_ahead: number, };

/** The machine that answers. */
export type TargetKind = "vm" | "peer" | "lan";

/** A template. */
export type TemplateRow = {
    /** Its name. */
    name: Name,
    /** What people call it; empty for the person's own. */
    title: string,
    /** `game`, `voice`, `web`, `remote`, `media` or `service`; `own` for the person's. */
    kind: string,
    /** Its ports, e.g. `25565 tcp+udp, 19132 udp`. */
    ports: string,
    /** Where the ports are from; empty for the person's own. */
    source: string,
    /** Whether it is the person's own. */
    own: boolean, };

/** How a terminal ended. */
export type TerminalEnd = { "end": "exit",
    /** Status. */
    code: number, }
  | {
    "end": "signal",
    /** The signal's name, e.g. `KILL`. */
    signal: string, }
  | {
    "end": "lost",
    /** Why. */
    error: UserError, }
  | {
    "end": "closed" };

/** Payload of the event `terminal`. */
export type TerminalEvent = {
    /** The terminal. */
    id: TerminalId,
    /** What happened. */
    news: TerminalNews, };

/** An open terminal. */
export type TerminalId = string;

/** What happened to a terminal. Its output comes by the channel that it was opened with. */
export type TerminalNews = { "news": "ended",
    /** How. */
    end: TerminalEnd, };

/** The terminal. */
export type TerminalSettings = {
    /** Pixels. */
    font_size: number,
    /** Lines that are kept. */
    scrollback: number,
    /** Name of its colours; `system` for those of the window. */
    theme: string,
    /** Whether to ask before several lines are pasted. */
    warn_paste: boolean,
    /** Whether the mouse's selection is copied at once. */
    copy_on_select: boolean, };

/** Size of a terminal in characters. */
export type TerminalSize = {
    /** Columns, at least 1. */
    cols: number,
    /** Rows, at least 1. */
    rows: number, };

/** Colours. */
export type Theme = "system" | "dark" | "light";

/** Bytes that a counter of the host shows; it may begin anew with the host. */
export type Totals = {
    /** As in [`Rates`]. */
    from_home: number,
    /** As in [`Rates`]. */
    to_home: number, };

/** A peer's tunnel, as its VPS sees it. */
export type TunnelLive = {
    /** Peer. */
    peer: Name,
    /** VPS. */
    vps: Name,
    /** The address that its forwards use. */
    public_ip: string,
    /** Whether it is up. */
    up: boolean,
    /** If not, why, in words. */
    why: string,
    /** Seconds since the last handshake, at the time of the look. */
    handshake_age: number | null,
    /** `address:port` that it was last heard from. */
    endpoint: string | null,
    /** Bytes received from it since its interface was made. */
    received: number,
    /** Bytes sent to it. */
    sent: number, };

/** How well a peer's tunnel carries, between it and its VPS. */
export type TunnelQuality = {
    /** The peer. */
    peer: Name,
    /** When it was measured, seconds since 1970 UTC. */
    at: number,
    /** Pings that were sent. */
    sent: number,
    /** Pings that did not come back. */
    lost: number,
    /** The mean round trip, milliseconds; none if nothing came back. */
    mean_ms: number | null,
    /** The longest round trip, milliseconds; none if nothing came back. */
    most_ms: number | null,
    /** The tunnel's MTU, bytes. */
    mtu: number,
    /** How large packets came through it whole, bytes; none if the VPS cannot tell, or nothing came back. */
    carries: number | null, };

/** How a tunnel is. */
export type TunnelState = "connected" | "disconnected" | "never" | "unknown" | "suspended";

/** A host that could not be looked at. */
export type Unreached = {
    /** Its name. */
    name: Name,
    /** Why. */
    error: UserError, };

/** A version newer than this one. */
export type Update = {
    /** Its number. */
    version: string,
    /** What its publisher says of it; plain text, empty if nothing. */
    notes: string, };

/** For how long something was there and not, of the time in which somebody watched and knew. */
export type Uptime = {
    /** Seconds that it was there. */
    up: number,
    /** Seconds that it was not. */
    down: number,
    /** How often it went. */
    outages: number, };

/** For how much of the time something was there. */
export type UptimeRow = {
    /** Its identifier. */
    id: string,
    /** What it is called. */
    name: string,
    /** The months of [`Analysis::months`]. */
    months: Array<Uptime>, };

/** What crosses to the window and to `--json`. Readers match on `code` alone; the rest is for people. */
export type UserError = {
    /** A stable identifier, e.g. `host_key_changed`. */
    code: string,
    /** What is wrong and why. */
    message: string,
    /** What to do next, most useful first. */
    hints: Array<string>, };

/** The outcome of a check. */
export type Verdict = { "kind": "works" }
  | {
    "kind": "delivered" }
  | {
    "kind": "fails",
    /** The hop. */
    hop: Hop, }
  | {
    "kind": "undecided" };

/** A VPS. */
export type VpsId = string;

/** Everything about a VPS. */
export type VpsPage = {
    /** Its row. */
    row: VpsRow,
    /** The IP pool with its use. */
    pool: Array<AddressView>,
    /** Its peers. */
    peers: Array<PeerRow>,
    /** Key of its tunnel; none until the host has made it. */
    public_key: string | null,
    /** Its machine. */
    host: HostPage, };

/** A VPS in a table. How it stands now is in the `HostLive` of its name. */
export type VpsRow = {
    /** Its identifier. */
    id: VpsId,
    /** Its name; also the name of its host. */
    name: Name,
    /** Its machine. */
    host: HostId,
    /** The IP pool, in the order in which the addresses were added. */
    addresses: Array<string>,
    /** The address that peers connect to. */
    endpoint: string,
    /** UDP port of WireGuard. */
    listen_port: number,
    /** Addresses inside the tunnel, e.g. `10.0.0.0/24`. */
    tunnel_network: string,
    /** How it is reached, e.g. `root@203.0.113.10:2222`. */
    reached_at: string,
    /** Peers that hang on it. */
    peers: number,
    /** Port forwards over its addresses. */
    forwards: number,
    /** Whether its tunnel has a key yet, i.e. it was applied once. */
    set_up: boolean, };
