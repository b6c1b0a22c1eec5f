/**
 * Writes log lines: JSON for machines, `key=value` for people.
 *
 * @module
 */

/** Levels of a log line, least severe first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Values by their names, which are ASCII. One that is `undefined` is left out. */
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
 * let text = "";
 * const write = (line: string) => text += line;
 * const log = createLog({ level: "info", format: "text", write });
 * log("debug", "not written");
 * log("info", "request", { method: "GET", path: "/a b", status: 200 });
 *
 * const [_time, ...line] = text.split(" ");
 * assertEquals(line.join(" "), 'info request method=GET path="/a b" status=200\n');
 * ```
 */
export function createLog(options: LogOptions): Log {
  const { level: lowest, format, write } = options;
  const least = LOG_LEVELS.indexOf(lowest);
  const isJson = format === "json";
  let time = NaN;
  let iso = "";

  return function log(level, message, fields = {}): void {
    if (LOG_LEVELS.indexOf(level) < least) return;
    const now = Date.now();
    // toISOString() costs 0.4 µs. Under load, many lines have the same millisecond.
    if (now !== time) iso = new Date(time = now).toISOString();
    let line = isJson
      ? `{"time":"${iso}","level":"${level}","msg":${quote(message)}`
      : `${iso} ${level} ${message}`;
    for (const name in fields) {
      const value = fields[name];
      if (value === undefined) continue;
      line += isJson
        ? `,"${name}":${quote(value)}`
        : ` ${name}=${textOf(value)}`;
    }
    write(isJson ? `${line}}\n` : `${line}\n`);
  };
}

function textOf(value: string | number | boolean): string {
  const text = `${value}`;
  return UNQUOTED.test(text) ? text : quote(text);
}

/** Printable ASCII without a quote, an equals sign or a space. */
const UNQUOTED = /^[!#-<>-~]+$/;

// JSON.stringify() of the whole line, and escape() of all of it, cost twice as much.
function quote(value: string | number | boolean): string {
  if (Number.isFinite(value)) return `${value}`;
  if (typeof value !== "string") return JSON.stringify(value);
  return SPECIAL.test(value) ? escape(JSON.stringify(value)) : `"${value}"`;
}

/** What is not printable ASCII, or is escaped in JSON. */
const SPECIAL = /[^ !#-[\]-~]/;

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
