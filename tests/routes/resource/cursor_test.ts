import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import {
  type CursorList,
  decodeCursor,
  encodeCursor,
} from "../../../routes/resource/cursor.ts";

const ID = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
const ALL = { filter: {} };
const POSITION = { id: ID, value: null };
const ORDER = { index: "dueOn", descending: false };
const CURSOR = encodeCursor(POSITION, ALL);

const LISTS: readonly CursorList[] = [
  ALL,
  { filter: { done: true } },
  { filter: { done: false } },
  { filter: { done: true, priority: "low" } },
  { filter: { dueOn: null } },
  { filter: { dueOn: "2026-02-28" } },
  { filter: { dueOn: { from: "2026-02-28" } } },
  { filter: { dueOn: { to: "2026-02-28" } } },
  { filter: { dueOn: { from: "2026-02-28", to: "2026-02-28" } } },
  { filter: {}, order: ORDER },
  { filter: {}, order: { ...ORDER, descending: true } },
  { filter: {}, order: { ...ORDER, index: "startsOn" } },
  { filter: { done: true }, order: ORDER },
];

for (const [index, list] of LISTS.entries()) {
  Deno.test(`decodeCursor() takes a cursor of ${JSON.stringify(list)}, and of no other list`, () => {
    for (const value of [null, "2026-02-28", 'Löwe 🦁"', 0, -7.5, true]) {
      const position = { id: ID, value };
      const cursor = encodeCursor(position, list);

      assertMatch(cursor, /^[\w-]+$/);
      assertEquals(decodeCursor(cursor, list), position);
      for (const other of LISTS.toSpliced(index, 1)) {
        const problem = assertThrows(
          () => decodeCursor(cursor, other),
          Problem,
          'Invalid cursor: start from the first page, without "cursor"',
        );
        assertEquals(problem.type, "invalid-cursor");
      }
    }
  });
}

/** What was not written by us, or not like this. */
const FORGED: [name: string, cursor: string][] = [
  ["not Base64", "!"],
  ["one character", "a"],
  ["nothing but padding", "="],
  ["with padding", `${CURSOR}=`],
  ["with white space", `${CURSOR.slice(0, 4)} ${CURSOR.slice(4)}`],
  ["cut off", CURSOR.slice(0, -2)],
  ["longer", `${CURSOR}AAAA`],
  ["with loose bits at its end", CURSOR.replace(/.$/, "1")],
  ["an id alone", base64(ID)],
  ["of an older version", base64(`${ID}{}`)],
  ["an id in lower case", base64(`${ID.toLowerCase()}[null,{},null]`)],
  ["an id that is too short", base64(`${ID.slice(1)}[null,{},null]`)],
  ["an id that is too long", base64(`${ID}0[null,{},null]`)],
  ["of another filter", base64(`${ID}[null,{"done":"yes"},null]`)],
  ["at an object", base64(`${ID}[{},{},null]`)],
  ["at a list", base64(`${ID}[[],{},null]`)],
  ["at a number that JSON cannot write", base64(`${ID}[1e999,{},null]`)],
  ["at no value", base64(`${ID}[]`)],
  ["with a mark of order before the id", base64(`\ufeff${ID}[null,{},null]`)],
  ["bytes that are not UTF-8", "_____w"],
  ["very long", base64(`${ID}{}`.repeat(2_000))],
];

for (const [name, cursor] of FORGED) {
  Deno.test(`decodeCursor() rejects a cursor that is ${name}`, () => {
    assertThrows(() => decodeCursor(cursor, ALL), Problem);
  });
}

function base64(text: string): string {
  return new TextEncoder().encode(text)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
