/**
 * Thrown when the clock cannot be faked, restored or used.
 *
 * @example Usage
 * ```ts
 * import { FakeTime, TimeError } from "@std/testing/time";
 * import { assertThrows } from "@std/assert";
 *
 * using _time = new FakeTime();
 * assertThrows(() => new FakeTime(), TimeError, "time is already faked");
 * ```
 */
export class TimeError extends Error {
  /**
   * Constructs a new instance.
   *
   * @param message What cannot be done.
   */
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}
