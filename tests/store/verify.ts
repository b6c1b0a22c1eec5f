/** Checks every row of a collection against every other. */

import type { CollectionDeclaration } from "../../store/collection.ts";
import { type Layout, layoutOf, type Row } from "../../store/layout.ts";

/**
 * Finds what no write of the store leaves behind: a missing copy, a copy that is not
 * equal to its value, a copy of no value, an index that is not complete, a row of an
 * unknown kind, a log whose end is not the last change. It reads row by row: call it
 * while nothing is written.
 *
 * @param kv The database.
 * @param declaration The collection.
 * @returns One sentence for each violation.
 */
export async function verify(
  kv: Deno.Kv,
  declaration: CollectionDeclaration,
): Promise<string[]> {
  const layout = layoutOf(declaration);
  const found = await verifyLog(kv, layout);
  for await (const row of kv.list({ prefix: layout.space })) {
    const kind = String(row.key[2]);
    if (kind === layout.word) found.push(...await verifyRow(kv, layout, row));
    else if (layout.indexes.includes(kind)) {
      found.push(...await verifyCopy(kv, layout, row));
    } else if (!["idempotency", "log", "rev", "indexes"].includes(kind)) {
      found.push(`Row "${nameOf(row.key)}" is of no known kind`);
    }
  }
  return found;
}

/** A copy may have another versionstamp: it was made when the index was built. */
async function verifyRow(
  kv: Deno.Kv,
  layout: Layout,
  { value }: Deno.KvEntry<unknown>,
): Promise<string[]> {
  const [, ...keys] = layout.keysOf(value as Row);
  const copies = await kv.getMany<Row[]>(keys);
  return copies.flatMap((copy) => {
    const name = `Row "${nameOf(copy.key)}"`;
    if (copy.value === null) return [`${name} is missing`];
    return isEqual(copy.value, value) ? [] : [`${name} differs from its value`];
  });
}

/** Whether two rows are the same. All rows of one have its fields in one order. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// A copy at its place is compared with its value where the value is checked.
async function verifyCopy(
  kv: Deno.Kv,
  layout: Layout,
  { key }: Deno.KvEntry<unknown>,
): Promise<string[]> {
  const { value } = await kv.get<Row>([...layout.values, key.at(-1)!]);
  const isKnown = value !== null &&
    layout.keysOf(value).map(nameOf).includes(nameOf(key));
  return isKnown ? [] : [`Row "${nameOf(key)}" is a copy of no value`];
}

async function verifyLog(
  kv: Deno.Kv,
  { log, rev }: Layout,
): Promise<string[]> {
  const newest = kv.list({ prefix: log }, { reverse: true, limit: 1 });
  const end = (await newest.next()).value?.versionstamp ?? null;
  const { versionstamp } = await kv.get(rev);
  return end === versionstamp
    ? []
    : [`The log ends at ${end}, the last change is ${versionstamp}`];
}

// Not joined: an empty array of bytes would look like an empty string.
function nameOf(key: Deno.KvKey): string {
  return key.slice(2).map((part) =>
    part instanceof Uint8Array ? `[${part}]` : String(part)
  ).join("/");
}
