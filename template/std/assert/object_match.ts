import { assertEquals } from "./equals.ts";

type Loose = Record<PropertyKey, unknown>;

/**
 * Asserts that an object has at least the properties of another, deeply.
 * Arrays may be longer than expected, maps and sets may have more entries.
 *
 * @example Usage
 * ```ts
 * import { assertObjectMatch, assertThrows } from "@std/assert";
 *
 * const task = { id: 1, title: "Write", owner: { id: 7, name: "Ada" } };
 *
 * assertObjectMatch(task, { id: 1, owner: { name: "Ada" } });
 * assertThrows(() => assertObjectMatch(task, { owner: { name: "Bob" } }));
 * ```
 *
 * @param actual The object to check.
 * @param expected The properties that it should have.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If a property is missing or different.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  // The expected side is copied as well, so that both have plain prototypes.
  assertEquals(
    pickFrom(actual, expected, new WeakMap()),
    pickFrom(expected, expected, new WeakMap()),
    msg,
  );
}

/** Which part of what is being picked. A pair met again is a cycle. */
type Seen = WeakMap<object, object>;

/** Picks from a value what its counterpart has too. */
function pick(value: unknown, part: unknown, seen: Seen): unknown {
  if (!isObject(value) || !isObject(part)) return value;
  if (value instanceof RegExp || value instanceof Date) return value;
  if (Array.isArray(value) && Array.isArray(part)) {
    return pickItems(value, part, seen);
  }
  if (value instanceof Map && part instanceof Map) {
    return pickEntries(value, part, seen);
  }
  if (value instanceof Set && part instanceof Set) {
    return value.intersection(part);
  }
  return pickFrom(value, part, seen);
}

function pickFrom(value: Loose, part: Loose, seen: Seen): Loose {
  if (!isObject(value) && typeof value !== "function") {
    const type = value === null ? "null" : `type ${typeof value}`;
    throw new TypeError(`Cannot assertObjectMatch ${type}`);
  }
  if (seen.get(value) === part) return value;
  seen.set(value, part);

  const keys = Reflect.ownKeys(value);
  const partKeys = new Set(Reflect.ownKeys(part));
  const shared = keys.filter((key) => partKeys.has(key));
  // With nothing in common, the whole object makes a better message.
  return shared.length === 0 && partKeys.size > 0
    ? fromEntries(keys.map((key) => [key, value[key]]))
    : fromEntries(
      shared.map((key) => [key, pick(value[key], part[key], seen)]),
    );
}

function pickItems(
  value: unknown[],
  part: unknown[],
  seen: Seen,
): unknown[] {
  if (seen.get(value) === part) return value;
  seen.set(value, part);
  return Array.from(
    { length: Math.min(value.length, part.length) },
    (_, index) => pick(value[index], part[index], seen),
  );
}

function pickEntries(
  value: Map<unknown, unknown>,
  part: Map<unknown, unknown>,
  seen: Seen,
): Map<unknown, unknown> {
  const shared = [...value].filter(([key]) => part.has(key));
  return new Map(shared.map(([key, item]) => {
    const partItem = part.get(key);
    return isObject(item) && isObject(partItem)
      ? [key, pickFrom(item, partItem, seen)]
      : [key, item];
  }));
}

/** Unlike `Object.fromEntries()`, copes with a key named `__proto__`. */
function fromEntries(entries: [PropertyKey, unknown][]): Loose {
  const object: Loose = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return object;
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null;
}
