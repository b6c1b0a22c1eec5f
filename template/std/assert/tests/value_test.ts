import {
  assert,
  assertExists,
  assertFalse,
  assertInstanceOf,
  assertNotStrictEquals,
  assertStrictEquals,
  fail,
  unimplemented,
  unreachable,
} from "@std/assert";
import { laws } from "./laws.ts";

const ONE = { id: 1 };

class Task {}
class Named {
  static name = "Task";
}
abstract class Shape {}
class Circle extends Shape {}

laws("assert() passes what is truthy", [
  ["passes", () => assert(1)],
  ["passes", () => assert([])],
  ["AssertionError: ", () => assert(0)],
  ["AssertionError: why", () => assert("", "why")],
]);

laws("assertFalse() passes what is falsy", [
  ["passes", () => assertFalse(NaN)],
  ["passes", () => assertFalse(0n)],
  ["AssertionError: ", () => assertFalse({})],
  ["AssertionError: why", () => assertFalse("0", "why")],
]);

laws("assertExists() refuses null and undefined only", [
  ["passes", () => assertExists(0)],
  ["passes", () => assertExists("")],
  [
    'AssertionError: Expected actual: "null" to not be null or undefined.',
    () => assertExists(null),
  ],
  [
    'AssertionError: Expected actual: "undefined" to not be null or undefined: why',
    () => assertExists(undefined, "why"),
  ],
]);

laws("fail(), unreachable() and unimplemented() always throw", [
  ["AssertionError: Failed assertion.", () => fail()],
  ["AssertionError: Failed assertion: why", () => fail("why")],
  ["AssertionError: Unreachable.", () => unreachable()],
  ["AssertionError: Unreachable: why", () => unreachable("why")],
  ["AssertionError: Unimplemented.", () => unimplemented()],
  ["AssertionError: Unimplemented: why", () => unimplemented("why")],
]);

laws("assertStrictEquals() goes by identity", [
  ["passes", () => assertStrictEquals(ONE, ONE)],
  ["passes", () => assertStrictEquals(NaN, NaN)],
  [
    "AssertionError: Values have the same structure but are not reference-equal.\n\n" +
    "    {\n      id: 1,\n    }\n",
    () => assertStrictEquals(ONE, { id: 1 }),
  ],
  [
    "AssertionError: Values are not strictly equal: why\n\n\n" +
    "    [Diff] Actual / Expected\n\n\n-   0\n+   -0\n",
    () => assertStrictEquals(0, -0, "why"),
  ],
]);

laws("assertNotStrictEquals() goes by identity", [
  ["passes", () => assertNotStrictEquals(ONE, { id: 1 })],
  ["passes", () => assertNotStrictEquals(0, -0)],
  [
    'AssertionError: Expected "actual" to not be strictly equal to: NaN.\n',
    () => assertNotStrictEquals(NaN, NaN),
  ],
]);

laws("assertInstanceOf() names the class and what it got", [
  ["passes", () => assertInstanceOf(new Task(), Task)],
  ["passes", () => assertInstanceOf(new Circle(), Shape)],
  ...([
    [{}, ' but was "Object".'],
    [Object.create(null), ' but was "Object".'],
    [new Date(), ' but was "Date".'],
    [null, ' but was "null".'],
    [undefined, ' but was "undefined".'],
    [7, ' but was "number".'],
    [Task, " but was not an instanced object."],
    [new Named(), "."],
  ] as const).map(([value, was]) =>
    [
      `AssertionError: Expected object to be an instance of "Task"${was}`,
      () => assertInstanceOf(value, Task),
    ] as const
  ),
]);
