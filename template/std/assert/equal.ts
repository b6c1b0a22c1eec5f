/** Objects whose text says all that matters. */
const TEXTUAL: ReadonlySet<unknown> = new Set(
  [Intl.Locale, RegExp, URL, URLSearchParams].map(({ prototype }) => prototype),
);

const TypedArray: new () => Uint8Array = Object.getPrototypeOf(Uint8Array);

/** What was compared with what. A pair met again, in a cycle, counts as equal. */
type Seen = Map<object, object>;

type Loose = Record<PropertyKey, unknown>;
type Collection = Map<unknown, unknown> | Set<unknown>;

/**
 * Decides whether two values are equal, deeply.
 *
 * `0` equals `-0`, `NaN` equals `NaN`, and an object without a prototype
 * equals a plain one. What can only be read later, such as a `Blob` or a
 * promise, has nothing to compare, so do not trust the answer for it: read it
 * first. Functions are equal only to themselves.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse, equal } from "@std/assert";
 *
 * assert(equal(new Set([{ id: 1 }]), new Set([{ id: 1 }])));
 * assertFalse(equal({ id: 1 }, { id: 1, done: undefined }));
 * ```
 *
 * @param a One value.
 * @param b The other value.
 * @returns Whether they are equal.
 * @throws {TypeError} If the values are of type `WeakMap` or `WeakSet`.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

function compare(a: unknown, b: unknown, seen: Seen): boolean {
  if (isSame(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (prototypeOf(a) !== prototypeOf(b)) return false;
  if (a instanceof TypedArray) return compareItems(a, b as Uint8Array);
  if (a instanceof ArrayBuffer || a instanceof SharedArrayBuffer) {
    return compareItems(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  if (a instanceof WeakRef) {
    return compare(a.deref(), (b as WeakRef<object>).deref(), seen);
  }
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError(`Cannot compare ${a.constructor.name} instances`);
  }
  if (seen.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  seen.set(a, b);
  return isCollection(a) && isCollection(b)
    ? compareCollections(a, b, seen)
    : TEXTUAL.has(prototypeOf(a))
    ? String(a) === String(b)
    : compareProperties(a as Loose, b as Loose, seen);
}

function compareItems(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
}

function compareCollections(a: Collection, b: Collection, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  if (![...a.keys()].some(isObjectOrFunction)) {
    return a.entries().every(([key, value]) =>
      b.has(key) && (b instanceof Set || compare(value, b.get(key), seen))
    );
  }
  // Keys may be objects, so any entry may be the equal of any other.
  return a.entries().every(([aKey, aValue]) =>
    b.entries().some(([bKey, bValue]) =>
      compare(aKey, bKey, seen) && compare(aValue, bValue, seen)
    )
  );
}

function compareProperties(a: Loose, b: Loose, seen: Seen): boolean {
  const keysOf = isPlain(a) ? enumerableKeys : inheritedKeys;
  return keysOf(a).union(keysOf(b)).values().every((key) =>
    compare(a[key], b[key], seen) && (key in a) === (key in b)
  );
}

function enumerableKeys(object: object): Set<PropertyKey> {
  return new Set(Reflect.ownKeys({ ...object }));
}

function inheritedKeys(object: object): Set<PropertyKey> {
  const keys = new Set<PropertyKey>();
  for (
    let owner = object;
    owner && owner !== Object.prototype && owner !== Array.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const key of Reflect.ownKeys(owner)) keys.add(key);
  }
  return keys;
}

function prototypeOf(object: object): unknown {
  return Object.getPrototypeOf(object) ?? Object.prototype;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || Object.is(a, b);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isObjectOrFunction(value: unknown): boolean {
  return isObject(value) || typeof value === "function";
}

function isCollection(value: object): value is Collection {
  return value instanceof Map || value instanceof Set;
}

function isPlain(object: object): boolean {
  const prototype = prototypeOf(object);
  return prototype === Object.prototype || prototype === Array.prototype;
}
