// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Adds a resource: its file, its test, and its two places in main.ts.
 *
 * ```sh
 * deno task add notes text:string "due:date?"
 * ```
 *
 * @module
 */

/** The types of fields, each with a value for the test. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  string: "Text",
  number: 1.5,
  integer: 1,
  boolean: true,
  date: "2026-02-28",
  dateTime: "2026-02-28T08:15:00Z",
};

/** What its module may import, and the paths of the health checks. */
const TAKEN = Object.keys(SAMPLES)
  .concat("object", "nullable", "healthz", "readyz");

// The store sets these.
const FIELD = /^(?!(?:id|createdAt|updatedAt):)([a-z][A-Za-z0-9]*):(\w+)(\??)$/;
const IMPORT = /^import .* from "\.\/routes\/resource\.ts";\r?\n/m;
const LIST = /^(export const RESOURCES\b.* = \[)([^\]]*?),?\s*\];$/m;

/** Returns the new texts by path, not yet formatted. `main` is that of main.ts. */
function modulesOf(
  name: string,
  fields: readonly string[],
  main: string,
): Record<string, string> {
  if (name === "" || fields.length === 0) {
    throw new Error(
      'Missing name or fields: write them as in notes text:string "due:date?"',
    );
  }
  if (!/^[a-z][a-z0-9]*$/.test(name)) {
    throw new Error(
      `Invalid name "${name}": use lower-case letters and digits, in the plural, such as notes`,
    );
  }
  if (!IMPORT.test(main) || !LIST.test(main)) {
    throw new Error(
      `Cannot add ${name}: main.ts has no list RESOURCES, or no import of ./routes/resource.ts`,
    );
  }
  if (new RegExp(`\\b${name}\\b`).test(main)) {
    throw new Error(`Cannot add ${name}: main.ts has this name already`);
  }
  if (TAKEN.includes(name) || isReserved(name)) {
    throw new Error(`Cannot add ${name}: no resource can have this name`);
  }
  const read = fields.map(readField);
  if (new Set(read.map((field) => field.name)).size < read.length) {
    throw new Error(`Cannot add ${name}: a field is there twice`);
  }
  return {
    [`routes/${name}.ts`]: declarationOf(name, read),
    [`tests/routes/${name}_test.ts`]: testOf(name, read),
    "main.ts": main
      .replace(IMPORT, `$&import { ${name} } from "./routes/${name}.ts";\n`)
      .replace(
        LIST,
        (_, start, list) => `${start}${list && `${list}, `}${name}];`,
      ),
  };
}

/** Whether it is a word of the language, such as `class`. */
function isReserved(name: string): boolean {
  try {
    new Function(`"use strict"; let ${name};`);
    return false;
  } catch {
    return true;
  }
}

/** A field, with its schema as it is written. */
interface Field {
  name: string;
  schema: string;
  sample: unknown;
}

function readField(field: string): Field {
  const [, name = "", type = "", mark] = FIELD.exec(field) ?? [];
  if (!Object.hasOwn(SAMPLES, type)) {
    const types = Object.keys(SAMPLES).join(", ");
    throw new Error(
      `Invalid field "${field}": write name:type, or name:type? if it may be null. The types are ${types}`,
    );
  }
  const schema = mark ? `nullable(${type}(), { default: null })` : `${type}()`;
  return { name, schema, sample: SAMPLES[type] };
}

function declarationOf(name: string, fields: readonly Field[]): string {
  const title = capitalize(name.replace(/ies$/, "ys").replace(/(?<=.)s$/, ""));
  const called = fields.flatMap(({ schema }) => schema.match(/\w+(?=\()/g)!);
  const imports = [...new Set(["object", ...called])].sort().join(", ");
  return `import { ${imports} } from "../http/schema.ts";
import { resource } from "./resource.ts";

/** ${capitalize(name)}, with everything that a client may set. */
export const ${name} = resource({
  name: "${name}",
  title: "${title}",
  description: "${capitalize(name)}.",
  schema: object({
${fields.map(({ name, schema }) => `${name}: ${schema},\n`).join("")}}),
});
`;
}

function testOf(name: string, fields: readonly Field[]): string {
  const body = fields.map(({ name, sample }) => [name, sample]);
  return `import { assertEquals } from "@std/assert";\nimport { openApp } from "../app.ts";

Deno.test("POST /${name} creates what can be read and listed", async () => {
  const body = ${JSON.stringify(Object.fromEntries(body))};
  await using app = await openApp();

  const response = await app.send("POST", "/${name}", body);
  const created = await response.json();
  const read = await app.fetch(response.headers.get("Location")!);
  const list = await app.fetch("/${name}");

  assertEquals(response.status, 201);
  assertEquals(created, { ...created, ...body });
  assertEquals(await read.json(), created);
  assertEquals((await list.json()).items, [created]);
});
`;
}

function capitalize(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

async function main(
  [name = "", ...fields]: readonly string[],
): Promise<void> {
  try {
    const modules = modulesOf(name, fields, await Deno.readTextFile("main.ts"));
    const paths = Object.keys(modules);
    for (const path of paths.slice(0, -1)) {
      if (!await Deno.stat(path).then(() => true, () => false)) continue;
      throw new Error(`Cannot add ${name}: ${path} exists`);
    }
    await Deno.mkdir("tests/routes", { recursive: true });
    for (const [path, text] of Object.entries(modules)) {
      await Deno.writeTextFile(path, text);
    }
    const args = ["fmt", "--quiet", ...paths];
    await new Deno.Command(Deno.execPath(), { args }).output();
    console.log(`Wrote ${paths.join("\nWrote ")}, its two places`);
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}

if (import.meta.main) await main(Deno.args);
