import { assert, assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { stop } from "../../server/stop.ts";

/** An app and a server that never finish, and the times at which each is called. */
function openStuck(time: FakeTime): {
  calls: string[];
  app: Parameters<typeof stop>[0];
  requests: Parameters<typeof stop>[1];
} {
  const calls: string[] = [];
  const start = time.now;
  const note = (name: string): void =>
    void calls.push(`${time.now - start} ms: ${name}`);
  function hang(name: string): Promise<void> {
    note(name);
    return new Promise<void>(() => {});
  }
  return {
    calls,
    app: {
      stop: () => note("app.stop"),
      abandon: () => note("app.abandon"),
      [Symbol.asyncDispose]: () => Promise.resolve(note("app closes")),
    },
    requests: {
      settle: () => hang("settle"),
      shutdown: () => hang("shutdown"),
    },
  };
}

Deno.test("stop() abandons requests after 3.5 s, and closes the app after 4 s", async () => {
  using time = new FakeTime();
  const { calls, app, requests } = openStuck(time);

  const stopping = stop(app, requests);
  await time.runAllAsync();
  await stopping;

  assertEquals(calls, [
    "0 ms: app.stop",
    "0 ms: settle",
    "3500 ms: app.abandon",
    "3500 ms: shutdown",
    "4000 ms: app closes",
  ]);
});

Deno.test("stop() shuts down when the requests are settled, but not before 300 ms", async () => {
  for (const [settled, shutDown] of [[0, 300], [1_300, 1_300]] as const) {
    using time = new FakeTime();
    const { calls, app, requests } = openStuck(time);
    const settle = (): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, settled));

    const stopping = stop(app, { ...requests, settle });
    await time.runAllAsync();
    await stopping;

    assert(calls.includes(`${shutDown} ms: shutdown`), calls.join());
  }
});
