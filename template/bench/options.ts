/**
 * Options of a program, such as `--rounds=5`.
 *
 * @module
 */

/** For the name of each option its default, and what it is. */
export type Options<Name extends string> = Readonly<
  Record<Name, readonly [value: string, what: string]>
>;

/**
 * Reads options.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const options = { rounds: ["5", "how often"], out: ["", "folder"] } as const;
 *
 * assertEquals(readOptions(["--rounds=7"], options), { rounds: "7", out: "" });
 * ```
 *
 * @param args What was written after the name of the program.
 * @param options The options that there are.
 * @returns The value of each.
 * @throws {Error} If there is no such option, or its value has to be a number.
 */
export function readOptions<Name extends string>(
  args: readonly string[],
  options: Options<Name>,
): Record<Name, string> {
  const known = Object.entries(options) as [Name, [string, string]][];
  const values = new Map(known.map(([name, [value]]) => [name, value]));
  for (const arg of args) {
    const [, name, value] = /^--(\w+)=(.*)$/.exec(arg) ?? [];
    const current = values.get(name as Name);
    if (current === undefined) {
      throw new Error(`Cannot use "${arg}": --help lists the options`);
    }
    if (NUMBER.test(current) && !NUMBER.test(value!)) {
      throw new Error(
        `Cannot use "${arg}": write a number, such as ${current}`,
      );
    }
    values.set(name as Name, value!);
  }
  return Object.fromEntries(values) as Record<Name, string>;
}

const NUMBER = /^\d+(?:\.\d+)?$/;

/**
 * Describes the options.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const help = helpOf("deno task soak", { seconds: ["60", "how long"] });
 *
 * assertStringIncludes(help, "--seconds=…  how long (60)\n");
 * ```
 *
 * @param command What runs the program.
 * @param options The options that there are.
 * @returns Lines for a terminal.
 */
export function helpOf(command: string, options: Options<string>): string {
  const rows = Object.entries(options).map(([name, [value, what]]) => [
    `--${name}=…`,
    value === "" ? what : `${what} (${value})`,
  ]);
  rows.push(["--help", "show this"]);
  const width = Math.max(...rows.map(([name]) => name!.length));
  const lines = rows.map(([name, what]) => `  ${name!.padEnd(width)}  ${what}`);
  return `Usage: ${command} [options]\n\n${lines.join("\n")}\n`;
}
