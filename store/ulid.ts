/**
 * Makes ids that sort by the time of their creation.
 *
 * @module
 */

// Crockford's Base32, in the order of the digits that `toString(32)` writes.
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Creates a function that returns a new ULID on each call
 * ({@link https://github.com/ulid/spec}). Each is greater than the previous one: within
 * a millisecond, and where the clock goes back, it is the previous one plus one.
 *
 * @example Usage
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 *
 * const ulid = createUlid(() => 1469918176385);
 * const [first, second] = [ulid(), ulid()];
 *
 * assertEquals(first.slice(0, 10), "01ARYZ6S41");
 * assert(first < second);
 * ```
 *
 * @param now Clock that returns milliseconds since 1970.
 */
export function createUlid(now: () => number): () => string {
  let lastTime = -1;
  let last = 0n;

  return function ulid(): string {
    const time = now();
    last = time > lastTime ? randomAt(time) : last + 1n;
    lastTime = Math.max(time, lastTime);
    return encode(last);
  };
}

// Milliseconds take the upper 48 bits of a ULID, random bits the lower 80.
function randomAt(time: number): bigint {
  const [high, low] = crypto.getRandomValues(new BigUint64Array(2));
  return BigInt(time) << 80n | BigInt.asUintN(80, high! << 64n | low!);
}

function encode(value: bigint): string {
  return value.toString(32).padStart(26, "0")
    .replace(/./g, (digit) => CROCKFORD[parseInt(digit, 32)]!);
}
