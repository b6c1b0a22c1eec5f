import { assertEquals, assertMatch } from "@std/assert";
import { createUlid } from "../../store/ulid.ts";

Deno.test("createUlid() writes the time into the first ten digits", () => {
  const TIMES: [number, string][] = [
    [0, "0000000000"],
    [1, "0000000001"],
    [31, "000000000Z"],
    [1469918176385, "01ARYZ6S41"],
    [2 ** 48 - 1, "7ZZZZZZZZZ"],
  ];
  for (const [time, digits] of TIMES) {
    assertEquals(createUlid(() => time)().slice(0, 10), digits);
  }
});

Deno.test("createUlid() makes other ids in another process", () => {
  const ids = Array.from({ length: 1000 }, () => createUlid(() => 0)());

  assertEquals(new Set(ids).size, 1000);
  for (const id of ids) assertMatch(id, /^0{10}[0-9A-HJKMNP-TV-Z]{16}$/);
});

Deno.test("createUlid() keeps the order, whatever the clock does", () => {
  const times = [5, 5, 5, 4, 0, 5, 6, 6, 2, 7];
  const ulid = createUlid(() => times.shift()!);

  const ids = Array.from({ length: 10 }, ulid);

  assertEquals(ids, ids.toSorted());
  assertEquals(new Set(ids).size, 10);
});

Deno.test("createUlid() counts on within a millisecond", () => {
  const ulid = createUlid(() => 7);

  const ids = Array.from({ length: 100 }, () => numberOf(ulid()));

  for (const [index, id] of ids.entries()) {
    assertEquals(id, ids[0]! + BigInt(index));
  }
});

function numberOf(ulid: string): bigint {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  return [...ulid].reduce(
    (sum, digit) => sum * 32n + BigInt(digits.indexOf(digit)),
    0n,
  );
}
