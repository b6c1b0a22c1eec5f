import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import text from "../../main.ts" with { type: "text" };
import { modulesOf } from "../../server/add.ts";

// A checkout on Windows may have other line ends.
const main = text.replaceAll("\r\n", "\n");

const FIELDS = ["text:string", "due:date?"];

const EXAMPLE = 'write them as in notes text:string "due:date?"';
const NAME = "use lower-case letters and digits, in the plural, such as notes";
const INVALID =
  "write name:type, or name:type? if it may be null. The types are string, number, integer, boolean, date, dateTime";
const REFUSED: [name: string, fields: string[], sentence: string][] = [
  ["Notes", FIELDS, `Invalid name "Notes": ${NAME}`],
  ["note-books", FIELDS, `Invalid name "note-books": ${NAME}`],
  ["", FIELDS, `Missing name or fields: ${EXAMPLE}`],
  ["notes", [], `Missing name or fields: ${EXAMPLE}`],
  ["cors", FIELDS, "Cannot add cors: main.ts has this name already"],
  ["class", FIELDS, "Cannot add class: no resource can have this name"],
  ["object", FIELDS, "Cannot add object: no resource can have this name"],
  ["date", FIELDS, "Cannot add date: no resource can have this name"],
  ["healthz", FIELDS, "Cannot add healthz: no resource can have this name"],
  ["notes", ["text:text"], `Invalid field "text:text": ${INVALID}`],
  ["notes", ["text"], `Invalid field "text": ${INVALID}`],
  ["notes", ["a:date", "a:date?"], "Cannot add notes: a field is there twice"],
  ["notes", ["id:string"], `Invalid field "id:string": ${INVALID}`],
];

for (const [name, fields, sentence] of REFUSED) {
  Deno.test(`modulesOf() refuses ${name} ${fields.join(" ")}`, () => {
    assertThrows(() => modulesOf(name, fields, main), Error, sentence);
  });
}

Deno.test("modulesOf() reads a main.ts with the line ends of Windows", () => {
  const modules = modulesOf("notes", FIELDS, main.replaceAll("\n", "\r\n"));

  assertEquals(
    modules["main.ts"]!.replaceAll("\r\n", "\n"),
    modulesOf("notes", FIELDS, main)["main.ts"],
  );
});

Deno.test("modulesOf() refuses a main.ts without the list", () => {
  assertThrows(
    () => modulesOf("notes", FIELDS, main.replace("RESOURCES", "ALL")),
    Error,
    "main.ts has no list RESOURCES, or no import of ./routes/resource.ts",
  );
});

for (
  const [before, after] of [
    ["[]", "[notes]"],
    ["[users]", "[users, notes]"],
    ["[\n  users,\n  teams,\n]", "[\n  users,\n  teams, notes]"],
  ] as const
) {
  Deno.test(`modulesOf() makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
    const list = "export const RESOURCES: readonly Resource[] = ";
    const text = `import { resourceRoutes } from "./routes/resource.ts";
${list}${before};
`;

    assertEquals(
      modulesOf("notes", FIELDS, text)["main.ts"],
      `import { resourceRoutes } from "./routes/resource.ts";
import { notes } from "./routes/notes.ts";
${list}${after};
`,
    );
  });
}

for (
  const [name, title] of [
    ["notes", "Note"],
    ["categories", "Category"],
    ["people", "People"],
    ["s", "S"],
  ] as const
) {
  Deno.test(`modulesOf() writes the title ${title} for ${name}`, () => {
    const text = modulesOf(name, FIELDS, main)[`routes/${name}.ts`]!;

    assertStringIncludes(text, `\n  title: "${title}",\n`);
  });
}

Deno.test("deno task add writes a resource once, and names what it wrote", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/routes`);
  await Deno.writeTextFile(`${folder}/main.ts`, main);

  async function add(...args: string[]): Promise<string> {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        `${import.meta.dirname}/../../server/add.ts`,
        ...args,
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stdout.length > 0 ? stdout : stderr);
  }

  assertEquals(
    await add("notes", ...FIELDS),
    "Wrote routes/notes.ts\nWrote tests/routes/notes_test.ts\nWrote main.ts, its two places\n",
  );
  assertStringIncludes(
    await Deno.readTextFile(`${folder}/routes/notes.ts`),
    "    text: string(),\n    due: nullable(date(), { default: null }),\n",
  );
  assertEquals(
    await add("notes", ...FIELDS),
    "Cannot add notes: main.ts has this name already\n",
  );
  await Deno.writeTextFile(`${folder}/routes/users.ts`, "");
  assertEquals(
    await add("users", ...FIELDS),
    "Cannot add users: routes/users.ts exists\n",
  );
  assertEquals(await Deno.readTextFile(`${folder}/routes/users.ts`), "");
  await Deno.remove(folder, { recursive: true });
});
