import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  boolean,
  date,
  dateTime,
  integer,
  nullable,
  number,
  object,
} from "../../../http/schema.ts";
import { Problem } from "../../../http/problem.ts";
import {
  type ListQuery,
  nextPage,
  readListQuery,
} from "../../../routes/resource/list_query.ts";
import { resource } from "../../../routes/resource/declaration.ts";
import { tasks } from "../../../routes/tasks.ts";
import type { Position } from "../../../store/collection.ts";
import { DUE, PRIORITY } from "../../tasks.ts";

const URL_HERE = "http://localhost/tasks";
const ID = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";

const LIMIT = "Must be a whole number from 1 to 100";
const ONCE = "Must be given once";
const SORT = "Must be dueOn or -dueOn";
const UNKNOWN =
  "Unknown parameter: use done, priority, dueOn, dueOnFrom, dueOnTo, sort, limit, cursor";

const READ: [query: string, read: Partial<ListQuery>][] = [
  ["", {}],
  ["?", {}],
  ["?&", {}],
  ["?limit=1", { limit: 1 }],
  ["?limit=99", { limit: 99 }],
  ["?limit=100", { limit: 100 }],
  ["?done=true", { filter: { done: true } }],
  ["?done=false", { filter: { done: false } }],
  ["?priority=low", { filter: { priority: "low" } }],
  ["?priority=medium", { filter: { priority: "medium" } }],
  ["?dueOn=null", { filter: { dueOn: null } }],
  ["?dueOn=2026-02-28", { filter: { dueOn: "2026-02-28" } }],
  ["?priority=high&done=true", { filter: { done: true, priority: "high" } }],
  ["?%64one=t%72ue", { filter: { done: true } }],
  ["?sort=dueOn", { order: { index: "dueOn", descending: false } }],
  ["?sort=-dueOn", { order: { index: "dueOn", descending: true } }],
  ["?sort=dueOn&dueOn=null&limit=1", {
    filter: { dueOn: null },
    order: { index: "dueOn", descending: false },
    limit: 1,
  }],
  ["?dueOnFrom=2026-02-28&dueOnTo=2026-03-31&sort=-dueOn", {
    filter: { dueOn: { from: "2026-02-28", to: "2026-03-31" } },
    order: { index: "dueOn", descending: true },
  }],
  ["?dueOnTo=2026-03-31&done=false", {
    filter: { done: false, dueOn: { to: "2026-03-31" } },
    order: { index: "dueOn", descending: false },
  }],
];

for (const [query, read] of READ) {
  Deno.test(`readListQuery() reads "${query}"`, async () => {
    assertEquals(await readListQuery(tasks, `http://localhost/tasks${query}`), {
      filter: {},
      limit: 20,
      ...read,
    });
  });
}

const REFUSED: [query: string, parameter: string, detail: string][] = [
  ["limit=0", "limit", LIMIT],
  ["limit=101", "limit", LIMIT],
  ["limit=-1", "limit", LIMIT],
  ["limit=1.5", "limit", LIMIT],
  ["limit=1e1", "limit", LIMIT],
  ["limit=0x10", "limit", LIMIT],
  ["limit=010", "limit", LIMIT],
  ["limit=%2010", "limit", LIMIT],
  ["limit=10%0A", "limit", LIMIT],
  ["limit=Infinity", "limit", LIMIT],
  ["limit=", "limit", LIMIT],
  ["limit", "limit", LIMIT],
  [`limit=${"9".repeat(60_000)}`, "limit", LIMIT],
  ["done=yes", "done", "Must be true or false"],
  ["done=TRUE", "done", "Must be true or false"],
  ["done=", "done", "Must be true or false"],
  ["priority=urgent", "priority", PRIORITY],
  ["priority=__proto__", "priority", PRIORITY],
  ["dueOn=2026-02-30", "dueOn", DUE],
  ["dueOn=Null", "dueOn", DUE],
  ["cursor=", "cursor", "Must not be empty"],
  ["done=true&done=true", "done", ONCE],
  ["limit=1&limit=2&limit=3", "limit", ONCE],
  ["cursor=a&cursor=a", "cursor", ONCE],
  ["Done=true", "Done", UNKNOWN],
  ["?limit=1", "?limit", UNKNOWN],
  ["sort=title", "sort", SORT],
  ["sort=done", "sort", SORT],
  ["sort=", "sort", SORT],
  ["sort=--dueOn", "sort", SORT],
  ["sort=a&sort=b", "sort", ONCE],
  ["dueOnFrom=2026-02-30", "dueOnFrom", DUE],
  ["dueOnTo=null", "dueOnTo", DUE],
  ["dueOnTo=", "dueOnTo", DUE],
  ["dueOnTo=2026-02-28&dueOnTo=2026-02-28", "dueOnTo", ONCE],
  [
    "dueOnTo=2026-02-28&dueOn=2026-02-28",
    "dueOnTo",
    "Must not be given together with dueOn",
  ],
  ["doneFrom=true", "doneFrom", UNKNOWN],
  ["dueOnfrom=2026-02-28", "dueOnfrom", UNKNOWN],
  ["=", "", UNKNOWN],
  ["done[]=true", "done[]", UNKNOWN],
  ["__proto__=1", "__proto__", UNKNOWN],
  ["constructor", "constructor", UNKNOWN],
  ["%ff", "\ufffd", UNKNOWN],
  ["a".repeat(60_000), "a".repeat(64), UNKNOWN],
];

for (const [query, parameter, detail] of REFUSED) {
  Deno.test(`readListQuery() rejects "${query.slice(0, 30)}"`, async () => {
    const problem = await assertRejects(
      () => readListQuery(tasks, `http://localhost/tasks?${query}`),
      Problem,
      "Cannot list tasks: 1 parameter is not valid",
    );

    assertEquals(problem.type, "invalid-query");
    assertEquals(problem.errors, [{ parameter, detail }]);
  });
}

Deno.test("readListQuery() reports every parameter that is not valid", async () => {
  const problem = await assertRejects(
    () =>
      readListQuery(
        tasks,
        "http://localhost/tasks?limit=0&a=b&done=1&cursor=x",
      ),
    Problem,
  );

  assertEquals(problem.errors.map(({ parameter }) => parameter), [
    "limit",
    "a",
    "done",
  ]);
});

Deno.test("readListQuery() reads a hundred parameters, and rejects more", async () => {
  const empty = "&".repeat(99);

  assertEquals(
    await readListQuery(tasks, `http://localhost/tasks?${empty}limit=5`),
    {
      filter: {},
      limit: 5,
    },
  );
  await assertRejects(
    () => readListQuery(tasks, `http://localhost/tasks?${empty}&limit=5`),
    Problem,
    "Cannot list tasks: the query has more than 100 parameters",
  );
});

Deno.test("readListQuery() builds a hundred errors for 300,000 parameters", async () => {
  const names = Array.from({ length: 300_000 }, (_, index) => `p${index}`);

  const problem = await assertRejects(
    () => readListQuery(tasks, `http://localhost/tasks?${names.join("&")}`),
    Problem,
  );

  assertEquals(
    problem.errors.map(({ parameter }) => parameter),
    names.slice(0, 100),
  );
});

const notes = resource({
  name: "notes",
  title: "Note",
  description: "",
  schema: object({ rank: integer({ max: 9 }), at: nullable(dateTime()) }),
  indexes: ["rank", "at"],
});

Deno.test("readListQuery() reads ranges of numbers and of times", async () => {
  const query = "rankFrom=-2&rankTo=5&atTo=2026-02-28T08:15:00%2B01:00";

  assertEquals(await readListQuery(notes, `http://localhost/notes?${query}`), {
    filter: {
      rank: { from: -2, to: 5 },
      at: { to: "2026-02-28T08:15:00+01:00" },
    },
    order: { index: "rank", descending: false },
    limit: 20,
  });
  await assertRejects(
    () => readListQuery(notes, "http://localhost/notes?rankFrom=x&atFrom=y"),
    Problem,
    "Cannot list notes: 2 parameters are not valid",
  );
});

Deno.test("readListQuery() reads numbers as JSON writes them", async () => {
  const offers = resource({
    name: "offers",
    title: "Offer",
    description: "",
    schema: object({ price: number() }),
    indexes: ["price"],
  });
  for (const price of [0, -7.5, 1e-7, -1.5e21, Number.MAX_VALUE, 5e-324]) {
    const text = JSON.stringify(price);
    for (const sent of [text, encodeURIComponent(text)]) {
      const url = `http://localhost/offers?price=${sent}`;
      assertEquals((await readListQuery(offers, url)).filter, { price });
    }
  }
});

Deno.test("readListQuery() distinguishes a range from an index with a name like it", async () => {
  const offers = resource({
    name: "offers",
    title: "Offer",
    description: "",
    schema: object({ active: boolean(), activeFrom: date() }),
    indexes: ["active", "activeFrom"],
  });
  const query = "activeFrom=2026-02-28&active=true";

  assertEquals(
    await readListQuery(offers, `http://localhost/offers?${query}`),
    {
      filter: { active: true, activeFrom: "2026-02-28" },
      limit: 20,
    },
  );
});

const POSITION = { id: ID, value: null };

Deno.test("nextPage() keeps the query, and replaces its limit and cursor", async () => {
  const url = "http://localhost/tasks?dueOnTo=2026-02-28&done=t%72ue&limit=7";
  const query = await readListQuery(tasks, url);

  const page = nextPage(URL_HERE, url, query, POSITION);

  const start = "?dueOnTo=2026-02-28&done=true&limit=7&cursor=";
  assertEquals(page.next, URL_HERE + start + page.nextCursor);
  const after = await readListQuery(tasks, page.next);
  assertEquals(after, { ...query, after: POSITION });
  assertEquals(nextPage(URL_HERE, page.next, after, POSITION), page);
});

const LISTS = [
  "",
  "done=true&",
  "done=false&",
  "priority=high&",
  "done=true&priority=low&",
  "dueOn=null&",
  "dueOn=2026-02-28&",
  "dueOnFrom=2026-02-28&",
  "dueOnTo=2026-02-28&",
  "dueOnFrom=2026-02-28&dueOnTo=2026-02-28&",
  "dueOnFrom=2026-02-28&sort=-dueOn&",
  "sort=dueOn&",
  "sort=-dueOn&",
  "sort=dueOn&done=true&",
];
const VALUES = [null, "2026-02-28", 'Löwe 🦁"', 0, -7.5, true];

for (const [index, list] of LISTS.entries()) {
  Deno.test(`readListQuery() takes a cursor of "${list}" with any limit, and with no other list`, async () => {
    for (const value of VALUES) {
      const position = { id: ID, value };
      const cursor = await cursorFor(list, position);

      assertMatch(cursor, /^[\w-]+$/);
      const query = `${list}limit=3&cursor=${cursor}`;
      const { after } = await readListQuery(tasks, `${URL_HERE}?${query}`);
      assertEquals(after, position);
      for (const other of LISTS.toSpliced(index, 1)) {
        await assertInvalid(`${other}cursor=${cursor}`);
      }
    }
  });
}

const CURSOR = await cursorFor("", POSITION);

/** What was not written by us, or not like this. */
const FORGED: [name: string, cursor: string][] = [
  ["not Base64", "%21"],
  ["one character", "a"],
  ["nothing but padding", "="],
  ["with padding", `${CURSOR}=`],
  ["with white space", `${CURSOR.slice(0, 4)}%20${CURSOR.slice(4)}`],
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
  Deno.test(`readListQuery() rejects a cursor that is ${name}`, async () => {
    await assertInvalid(`cursor=${cursor}`);
  });
}

async function assertInvalid(query: string): Promise<void> {
  const problem = await assertRejects(
    () => readListQuery(tasks, `${URL_HERE}?${query}`),
    Problem,
    'Invalid cursor: start from the first page, without "cursor"',
  );
  assertEquals([problem.type, problem.status], ["invalid-cursor", 400]);
}

async function cursorFor(list: string, position: Position): Promise<string> {
  const url = `${URL_HERE}?${list}`;
  const query = await readListQuery(tasks, url);
  return nextPage("/tasks", url, query, position).nextCursor;
}

function base64(text: string): string {
  return new TextEncoder().encode(text)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
