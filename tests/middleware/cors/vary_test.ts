import { assertEquals } from "@std/assert";
import { mergeVary, VARY_OPTIONS } from "../../../middleware/cors/vary.ts";

const ALL = VARY_OPTIONS;

const TABLE: [
  lines: string[],
  names: string,
  expected: string | null,
][] = [
  [[], "Origin", "Origin"],
  [[], VARY_OPTIONS, ALL],
  [[""], "Origin", "Origin"],
  [[" , ,"], "Origin", "Origin"],
  [["Accept"], "Origin", "Accept, Origin"],
  [["Accept", "Cookie"], "Origin", "Accept, Cookie, Origin"],
  [["Origin"], "Origin", "Origin"],
  [["accept-encoding,origin"], "Origin", "accept-encoding, origin"],
  [["Accept", "ORIGIN"], "Origin", "Accept, ORIGIN"],
  [["X-Origin"], "Origin", "X-Origin, Origin"],
  [["Origin-Agent-Cluster"], "Origin", "Origin-Agent-Cluster, Origin"],
  [["Origin, Origin"], "Origin", "Origin"],
  [["Accept, accept", "origin"], "Origin", "Accept, origin"],
  // One name is repeated and one is missing.
  [["Accept, accept"], "Origin", "Accept, Origin"],
  [["Accept", "Accept"], "Origin", "Accept, Origin"],
  [["Origin, Origin, Origin"], VARY_OPTIONS, ALL],
  [["a, a, a, a"], VARY_OPTIONS, `a, ${ALL}`],
  // A no-break space is no white space here, and no part of a name either.
  [["\u00a0Origin"], "Origin", "\u00a0Origin, Origin"],
  [["Origin\u00a0"], "Origin", "Origin\u00a0, Origin"],
  [["origin"], VARY_OPTIONS, ALL.replace("Origin", "origin")],
  [["*"], "Origin", "*"],
  [["Accept, *"], VARY_OPTIONS, "Accept, *"],
  [["Accept", "*"], "Origin", "Accept, *"],
  [["__proto__"], "Origin", "__proto__, Origin"],
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
