/**
 * Writes log lines: JSON for machines, `key=value` for people.
 *
 * @module
 */

/** Levels of a log line, least severe first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Named values of a log line. A value that is `undefined` is left out. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** Writes one log line. */
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
  /** Writes a line, which ends with a line feed. */
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
 * A field that a client controls cannot start a new line or control a terminal:
 * both formats escape control characters.
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
 * log("debug", "not written");
 * log("info", "request", { method: "GET", path: "/a b", status: 200 });
 *
 * assertEquals(lines, [
 *   '1970-01-01T00:00:00.000Z info request method=GET path="/a b" status=200\n',
 * ]);
 * ```
 */
export function createLog(options: LogOptions): Log {
  const { level: lowest, format, write, now = Date.now } = options;
  const lineOf = format === "json" ? jsonLine : textLine;

  return function log(level, message, fields = {}): void {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(lowest)) return;
    write(lineOf(new Date(now()).toISOString(), level, message, fields));
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
  const text = String(value);
  return UNQUOTED.test(text) ? text : escape(JSON.stringify(text));
}

/** Printable ASCII without a quote, an equals sign or a space. */
const UNQUOTED = /^[!#-<>-~]+$/;

/**
 * Escapes characters that JSON does not and a terminal acts on: DEL, the C1 controls,
 * line separators, and marks that change the direction of writing.
 */
function escape(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
