/** A callback that waits for its time. */
interface Timer {
  id: number;
  callback: () => void;
  due: number;
  /** Milliseconds after which it is due again, if it repeats. */
  interval: number | undefined;
}

/**
 * Timers, and the clock they wait for. Time stands still until
 * {@linkcode TimerQueue.advance} moves it.
 *
 * @example Usage
 * ```ts
 * import { TimerQueue } from "./_timer_queue.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const calls: number[] = [];
 * const queue = new TimerQueue(0);
 * queue.add(() => calls.push(queue.now), 10, true);
 *
 * queue.advance(25);
 * assertEquals(calls, [10, 20]);
 * assertEquals(queue.now, 25);
 * ```
 */
export class TimerQueue {
  /** By time due. Those due at the same time keep their order. */
  #timers: Timer[] = [];
  /** Timers that were not cleared. The queue drops the others when they are due. */
  #live = new Set<number>();
  #lastId = 0;
  #now: number;

  /**
   * Constructs a new instance.
   *
   * @param now The time to begin with.
   */
  constructor(now: number) {
    this.#now = now;
  }

  /** The current time, in milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** Whether no timer is left, cleared ones included. */
  get isEmpty(): boolean {
    return this.#timers.length === 0;
  }

  /**
   * Adds a timer.
   *
   * @param callback What to call.
   * @param delay Milliseconds until then.
   * @param repeats Whether to call it again and again.
   * @returns The identifier of the timer.
   */
  add(callback: () => void, delay: number, repeats: boolean): number {
    const id = ++this.#lastId;
    // An interval of zero would never let time pass.
    const wait = Math.max(repeats ? 1 : 0, Math.floor(delay));
    const interval = repeats ? wait : undefined;
    this.#live.add(id);
    this.#insert({ id, callback, due: this.#now + wait, interval });
    return id;
  }

  /**
   * Clears a timer.
   *
   * @param id The identifier of the timer. Unknown ones are ignored.
   */
  clear(id: unknown): void {
    this.#live.delete(id as number);
  }

  /** When the next timer is due, if any is left. */
  get nextDue(): number | undefined {
    while (this.#timers[0] && !this.#live.has(this.#timers[0].id)) {
      this.#timers.shift();
    }
    return this.#timers[0]?.due;
  }

  /**
   * Moves time on and calls the timers that fall due, each at its own time. If
   * one of them throws, time stays there.
   *
   * @param time The time to move to.
   */
  advance(time: number): void {
    while (this.nextDue !== undefined && this.nextDue <= time) {
      this.#call(this.#timers.shift()!);
    }
    this.#now = time;
  }

  #call(timer: Timer): void {
    this.#now = timer.due;
    if (timer.interval === undefined) this.#live.delete(timer.id);
    else this.#insert({ ...timer, due: timer.due + timer.interval });
    timer.callback();
  }

  #insert(timer: Timer): void {
    const before = this.#timers.findLastIndex(({ due }) => due <= timer.due);
    this.#timers.splice(before + 1, 0, timer);
  }
}
