/**
 * What the template guards against, for peers without such guards.
 *
 * @module
 */

/** The limits of the template. */
export const BODY_LIMIT = 65_536;
export const DEADLINE_MS = 10_000;

/** Writes the line that the template's log has for a request. */
export function logLine(requestId, method, path, route, status, start) {
  console.log(JSON.stringify({
    time: new Date().toISOString(),
    level: "info",
    msg: "request",
    requestId,
    method,
    path,
    route,
    status,
    durationMs: Math.round((performance.now() - start) * 100) / 100,
  }));
}
