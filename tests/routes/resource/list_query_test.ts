import { assertEquals, assertRejects } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import {
  type ListQuery,
  nextPage,
  readListQuery,
} from "../../../routes/resource/list_query.ts";
import { tasks } from "../../../routes/tasks.ts";

const ID = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";

const DUE = "Must be null or a date that exists, such as 2026-02-28";
const PRIORITY = 'Must be "low", "medium" or "high"';
const LIMIT = "Must be a whole number from 1 to 100";
const ONCE = "Must be given once";
const UNKNOWN = "Unknown parameter: use done, priority, dueOn, limit, cursor";

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
  ["sort=title", "sort", UNKNOWN],
  ["sort=a&sort=b", "sort", UNKNOWN],
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

const FILTERS = [
  "",
  "done=true&",
  "done=false&",
  "priority=low&",
  "priority=high&",
  "done=true&priority=low&",
  "done=false&priority=high&",
  "dueOn=null&",
  "dueOn=2026-02-28&",
  "done=true&priority=low&dueOn=2026-02-28&",
];

for (const [index, filters] of FILTERS.entries()) {
  Deno.test(`nextPage() leads on with the filters "${filters}"`, async () => {
    const query = await readListQuery(
      tasks,
      `http://localhost/tasks?${filters}limit=7`,
    );

    const next = nextPage(tasks, query, ID);

    assertEquals(next.startsWith(`/tasks?${filters}limit=7&cursor=`), true);
    assertEquals(await readListQuery(tasks, `http://localhost${next}`), {
      ...query,
      before: ID,
    });
  });

  Deno.test(`readListQuery() rejects a cursor of "${filters}" with any other filters`, async () => {
    const cursor = await cursorFor(filters);

    for (const others of FILTERS.toSpliced(index, 1)) {
      const problem = await assertRejects(
        () =>
          readListQuery(
            tasks,
            `http://localhost/tasks?${others}cursor=${cursor}`,
          ),
        Problem,
        'Invalid cursor: start from the first page, without "cursor"',
      );
      assertEquals(problem.type, "invalid-cursor");
    }
  });
}

Deno.test("readListQuery() takes a cursor with another limit", async () => {
  const url = `http://localhost/tasks?limit=3&cursor=${await cursorFor("")}`;

  assertEquals(await readListQuery(tasks, url), {
    filter: {},
    limit: 3,
    before: ID,
  });
});

Deno.test("nextPage() writes a cursor that needs no escape", async () => {
  assertEquals(
    /^[\w-]+$/.test(await cursorFor("done=true&priority=high&")),
    true,
  );
});

/** What was not written by us, or not like this. */
const FORGED: [name: string, cursor: string][] = [
  ["not Base64", "%21"],
  ["one character", "a"],
  ["nothing but padding", "="],
  ["with padding", `${await cursorFor("")}=`],
  [
    "with white space",
    `${(await cursorFor("")).slice(0, 4)}%20${(await cursorFor("")).slice(4)}`,
  ],
  ["cut off", (await cursorFor("")).slice(0, -2)],
  ["longer", `${await cursorFor("")}AAAA`],
  ["with loose bits at its end", base64(`${ID}{}`).replace(/.$/, "v")],
  ["an id alone", base64(ID)],
  ["an id in lower case", base64(`${ID.toLowerCase()}{}`)],
  ["an id that is too short", base64(`${ID.slice(1)}{}`)],
  ["an id that is too long", base64(`${ID}0{}`)],
  ["of other filters", base64(`${ID}{"done":"yes"}`)],
  ["with a mark of order before the id", base64(`\ufeff${ID}{}`)],
  ["bytes that are not UTF-8", "_____w"],
  ["very long", base64(`${ID}{}`.repeat(2_000))],
];

for (const [name, cursor] of FORGED) {
  Deno.test(`readListQuery() rejects a cursor that is ${name}`, async () => {
    const problem = await assertRejects(
      () => readListQuery(tasks, `http://localhost/tasks?cursor=${cursor}`),
      Problem,
    );

    assertEquals(problem.type, "invalid-cursor");
    assertEquals(problem.status, 400);
  });
}

async function cursorFor(filters: string): Promise<string> {
  const query = await readListQuery(tasks, `http://localhost/tasks?${filters}`);
  return new URL(nextPage(tasks, query, ID), "http://localhost").searchParams
    .get("cursor")!;
}

function base64(text: string): string {
  return new TextEncoder().encode(text)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
