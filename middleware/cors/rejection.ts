/**
 * Reports refusals.
 *
 * @module
 */

/** A request that was refused, in values that are safe to log. */
export interface CorsRejection {
  /** Whether a preflight fails, or an answer is withheld from the page. */
  readonly kind: "preflight" | "actual";
  /** What was refused. `malformed` is what no browser sends. */
  readonly reason: "origin" | "method" | "headers" | "malformed";
  /** The `Origin` of the request: its first 200 characters, printable. */
  readonly origin: string;
  /** The origin, method or header name that was refused, likewise. */
  readonly value: string;
}

/** Tells the listener, if there is one. Whatever it throws or rejects with ends here. */
export async function reject(
  onReject: ((rejection: CorsRejection) => void) | undefined,
  { kind, reason, origin, value }: CorsRejection,
): Promise<void> {
  try {
    await onReject?.({
      kind,
      reason,
      origin: printable(origin),
      value: printable(value),
    });
  } catch {
    // A listener that fails must not change what the browser gets.
  }
}

// A line break or an escape sequence would forge lines of a log.
function printable(text: string): string {
  return text.slice(0, 200).replace(/[^ -~]/g, "?");
}
