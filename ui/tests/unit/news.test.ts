import { expect, test } from "vitest";
import type { Job, JobStep } from "../../src/api/generated/types.ts";
import { withHost, withNews } from "../../src/api/events.ts";
import { newJob } from "../../src/api/mock/jobs.ts";
import { host } from "../../src/api/mock/world.ts";

const job = (id: string, more: Partial<Job> = {}): Job => newJob({ id, started_at: 0, ...more });

const step = (number: number, state: JobStep["state"]): JobStep => ({
  number,
  host: "nyc",
  step: "load it",
  state,
  message: "",
  at: 0,
  ms: null,
});

test("a job that begins comes first, and one that changed takes its own place", () => {
  const two = withNews([job("a")], { id: "b", news: { news: "changed", job: job("b") } });
  expect(two.map((one) => one.id)).toEqual(["b", "a"]);
  const ended = withNews(two, { id: "a", news: { news: "changed", job: job("a", { state: "done" }) } });
  expect(ended.map((one) => one.state)).toEqual(["running", "done"]);
});

test("a step that ends replaces the one that began, and late steps find their place", () => {
  let jobs = [job("a")];
  for (const one of [step(0, "started"), step(2, "started"), step(1, "done"), step(0, "done")]) {
    jobs = withNews(jobs, { id: "a", news: { news: "step", step: one } });
  }
  expect(jobs[0]?.steps.map((one) => [one.number, one.state])).toEqual([
    [0, "done"],
    [1, "done"],
    [2, "started"],
  ]);
});

test("a host's newest look replaces the one before", () => {
  const hosts = withHost([host("nyc"), host("fra")], host("nyc", { health: "drift" }));
  expect(hosts.map((one) => [one.name, one.health])).toEqual([
    ["nyc", "drift"],
    ["fra", "ok"],
  ]);
});
