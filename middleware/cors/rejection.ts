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

/** Why a request is refused, and the value that speaks against it. */
export type Refusal = readonly [
  reason: CorsRejection["reason"],
  value: string,
];

/** Tells a listener, if there is one, of a refusal. */
export function reject(
  onReject: ((rejection: CorsRejection) => void) | undefined,
  kind: CorsRejection["kind"],
  origin: string,
  [reason, value]: Refusal,
): void {
  if (onReject === undefined) return;
  tell(onReject, {
    kind,
    reason,
    origin: printable(origin),
    value: printable(value),
  });
}

// What a listener throws, or rejects with, must not change what the browser gets.
async function tell(
  onReject: (rejection: CorsRejection) => void,
  rejection: CorsRejection,
): Promise<void> {
  try {
    await onReject(rejection);
  } catch {
    // Dropped, as documented.
  }
}

// A line break or an escape sequence would forge lines of a log.
function printable(text: string): string {
  return text.slice(0, 200).replace(/[^ -~]/g, "?");
}
