import { expect, test } from "vitest";
import { WriteQueue } from "../../src/features/terminal/write-queue.ts";

/** A way that takes its time, as calls do: the first ones the longest. */
function slow() {
  const sent: string[] = [];
  let flying = 0;
  let most = 0;
  const send = async (text: string) => {
    flying += 1;
    most = Math.max(most, flying);
    await new Promise((done) => setTimeout(done, Math.max(0, 6 - sent.length)));
    sent.push(text);
    flying -= 1;
  };
  return { sent, send, most: () => most };
}

const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

test("a burst of keys arrives in its order, with one write in flight", async () => {
  const way = slow();
  const queue = new WriteQueue(way.send);
  queue.start();
  const typed = Array.from({ length: 600 }, (_, n) => String.fromCharCode(97 + (n % 26)));
  for (const [index, key] of typed.entries()) {
    queue.push(key);
    if (index % 50 === 0) await later(1);
  }
  await later(60);
  expect(way.sent.join("")).toBe(typed.join(""));
  expect(way.most()).toBe(1);
  expect(way.sent.length).toBeLessThan(typed.length);
});

test("what is typed before the shell is open waits for it", async () => {
  const way = slow();
  const queue = new WriteQueue(way.send);
  queue.push("ls");
  queue.push("\r");
  await later(10);
  expect(way.sent).toEqual([]);
  queue.start();
  await later(20);
  expect(way.sent).toEqual(["ls\r"]);
});

test("a shell that ended is written to no more", async () => {
  let calls = 0;
  const queue = new WriteQueue(() => {
    calls += 1;
    return Promise.reject(new Error("gone"));
  });
  queue.start();
  queue.push("a");
  await later(5);
  queue.push("b");
  await later(5);
  expect(calls).toBe(1);
});
