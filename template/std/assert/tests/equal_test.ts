import { assertEquals, assertNotEquals, equal } from "@std/assert";
import { type Law, laws } from "./laws.ts";

/** Pairs, which are compared both ways round. */
type Pairs = readonly (readonly [a: unknown, b: unknown])[];

class Task {
  constructor(readonly id: unknown) {}
}
class Lazy {
  #id: number;
  constructor(id: number) {
    this.#id = id;
  }
  get id(): number {
    return this.#id;
  }
}
class Tagged {
  tag = 1;
}

function bare(properties: object): object {
  return Object.assign(Object.create(null), properties);
}

function cycle(id: number): object {
  const object = { id, self: {} };
  object.self = object;
  return object;
}

function weak(target: object): WeakRef<object> {
  return new WeakRef(target);
}

const key = Symbol("key");
const echo = (x: unknown): unknown => x;

const EQUAL: Pairs = [
  [1, 1],
  [NaN, NaN],
  [0, -0],
  [1n, 1n],
  ["a", "a"],
  [key, key],
  [echo, echo],
  [[1, [2]], [1, [2]]],
  [{ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }],
  [{ [key]: 1 }, { [key]: 1 }],
  [{ a: 1 }, bare({ a: 1 })],
  [bare({}), bare({})],
  [new Task(1), new Task(1)],
  [new Lazy(1), new Lazy(1)],
  [new Date(0), new Date(0)],
  [new Date(NaN), new Date(NaN)],
  [/a/g, /a/g],
  [new URL("http://a/b"), new URL("http://a/b")],
  [new URLSearchParams("a=1"), new URLSearchParams([["a", "1"]])],
  [
    Temporal.PlainDate.from("2026-01-01"),
    Temporal.PlainDate.from("2026-01-01"),
  ],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [new Float64Array([NaN, 0]), new Float64Array([NaN, -0])],
  [new ArrayBuffer(2), new ArrayBuffer(2)],
  [new SharedArrayBuffer(2), new SharedArrayBuffer(2)],
  [new Set([1, 2]), new Set([2, 1])],
  [new Set([{ id: 1 }, { id: 2 }]), new Set([{ id: 2 }, { id: 1 }])],
  [new Set([echo, 1]), new Set([1, echo])],
  [new Map([["a", { id: 1 }]]), new Map([["a", { id: 1 }]])],
  [new Map([[{ id: 1 }, "a"]]), new Map([[{ id: 1 }, "a"]])],
  [cycle(1), cycle(1)],
];

const UNEQUAL: Pairs = [
  [1, 2],
  [1, "1"],
  [1, 1n],
  [null, undefined],
  [null, {}],
  [key, Symbol("key")],
  [echo, (x: unknown) => x],
  [echo, {}],
  [[1], [1, 2]],
  [[1], { 0: 1 }],
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [{ [key]: 1 }, { [key]: 2 }],
  [{ [key]: undefined }, {}],
  [new Task(1), new Task(2)],
  [new Task(1), { id: 1 }],
  [new Lazy(1), new Lazy(2)],
  [
    Object.assign(new Tagged(), { a: 1 }),
    Object.assign(new Tagged(), { b: 1 }),
  ],
  [new Date(0), new Date(1)],
  [new Date(0), 0],
  [/a/g, /a/i],
  [new URL("http://a/b"), new URL("http://a/c")],
  [new Uint8Array([1]), new Uint8Array([2])],
  [new Uint8Array([1]), new Uint8Array([1, 2])],
  [new Uint8Array([1]), new Int8Array([1])],
  [new ArrayBuffer(1), new ArrayBuffer(2)],
  [new Set([1]), new Set([2])],
  [new Set([1]), new Set([1, 2])],
  [new Set([{ id: 1 }]), new Set([{ id: 2 }])],
  [new Map([["a", 1]]), new Map([["a", 2]])],
  [new Map([["a", undefined]]), new Map([["b", undefined]])],
  [new Map([[{ id: 1 }, "a"]]), new Map([[{ id: 1 }, "b"]])],
  [new Map(), new Set()],
  [cycle(1), cycle(2)],
  [new Error("a"), new Error("b")],
];

function bothWays(pairs: Pairs, wanted: boolean): Law[] {
  return pairs.flatMap(([a, b]): Law[] =>
    [[a, b], [b, a]].map(([x, y]) => ["passes", () => {
      if (equal(x, y) !== wanted) throw new Error(Deno.inspect([x, y]));
      (wanted ? assertEquals : assertNotEquals)(x, y);
    }])
  );
}

laws("equal() holds for values that look the same", bothWays(EQUAL, true));

laws("equal() fails for values that do not", bothWays(UNEQUAL, false));

// Built in the call, since what they refer to may be gone after it.
laws("equal() compares what weak references refer to", [
  ["passes", () => assertEquals(weak({ id: 1 }), weak({ id: 1 }))],
  ["passes", () => assertNotEquals(weak({ id: 1 }), weak({ id: 2 }))],
]);

laws("equal() refuses what has nothing to compare", [
  [
    "TypeError: Cannot compare WeakMap instances",
    () => equal(new WeakMap(), new WeakMap()),
  ],
  [
    "TypeError: Cannot compare WeakSet instances",
    () => equal(new WeakSet(), new WeakSet()),
  ],
]);
