// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Writes a new project from the template.
 *
 * ```sh
 * deno init --jsr @tasks/api my-api        # or: deno create jsr:@tasks/api -- my-api
 * deno run -A template/create.ts my-api    # from a clone, with or without a network
 * ```
 *
 * The files are read from where this module is: a folder, or JSR, which lists them
 * with their hashes in the manifest of the version
 * ({@link https://jsr.io/docs/api | JSR API}).
 *
 * @module
 */

import { adapt, placeOf, type Shape } from "./create/scaffold.ts";

export type { Shape };

const HELP = `\
Writes a new API into a folder.

Usage: deno run -A template/create.ts [options] <folder>

  --bare     without the example, the resource tasks
  --tests    with every test of the template, not only those of the app
  --offline  with stand-ins for the standard library, as where JSR cannot be
             reached (from a clone only)
  --help     show this`;

/** The folder or the JSR package that has the template. */
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
 * @param shape What the project consists of.
 * @param template Where the template is.
 * @returns Paths of the written files, relative to the folder.
 * @throws {Error} If the folder is not empty, or a file cannot be read or written.
 */
export async function create(
  folder: string,
  shape: Shape,
  template: URL = HERE,
): Promise<readonly string[]> {
  if (shape.offline && template.protocol !== "file:") {
    throw new Error("Cannot add the stand-ins: use --offline in a clone");
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
        `Cannot write to "${folder}": it contains "${name}". Use a new or empty folder`,
      );
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.NotADirectory)) throw error;
    throw new Error(
      `Cannot write to "${folder}": it is a file. Use a new or empty folder`,
    );
  }
}

/** Paths of files, each with its hash if that is published. */
type Listing = ReadonlyMap<string, string | undefined>;

/** Reads the files of the project, by their paths there. */
async function readTemplate(
  template: URL,
  shape: Shape,
): Promise<Map<string, string>> {
  const listing = await list(template);
  const { imports } = JSON.parse(await read("deno.json", template, listing));
  const files = await Promise.all(
    [...listing.keys()].map(async (path): Promise<[string, string][]> => {
      const place = placeOf(path, shape);
      if (place === undefined) return [];
      const text = await read(path, template, listing);
      const adapted = adapt(path, text, shape, imports);
      return adapted === undefined ? [] : [[place, adapted]];
    }),
  );
  return new Map(files.flat());
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
    if (IGNORED.test(name)) continue;
    if (isFile) found.push([prefix + name, undefined]);
    if (!isDirectory) continue;
    found.push(...await walk(new URL(`${name}/`, folder), `${prefix}${name}/`));
  }
  return found;
}

/** What git ignores, and git itself. */
const IGNORED =
  /^(?:\.git|\.env|coverage|data|node_modules)$|\.sqlite3|^\.DS_Store$/;

async function read(
  path: string,
  template: URL,
  listing: Listing,
): Promise<string> {
  const text = await fetchText(new URL(path, template));
  const hash = listing.get(path);
  // A checkout on Windows can have other line ends.
  if (hash === undefined) return text.replaceAll("\r\n", "\n");
  if (hash === await sha256(text)) return text;
  throw new Error(
    `Cannot use "${path}": it is not the file that was published`,
  );
}

async function fetchText(url: URL): Promise<string> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.text();
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
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

// The name of the project can change where lines break.
async function format(folder: string): Promise<void> {
  await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet"],
    cwd: folder,
    stdout: "null",
    stderr: "null",
  }).output();
}

/**
 * Whether this machine can get the standard library. A template that comes from JSR
 * shows that it can.
 */
async function reachesJsr(): Promise<boolean> {
  if (HERE.protocol !== "file:") return true;
  const jsr = Deno.env.get("JSR_URL") ?? "https://jsr.io";
  try {
    const response = await fetch(new URL("/@std/http/meta.json", jsr), {
      signal: AbortSignal.timeout(3_000),
    });
    // A proxy can respond with a page in its place.
    return "versions" in await response.json();
  } catch {
    return false;
  }
}

interface Command extends Shape {
  folder: string;
  help: boolean;
}

function readCommand(args: readonly string[]): Command {
  const options = args.filter((arg) => arg.startsWith("-"));
  // An empty one is a variable of the shell that is not set: "/" would be its root.
  const folders = args.filter((arg) => arg !== "" && !arg.startsWith("-"));
  const help = options.some((option) => ["-h", "--help"].includes(option));
  const unknown = options.find((option) => !HELP.includes(`  ${option} `));
  if (unknown !== undefined && !help) {
    throw new Error(`Unknown option "${unknown}": see --help`);
  }
  if (folders.length > 1 && !help) {
    const names = folders.map((folder) => `"${folder}"`).join(" and ");
    throw new Error(`Several folders, ${names}: name one for the project`);
  }
  if (folders.length === 0 && !help) {
    throw new Error("Missing folder: name one for the project, such as my-api");
  }
  const [folder = "."] = folders;
  return {
    folder,
    help,
    name: help ? "" : nameOf(folder),
    bare: options.includes("--bare"),
    tests: options.includes("--tests"),
    offline: options.includes("--offline"),
  };
}

/** The name of the project is the last part of the path. */
function nameOf(folder: string): string {
  const path = /^[./\\]*$/.test(folder) ? Deno.cwd() : folder;
  const name = path.split(/[/\\]/).findLast((part) => part !== "") ?? "";
  if (/^[a-z][a-z0-9-]{0,57}$/.test(name)) return name;
  throw new Error(
    `Invalid name "${name}": use lower-case letters, digits and hyphens, such as my-api`,
  );
}

/** Summarizes what was written, and what to do next. */
function summaryOf(
  { folder, offline }: Command,
  written: readonly string[],
): string {
  // Deno from npx is not on the path.
  const deno = /[/\\]_npx[/\\]/.test(Deno.execPath())
    ? `npx --yes deno@${Deno.version.deno}`
    : "deno";
  return `Wrote ${written.length} files to ${folder}
${offline ? STAND_INS : "The standard library comes from JSR"}

Next
  cd ${folder}
  ${deno} task dev`;
}

const STAND_INS = `\
The standard library comes from std/, which works without JSR. To use JSR, delete
std/ and the line "workspace" in deno.json`;

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = readCommand(args);
    if (command.help) {
      console.log(HELP);
      return 0;
    }
    command.offline ||= !await reachesJsr();
    const written = await create(command.folder, command);
    console.log(summaryOf(command, written));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
