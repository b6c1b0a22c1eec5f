/**
 * Puts the store beside raw calls of Deno KV and beside `node:sqlite` (WAL,
 * synchronous FULL) that do the same work, one call at a time and 64 in parallel.
 *
 *     deno task bench:store [--rounds=5] [--ms=500] [--sizes=1000,10000,100000]
 *
 * The engines run in turn, round after round, and a ratio is taken within a round:
 * what slows the machine down for a while slows all of them down.
 *
 * @module
 */

import { median, options, rowsOf, say, sayOver } from "./measure.ts";
import { type Engine, openEngines, type TaskFields } from "./store/engines.ts";

const MANY = 64;
const FIELDS: TaskFields = {
  title: "Write the report",
  description: "With figures, and a drawing that shows what they mean",
  priority: "high",
  done: false,
  dueOn: "2026-12-24",
};

const { rounds, ms, sizes, out } = options("deno task bench:store", {
  rounds: ["5", "how often each engine has its turn"],
  ms: ["500", "milliseconds of a turn"],
  sizes: ["1000,10000,100000", "tasks to add before a page is read"],
  out: ["", "folder for the table (none)"],
});

/** Calls of an engine in a second, by round. */
type Rates = Map<Engine, number[]>;

/** Makes the call that is measured next, with the number of the call. */
type Work = (engine: Engine) => Promise<() => Promise<unknown>>;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  const engines = await openEngines(folder);
  await fill(engines, 1000);
  const rows: string[][] = [];
  for (const [name, work] of Object.entries(WORK)) {
    for (const callers of [1, MANY]) {
      const rates = await measure(engines, name, work, callers);
      rows.push([name, String(callers), ...cellsOf(engines, rates)]);
    }
  }
  rows.push(...await measureSizes(engines), ...await measureMixed(engines));
  for (const engine of engines) await engine[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });

  const head = ["", "callers", ...engines.map(({ name }) => name)];
  const text = `${conditions()}\n\n${rowsOf(head, rows)}`;
  say(`\n${text}`);
  if (out === "") return;
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(`${out}/store.md`, `${text}\n`);
}

const WORK: Record<string, Work> = {
  "create": (engine) => Promise.resolve(() => engine.create(FIELDS)),
  "get": async (engine) => {
    const id = await engine.create(FIELDS);
    return () => engine.get(id);
  },
  "a page of 20": (engine) => Promise.resolve(() => engine.page()),
  // Each caller has its own task, so that no race is measured.
  "change": async (engine) => {
    const ids = await idsOf(engine, MANY);
    let call = 0;
    return () => engine.update(ids[call++ % MANY]!);
  },
  "create and delete": (engine) =>
    Promise.resolve(async () => engine.delete(await engine.create(FIELDS))),
};

async function idsOf(engine: Engine, count: number): Promise<string[]> {
  return await Promise.all(
    Array.from({ length: count }, () => engine.create(FIELDS)),
  );
}

/** Runs the engines in turn. The first round is to warm up. */
async function measure(
  engines: readonly Engine[],
  name: string,
  work: Work,
  callers: number,
): Promise<Rates> {
  const rates: Rates = new Map(engines.map((engine) => [engine, []]));
  for (let round = 0; round <= Number(rounds); round++) {
    for (const engine of engines) {
      sayOver(`${name}, ${callers} callers, round ${round}: ${engine.name}`);
      const rate = await rateOf(await work(engine), callers, Number(ms));
      if (round > 0) rates.get(engine)!.push(rate);
    }
  }
  sayOver("");
  return rates;
}

/** Calls in a second. */
async function rateOf(
  call: () => Promise<unknown>,
  callers: number,
  ms: number,
): Promise<number> {
  const start = performance.now();
  let count = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() - start < ms) {
      await call();
      count++;
    }
  }));
  return count * 1000 / (performance.now() - start);
}

/** What a page costs as the store grows. */
async function measureSizes(engines: readonly Engine[]): Promise<string[][]> {
  const rows: string[][] = [];
  let size = 0;
  for (const wanted of sizes.split(",").map(Number)) {
    await fill(engines, wanted - size);
    size = wanted;
    const name = `a page of 20, ${size.toLocaleString("en")} tasks more`;
    const work: Work = (engine) => Promise.resolve(() => engine.page());
    const rates = await measure(engines, name, work, 1);
    rows.push([name, "1", ...cellsOf(engines, rates)]);
  }
  return rows;
}

/** How fast reads are while 64 callers write. */
async function measureMixed(engines: readonly Engine[]): Promise<string[][]> {
  const name = `get, while ${MANY} write`;
  const work: Work = async (engine) => {
    const id = await engine.create(FIELDS);
    const end = performance.now() + Number(ms);
    const writers = Promise.all(Array.from({ length: MANY }, async () => {
      while (performance.now() < end) await engine.create(FIELDS);
    }));
    return async () => {
      await engine.get(id);
      if (performance.now() >= end) await writers;
    };
  };
  const rates = await measure(engines, name, work, 1);
  return [[name, "1", ...cellsOf(engines, rates)]];
}

async function fill(engines: readonly Engine[], count: number): Promise<void> {
  for (const engine of engines) {
    for (let left = count; left > 0; left -= 500) {
      sayOver(`fill ${engine.name}: ${left} to go`);
      await idsOf(engine, Math.min(500, left));
    }
  }
}

/** Rates, each as a part of that of raw Deno KV. */
function cellsOf(engines: readonly Engine[], rates: Rates): string[] {
  const raw = rates.get(engines[1]!)!;
  return engines.map((engine) => {
    const list = rates.get(engine)!;
    const ratio = median(list.map((rate, round) => rate / raw[round]!));
    const rate = Math.round(median(list)).toLocaleString("en");
    return `${ratio.toFixed(2)} · ${rate}`;
  });
}

function conditions(): string {
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores, files on disk, ${rounds} rounds of ${ms} ms. Calls a second, each as a part of raw Deno KV · the calls themselves:`;
}

await main();
