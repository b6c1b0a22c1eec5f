/**
 * Makes one result of what all starts of a server have given.
 *
 * @module
 */

import { median } from "../measure.ts";
import type { Case } from "./cases.ts";
import type { Load } from "./load.ts";
import { BARE, type Recipe } from "./servers.ts";
import type { Result, Row } from "./table.ts";

/** What a server did, and what it took of its core. */
export interface Cost extends Load {
  /** Microseconds on the core for a request. */
  readonly cpu: number;
}

/** What a server did in a second beside the handler by hand. */
export interface Second {
  /** What a request costs by hand, divided by what it costs here. */
  readonly toByHand: number;
  /** Requests served here, divided by those by hand meanwhile. */
  readonly served: number;
}

/** What a server did alone, and beside the handler by hand. */
export interface Measured extends Cost {
  /** Beside the handler by hand. */
  readonly seconds: readonly Second[];
}

/** What one start of a server has given. */
export interface Turn {
  readonly startMs: number;
  readonly memory: number;
  readonly loads: readonly Measured[];
}

/**
 * Takes the medians of all turns, and of all seconds in them.
 *
 * @param turns The turns of each server, the bare one among them.
 * @param chosen The cases, in the order of the loads in a turn.
 * @returns A result for each server.
 */
export function resultsOf(
  turns: ReadonlyMap<Recipe, readonly Turn[]>,
  chosen: readonly Case[],
): Result[] {
  const bare = turns.get(BARE)!;
  return [...turns].map(([{ name, runtime, cores }, own]) => ({
    name,
    runtime,
    cores: cores?.split(",").length ?? 1,
    memory: median(own.map(({ memory }) => memory)),
    start: median(own.map(({ startMs }) => startMs)),
    rows: chosen.map((_, index) =>
      rowOf(
        own.map(({ loads }) => loads[index]!),
        bare.map(({ loads }) => loads[index]!),
      )
    ),
  }));
}

function rowOf(own: readonly Measured[], bare: readonly Measured[]): Row {
  const middle = (name: keyof Cost): number =>
    median(own.map((each) => each[name]));
  const toByHand = middleSecond(own, "toByHand");
  const seconds = own.flatMap(({ seconds }) => seconds);
  return {
    rate: middle("rate"),
    p50: middle("p50"),
    p99: middle("p99"),
    cpu: middle("cpu"),
    served: middleSecond(own, "served"),
    toByHand,
    toBare: toByHand / middleSecond(bare, "toByHand"),
    spread: Math.max(
      ...seconds.map((second) => Math.abs(second.toByHand - toByHand)),
    ),
  };
}

function middleSecond(loads: readonly Measured[], name: keyof Second): number {
  return median(
    loads.flatMap(({ seconds }) => seconds.map((second) => second[name])),
  );
}
