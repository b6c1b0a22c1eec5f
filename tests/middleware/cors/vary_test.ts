import { assertEquals } from "@std/assert";
import {
  mergeVary,
  VARY_OPTIONS,
  VARY_ORIGIN,
} from "../../../middleware/cors/vary.ts";

const ALL = VARY_OPTIONS;

const TABLE: [
  lines: string[],
  names: string,
  expected: string | null,
][] = [
  [[], VARY_ORIGIN, "Origin"],
  [[], VARY_OPTIONS, ALL],
  [[""], VARY_ORIGIN, "Origin"],
  [[" , ,"], VARY_ORIGIN, "Origin"],
  [["Accept"], VARY_ORIGIN, "Accept, Origin"],
  [["Accept", "Cookie"], VARY_ORIGIN, "Accept, Cookie, Origin"],
  [["Origin"], VARY_ORIGIN, "Origin"],
  [["accept-encoding,origin"], VARY_ORIGIN, "accept-encoding, origin"],
  [["Accept", "ORIGIN"], VARY_ORIGIN, "Accept, ORIGIN"],
  [["X-Origin"], VARY_ORIGIN, "X-Origin, Origin"],
  [["Origin-Agent-Cluster"], VARY_ORIGIN, "Origin-Agent-Cluster, Origin"],
  [["Origin, Origin"], VARY_ORIGIN, "Origin"],
  [["Accept, accept", "origin"], VARY_ORIGIN, "Accept, origin"],
  // One name is repeated and one is missing.
  [["Accept, accept"], VARY_ORIGIN, "Accept, Origin"],
  [["Accept", "Accept"], VARY_ORIGIN, "Accept, Origin"],
  [["Origin, Origin, Origin"], VARY_OPTIONS, ALL],
  [["a, a, a, a"], VARY_OPTIONS, `a, ${ALL}`],
  // A no-break space is no white space here, and no part of a name either.
  [["\u00a0Origin"], VARY_ORIGIN, "\u00a0Origin, Origin"],
  [["Origin\u00a0"], VARY_ORIGIN, "Origin\u00a0, Origin"],
  [["origin"], VARY_OPTIONS, ALL.replace("Origin", "origin")],
  [["*"], VARY_ORIGIN, "*"],
  [["Accept, *"], VARY_OPTIONS, "Accept, *"],
  [["Accept", "*"], VARY_ORIGIN, "Accept, *"],
  [["__proto__"], VARY_ORIGIN, "__proto__, Origin"],
];

for (const [lines, names, expected] of TABLE) {
  Deno.test(`mergeVary() turns ${JSON.stringify(lines)} into ${expected}`, () => {
    const headers = new Headers(lines.map((line) => ["Vary", line]));

    mergeVary(headers, headers.get("Vary") ?? undefined, names);
    assertEquals(headers.get("Vary"), expected);

    mergeVary(headers, headers.get("Vary") ?? undefined, names);
    assertEquals(headers.get("Vary"), expected);
  });
}
