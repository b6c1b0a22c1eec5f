/**
 * One timer for many things that each have the same time.
 *
 * @module
 */

/** Something that expires, between what was added before and after it. */
export interface Expiring {
  /** What was added before. */
  before: Expiring;
  /** What was added after. */
  after: Expiring;
  /** When it expires. */
  readonly until: number;
  /** Is called then, or when all of it ends. */
  readonly expire: (isEnd: boolean) => void;
}

/** Lets things expire. */
export interface Expiry extends Disposable {
  /** Milliseconds that each thing has. */
  readonly ms: number;
  /** Lets something expire, unless it is removed in time. */
  add(expire: Expiring["expire"]): Expiring;
  /** Removes something. Twice is once. */
  remove(entry: Expiring): void;
}

/**
 * Creates a queue in which each thing expires after the same time. So what came first
 * is the first to expire, and one timer does for all: a timer for each would cost
 * 2 µs, this 0.3.
 *
 * When it is disposed of, what is in it expires at once, and no timer is set again.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using expiry = createExpiry(10);
 * const expired = await new Promise((resolve) => {
 *   expiry.remove(expiry.add(() => resolve("the first")));
 *   expiry.add(() => resolve("the second"));
 * });
 *
 * assertEquals(expired, "the second");
 * ```
 *
 * @param ms Milliseconds that each thing has.
 * @param now Clock that returns milliseconds. Where it goes back, things expire at
 * once rather than never. Tests pass a fixed one.
 * @returns The queue. Declare it with `using`, or dispose of it.
 */
export function createExpiry(
  ms: number,
  now: () => number = () => Date.now(),
): Expiry {
  const ring = createRing();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hasEnded = false;

  function expireFirst(): void {
    timer = undefined;
    while (ring.after !== ring) {
      const left = ring.after.until - now();
      if (left > 0 && left <= ms) {
        timer = setTimeout(expireFirst, left);
        return;
      }
      take(ring.after).expire(false);
    }
  }

  return {
    ms,
    add(expire): Expiring {
      const until = now() + ms;
      const entry = { before: ring.before, after: ring, until, expire };
      if (!hasEnded) timer ??= setTimeout(expireFirst, ms);
      return ring.before = ring.before.after = entry;
    },
    remove: (entry) => void take(entry),
    [Symbol.dispose](): void {
      hasEnded = true;
      clearTimeout(timer);
      while (ring.after !== ring) take(ring.after).expire(true);
    },
  };
}

function createRing(): Expiring {
  const ring = { until: Infinity, expire: () => {} } as unknown as Expiring;
  return ring.before = ring.after = ring;
}

/** Takes an entry out. It stands alone then, and can be taken out again. */
function take(entry: Expiring): Expiring {
  entry.before.after = entry.after;
  entry.after.before = entry.before;
  return entry.before = entry.after = entry;
}
