/**
 * Puts the template beside a bare `Deno.serve`, a handler written by hand, and the
 * frameworks that are its peers: the same responses, under the same load.
 *
 *     deno task bench:http [--rounds=2] [--seconds=2] [--only=oak,h3] [--out=template/bench/results]
 *
 * It wants Linux with two cores, and takes a quarter of an hour: `--only` and `--cases`
 * make it shorter. The servers have core 0, and two have both; the load comes from core
 * 1. In each round each server starts anew, together with the handler by hand. Once
 * warm, the two share the core: what slows the machine down for a while slows both down,
 * and what a request costs in one can be divided by what it costs in the other. Then the
 * server has the core for itself.
 *
 * @module
 */

import {
  type Case,
  CASES,
  createTasks,
  describeResponse,
} from "./http/cases.ts";
import { install } from "./http/install.ts";
import { findLoader, type Loader } from "./http/load.ts";
import { plotOf } from "./http/plot.ts";
import {
  type Cost,
  type Measured,
  resultsOf,
  type Second,
  type Turn,
} from "./http/results.ts";
import {
  BARE,
  BY_HAND,
  EMPTY,
  endAll,
  type Recipe,
  RECIPES,
  type Server,
  startServer,
} from "./http/servers.ts";
import { tableOf } from "./http/table.ts";
import { median, options, refuse, say, sayOver } from "./measure.ts";

const { rounds, seconds, only, cases, out } = options(
  "deno task bench:http",
  {
    rounds: ["2", "how often each server starts"],
    seconds: ["2", "how long it is measured beside the handler by hand"],
    only: ["", "servers by a part of their name, such as oak,h3 (all)"],
    cases: ["", "requests by a part of their name, such as POST (all)"],
    out: ["", "folder for the table and the picture (none)"],
  },
);

/**
 * Seconds of load before what is measured, of the first case after a start and of the
 * others: the engine compiles what is called often, and is slower until then.
 */
const FIRST_WARM_UP = 4;
const WARM_UP = 1;

/** A server under test, and a task that it has. */
interface Contender extends Server {
  readonly id: string;
}

async function main(): Promise<void> {
  refuseParts({ rounds, seconds });
  const picked = pick(RECIPES, "only", only);
  const chosen = pick(CASES, "cases", cases);
  if (out !== "") await Deno.mkdir(out, { recursive: true });
  await findTaskset();
  endAllAtSignals();
  const recipes = await install([BARE, BY_HAND, ...picked.filter(isOther)]);
  const [program, loader] = await findLoader();
  await check(recipes);

  const [turns, emptyMs] = await measure(recipes, chosen, loader);
  const results = resultsOf(turns, chosen);
  const names = chosen.map(({ name }) => name);
  const table = tableOf(results, names, await conditions(program, emptyMs));
  say(`\n${table}`);
  if (out === "") return;
  await Deno.writeTextFile(`${out}/http.md`, table);
  await Deno.writeTextFile(`${out}/http.svg`, plotOf(results, names));
}

/** Measures the turns of each server, and how long an empty one took to start. */
async function measure(
  recipes: readonly Recipe[],
  chosen: readonly Case[],
  loader: Loader,
): Promise<[Map<Recipe, Turn[]>, number[]]> {
  const turns = new Map<Recipe, Turn[]>(recipes.map((each) => [each, []]));
  const emptyMs: number[] = [];
  for (let round = 1; round <= Number(rounds); round++) {
    emptyMs.push(await startOf(EMPTY));
    for (const recipe of recipes) {
      sayOver(`round ${round} of ${rounds}: ${recipe.name}`);
      // Both anew: neither has more tasks than the other.
      await using byHand = await open(BY_HAND);
      await using contender = await open(recipe);
      const turn = await compare(contender, byHand, chosen, loader);
      turns.get(recipe)!.push(turn);
    }
  }
  sayOver("");
  return [turns, emptyMs];
}

function refuseParts(numbers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (/^[1-9]\d*$/.test(value)) continue;
    refuse(`Cannot use --${name}=${value}: it must be a whole number from 1`);
  }
}

function endAllAtSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      endAll();
      Deno.exit(1);
    });
  }
}

/** Takes those whose name has one of some parts in it. No part is all of them. */
function pick<T extends { name: string }>(
  all: readonly T[],
  option: string,
  value: string,
): readonly T[] {
  if (value === "") return all;
  const parts = value.split(",");
  const isKnown = (part: string): boolean =>
    part !== "" && all.some(({ name }) => name.includes(part));
  if (!parts.every(isKnown)) {
    const names = all.map(({ name }) => `"${name}"`).join(", ");
    refuse(`Cannot use --${option}=${value}: the names are ${names}`);
  }
  return all.filter(({ name }) => parts.some((part) => name.includes(part)));
}

/** Ends the program where it cannot keep servers and load apart. */
async function findTaskset(): Promise<void> {
  try {
    await new Deno.Command("taskset", { args: ["--version"] }).output();
  } catch {
    refuse("Cannot find taskset, of Linux, to give the servers their own core");
  }
}

function isOther(recipe: Recipe): boolean {
  return recipe !== BARE && recipe !== BY_HAND;
}

async function open(recipe: Recipe): Promise<Contender> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer(recipe));
  const id = await createTasks(server.url, 50);
  const kept = stack.move();
  return { ...server, id, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function startOf(recipe: Recipe): Promise<number> {
  await using server = await startServer(recipe);
  return server.startMs;
}

/** Ends the run if a response differs from that of the handler by hand. */
async function check(recipes: readonly Recipe[]): Promise<void> {
  const expected = await responsesOf(BY_HAND);
  for (const recipe of recipes) {
    const part = recipe === BARE ? withoutHeaders : String;
    const responses = await responsesOf(recipe);
    for (const [index, { name }] of CASES.entries()) {
      const response = part(responses[index]!);
      const wanted = part(expected[index]!);
      if (response === wanted) continue;
      throw new Error(
        `Cannot compare: ${recipe.name} responds to ${name} with\n\n${response}\n\nin place of\n\n${wanted}`,
      );
    }
  }
}

async function responsesOf(recipe: Recipe): Promise<string[]> {
  sayOver(`ask ${recipe.name}`);
  await using contender = await open(recipe);
  const { url, id } = contender;
  return await Promise.all(
    CASES.map((each) => describeResponse(url, each, id)),
  );
}

/** Leaves the status and the body. */
function withoutHeaders(response: string): string {
  return response.split("\n").filter((line) => !/^[\w-]+: /.test(line)).join(
    "\n",
  );
}

/** Loads a server beside the handler by hand, and alone. */
async function compare(
  contender: Contender,
  byHand: Contender,
  chosen: readonly Case[],
  loader: Loader,
): Promise<Turn> {
  function loadBoth(each: Case, length: number): Promise<[Cost, Cost]> {
    return Promise.all([
      load(contender, each, length, loader),
      load(byHand, each, length, loader),
    ]);
  }

  /** Loads both for a second: one that was disturbed does not change the median. */
  async function second(each: Case): Promise<Second> {
    const [own, hand] = await loadBoth(each, 1);
    return { toByHand: hand.cpu / own.cpu, served: own.rate / hand.rate };
  }

  const loads: Measured[] = [];
  for (const each of chosen) {
    await loadBoth(each, each === chosen[0] ? FIRST_WARM_UP : WARM_UP);
    const beside: Second[] = [];
    while (beside.length < Number(seconds)) beside.push(await second(each));
    const alone = await load(contender, each, 1, loader);
    loads.push({ ...alone, seconds: beside });
  }
  const { startMs } = contender;
  return { startMs, memory: await contender.memory(), loads };
}

async function load(
  { url, id, recipe, cpu }: Contender,
  each: Case,
  length: number,
  loader: Loader,
): Promise<Cost> {
  const before = await cpu();
  const result = await loader(url + each.path.replace("ID", id), each, length);
  if (result.errors > 0) {
    const { name } = recipe;
    throw new Error(`${name}: ${result.errors} errors at ${each.name}`);
  }
  const spent = (await cpu() - before) / result.requests * 1e6;
  return { ...result, cpu: spent };
}

async function conditions(
  program: string,
  emptyMs: readonly number[],
): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo");
  const cpu = /model name\s*: (.+)/.exec(info)?.[1] ?? Deno.build.arch;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Deno ${Deno.version.deno}, ${cpu}, one core for the servers, one for \`${program}\` with 64 connections to each. Medians of ${rounds} starts, each measured for ${seconds} × 1 s beside the handler by hand and 1 s alone, after ${WARM_UP} s of load, or ${FIRST_WARM_UP} s after the start. An empty \`Deno.serve\` starts in ${
    median(emptyMs).toFixed(0)
  } ms.`;
}

await main();
