/** A key may follow `export`, and a value takes one of three forms. */
const KEY = String.raw`\s*(?:export\s+)?(?<key>[^\s=#]+)\s*=`;
const LITERAL = String.raw`'\r?\n?(?<literal>(?:.|\r?\n)*?)\r?\n?'`;
const ESCAPED = String.raw`"\r?\n?(?<escaped>(?:[^"\\]|\\[^])*?)\r?\n?"`;
const BARE = String.raw`(?<bare>[^\r\n#]*)`;
const ENTRY = new RegExp(
  String.raw`^${KEY}[ \t]*(?:${LITERAL}|${ESCAPED}|${BARE}).*$`,
  "gm",
);

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** `${A}`, `${A:-default}`, `$A` or `$A:-default`, but not `\$A`. */
const REFERENCE =
  /\${(?<braced>.+?)(?::-(?<bracedDefault>.+))?}|(?<!\\)\$(?<plain>\w+)(?::-(?<plainDefault>.+))?/g;

const ESCAPES: Record<string, string> = {
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  '\\"': '"',
  "\\'": "'",
  "\\\\": "\\",
};

/**
 * Parses the text of a `.env` file. It changes no environment variable, and
 * reads one only for a reference that the text itself does not answer.
 *
 * | Value                  | Read as                                      |
 * | ---------------------- | -------------------------------------------- |
 * | `plain text # comment` | trimmed, with references expanded            |
 * | `'literal $text'`      | as it is, over several lines if need be      |
 * | `"two\nlines"`         | with escapes, over several lines if need be  |
 *
 * Do not let a value refer to itself, directly or by way of others: parsing it
 * never ends.
 *
 * A key that is not a name of letters, digits and underscores is left out,
 * with a warning.
 *
 * @example Usage
 * ```ts
 * import { parse } from "@std/dotenv/parse";
 * import { assertEquals } from "@std/assert";
 *
 * const env = parse(`
 * # Where to listen
 * HOST=localhost
 * PORT=8000
 * URL=http://\${HOST}:$PORT
 * GREETING="Hello\\nworld"
 * `);
 *
 * assertEquals(env, {
 *   HOST: "localhost",
 *   PORT: "8000",
 *   URL: "http://localhost:8000",
 *   GREETING: "Hello\nworld",
 * });
 * ```
 *
 * @param text The text to parse.
 * @returns The values by key, in an object without a prototype.
 */
export function parse(text: string): Record<string, string> {
  const env: Record<string, string> = Object.create(null);
  const bareKeys: string[] = [];

  for (const { groups } of text.matchAll(ENTRY)) {
    const { key, literal, escaped, bare } = groups as Record<string, string>;
    if (!NAME.test(key!)) {
      warn(key!);
      continue;
    }
    env[key!] = literal ??
      (escaped === undefined ? bare!.trim() : unescape(escaped));
    if (bare) bareKeys.push(key!);
  }

  const values = { ...env };
  for (const key of bareKeys) env[key] = expand(env[key]!, values);
  return env;
}

function warn(key: string): void {
  // deno-lint-ignore no-console
  console.warn(
    `Ignored the key "${key}" as it is not a valid identifier: The key need to match the pattern ${NAME}.`,
  );
}

function unescape(value: string): string {
  return value.replace(/\\[^]/g, (escape) => ESCAPES[escape] ?? escape);
}

/** A value or default may refer to others, so expands until none is left. */
function expand(value: string, values: Record<string, string>): string {
  let expanded = value;
  while (expanded.search(REFERENCE) >= 0) {
    expanded = expanded.replace(REFERENCE, (...match) => {
      const { braced, bracedDefault, plain, plainDefault } = match.at(-1);
      const name = braced ?? plain;
      return values[name] ?? Deno.env.get(name) ?? bracedDefault ??
        plainDefault;
    });
  }
  return expanded;
}
