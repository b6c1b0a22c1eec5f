/**
 * Stops the server within 4.1 seconds.
 *
 * @module
 */

import type { App } from "./serve.ts";

/** How long `/readyz` responds with 503 before the server stops listening. */
export const GRACE_MS = 300;

/**
 * Stops the server, then closes the app.
 *
 * The server stops listening when every request that it has received has its
 * response, but not before 300 ms: until then a proxy can see that `/readyz`
 * responds with 503. `shutdown()` alone would break off bodies that are still being
 * uploaded.
 *
 * Deno Deploy kills a process five seconds after SIGINT. So requests in flight get
 * a 503 after 3.5 s, the app is closed after 4 s, and this resolves after 4.1 s
 * even if the store does not close.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeTime } from "@std/testing/time";
 *
 * using time = new FakeTime();
 * const never = () => new Promise<void>(() => {});
 * const app = { stop() {}, abandon() {}, [Symbol.asyncDispose]: never };
 * const start = time.now;
 * const stopped = stop(app, { settle: never, shutdown: never }).then(() => time.now - start);
 * await time.runAllAsync();
 *
 * assertEquals(await stopped, 4_100);
 * ```
 *
 * @param requests `settle` resolves when those with a body have their responses;
 * `shutdown` stops listening, and resolves when every response is sent.
 */
export async function stop(
  app: Omit<App, "fetch" | "routes">,
  requests: Record<"settle" | "shutdown", () => Promise<unknown>>,
): Promise<void> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => timers.push(setTimeout(resolve, ms)));
  }

  app.stop();
  const settled = Promise.all([pause(GRACE_MS), requests.settle()]);
  const abandoned = pause(3_500).then(() => app.abandon());
  const closing = pause(4_000);
  const end = pause(4_100);
  await Promise.race([settled, abandoned]);
  await Promise.race([requests.shutdown(), closing]);
  await Promise.race([app[Symbol.asyncDispose](), end]);
  // A timer would keep the process running.
  timers.forEach(clearTimeout);
}
