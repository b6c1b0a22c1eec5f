import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Probe } from "./_prober.ts";
import { openFolder, readLines, start, startWriter } from "./_processes.ts";
import { tell } from "./_tell.ts";

const PLACES = 40;
const SENTENCE = /^StoreOpenError: Cannot open the store at "[^"]+": [^\n]+$/;

type Harm = (path: string, random: number) => Promise<void>;

const HARMS: Record<string, Harm> = {
  "cuts off the file": (path, random) => cut(path, random),
  "garbles the file": (path, random) => garble(path, random),
  "cuts off the log": (path, random) => cut(`${path}-wal`, random),
  "garbles the log": (path, random) => garble(`${path}-wal`, random),
  "garbles the index": (path, random) => garble(`${path}-shm`, random),
  "loses the index": (path) => Deno.remove(`${path}-shm`),
  "loses the log": (path) => Deno.remove(`${path}-wal`),
  "loses the log and the index": async (path) => {
    await Deno.remove(`${path}-wal`);
    await Deno.remove(`${path}-shm`);
  },
};

for (const [harm, doHarm] of Object.entries(HARMS)) {
  Deno.test(`a store refuses or survives who ${harm}`, async () => {
    await using folder = await openFolder();
    const original = `${folder.path}/original`;
    await leaveBehind(original);
    const paths: string[] = [];
    for (const place of Array(harm.startsWith("loses") ? 1 : PLACES).keys()) {
      const path = `${folder.path}/${place}`;
      for (const part of ["", "-wal", "-shm"]) {
        await Deno.copyFile(original + part, path + part);
      }
      await doHarm(path, (place + Math.random()) / PLACES);
      paths.push(path);
    }

    const process = start("_prober.ts", paths);
    const probes = await Array.fromAsync(readLines<Probe>(process.stdout));

    assertEquals((await process.status).code, 0, `died of ${probes.length}`);
    assertEquals(probes.length, paths.length);
    for (const { refused, violations } of probes) {
      if (refused !== undefined) assertMatch(refused, SENTENCE);
      // What a value says, nothing but its reader can check.
      if (harm !== "garbles the file") assertEquals(violations ?? [], []);
    }
    const failed = probes.flatMap(({ failed }) => failed ?? []);
    const opened = probes.filter(({ tasks }) => tasks !== undefined);
    tell(
      `${harm}: ${probes.length} files, ${opened.length} opened, ${failed.length} failed later (${[
        ...new Set(failed),
      ]})`,
    );
    assert(probes.length > 0);
  });
}

/** Leaves a store as a killed process does, with a log that is not yet merged. */
async function leaveBehind(path: string): Promise<void> {
  const { process, lines } = startWriter(path, 1_000_000);
  let count = 0;
  for await (const _ of lines) if (count++ === 400) process.kill("SIGKILL");
  await process.status;
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
