// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Writes a new project that starts where this one is.
 *
 * ```sh
 * deno init --jsr @tasks/api my-api      # or: deno create jsr:@tasks/api -- my-api
 * deno run -A template/create.ts my-api           # from a clone, without a network
 * ```
 *
 * The files are read from beside this module, wherever it is: a folder, or JSR. JSR
 * lists them in the manifest of the version, with the hash of each
 * ({@link https://jsr.io/docs/api | JSR API}). Importing each as text would need a
 * list of a hundred imports, and would make tests a part of the module graph.
 *
 * @module
 */

import { adapt, placeOf, type Shape } from "./create/scaffold.ts";

export type { Shape };

const HELP = `\
Writes a new API into a folder.

Usage: deno run -A template/create.ts [options] <folder>

  --bare     leave the example out, the Task Manager
  --offline  bring stand-ins for the standard library, for a machine that
             does not reach JSR (from a clone only)
  --help     show this
`;

/** Where the template is. */
const HERE: URL = new URL("..", import.meta.url);

/**
 * Writes a project.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const written = await create(folder, { name: "my-api", bare: true });
 *
 * assert(written.includes("main.ts"));
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param folder Path of a folder that is empty or does not exist.
 * @param shape What the project is to be.
 * @param template Where the template is: the folder above that of this module.
 * @returns Paths of the files that were written, in the folder.
 * @throws {Error} If the folder is not empty, or a file cannot be read or written.
 */
export async function create(
  folder: string,
  shape: Shape,
  template: URL = HERE,
): Promise<readonly string[]> {
  if (shape.offline && template.protocol !== "file:") {
    throw new Error("Cannot bring the stand-ins from here: clone the template");
  }
  await checkEmpty(folder);
  const files = await readTemplate(template, shape);
  for (const [path, text] of files) {
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
      recursive: true,
    });
    await Deno.writeTextFile(target, text, { createNew: true });
  }
  await format(folder);
  return [...files.keys()].sort();
}

async function checkEmpty(folder: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      throw new Error(
        `Cannot write into "${folder}": it has "${name}" already. Name a folder that is new or empty`,
      );
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.NotADirectory)) throw error;
    throw new Error(
      `Cannot write into "${folder}": it is a file. Name a folder that is new or empty`,
    );
  }
}

/** Paths of files, with the hash of each where one is known. */
type Listing = ReadonlyMap<string, string | undefined>;

/** Reads what the project gets. */
async function readTemplate(
  template: URL,
  shape: Shape,
): Promise<Map<string, string>> {
  const listing = await list(template);
  const paths = [...listing.keys()];
  // What needs npm packages is in a folder of its own, and tests the template.
  const others = paths.filter((path) =>
    /^(?!template\/std\/).*\/deno\.json$/.test(path)
  )
    .map((path) => path.replace(/deno\.json$/, ""));
  const wanted = paths.filter((path) =>
    placeOf(path, shape) && !others.some((other) => path.startsWith(other))
  );

  const { imports } = JSON.parse(await read("deno.json", template, listing));
  const files = await Promise.all(wanted.map(async (path) => {
    const text = await read(path, template, listing);
    return [placeOf(path, shape), adapt(path, text, shape, imports)];
  }));
  return new Map(
    files.filter((file): file is [string, string] => file[1] !== undefined),
  );
}

async function list(template: URL): Promise<Listing> {
  if (template.protocol === "file:") return new Map(await walk(template));
  const url = template.href.replace(/\/$/, "_meta.json");
  const { manifest } = JSON.parse(await fetchText(new URL(url)));
  return new Map(
    Object.entries<{ checksum: string }>(manifest)
      .map(([path, { checksum }]) => [path.slice(1), checksum]),
  );
}

async function walk(folder: URL, prefix = ""): Promise<[string, undefined][]> {
  const found: [string, undefined][] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isFile) found.push([prefix + name, undefined]);
    if (!isDirectory || SKIPPED.has(name)) continue;
    found.push(...await walk(new URL(`${name}/`, folder), `${prefix}${name}/`));
  }
  return found;
}

const SKIPPED = new Set([".git", "coverage", "data", "node_modules"]);

async function read(
  path: string,
  template: URL,
  listing: Listing,
): Promise<string> {
  const text = await fetchText(new URL(path, template));
  const hash = listing.get(path);
  if (hash === undefined || hash === await sha256(text)) return text;
  throw new Error(`Cannot use "${path}": it is not what was published`);
}

async function fetchText(url: URL): Promise<string> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.text();
    await response.body?.cancel();
    throw new Error(`the answer is ${response.status}`);
  } catch (cause) {
    throw new Error(`Cannot read ${url.href}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${new Uint8Array(digest).toHex()}`;
}

// A longer name may need another line.
async function format(folder: string): Promise<void> {
  await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet"],
    cwd: folder,
    stdout: "null",
    stderr: "null",
  }).output();
}

interface Command extends Shape {
  folder: string;
  help: boolean;
}

function readCommand(args: readonly string[]): Command {
  const options = args.filter((arg) => arg.startsWith("-"));
  const folders = args.filter((arg) => !arg.startsWith("-"));
  const help = options.some((option) => ["-h", "--help"].includes(option));
  const unknown = options.find((option) => !HELP.includes(`  ${option} `));
  if (unknown !== undefined && !help) {
    throw new Error(`Cannot use the option "${unknown}": --help lists them`);
  }
  if (folders.length !== 1 && !help) {
    throw new Error("Name one folder for the project, such as my-api");
  }
  const [folder = "."] = folders;
  return {
    folder,
    help,
    name: help ? "" : nameOf(folder),
    bare: options.includes("--bare"),
    offline: options.includes("--offline"),
  };
}

/** The last part of a path is the name of the project. */
function nameOf(folder: string): string {
  const path = /^[./\\]*$/.test(folder) ? Deno.cwd() : folder;
  const name = path.split(/[/\\]/).findLast((part) => part !== "") ?? "";
  if (/^[a-z][a-z0-9-]{0,57}$/.test(name)) return name;
  throw new Error(
    `Cannot name a project "${name}": write lower-case letters, digits and hyphens, such as my-api`,
  );
}

/** Tells what was written, in lines of 80 columns. */
function summary(command: Command, written: readonly string[]): string {
  const groups = Map.groupBy(written, (path) => path.replace(/\/.*/, "/"));
  const names = [...groups].map(([name, { length }]) =>
    name.endsWith("/") ? `${name} (${length})` : name
  );
  const lines = [" "];
  for (const name of names) {
    if (lines.at(-1)!.length + name.length > 77) lines.push(" ");
    lines.push(`${lines.pop()} ${name}`);
  }
  // Where npm brought Deno, it is not on the path.
  const deno = /[/\\]_npx[/\\]/.test(Deno.execPath())
    ? `npx --yes deno@${Deno.version.deno}`
    : "deno";
  const heading = `Wrote ${written.length} files to ${command.folder}`;
  return `${heading}
${lines.join("\n")}

Next
  cd ${command.folder}
  ${deno} task dev
`;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = readCommand(args);
    if (command.help) {
      console.log(HELP.trimEnd());
      return 0;
    }
    console.log(
      summary(command, await create(command.folder, command)).trimEnd(),
    );
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
