/**
 * Thrown when something cannot be spied on, stubbed or restored.
 *
 * @example Usage
 * ```ts
 * import { MockError, spy } from "@std/testing/mock";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => spy().restore(), MockError, "Cannot restore");
 * ```
 */
export class MockError extends Error {
  /**
   * Constructs a new instance.
   *
   * @param message What cannot be done.
   */
  constructor(message: string) {
    super(message);
    this.name = "MockError";
  }
}
