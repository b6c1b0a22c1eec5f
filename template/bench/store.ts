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
/** A rate of creations that each engine reaches, also where the disk is slow. */
const PER_SECOND = 500;
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

/** What the turns of each engine gave, by round. */
type Turns<T> = Map<Engine, T[]>;

/** Prepares the call that is measured next. */
type Work = (engine: Engine) => Promise<() => Promise<unknown>>;

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  const engines = await openEngines(folder);
  await fill(engines, 1000);
  const rows: string[][] = [];
  for (const [name, work] of Object.entries(WORK)) {
    for (const callers of [1, MANY]) {
      const turns = await measure(
        engines,
        `${name}, ${callers} callers`,
        async (engine) => await rateOf(await work(engine), callers),
      );
      rows.push([name, String(callers), ...cellsOf(engines, turns)]);
    }
  }
  rows.push(...await measureSizes(engines));
  rows.push(...await measureMixed(engines, `${MANY} create`, Infinity));
  const each = `each creates ${PER_SECOND} a second`;
  rows.push(...await measureMixed(engines, each, PER_SECOND));
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
async function measure<T>(
  engines: readonly Engine[],
  name: string,
  turn: (engine: Engine) => Promise<T>,
): Promise<Turns<T>> {
  const turns: Turns<T> = new Map(engines.map((engine) => [engine, []]));
  for (let round = 0; round <= Number(rounds); round++) {
    for (const engine of engines) {
      sayOver(`${name}, round ${round}: ${engine.name}`);
      const result = await turn(engine);
      if (round > 0) turns.get(engine)!.push(result);
    }
  }
  sayOver("");
  return turns;
}

/** Calls in a second. */
async function rateOf(
  call: () => Promise<unknown>,
  callers: number,
): Promise<number> {
  const start = performance.now();
  let count = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() - start < Number(ms)) {
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
    const turns = await measure(
      engines,
      name,
      (engine) => rateOf(() => engine.page(), 1),
    );
    rows.push([name, "1", ...cellsOf(engines, turns)]);
  }
  return rows;
}

/**
 * How fast one caller reads while others create tasks, and how many they create. Where
 * each engine creates as many as it can, one that creates more has less time for reads:
 * only an equal rate compares the reads.
 */
async function measureMixed(
  engines: readonly Engine[],
  who: string,
  perSecond: number,
): Promise<string[][]> {
  const turns = await measure(engines, `get, while ${who}`, async (engine) => {
    const id = await engine.create(FIELDS);
    const writing = new Set<Promise<unknown>>();
    const start = performance.now();
    let created = 0;
    const reads = await rateOf(() => {
      const due = (performance.now() - start) / 1000 * perSecond;
      for (; created < due && writing.size < MANY; created++) {
        const write = engine.create(FIELDS)
          .finally(() => writing.delete(write));
        writing.add(write);
      }
      return engine.get(id);
    }, 1);
    const writes = (created - writing.size) / (performance.now() - start);
    await Promise.all(writing);
    return { reads, writes: writes * 1000 };
  });
  const row = (name: string, part: "reads" | "writes"): string[] => {
    const rates = [...turns].map(([engine, own]) =>
      [engine, own.map((turn) => turn[part])] as const
    );
    return [name, "1", ...cellsOf(engines, new Map(rates))];
  };
  return [
    row(`get, while ${who}`, "reads"),
    row("… and what they create", "writes"),
  ];
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
function cellsOf(
  engines: readonly Engine[],
  rates: Turns<number>,
): string[] {
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
