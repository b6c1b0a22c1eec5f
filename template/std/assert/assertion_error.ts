/**
 * Thrown when an assertion fails.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, AssertionError } from "@std/assert";
 *
 * const error = new AssertionError("It is late", { cause: "traffic" });
 *
 * assertEquals(error.name, "AssertionError");
 * assertEquals(error.message, "It is late");
 * assertEquals(error.cause, "traffic");
 * ```
 */
export class AssertionError extends Error {
  /**
   * Constructs a new instance.
   *
   * @param message What failed.
   * @param options The cause, if there is one.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}
