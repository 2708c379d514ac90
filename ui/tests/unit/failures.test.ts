import { expect, test } from "vitest";
import type { Job, JobHost } from "../../src/api/generated/types.ts";
import { openFailures } from "../../src/features/alerts/failures.ts";

const wrong = { code: "rolled_back", message: "the host went back", hints: [] };
const host = (name: string, error: JobHost["error"] = null): JobHost => ({
  name,
  generation: 1,
  seconds: 1,
  error,
});

function job(at: number, state: Job["state"], hosts: JobHost[]): Job {
  return {
    id: `job-${at}`,
    kind: "apply",
    action: "apply",
    about: hosts.map(({ name }) => name),
    plan: null,
    state,
    started_at: at,
    ended_at: at + 1,
    steps: [],
    hosts,
    error: state === "failed" ? wrong : null,
    result: null,
    can_cancel: false,
    can_retry: state === "failed",
  };
}

const ids = (jobs: Job[]) => openFailures(jobs).map(({ id }) => id);

test("an apply that failed is open until each host that failed was applied to again", () => {
  const failed = job(1, "failed", [host("attic"), host("nyc", wrong), host("ams", wrong)]);
  const half = job(2, "done", [host("nyc")]);
  expect(ids([failed])).toEqual(["job-1"]);
  expect(ids([half, failed])).toEqual(["job-1"]);
  expect(ids([job(3, "done", [host("ams")]), half, failed])).toEqual([]);
});

test("a second failure speaks for the first, and one that runs does not yet", () => {
  const first = job(1, "failed", [host("nyc", wrong)]);
  expect(ids([job(2, "failed", [host("nyc", wrong)]), first])).toEqual(["job-2"]);
  expect(ids([job(2, "running", []), first])).toEqual(["job-1"]);
});

test("an apply that failed before it came to any host stays open", () => {
  expect(ids([job(2, "done", [host("nyc")]), job(1, "failed", [])])).toEqual(["job-1"]);
});
