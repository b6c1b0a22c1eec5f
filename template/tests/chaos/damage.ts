import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Probe } from "./_prober.ts";
import { openFolder, readLines, start, startWriter } from "./_processes.ts";
import { tell } from "./_tell.ts";

const PLACES = 40;
const SENTENCE = /^Error: Cannot open the store at "[^"]+": [^\n]+$/;
/** What Deno KV says of a database, and of a value, that it cannot read. */
const BREAK =
  /^(?:StoreError: Cannot use the store: .+|TypeError: database disk image is malformed|RangeError: could not deserialize value|UnexpectedEof: unexpected end of file)$/;

/**
 * What came of a store: it could not be opened; it could not be read; it was read,
 * and its own check found the damage; it had all tasks; it had fewer changes, as if
 * the last ones had never been made. Nothing else may happen: least of all that it
 * gives wrong tasks and finds nothing.
 */
type Outcome = "refused" | "broken" | "found" | "whole" | "older";

interface Harm {
  do: (path: string, random: number) => Promise<void>;
  /** What may come of it. The first of them does in one place at least. */
  leaves: readonly [Outcome, ...Outcome[]];
}

const HARMS: Record<string, Harm> = {
  "cuts off the file": {
    do: (path, random) => cut(path, random),
    leaves: ["refused", "broken", "found", "whole"],
  },
  "garbles the file": {
    do: (path, random) => garble(path, random),
    leaves: ["refused", "broken", "found", "whole"],
  },
  "cuts off the log": {
    do: (path, random) => cut(`${path}-wal`, random),
    leaves: ["older", "whole"],
  },
  "garbles the log": {
    do: (path, random) => garble(`${path}-wal`, random),
    leaves: ["older", "whole"],
  },
  "garbles the index": {
    do: (path, random) => garble(`${path}-shm`, random),
    leaves: ["whole"],
  },
  "loses the index": {
    do: (path) => Deno.remove(`${path}-shm`),
    leaves: ["whole"],
  },
  "loses the log": {
    do: (path) => Deno.remove(`${path}-wal`),
    leaves: ["refused"],
  },
  "loses the log and the index": {
    do: async (path) => {
      await Deno.remove(`${path}-wal`);
      await Deno.remove(`${path}-shm`);
    },
    leaves: ["older"],
  },
};

for (const [name, harm] of Object.entries(HARMS)) {
  Deno.test(`a store refuses or survives an operator who ${name}`, async () => {
    await using folder = await openFolder();
    const original = `${folder.path}/original`;
    // What the first one wrote is merged when the second one opens the file.
    await leaveBehind(original, 400);
    await leaveBehind(original, 40);
    const paths = [`${folder.path}/whole`];
    await copy(original, paths[0]!);
    for (const place of Array(name.startsWith("loses") ? 1 : PLACES).keys()) {
      const path = `${folder.path}/${place}`;
      await copy(original, path);
      await harm.do(path, (place + Math.random()) / PLACES);
      paths.push(path);
    }

    const process = start("_prober.ts", paths);
    const [whole, ...probes] = await Array.fromAsync(
      readLines<Probe>(process.stdout),
    );

    assertEquals((await process.status).code, 0, `died of ${probes.length}`);
    assertEquals(whole!.violations, []);
    assertEquals(probes.length, paths.length - 1);
    const outcomes = probes.map((probe) => outcomeOf(probe, whole!));
    tell({ [name]: countOf(outcomes) });
    assertEquals(outcomes.filter((it) => !harm.leaves.includes(it)), []);
    assert(outcomes.includes(harm.leaves[0]), `never ${harm.leaves[0]}`);
  });
}

function outcomeOf(
  { refused, failed, violations, tasks }: Probe,
  whole: Probe,
): Outcome {
  if (refused !== undefined) {
    assertMatch(refused, SENTENCE);
    return "refused";
  }
  if (failed !== undefined) {
    assertMatch(failed, BREAK);
    return "broken";
  }
  if (violations!.length > 0) return "found";
  return tasks === whole.tasks ? "whole" : "older";
}

function countOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const it of outcomes) counts[it] = (counts[it] ?? 0) + 1;
  return counts;
}

/** Leaves a store as a killed process does, with a log that is not yet merged. */
async function leaveBehind(path: string, writes: number): Promise<void> {
  const { process, lines } = startWriter(path, 1_000_000);
  let count = 0;
  for await (const _ of lines) if (count++ === writes) process.kill("SIGKILL");
  await process.status;
}

/** Copies the file, the log and the index of the log. */
async function copy(from: string, to: string): Promise<void> {
  for (const part of ["", "-wal", "-shm"]) {
    await Deno.copyFile(from + part, to + part);
  }
}

async function cut(path: string, random: number): Promise<void> {
  const { size } = await Deno.stat(path);
  await Deno.truncate(path, Math.floor(size * random));
}

async function garble(path: string, random: number): Promise<void> {
  const { size } = await Deno.stat(path);
  using file = await Deno.open(path, { write: true });
  const length = 1 + Math.floor(Math.random() * 4096);
  const offset = Math.floor((size - length) * random);
  await file.seek(Math.max(0, offset), Deno.SeekMode.Start);
  await file.write(crypto.getRandomValues(new Uint8Array(length)));
}
