/**
 * Puts the template beside a bare `Deno.serve`, a handler written by hand, and the
 * frameworks that are its peers: the same answers, under the same load.
 *
 *     deno task bench:http [--rounds=5] [--seconds=1] [--only=oak,h3] [--out=docs/bench]
 *
 * Each server has core 0 for itself, the load comes from core 1. Warm, each runs in
 * turn with the handler by hand, round after round, and ratios are taken to the runs
 * right before and after: what slows the machine down for a while slows both down.
 *
 * @module
 */

import { type Case, CASES, createTasks, describeAnswer } from "./http/cases.ts";
import { install } from "./http/install.ts";
import { findLoader, type Load } from "./http/load.ts";
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

const { starts, rounds, seconds, only, cases, out } = options(
  "deno task bench:http",
  {
    starts: ["5", "how often each server starts"],
    rounds: ["5", "how often each has its turn"],
    seconds: ["1", "how long a turn is"],
    only: ["", "servers by name, such as oak,h3 (all)"],
    cases: ["", "requests by a part of their name, such as POST (all)"],
    out: ["", "folder for the table and the picture (none)"],
  },
);

/** Seconds of load before what is measured. */
const WARM_UP = 4;

/** A server under test, and the task that it is asked for. */
interface Contender {
  readonly server: Server;
  readonly id: string;
  readonly loads: Map<Case, Measured[]>;
}

/** What a server did, and what it took of its core. */
interface Cost extends Load {
  /** Microseconds on the core for a request. */
  readonly cpu: number;
}

/** The same, beside the handler by hand. */
interface Measured extends Cost {
  /** Rate, as a part of that of the handler by hand right before and after. */
  readonly toByHand: number;
  /** What that takes of the core, as a part of what this takes. */
  readonly cpuToByHand: number;
}

async function main(): Promise<void> {
  const recipes = (await install(RECIPES)).filter(({ name }, index) =>
    index < 2 || only === "" || only.split(",").includes(name)
  );
  const chosen = CASES.filter(({ name }) =>
    cases === "" || cases.split(",").some((part) => name.includes(part))
  );
  const startMs = await measureStarts(recipes);

  await using stack = new AsyncDisposableStack();
  const contenders = await open(recipes, stack);
  await check(contenders);
  const program = await load(contenders, chosen);

  const results = await Promise.all(
    contenders.map((each) => resultOf(each, contenders, chosen, startMs)),
  );
  const names = chosen.map(({ name }) => name);
  const table = tableOf(results, names, await conditions(program, startMs));
  say(`\n${table}`);
  if (out === "") return;
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(`${out}/http.md`, table);
  await Deno.writeTextFile(`${out}/http.svg`, plotOf(results, names));
}

/** Starts each server a few times, in turn: medians of milliseconds by name. */
async function measureStarts(
  recipes: readonly Recipe[],
): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 1; round <= Number(starts); round++) {
    for (const recipe of [EMPTY, ...recipes]) {
      sayOver(`start ${round} of ${starts}: ${recipe.name}`);
      await using server = await startServer(recipe);
      const list = times.get(recipe.name) ?? [];
      times.set(recipe.name, [...list, server.startMs]);
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

async function open(
  recipes: readonly Recipe[],
  stack: AsyncDisposableStack,
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const recipe of recipes) {
    sayOver(`fill ${recipe.name}`);
    const server = stack.use(await startServer(recipe));
    const id = await createTasks(server.url, 50);
    contenders.push({ server, id, loads: new Map() });
  }
  return contenders;
}

/** Ends the run where a server does not answer as the handler by hand does. */
async function check([_bare, ...others]: readonly Contender[]): Promise<void> {
  for (const each of CASES) {
    const answers = await Promise.all(
      others.map(({ server, id }) => describeAnswer(server.url, each, id)),
    );
    const differs = answers.findIndex((answer) => answer !== answers[0]);
    if (differs === -1) continue;
    const { name } = others[differs]!.server.recipe;
    throw new Error(
      `Cannot compare: ${name} answers ${each.name} with\n\n${
        answers[differs]
      }\n\nin place of\n\n${answers[0]}`,
    );
  }
}

async function load(
  contenders: readonly Contender[],
  chosen: readonly Case[],
): Promise<string> {
  const [program, loader] = await findLoader();
  const byHand = contenders[1]!;

  async function measure(
    { server, id }: Contender,
    each: Case,
    length = Number(seconds),
  ): Promise<Cost> {
    const { name } = server.recipe;
    const url = server.url + each.path.replace("ID", id);
    const before = await server.cpu();
    const result = await loader(url, each, length);
    const cpu = (await server.cpu() - before) / result.requests * 1e6;
    if (result.errors === 0) return { ...result, cpu };
    throw new Error(`${name}: ${result.errors} errors at ${each.name}`);
  }

  for (const each of chosen) {
    for (const contender of contenders) {
      sayOver(`load ${each.name} from ${contender.server.recipe.name}`);
      // The engine drops what it has compiled while a process is idle, as this one
      // was while the others had their turn, and runs at half its speed until it has
      // compiled it again.
      await measure(contender, each, WARM_UP);
      let before = await measure(byHand, each);
      const loads: Measured[] = [];
      for (let round = 1; round <= Number(rounds); round++) {
        const load = await measure(contender, each);
        const after = await measure(byHand, each);
        loads.push({
          ...load,
          toByHand: load.rate * 2 / (before.rate + after.rate),
          cpuToByHand: (before.cpu + after.cpu) / 2 / load.cpu,
        });
        before = after;
      }
      contender.loads.set(each, loads);
    }
  }
  sayOver("");
  return program;
}

async function resultOf(
  { server, loads }: Contender,
  [bare]: readonly Contender[],
  chosen: readonly Case[],
  startMs: ReadonlyMap<string, number>,
): Promise<Result> {
  const { recipe } = server;
  return {
    name: recipe.name,
    runtime: recipe.runtime,
    memory: await server.memory(),
    start: startMs.get(recipe.name) ?? NaN,
    rows: chosen.map((each) => {
      const of = (name: keyof Measured): number =>
        median(loads.get(each)!.map((load) => load[name]));
      const bareToByHand = median(
        bare!.loads.get(each)!.map(({ toByHand }) => toByHand),
      );
      return {
        rate: of("rate"),
        p50: of("p50"),
        p99: of("p99"),
        cpu: of("cpu"),
        toBare: of("toByHand") / bareToByHand,
        toByHand: of("toByHand"),
        cpuToByHand: of("cpuToByHand"),
      };
    }),
  };
}

async function conditions(
  program: string,
  startMs: ReadonlyMap<string, number>,
): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo");
  const cpu = /model name\s*: (.+)/.exec(info)?.[1] ?? Deno.build.arch;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Deno ${Deno.version.deno}, ${cpu}, one core for the server, one for \`${program}\` with 64 connections, ${rounds} rounds of ${seconds} s. An empty \`Deno.serve\` starts in ${
    startMs.get(EMPTY.name)?.toFixed(0)
  } ms.`;
}

await main();
