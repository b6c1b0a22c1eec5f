/**
 * Reports rejected requests.
 *
 * @module
 */

import { requestState } from "../../http/request_state.ts";

/** A rejected request, in values that are safe to log. */
export interface CorsRejection {
  /** Whether a preflight fails, or the page cannot read a response. */
  readonly kind: "preflight" | "actual";
  /** What was rejected. `malformed` is what no browser sends. */
  readonly reason: "origin" | "method" | "headers" | "malformed";
  /** The `Origin` of the request: its first 200 characters, printable. */
  readonly origin: string;
  /** The origin, method or header name that was rejected, likewise. */
  readonly value: string;
}

/** What was rejected, and its value. */
export type Refusal = readonly [CorsRejection["reason"], string];

/** Stores a rejection in the request state, for the log, and calls the listener. */
export function reject(
  onReject: ((rejection: CorsRejection) => void) | undefined,
  request: Request,
  kind: CorsRejection["kind"],
  [reason, text]: Refusal,
): void {
  const state = requestState(request);
  state.cors = kind === "actual" ? "refused" : "preflight refused";
  state.corsReason = labelOf(reason, text);
  if (onReject === undefined) return;
  const origin = printable(request.headers.get("Origin") ?? "");
  const rejection = { kind, reason, origin, value: printable(text) };
  // An error of the listener must not change the response.
  Promise.try(onReject, rejection).catch(() => {});
}

function labelOf(reason: CorsRejection["reason"], text: string): string {
  if (reason === "method") return `method ${printable(text)}`;
  return reason === "headers" ? `header ${printable(text)}` : reason;
}

// A line break or an escape sequence would forge lines of a log.
function printable(text: string): string {
  return text.slice(0, 200).replace(/[^ -~]/g, "?");
}
