/**
 * Reads a page of values.
 *
 * @module
 */

import type {
  Filter,
  Indexed,
  Order,
  Page,
  PageRange,
  Position,
  Range,
} from "./collection.ts";
import type { AnyFields, Layout, Row } from "./layout.ts";

const MAX_SCANNED = 1000;

/** Bytes of a page as JSON: a server holds them until its client reads them. */
const MAX_BYTES = 2 ** 16;

const encoder = new TextEncoder();

/** Rows of each index that are read to choose one: 0.1 ms a page, against 4 ms a scan. */
const SAMPLE = 5;

// In keys, behind every id and behind null: KV has bytes, then text, then numbers.
const BEHIND_IDS = 0;
const BEHIND_NULL = new Uint8Array(1);

/**
 * Reads the values that pass a filter, in the order of an index or newest first.
 *
 * There is an index for each field, none for several. Of those one is read, up to a
 * thousand rows, and filtered by the others here: such a page may be short and still
 * have a next one. So may a page of large values: it has 64 kB, or one value.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const layout = layoutOf({ name: "tasks", indexes: ["done"] });
 * const page = await readPage(kv, layout, { done: true }, { limit: 20 });
 *
 * assertEquals(page, { items: [], next: null });
 * ```
 */
export async function readPage(
  kv: Deno.Kv,
  layout: Layout,
  filter: Filter,
  range: PageRange,
): Promise<Page<AnyFields>> {
  let { items, next } = await readRows(kv, layout, filter, range);
  while (items.length > 1 && bytesOf(items) > MAX_BYTES) {
    items = items.slice(0, items.length / 2);
    next = positionOf(items.at(-1)!, range.order?.index);
  }
  return { items, next };
}

function bytesOf(items: readonly Row[]): number {
  return encoder.encode(JSON.stringify(items)).length;
}

async function readRows(
  kv: Deno.Kv,
  layout: Layout,
  filter: Filter,
  { limit, after, order }: PageRange,
): Promise<Page<AnyFields>> {
  const index = order?.index;
  const selectors = order
    ? inOrder(layout, filter[order.index], order, after)
    : [await shortest(kv, newestFirst(layout, filter, after))];
  const others = Object.keys(filter).filter((name) => name !== index);
  // Where rows are left out, the first few will not do.
  const isFiltered = others.length > (order ? 0 : 1);
  const batchSize = Math.max(isFiltered ? 100 : 0, limit + 1);
  const options = { reverse: !order || order.descending === true, batchSize };
  const items: Row[] = [];
  let scanned = 0;
  for (const selector of selectors) {
    for await (const { value } of kv.list<Row>(selector, options)) {
      const row = layout.fill(value);
      // The selector begins where the range does, so this is behind its end.
      if (index !== undefined && !passes(layout, row, filter, index)) break;
      if (others.every((name) => passes(layout, row, filter, name))) {
        if (items.length === limit) {
          return { items, next: positionOf(items.at(-1)!, index) };
        }
        items.push(row);
      }
      if (++scanned === MAX_SCANNED) {
        return { items, next: positionOf(row, index) };
      }
    }
  }
  return { items, next: null };
}

function positionOf(row: Row, index?: string): Position {
  if (index === undefined) return { id: row.id };
  return { id: row.id, value: (row[index] ?? null) as Indexed };
}

/** Selects the rows of an index in its order, from where a page ended. */
function inOrder(
  layout: Layout,
  wanted: Filter[string] | undefined,
  { index, descending }: Order,
  after: Position | undefined,
): Deno.KvListSelector[] {
  const prefix = [...layout.space, index];
  const keyOf = (value: Indexed | undefined): Deno.KvKey => [
    ...prefix,
    layout.keyPart(index, value),
  ];
  const { from, to } = isRange(wanted) ? wanted : { from: wanted, to: wanted };
  const last = after && [...keyOf(after.value), after.id];
  if (descending) {
    const end = last ?? (to !== undefined && [...keyOf(to), BEHIND_IDS]);
    return [end ? { prefix, end } : { prefix }];
  }
  // The last key with one more part is the next one.
  const next = last && { start: [...last, ""] };
  const nulls = keyOf(null);
  if (wanted === null || after?.value === null) {
    return [{ prefix: nulls, ...next }];
  }
  const start = from === undefined ? [...prefix, BEHIND_NULL] : keyOf(from);
  const values = { prefix, start, ...next };
  return wanted === undefined ? [values, { prefix: nulls }] : [values];
}

/** Selects the rows of each index that has one value for all, or all rows. */
function newestFirst(
  layout: Layout,
  filter: Filter,
  after: Position | undefined,
): Deno.KvListSelector[] {
  const prefixes = Object.entries(filter).flatMap(([index, wanted]) =>
    isRange(wanted)
      ? []
      : [[...layout.space, index, layout.keyPart(index, wanted)]]
  );
  return (prefixes.length === 0 ? [layout.values] : prefixes).map((prefix) =>
    after ? { prefix, end: [...prefix, after.id] } : { prefix }
  );
}

/** Chooses the index whose newest rows reach back furthest: it has the fewest. */
async function shortest(
  kv: Deno.Kv,
  selectors: Deno.KvListSelector[],
): Promise<Deno.KvListSelector> {
  if (selectors.length === 1) return selectors[0]!;
  const options = { reverse: true, limit: SAMPLE, batchSize: SAMPLE };
  const reaches = await Promise.all(selectors.map(async (selector) => {
    const rows = await Array.fromAsync(kv.list<Row>(selector, options));
    return { selector, id: rows[SAMPLE - 1]?.value.id ?? "" };
  }));
  return reaches.reduce((a, b) => b.id < a.id ? b : a).selector;
}

function passes(
  layout: Layout,
  row: Row,
  filter: Filter,
  index: string,
): boolean {
  const wanted = filter[index];
  if (wanted === undefined) return true;
  const value = (row[index] ?? null) as Indexed;
  // As keys compare: numbers with numbers, text with text.
  const partOf = (value: Indexed): string =>
    layout.keyPart(index, value) as string;
  if (!isRange(wanted)) return partOf(value) === partOf(wanted);
  const { from = value, to = value } = wanted;
  return value !== null && partOf(value) >= partOf(from) &&
    partOf(value) <= partOf(to);
}

function isRange(wanted: Filter[string] | undefined): wanted is Range {
  return typeof wanted === "object" && wanted !== null;
}
