import { assertEquals, assertStringIncludes } from "@std/assert";
import text from "../../main.ts" with { type: "text" };

// A checkout on Windows may have other line ends.
const MAIN = text.replaceAll("\r\n", "\n");

/** A folder with a main.ts. */
class Project implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(main = MAIN): Promise<Project> {
    const project = new Project(await Deno.makeTempDir());
    await Deno.mkdir(`${project.#folder}/routes`);
    await project.write("main.ts", main);
    return project;
  }

  /** Runs `deno task add`. Resolves to what it prints. */
  async add(...args: string[]): Promise<string> {
    const program = `${import.meta.dirname}/../../server/add.ts`;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", program, ...args],
      cwd: this.#folder,
      env: { NO_COLOR: "1" },
    }).output();
    return new TextDecoder().decode(stdout.length > 0 ? stdout : stderr);
  }

  async read(path: string): Promise<string> {
    return await Deno.readTextFile(`${this.#folder}/${path}`);
  }

  async write(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/${path}`, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

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
  Deno.test(`deno task add refuses ${name} ${fields.join(" ")}`, async () => {
    await using project = await Project.create();

    assertEquals(await project.add(name, ...fields), `${sentence}\n`);
    assertEquals(await project.read("main.ts"), MAIN);
  });
}

Deno.test("deno task add reads a main.ts with the line ends of Windows", async () => {
  await using project = await Project.create();
  await using other = await Project.create(MAIN.replaceAll("\n", "\r\n"));

  await project.add("notes", ...FIELDS);
  await other.add("notes", ...FIELDS);

  const main = await project.read("main.ts");
  assertStringIncludes(main, 'import { notes } from "./routes/notes.ts";\n');
  assertEquals((await other.read("main.ts")).replaceAll("\r\n", "\n"), main);
});

Deno.test("deno task add refuses a main.ts without the list", async () => {
  await using project = await Project.create(MAIN.replace("RESOURCES", "ALL"));

  assertEquals(
    await project.add("notes", ...FIELDS),
    "Cannot add notes: main.ts has no list RESOURCES, or no import of ./routes/resource.ts\n",
  );
});

for (
  const [before, after] of [
    ["[]", "[notes]"],
    ["[users]", "[users, notes]"],
    ["[\n  users,\n  teams,\n]", "[\n  users,\n  teams,\n  notes,\n]"],
  ] as const
) {
  Deno.test(`deno task add makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, async () => {
    const list = "export const RESOURCES: readonly Resource[] = ";
    await using project = await Project.create(
      `import { resourceRoutes } from "./routes/resource.ts";
${list}${before};
`,
    );

    await project.add("notes", ...FIELDS);

    assertEquals(
      await project.read("main.ts"),
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
  Deno.test(`deno task add writes the title ${title} for ${name}`, async () => {
    await using project = await Project.create();

    await project.add(name, ...FIELDS);

    assertStringIncludes(
      await project.read(`routes/${name}.ts`),
      `\n  title: "${title}",\n`,
    );
  });
}

Deno.test("deno task add writes a resource once, and names what it wrote", async () => {
  await using project = await Project.create();

  assertEquals(
    await project.add("notes", ...FIELDS),
    "Wrote routes/notes.ts\nWrote tests/routes/notes_test.ts\nWrote main.ts, its two places\n",
  );
  assertStringIncludes(
    await project.read("routes/notes.ts"),
    "    text: string(),\n    due: nullable(date(), { default: null }),\n",
  );
  assertEquals(
    await project.add("notes", ...FIELDS),
    "Cannot add notes: main.ts has this name already\n",
  );
  await project.write("routes/users.ts", "");
  assertEquals(
    await project.add("users", ...FIELDS),
    "Cannot add users: routes/users.ts exists\n",
  );
  assertEquals(await project.read("routes/users.ts"), "");
});
