import { useEffect, useRef } from "react";
import type { QueryClient } from "@tanstack/react-query";
import { on } from "./client";
import type { EventName, Events } from "./generated/commands";
import type { HostLive, Job, JobEvent, Question } from "./generated/types";
import { keys, subjectKeys } from "./keys";

/** Keeps the answers current with what the program says by itself. Called once. */
export function keepCurrent(client: QueryClient): void {
  on("changed", ({ subjects }) => {
    for (const subject of subjects) void client.invalidateQueries({ queryKey: subjectKeys[subject] });
  });
  on(
    "status",
    together((hosts) => update<HostLive[]>(client, keys.live, (all) => hosts.reduce(withHost, all))),
  );
  on("question", (question) =>
    update<Question[]>(client, keys.questions, (all) =>
      all.some((one) => one.id === question.id) ? all : [...all, question],
    ),
  );
  on("question_closed", ({ id }) =>
    update<Question[]>(client, keys.questions, (all) => all.filter((one) => one.id !== id)),
  );
  on("job", (event) => {
    update<Job[]>(client, keys.jobs, (all) => withNews(all, event));
    // What differed on a host before it was changed may not any more.
    if (event.news.news === "changed" && event.news.job.ended_at !== null)
      void client.invalidateQueries({ queryKey: ["drift"] });
  });
}

/** Milliseconds. A look at a thousand hosts is as much news, and each of it would draw every table anew. */
const TOGETHER_MS = 50;

/** Takes news that come one after the other together, in their order. */
function together<T>(take: (news: T[]) => void): (one: T) => void {
  let waiting: T[] = [];
  return (one) => {
    if (waiting.push(one) > 1) return;
    setTimeout(() => {
      const news = waiting;
      waiting = [];
      take(news);
    }, TOGETHER_MS);
  };
}

/** Takes news into an answer that is there. One that is not is asked for whole: news alone would be a part of it. */
function update<T>(client: QueryClient, key: readonly string[], change: (now: T) => T): void {
  const now = client.getQueryData<T>(key);
  if (now === undefined) void client.invalidateQueries({ queryKey: key });
  else client.setQueryData(key, change(now));
}

export function withHost(all: HostLive[], host: HostLive): HostLive[] {
  const at = all.findIndex((one) => one.name === host.name);
  return at < 0 ? [...all, host] : all.with(at, host);
}

/** The jobs with one piece of news taken in. Steps of a job that is not known yet are in its `changed`. */
export function withNews(all: Job[], { id, news }: JobEvent): Job[] {
  const at = all.findIndex((job) => job.id === id);
  const known = all[at];
  if (news.news === "changed") return known ? all.with(at, news.job) : [news.job, ...all];
  if (!known) return all;
  const steps = known.steps.filter((step) => step.number !== news.step.number);
  const place = steps.findIndex((step) => step.number > news.step.number);
  steps.splice(place < 0 ? steps.length : place, 0, news.step);
  return all.with(at, { ...known, steps });
}

/** Hears an event while a component is there. */
export function useEvent<E extends EventName>(event: E, hear: (payload: Events[E]) => void): void {
  const latest = useRef(hear);
  useEffect(() => {
    latest.current = hear;
  });
  useEffect(() => on(event, (payload) => latest.current(payload)), [event]);
}
