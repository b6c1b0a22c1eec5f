/**
 * Puts the template beside a bare `Deno.serve`, a handler written by hand, and the
 * frameworks that are its peers: the same answers, under the same load.
 *
 *     deno task bench:http [--rounds=3] [--seconds=2] [--only=oak,h3] [--out=docs/bench]
 *
 * The servers have core 0, the load comes from core 1. In each round each server
 * starts anew, and so does the handler by hand. Once warm, a server has the core for
 * itself first, then shares it with the handler by hand: whatever slows the machine
 * down for a while slows both down, and what each answers meanwhile can be compared.
 *
 * @module
 */

import { type Case, CASES, createTasks, describeAnswer } from "./http/cases.ts";
import { install } from "./http/install.ts";
import { findLoader, type Load, type Loader } from "./http/load.ts";
import { type Result, tableOf } from "./http/table.ts";
import { plotOf } from "./http/plot.ts";
import {
  EMPTY,
  type Recipe,
  RECIPES,
  type Server,
  startServer,
} from "./http/servers.ts";
import { median, options, say, sayOver } from "./measure.ts";

const { rounds, seconds, only, cases, out } = options(
  "deno task bench:http",
  {
    rounds: ["3", "how often each starts, and has its turn"],
    seconds: ["2", "how long a turn is"],
    only: ["", "servers by name, such as oak,h3 (all)"],
    cases: ["", "requests by a part of their name, such as POST (all)"],
    out: ["", "folder for the table and the picture (none)"],
  },
);

/** Seconds of load before what is measured: the engine compiles what is hot. */
const WARM_UP = 4;

/** A server under test, and the task that it is asked for. */
interface Contender extends AsyncDisposable {
  readonly server: Server;
  readonly id: string;
}

/** What a server did, and what it took of its core. */
interface Cost extends Load {
  /** Microseconds on the core for a request. */
  readonly cpu: number;
}

/** What it did alone, and beside the handler by hand. */
interface Measured extends Cost {
  /** Requests, as a part of those that the handler by hand answered meanwhile. */
  readonly toByHand: number;
  /** What that takes of the core, as a part of what this takes. */
  readonly cpuToByHand: number;
}

/** What one start of a server has given. */
interface Turn {
  readonly startMs: number;
  readonly memory: number;
  readonly loads: readonly Measured[];
}

async function main(): Promise<void> {
  const recipes = (await install(RECIPES)).filter(({ name }, index) =>
    index < 2 || only === "" || only.split(",").includes(name)
  );
  const chosen = CASES.filter(({ name }) =>
    cases === "" || cases.split(",").some((part) => name.includes(part))
  );
  const [program, loader] = await findLoader();
  await check(recipes.slice(1));

  const turns = new Map<Recipe, Turn[]>(recipes.map((each) => [each, []]));
  const emptyMs: number[] = [];
  for (let round = 1; round <= Number(rounds); round++) {
    emptyMs.push(await startOf(EMPTY));
    await using byHand = await open(recipes[1]!);
    for (const recipe of recipes) {
      sayOver(`round ${round} of ${rounds}: ${recipe.name}`);
      turns.get(recipe)!.push(await take(recipe, byHand, chosen, loader));
    }
  }
  sayOver("");

  const results = resultsOf(turns, chosen);
  const names = chosen.map(({ name }) => name);
  const table = tableOf(results, names, await conditions(program, emptyMs));
  say(`\n${table}`);
  if (out === "") return;
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(`${out}/http.md`, table);
  await Deno.writeTextFile(`${out}/http.svg`, plotOf(results, names));
}

async function open(recipe: Recipe): Promise<Contender> {
  const server = await startServer(recipe);
  const id = await createTasks(server.url, 50);
  const end = (): PromiseLike<void> => server[Symbol.asyncDispose]();
  return { server, id, [Symbol.asyncDispose]: end };
}

async function startOf(recipe: Recipe): Promise<number> {
  await using server = await startServer(recipe);
  return server.startMs;
}

/** Ends the run where a server does not answer as the first one does. */
async function check(recipes: readonly Recipe[]): Promise<void> {
  let expected: readonly string[] | undefined;
  for (const recipe of recipes) {
    sayOver(`ask ${recipe.name}`);
    await using contender = await open(recipe);
    const { server: { url }, id } = contender;
    const answers = await Promise.all(
      CASES.map((each) => describeAnswer(url, each, id)),
    );
    expected ??= answers;
    const differs = answers.findIndex((answer, i) => answer !== expected![i]);
    if (differs === -1) continue;
    const { name } = CASES[differs]!;
    throw new Error(
      `Cannot compare: ${recipe.name} answers ${name} with\n\n${
        answers[differs]
      }\n\nin place of\n\n${expected[differs]}`,
    );
  }
}

/** Starts a server, loads it alone and beside the handler by hand, and ends it. */
async function take(
  recipe: Recipe,
  byHand: Contender,
  chosen: readonly Case[],
  loader: Loader,
): Promise<Turn> {
  await using contender = await open(recipe);
  const { server } = contender;

  function both(each: Case, length: number): Promise<Cost[]> {
    return Promise.all(
      [contender, byHand].map((one) => load(one, each, length, loader)),
    );
  }

  const loads: Measured[] = [];
  for (const each of chosen) {
    await both(each, WARM_UP);
    const alone = await load(contender, each, Number(seconds), loader);
    const [own, hand] = await both(each, Number(seconds));
    const toByHand = own!.rate / hand!.rate;
    loads.push({ ...alone, toByHand, cpuToByHand: hand!.cpu / own!.cpu });
  }
  return { startMs: server.startMs, memory: await server.memory(), loads };
}

async function load(
  { server, id }: Contender,
  each: Case,
  length: number,
  loader: Loader,
): Promise<Cost> {
  const url = server.url + each.path.replace("ID", id);
  const before = await server.cpu();
  const result = await loader(url, each, length);
  const cpu = (await server.cpu() - before) / result.requests * 1e6;
  if (result.errors === 0) return { ...result, cpu };
  const { name } = server.recipe;
  throw new Error(`${name}: ${result.errors} errors at ${each.name}`);
}

/** Medians of all turns. The first server is the bare one. */
function resultsOf(
  turns: ReadonlyMap<Recipe, readonly Turn[]>,
  chosen: readonly Case[],
): Result[] {
  const [bare] = turns.values();
  function mid(
    of: readonly Turn[],
    index: number,
    name: keyof Measured,
  ): number {
    return median(of.map(({ loads }) => loads[index]![name]));
  }
  return [...turns].map(([{ name, runtime }, own]) => ({
    name,
    runtime,
    memory: median(own.map(({ memory }) => memory)),
    start: median(own.map(({ startMs }) => startMs)),
    rows: chosen.map((_, index) => ({
      rate: mid(own, index, "rate"),
      p50: mid(own, index, "p50"),
      p99: mid(own, index, "p99"),
      cpu: mid(own, index, "cpu"),
      toByHand: mid(own, index, "toByHand"),
      toBare: mid(own, index, "toByHand") / mid(bare!, index, "toByHand"),
      cpuToByHand: mid(own, index, "cpuToByHand"),
    })),
  }));
}

async function conditions(
  program: string,
  emptyMs: readonly number[],
): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo");
  const cpu = /model name\s*: (.+)/.exec(info)?.[1] ?? Deno.build.arch;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Deno ${Deno.version.deno}, ${cpu}, one core for the servers, one for \`${program}\` with 64 connections, medians of ${rounds} starts with ${seconds} s each. An empty \`Deno.serve\` starts in ${
    median(emptyMs).toFixed(0)
  } ms.`;
}

await main();
