import type {
  Alert,
  AlertChannel,
  AlertingView,
  AlertRule,
  Condition,
  Delivery,
  Month,
  QuotaForm,
  AlertSeverity,
} from "../generated/types";
import { fail } from "./conflicts";

/** What the stand-in knows of being told. */
export interface MockAlerting {
  all: AlertingView;
  fired: Alert[];
  sent: Delivery[];
  quotas: Map<string, QuotaForm>;
}

const now = () => Math.floor(Date.now() / 1000);

function rule(name: string, condition: Condition, for_seconds: number, severity: AlertSeverity): AlertRule {
  return {
    id: crypto.randomUUID(),
    name,
    condition,
    only: [],
    for_seconds,
    severity,
    remind_minutes: 0,
    channels: [],
    enabled: true,
  };
}

export function freshAlerting(): MockAlerting {
  return {
    all: {
      rules: [
        rule("Peer disconnected", { when: "peer_disconnected" }, 300, "critical"),
        rule("Host offline", { when: "host_offline" }, 120, "critical"),
        rule("Disk almost full", { when: "disk", percent: 90 }, 300, "warning"),
        rule("Updates wait", { when: "updates_waiting" }, 0, "info"),
      ],
      channels: [],
      silences: [],
      quiet_hours: null,
    },
    fired: [],
    sent: [],
    quotas: new Map(),
  };
}

/** With something that fires, something that is over, channels and what was sent by them. */
export function busyAlerting(objects: { id: string; name: string; host: string }[]): MockAlerting {
  const alerting = freshAlerting();
  const [phone, post] = [
    channel("phone", { by: "telegram", chat: "-1001234567890", server: "https://api.telegram.org" }),
    channel("post", {
      by: "mail",
      server: "mail.example.org",
      port: 587,
      security: "starttls",
      user: "anna",
      from: "wirewarp@example.org",
      to: ["anna@example.org"],
    }),
  ];
  alerting.all.channels = [phone, post];
  const [down] = alerting.all.rules;
  if (!down) return alerting;
  alerting.fired = objects.map((object, at) => ({
    id: crypto.randomUUID(),
    rule: down.id,
    rule_name: down.name,
    severity: down.severity,
    kind: "peer",
    object: object.id,
    name: object.name,
    host: object.host,
    reason: "no handshake for 8 min; last from 198.51.100.7:51820",
    state: at === 0 ? "firing" : "resolved",
    since: now() - 480 - at * 90_000,
    clear_since: null,
    fired_at: now() - 180 - at * 90_000,
    resolved_at: at === 0 ? null : now() - at * 90_000,
    told_at: now() - 180 - at * 90_000,
  }));
  const delivery = (number: number, of: AlertChannel, more: Partial<Delivery>): Delivery => ({
    id: number,
    channel: of.id,
    channel_name: of.name,
    at: now() - number * 200,
    state: "delivered",
    tries: 1,
    next_at: 0,
    said: "Telegram took it",
    ...more,
  });
  alerting.sent = [
    delivery(1, post, { state: "waiting", tries: 2, next_at: now() + 30, said: "450 4.2.0 come back later" }),
    delivery(2, phone, {}),
    delivery(3, post, { state: "failed", tries: 10, said: "535 5.7.8 authentication failed" }),
  ];
  return alerting;
}

function channel(name: string, kind: AlertChannel["kind"]): AlertChannel {
  return { id: crypto.randomUUID(), name, kind, at_least: "info", template: "", enabled: true };
}

const without = <T extends { id: string }>(all: T[], gone: string) => all.filter((one) => one.id !== gone);

function put<T extends { id: string }>(all: T[], one: T): T[] {
  const at = all.findIndex((other) => other.id === one.id);
  return at < 0 ? [...all, one] : all.with(at, one);
}

/** The commands about being told, over what `alerting` gives. */
export function alertCommands(alerting: () => MockAlerting) {
  const change = (all: Partial<AlertingView>): AlertingView => {
    const own = alerting();
    own.all = { ...own.all, ...all };
    return own.all;
  };
  const all = () => alerting().all;
  return {
    alerting: all,
    alerts: () => alerting().fired,
    deliveries: () => alerting().sent,
    save_alert_rule: ({ rule }: { rule: AlertRule }) => {
      if ("percent" in rule.condition && (rule.condition.percent < 1 || rule.condition.percent > 99))
        fail("bad_input.limit", "this limit is 1 to 99 percent");
      return change({ rules: put(all().rules, rule) });
    },
    remove_alert_rule: ({ rule }: { rule: string }) => change({ rules: without(all().rules, rule) }),
    save_alert_channel: ({ channel, secret }: { channel: AlertChannel; secret: string | null }) => {
      check(channel, secret, all());
      return change({ channels: put(all().channels, channel) });
    },
    remove_alert_channel: ({ channel }: { channel: string }) =>
      change({ channels: without(all().channels, channel) }),
    test_alert_channel: ({ channel, secret }: { channel: AlertChannel; secret: string | null }) => {
      check(channel, secret, all());
      if (secret === "wrong")
        fail(
          "not_delivered",
          `${channel.name}: 535 5.7.8 authentication failed`,
          "Correct the channel, and send a test again",
        );
      return "mail.example.org took it: 250 2.0.0 queued";
    },
    silence: ({ silence }: { silence: { rule: string | null; object: string | null; seconds: number } }) =>
      change({
        silences: [
          ...all().silences,
          {
            id: crypto.randomUUID(),
            rule: silence.rule,
            object: silence.object,
            until: now() + silence.seconds,
            why: "",
          },
        ],
      }),
    end_silence: ({ silence }: { silence: string }) => change({ silences: without(all().silences, silence) }),
    set_quiet_hours: ({ hours }: { hours: string }) => {
      if (hours.trim() !== "" && !/^\d{1,2}:\d{2}-\d{1,2}:\d{2}$/.test(hours.trim()))
        fail("bad_input.quiet_hours", `“${hours}” is no such time; write it like 22:00-07:00`);
      return change({ quiet_hours: hours.trim() || null });
    },
    month: ({ vps }: { vps: string }): Month => month(alerting().quotas.get(vps)),
    set_quota: ({ vps, quota }: { vps: string; quota: QuotaForm | null }): Month => {
      if (quota) alerting().quotas.set(vps, quota);
      else alerting().quotas.delete(vps);
      return month(quota ?? undefined);
    },
  };
}

function check(channel: AlertChannel, secret: string | null, all: AlertingView): void {
  const { kind } = channel;
  if (kind.by === "mail" && kind.server === "") fail("bad_input.mail_server", "“” is no name of a server");
  if (kind.by === "mail" && kind.to.length === 0) fail("bad_input.receiver", "there is none");
  const kept = all.channels.some((one) => one.id === channel.id);
  if (kind.by !== "mail" && kind.by !== "webhook" && !secret && !kept)
    fail("secret_missing", "The channel's secret is missing.", "Enter it; it is kept in the keychain");
}

function month(quota: QuotaForm | undefined): Month {
  const from = now() - 20 * 86_400;
  return {
    from,
    to: from + 30 * 86_400,
    used: 6_300_000_000_000,
    quota: quota?.bytes ?? null,
    forecast: 9_400_000_000_000,
    used_up_at: null,
  };
}
