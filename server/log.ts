/**
 * Writes log lines: JSON for machines, `key=value` for people.
 *
 * @module
 */

/** How much a line matters, least first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** What is known about an event, by name. What is `undefined` is left out. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** Writes one line. */
export type Log = (
  level: LogLevel,
  message: string,
  fields?: LogFields,
) => void;

/** Options for {@linkcode createLog}. */
export interface LogOptions {
  /** Lines below this level are not written. */
  level: LogLevel;
  /** JSON, or `key=value` pairs. */
  format: "json" | "text";
  /** Takes each line, which ends with a line feed. */
  write: (line: string) => void;
  /**
   * Clock that returns milliseconds since 1970.
   *
   * @default {Date.now}
   */
  now?: () => number;
}

/**
 * Creates a function that writes log lines.
 *
 * Whatever a client put into a field stays within its line: control characters
 * are escaped in both formats.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const log = createLog({
 *   level: "info",
 *   format: "text",
 *   write: (line) => lines.push(line),
 *   now: () => 0,
 * });
 * log("debug", "unseen");
 * log("info", "request", { method: "GET", path: "/a b", status: 200 });
 *
 * assertEquals(lines, [
 *   '1970-01-01T00:00:00.000Z info request method=GET path="/a b" status=200\n',
 * ]);
 * ```
 *
 * @param options What to write, and where.
 * @returns The function.
 */
export function createLog(options: LogOptions): Log {
  const { level: least, format, write, now = Date.now } = options;
  const from = LOG_LEVELS.indexOf(least);
  const line = format === "json" ? jsonLine : textLine;
  const timestamp = createTimestamp(now);

  return function log(level, message, fields = {}): void {
    if (LOG_LEVELS.indexOf(level) < from) return;
    write(line(timestamp(), level, message, fields));
  };
}

/** Writes the time, and keeps what it wrote for the whole millisecond. */
function createTimestamp(now: () => number): () => string {
  let time = NaN;
  let text = "";
  return function timestamp(): string {
    const is = now();
    if (is !== time) text = new Date(time = is).toISOString();
    return text;
  };
}

function jsonLine(
  time: string,
  level: LogLevel,
  msg: string,
  fields: LogFields,
): string {
  return `${escape(JSON.stringify({ time, level, msg, ...fields }))}\n`;
}

function textLine(
  time: string,
  level: LogLevel,
  message: string,
  fields: LogFields,
): string {
  let line = `${time} ${level} ${message}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${name}=${textValue(value)}`;
  }
  return `${line}\n`;
}

function textValue(value: string | number | boolean): string {
  if (typeof value === "string" && !PLAIN.test(value)) {
    return escape(JSON.stringify(value));
  }
  return String(value);
}

const PLAIN = /^[!#-<>-~]+$/;

/**
 * Escapes what JSON leaves as it is though a terminal acts on it: DEL, the C1
 * controls, and marks that turn the direction of writing.
 */
function escape(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
