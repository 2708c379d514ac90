import type { EventName } from "../generated/commands";
import type { Job, JobHost, JobStep } from "../generated/types";
import { checkOf } from "./checks";
import { fail } from "./conflicts";
import { STEPS, host, id, type World } from "./world";

export interface Voice {
  say: (event: EventName, payload: unknown) => void;
  /** How long a step takes here, milliseconds. */
  pace: number;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A job that has just begun. */
export const newJob = (more: Partial<Job> = {}): Job => ({
  id: id("0006"),
  kind: "apply",
  action: "port.add",
  about: ["nyc"],
  plan: null,
  state: "running",
  started_at: Date.now(),
  ended_at: null,
  steps: [],
  hosts: [],
  error: null,
  result: null,
  can_cancel: true,
  can_retry: false,
  ...more,
});

function begin(world: World, voice: Voice, how: Pick<Job, "kind" | "action" | "about" | "plan">): Job {
  const made = newJob(how);
  world.jobs.unshift(made);
  changed(voice, made);
  return made;
}

function changed(voice: Voice, job: Job): void {
  voice.say("job", { id: job.id, news: { news: "changed", job: structuredClone(job) } });
}

function step(voice: Voice, job: Job, next: JobStep): void {
  const at = job.steps.findIndex((one) => one.number === next.number);
  if (at < 0) job.steps.push(next);
  else job.steps[at] = next;
  voice.say("job", { id: job.id, news: { news: "step", step: { ...next } } });
}

export function apply(world: World, voice: Voice, planId: string): string {
  const stored = world.plans.get(planId) ?? fail("plan_gone", "This plan is too old.", "Make it again.");
  Object.assign(world, structuredClone(stored.after));
  stored.view.recorded = true;
  voice.say("changed", { subjects: ["inventory", "activity"] });
  const job = begin(world, voice, {
    kind: "apply",
    action: stored.view.action,
    about: stored.view.hosts.map((one) => one.name),
    plan: planId,
  });
  void carryOut(world, voice, job);
  return job.id;
}

async function carryOut(world: World, voice: Voice, job: Job): Promise<void> {
  let number = 0;
  for (const name of job.about) {
    const result: JobHost = {
      name,
      generation: (world.live.find((one) => one.name === name)?.generation ?? 0) + 1,
      seconds: 0,
      error: null,
    };
    const from = Date.now();
    for (const words of STEPS) {
      if (job.state !== "running") return;
      const begun = Date.now();
      const base: JobStep = {
        number: number++,
        host: name,
        step: words,
        state: "started",
        message: "",
        at: begun,
        ms: null,
      };
      step(voice, job, base);
      await pause(voice.pace);
      if (world.failing === words) {
        world.failing = null;
        const message = "nft: rules.nft:44:18-31: Error: conflicting intervals specified";
        step(voice, job, { ...base, state: "failed", message, ms: Date.now() - begun });
        result.error = {
          code: "host_refused",
          message: `${name} refused the new rules; nothing on it was changed.`,
          hints: ["Look at the output of the failed step.", "Try again: the inventory keeps what you want."],
        };
        break;
      }
      step(voice, job, { ...base, state: "done", ms: Date.now() - begun });
      if (words === "let the host check the new files") {
        job.can_cancel = false;
        changed(voice, job);
      }
    }
    result.seconds = (Date.now() - from) / 1000;
    job.hosts.push(result);
    const live = world.live.find((one) => one.name === name);
    if (!result.error && live)
      Object.assign(live, { generation: result.generation, health: "ok", drift: [], at: Date.now() });
    else if (!live) world.live.push(host(name, { generation: 1, at: Date.now() }));
    voice.say("status", structuredClone(world.live.find((one) => one.name === name)));
  }
  const failed = job.hosts.find((one) => one.error);
  job.state = failed ? "failed" : "done";
  job.error = failed?.error ?? null;
  job.ended_at = Date.now();
  job.can_cancel = false;
  job.can_retry = !!failed;
  for (const one of world.vpses) if (job.about.includes(one.name)) one.set_up = true;
  for (const one of world.peers) if (job.about.includes(one.name) || one.kind === "manual") one.set_up = true;
  world.pending = world.pending.filter((one) => !job.about.includes(one.name));
  changed(voice, job);
  voice.say("changed", { subjects: ["inventory", "activity"] });
}

export function check(world: World, voice: Voice, ids: string[]): string {
  const chosen = world.forwards.filter((one) =>
    ids.length === 0 ? one.state === "on" : ids.includes(one.id),
  );
  const job = begin(world, voice, {
    kind: "check",
    action: "check",
    about: ids,
    plan: null,
  });
  void (async () => {
    for (const [number, one] of chosen.entries()) {
      if (job.state !== "running") return;
      const base: JobStep = {
        number,
        host: one.vps_name,
        step: `try ${one.ports} on ${one.public_ip}`,
        state: "started",
        message: "",
        at: Date.now(),
        ms: null,
      };
      step(voice, job, base);
      await pause(voice.pace);
      const found = checkOf(one);
      step(voice, job, {
        ...base,
        state: found.ok ? "done" : "failed",
        message: found.ok ? "" : found.verdict,
        ms: Date.now() - base.at,
      });
      world.checks = [
        ...world.checks.filter((known) => known.forward !== one.id),
        { forward: one.id, at: Date.now(), check: found },
      ];
    }
    job.result = { kind: "check", report: { checks: chosen.map(checkOf), skipped: [] } };
    job.state = chosen.every((one) => checkOf(one).ok) ? "done" : "failed";
    job.ended_at = Date.now();
    job.can_cancel = false;
    job.can_retry = job.state === "failed";
    changed(voice, job);
    voice.say("changed", { subjects: ["checks"] });
  })();
  return job.id;
}

export function cancel(world: World, voice: Voice, jobId: string): Job {
  const job = world.jobs.find((one) => one.id === jobId) ?? fail("not_found", "There is no such job.");
  if (!job.can_cancel)
    return fail(
      "handed_over",
      "The host has its script already and carries it out by itself.",
      "It goes back by itself if it cannot be reached afterwards.",
    );
  job.state = "cancelled";
  job.ended_at = Date.now();
  job.can_cancel = false;
  changed(voice, job);
  return structuredClone(job);
}
