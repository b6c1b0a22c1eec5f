import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { createExpiry } from "../../http/expiry.ts";

Deno.test("createExpiry() lets each thing expire in its time, with one timer", () => {
  using time = new FakeTime(0);
  using expiry = createExpiry(100, () => time.now);
  const expired: [string, number][] = [];
  const note = (name: string): () => void => () =>
    expired.push([name, time.now]);

  expiry.add(note("a"));
  time.tick(30);
  const b = expiry.add(note("b"));
  expiry.add(note("c"));
  time.tick(30);
  expiry.add(note("d"));
  expiry.remove(b);
  time.tick(200);

  assertEquals(expired, [["a", 100], ["c", 130], ["d", 160]]);
  assertEquals(time.next(), false);
});

Deno.test("createExpiry() removes once what is removed twice, or has expired", () => {
  using time = new FakeTime(0);
  using expiry = createExpiry(100, () => time.now);
  const expired: string[] = [];

  const a = expiry.add(() => expired.push("a"));
  time.tick(100);
  const b = expiry.add(() => expired.push("b"));
  const c = expiry.add(() => expired.push("c"));
  for (const entry of [a, b, b, a]) expiry.remove(entry);
  time.tick(100);
  expiry.remove(c);

  assertEquals(expired, ["a", "c"]);
});

Deno.test("createExpiry() waits on where its timer was early", () => {
  using time = new FakeTime(0);
  const clock = [0, 99.5, 100];
  using expiry = createExpiry(100, () => clock.shift()!);
  let expired = 0;

  expiry.add(() => expired++);
  time.tick(101);

  assertEquals([expired, clock], [1, []]);
});

Deno.test("createExpiry() waits for no clock that went back", () => {
  using time = new FakeTime(0);
  const clock = [1_000_000, 5];
  using expiry = createExpiry(100, () => clock.shift()!);
  let expired = 0;

  expiry.add(() => expired++);
  time.tick(100);

  assertEquals(expired, 1);
});

Deno.test("createExpiry() goes by the time of day when it is given no clock", async () => {
  using expiry = createExpiry(1);

  assertEquals(await new Promise((resolve) => expiry.add(resolve)), false);
});

Deno.test("createExpiry() lets all expire when it ends, and sets no timer after that", () => {
  using time = new FakeTime(0);
  const ends: boolean[] = [];
  const expiry = createExpiry(100, () => time.now);
  expiry.add((isEnd) => ends.push(isEnd));
  expiry.add((isEnd) => ends.push(isEnd));

  expiry[Symbol.dispose]();
  expiry.add((isEnd) => ends.push(isEnd));

  assertEquals(ends, [true, true]);
  assertEquals(time.next(), false);
});
