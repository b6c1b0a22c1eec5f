import { assert, assertEquals, assertFalse } from "@std/assert";
import { eTag, ifMatch, ifNoneMatch } from "@std/http/etag";

const EMPTY = "0-47DEQpj8HBSa+/TImW+5JCeuQeR";
const HELLO = "5-LPJNul+wow4m6DsqxbninhsWHlw";

Deno.test("eTag() shows the size and a hash, strong for content", async () => {
  assertEquals(await eTag("hello"), `"${HELLO}"`);
  assertEquals(await eTag(new TextEncoder().encode("hello")), `"${HELLO}"`);
  assertEquals(await eTag("hello", { weak: true }), `W/"${HELLO}"`);
  assertEquals(await eTag(""), `"${EMPTY}"`);
  assertEquals(await eTag(new Uint8Array()), `"${EMPTY}"`);
  assertEquals((await eTag("é")).slice(0, 3), '"2-', "the size is in bytes");
});

Deno.test("eTag() takes another algorithm", async () => {
  assertEquals(
    await eTag("hello", { algorithm: "SHA-1" }),
    '"5-qvTGHdzF6KLavt4PO0gs2a6pQ00"',
  );
});

Deno.test("eTag() of a file goes by its size and time, and is weak", async () => {
  const file = { mtime: new Date(0), size: 255 };
  const tag = "ff-fV7l2JDWcybWhXieoDDmVxKEFxe";
  assertEquals(await eTag(file), `W/"${tag}"`);
  assertEquals(await eTag(file, { weak: false }), `"${tag}"`);
  assertEquals(await eTag({ mtime: null, size: 255 }), undefined);
});

/** Header, tag, and whether the request goes on by each condition. */
const CONDITIONS: [string | null, string | undefined, boolean, boolean][] = [
  [null, '"a"', false, true],
  ["", '"a"', false, true],
  ['"a"', undefined, false, true],
  ['"a"', '"a"', true, false],
  ['"b"', '"a"', false, true],
  ['"b" , "a"', '"a"', true, false],
  ["*", '"a"', true, false],
  [" * ", '"a"', true, false],
  ['W/"a"', '"a"', false, false],
  ['"a"', 'W/"a"', false, false],
  ['W/"a"', 'W/"a"', false, false],
  ["*", 'W/"a"', false, false],
  ["a", '"a"', false, true],
];

Deno.test("ifMatch() wants a strong match, ifNoneMatch() no match at all", () => {
  for (const [header, tag, matches, differs] of CONDITIONS) {
    assertEquals(ifMatch(header, tag), matches, `If-Match: ${header}`);
    assertEquals(ifNoneMatch(header, tag), differs, `If-None-Match: ${header}`);
  }
});

Deno.test("a tag from eTag() satisfies the conditions", async () => {
  const etag = await eTag("hello");
  assert(ifMatch(etag, etag));
  assertFalse(ifNoneMatch(`W/${etag}`, etag), "compressed on its way");
});
