import {
  assertArrayIncludes,
  assertMatch,
  assertNotMatch,
  assertObjectMatch,
  assertStringIncludes,
} from "@std/assert";
import { diff, laws } from "./laws.ts";

laws("assertMatch() and assertNotMatch() test a pattern", [
  ["passes", () => assertMatch("a1", /\d/)],
  [
    'AssertionError: Expected actual: "a" to match: "/\\d/".',
    () => assertMatch("a", /\d/),
  ],
  ["passes", () => assertNotMatch("a", /\d/)],
  [
    'AssertionError: Expected actual: "a1" to not match: "/\\d/": why',
    () => assertNotMatch("a1", /\d/, "why"),
  ],
]);

laws("assertStringIncludes() looks anywhere in the string", [
  ["passes", () => assertStringIncludes("abc", "bc")],
  [
    'AssertionError: Expected actual: "abc" to contain: "d".',
    () => assertStringIncludes("abc", "d"),
  ],
]);

laws("assertArrayIncludes() compares deeply, in any order", [
  ["passes", () => assertArrayIncludes([1, NaN], [NaN])],
  ["passes", () => assertArrayIncludes([{ id: 1 }, { id: 2 }], [{ id: 2 }])],
  ["passes", () => assertArrayIncludes(new Uint8Array([1, 2]), [2])],
  ["passes", () => assertArrayIncludes([], [])],
  [
    'AssertionError: Expected actual: "[\n  1,\n]" to include: "[\n  1,\n  2,\n]".\n' +
    "missing: [\n  2,\n]",
    () => assertArrayIncludes([1], [1, 2]),
  ],
]);

const CYCLE: Record<string, unknown> = { id: 1, extra: true, items: [1] };
CYCLE.self = CYCLE;
(CYCLE.items as unknown[]).push(CYCLE.items);
const ITEMS = CYCLE.items as unknown[];

laws("assertObjectMatch() ignores what is not expected", [
  ["passes", () => assertObjectMatch({ a: 1, b: 2 }, { a: 1 })],
  ["passes", () => assertObjectMatch({ a: { b: 1, c: 2 } }, { a: { c: 2 } })],
  [
    "passes",
    () =>
      assertObjectMatch({ a: [1, { b: 2, c: 3 }, 4] }, { a: [1, { c: 3 }] }),
  ],
  [
    "passes",
    () =>
      assertObjectMatch({ a: /x/g, b: new Date(0) }, {
        a: /x/g,
        b: new Date(0),
      }),
  ],
  [
    "passes",
    () => assertObjectMatch({ a: new Set([1, 2]) }, { a: new Set([2]) }),
  ],
  [
    "passes",
    () =>
      assertObjectMatch(
        {
          a: new Map<string, unknown>([["b", { c: 1, d: 2 }], ["e", 3], [
            "f",
            4,
          ]]),
        },
        { a: new Map<string, unknown>([["b", { c: 1 }], ["e", 3]]) },
      ),
  ],
  ["passes", () =>
    assertObjectMatch(
      new (class Task {
        id = 1;
      })(),
      { id: 1 },
    )],
  [
    "passes",
    () =>
      assertObjectMatch({ ["__proto__"]: { a: 1 } }, {
        ["__proto__"]: { a: 1 },
      }),
  ],
  ["passes", () => assertObjectMatch(CYCLE, { id: 1, self: CYCLE })],
  [
    "passes",
    () => assertObjectMatch({ a: ITEMS, b: ITEMS }, { a: ITEMS, b: ITEMS }),
  ],
  ["passes", () => assertObjectMatch({}, {})],
]);

laws("assertObjectMatch() refuses what is missing or different", [
  [
    diff("    {\n-     a: 1,\n+     a: 2,\n    }"),
    () => assertObjectMatch({ a: 1, b: 0 }, { a: 2 }),
  ],
  [
    diff("    {\n      a: 1,\n+     b: 2,\n    }", ": why"),
    () => assertObjectMatch({ a: 1 }, { a: 1, b: 2 }, "why"),
  ],
  [
    diff("    {\n-     a: 1,\n-     c: 3,\n+     b: 2,\n    }"),
    () => assertObjectMatch({ a: 1, c: 3 }, { b: 2 }),
  ],
  [/^AssertionError/, () => assertObjectMatch({ a: [1] }, { a: [1, 2] })],
  [/^AssertionError/, () => assertObjectMatch({ a: {} }, { a: [1] })],
  [
    /^AssertionError/,
    () => assertObjectMatch({ a: new Date(0) }, { a: new Date(1) }),
  ],
  [
    /^AssertionError/,
    () => assertObjectMatch({ a: new Set([1]) }, { a: new Set([2]) }),
  ],
  [
    "TypeError: Cannot assertObjectMatch null",
    () => assertObjectMatch(null as unknown as object, { a: 1 }),
  ],
  [
    "TypeError: Cannot assertObjectMatch type string",
    () => assertObjectMatch("text" as unknown as object, { a: 1 }),
  ],
]);
