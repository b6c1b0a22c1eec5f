import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { stub } from "@std/testing/mock";
import { boolean, nullable, object, oneOf, string } from "../../http/schema.ts";
import { resource } from "../../routes/resource.ts";
import { tasks } from "../../routes/tasks.ts";
import { openApp, type TestApp } from "../app.ts";
import { assertProblem, type Wrong } from "../assert_problem.ts";
import {
  create,
  DEFAULTS,
  DONE,
  DUE,
  NOWHERE,
  PRIORITY,
  read,
  type Task,
  type TaskFields,
  TITLE,
} from "../tasks.ts";
import { testResource } from "./resource_contract.ts";

const json = JSON.stringify;

const text = string({ min: 1, max: 500 });

testResource("this template", {
  resource: resource({
    name: "notes",
    title: "Note",
    description: "Short texts.",
    schema: object({
      text,
      color: nullable(oneOf(["red", "blue"]), { default: null }),
      pinned: boolean({ default: false }),
    }),
    indexes: ["pinned"],
  }),
  least: { text: "Hello" },
  fields: { text: "Hello", color: null, pinned: false },
  patch: { text: "Bye", color: "red", pinned: true },
  required: "text",
  preset: "pinned",
  invalid: [
    [{}, "#/text"],
    [{ text: "" }, "#/text"],
    [{ text: "a", size: 1 }, "#/size"],
    [[], "#"],
  ],
});

Deno.test("GET of a list responds with one item where that alone has more than 64 kB", async () => {
  const notes = resource({
    name: "notes",
    title: "Note",
    description: "Long texts.",
    schema: object({ text: string() }),
  });
  await using app = await openApp({ bodyLimit: 100_000 }, [notes]);
  // 40 kB in the store, 80 kB as JSON.
  for (const text of ['"'.repeat(40_000), "short"]) {
    await (await app.send("POST", "/notes", { text })).body?.cancel();
  }

  const lengths: number[] = [];
  for (let next = "/notes"; next !== null;) {
    const page = await (await app.fetch(next)).json();
    lengths.push(page.items.length);
    next = page.next;
  }

  assertEquals(lengths, [1, 1]);
});

// Create, read, change, delete

Deno.test("POST /tasks responds with 201 with the whole task, Location and ETag", async () => {
  await using app = await openApp();

  const response = await app.send("POST", "/tasks", { title: "Write" });

  const { id, createdAt, updatedAt, ...fields } = await response.json();
  assertEquals(response.status, 201);
  assertEquals(response.headers.get("Content-Type"), "application/json");
  assertEquals(response.headers.get("Location"), `/tasks/${id}`);
  assertMatch(response.headers.get("ETag")!, /^"[0-9a-f]{20}"$/);
  assertMatch(id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  assertMatch(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  assertEquals(updatedAt, createdAt);
  assertEquals(fields, { ...DEFAULTS });
});

Deno.test("GET /tasks/:id responds with 200 with the task and its ETag", async () => {
  await using app = await openApp();
  const { task, path, tag } = await create(app);

  const response = await app.fetch(path);

  assertEquals(response.status, 200);
  assertEquals(response.headers.get("ETag"), tag);
  assertEquals(await response.json(), task);
});

Deno.test("PATCH /tasks/:id responds with 200 with the whole task and its new ETag", async () => {
  await using app = await openApp();
  const { task, path, tag } = await create(app);

  const response = await app.send("PATCH", path, { done: true });

  const changed = await response.json();
  assertEquals(response.status, 200);
  assertNotEquals(response.headers.get("ETag"), tag);
  assertEquals(changed, { ...task, done: true, updatedAt: changed.updatedAt });
  assert(changed.updatedAt >= task.updatedAt);
  const found = await app.fetch(path);
  assertEquals(found.headers.get("ETag"), response.headers.get("ETag"));
  assertEquals(await found.json(), changed);
});

Deno.test("PATCH /tasks/:id keeps the ETag and the task where the patch is empty", async () => {
  await using app = await openApp();
  const { task, path, tag } = await create(app);

  const response = await app.send("PATCH", path, {});

  assertEquals(response.status, 200);
  assertEquals(response.headers.get("ETag"), tag);
  assertEquals(await response.json(), task);
});

Deno.test("DELETE /tasks/:id responds with 204 with an empty body, and 404 the second time", async () => {
  await using app = await openApp();
  const { path } = await create(app);

  const first = await app.fetch(path, { method: "DELETE" });
  const second = await app.fetch(path, { method: "DELETE" });

  assertEquals(first.status, 204);
  assertEquals(first.body, null);
  assertEquals(first.headers.get("Content-Type"), null);
  await assertProblem(second, 404, "not-found");
  await assertProblem(await app.fetch(path), 404, "not-found");
});

// The body

const BROKEN = ["", " ", "{", '{"title":}', "{'title':1}", "title=a", "[1,]"];

for (const body of BROKEN) {
  Deno.test(`POST and PATCH respond with 400 for ${json(body)}`, async () => {
    await using app = await openApp();
    const { path } = await create(app);

    const created = await app.send("POST", "/tasks", body);
    const changed = await app.send("PATCH", path, body);

    await assertProblem(created, 400, "invalid-json");
    await assertProblem(changed, 400, "invalid-json");
  });
}

const POST = "application/json";
const PATCH = "application/merge-patch+json, application/json";

const TYPES: [type: string, post: number, patch: number][] = [
  ["application/json", 201, 200],
  ["Application/JSON; Charset=UTF-8", 201, 200],
  ['application/json;charset="utf-8"', 201, 200],
  ["application/merge-patch+json", 415, 200],
  ["application/json; charset=iso-8859-1", 415, 415],
  ["application/json-patch+json", 415, 415],
  ["application/jsonp", 415, 415],
  ["application/json, text/plain", 415, 415],
  // These three slip past preflights.
  ["text/plain", 415, 415],
  ["application/x-www-form-urlencoded", 415, 415],
  ["multipart/form-data; boundary=a", 415, 415],
  ["text/plain; a=application/json", 415, 415],
  ["", 415, 415],
];

for (const [type, post, patch] of TYPES) {
  Deno.test(`POST responds with ${post} and PATCH ${patch} for the type "${type}"`, async () => {
    await using app = await openApp();
    const { path } = await create(app);
    const headers = { "Content-Type": type };

    const created = await app.send("POST", "/tasks", '{"title":"a"}', headers);
    const changed = await app.send("PATCH", path, '{"title":"a"}', headers);

    assertEquals([created.status, changed.status], [post, patch]);
    if (post === 415) {
      assertEquals(created.headers.get("Accept-Post"), POST);
      await assertProblem(created, 415, "unsupported-media-type");
    }
    if (patch === 415) {
      assertEquals(changed.headers.get("Accept-Patch"), PATCH);
      await assertProblem(changed, 415, "unsupported-media-type");
    }
  });
}

Deno.test("POST /tasks responds with 415 to a compressed body, and lists what it accepts", async () => {
  await using app = await openApp();

  const response = await app.send("POST", "/tasks", { title: "a" }, {
    "Content-Encoding": "gzip",
  });

  assertEquals(response.headers.get("Accept-Encoding"), "identity");
  await assertProblem(response, 415, "unsupported-media-type");
});

// Paths and methods

const IDS: [id: string, status: 400 | 404][] = [
  ["1", 404],
  ["01JD4Z3W6Q8R9TB2CVN5XKYM7", 404],
  ["01JD4Z3W6Q8R9TB2CVN5XKYM7PP", 404],
  ["81JD4Z3W6Q8R9TB2CVN5XKYM7P", 404],
  ["01jd4z3w6q8r9tb2cvn5xkym7p", 404],
  ["01JD4Z3W6Q8R9TB2CVN5XKYM7U", 404],
  ["01JD4Z3W6Q8R9TB2CVN5XKYM7P", 404],
  ["x".repeat(5000), 404],
  ["__proto__", 404],
  ["constructor", 404],
  ["%00", 404],
  ["%2e%2e%2fping", 404],
  ["%E2%80%AE", 404],
  ["a%20b", 404],
  ["%", 400],
  ["%zz", 400],
  ["%ff", 400],
  ["%ED%A0%80", 400],
];

for (const [id, status] of IDS) {
  Deno.test(`GET, PATCH and DELETE /tasks/${id.slice(0, 40)} respond with ${status}`, async () => {
    await using app = await openApp();
    const type = status === 400 ? "invalid-path" : "not-found";

    for (const method of ["GET", "PATCH", "DELETE"]) {
      const response = method === "PATCH"
        ? await app.send(method, `/tasks/${id}`, {})
        : await app.fetch(`/tasks/${id}`, { method });
      await assertProblem(response, status, type);
    }
  });
}

const METHODS: [path: string, allow: string, refused: string[]][] = [
  ["/tasks", "GET, HEAD, OPTIONS, POST", ["PUT", "PATCH", "DELETE", "patch"]],
  [NOWHERE, "DELETE, GET, HEAD, OPTIONS, PATCH", ["PUT", "POST", "QUERY"]],
  ["/tasks/events", "GET, HEAD, OPTIONS", ["POST", "PATCH", "DELETE"]],
];

for (const [path, allow, refused] of METHODS) {
  Deno.test(`OPTIONS ${path} responds with 204, and other methods 405, with Allow`, async () => {
    await using app = await openApp();

    const options = await app.fetch(path, { method: "OPTIONS" });

    assertEquals([options.status, options.body], [204, null]);
    assertEquals(options.headers.get("Allow"), allow);
    for (const method of refused) {
      const response = await app.fetch(path, { method });
      assertEquals(response.headers.get("Allow"), allow);
      await assertProblem(response, 405, "method-not-allowed");
    }
  });
}

for (const path of ["/tasks/", "/Tasks", "//tasks", "/tasks//events", "/x"]) {
  Deno.test(`GET ${path} responds with 404 and names the documentation`, async () => {
    await using app = await openApp();

    const response = await app.fetch(path);

    assertMatch((await response.clone().json()).detail, /\/docs/);
    await assertProblem(response, 404, "not-found");
  });
}

Deno.test("HEAD responds with as GET does, without the body", async () => {
  await using app = await openApp();
  const { path, tag } = await create(app);
  const unlike = ["x-request-id", "x-process-time", "server-timing"];

  for (const target of ["/tasks", "/tasks?limit=1", path]) {
    const get = await app.fetch(target);
    const head = await app.fetch(target, { method: "HEAD" });

    const body = await get.bytes();
    assertEquals([head.status, head.body], [200, null]);
    assertEquals(head.headers.get("Content-Length"), String(body.length));
    head.headers.delete("Content-Length");
    const names = (headers: Headers): [string, string][] =>
      [...headers].filter(([name]) => !unlike.includes(name));
    assertEquals(names(head.headers), names(get.headers));
  }
  const unchanged = await app.fetch(path, {
    method: "HEAD",
    headers: { "If-None-Match": tag },
  });
  assertEquals(unchanged.status, 304);
});

// Conditional requests. TAG stands for the current tag.

const CONDITIONS: [value: string, matches: boolean | "malformed"][] = [
  ["TAG", true],
  ["W/TAG", true],
  ["*", true],
  ['"x", TAG', true],
  ['TAG,"x"', true],
  ['W/"x",W/TAG', true],
  [', ,"x",,TAG,', true],
  ['"x"', false],
  ['W/"x"', false],
  ['"*"', false],
  ['""', false],
  ['"x", "y"', false],
  ["", "malformed"],
  ["x", "malformed"],
  ['"x', "malformed"],
  ["w/TAG", "malformed"],
  ["W/ TAG", "malformed"],
  ["*, TAG", "malformed"],
  ['"x" TAG', "malformed"],
  ["'x'", "malformed"],
];

const MALFORMED = 'Must be "*" or entity tags in double quotes, such as "0001"';

for (const [value, matches] of CONDITIONS) {
  Deno.test(
    `If-None-Match: ${value} ${
      matches === true
        ? "responds with 304"
        : matches
        ? "is malformed"
        : "responds with 200"
    }`,
    async () => {
      await using app = await openApp();
      const { path, tag } = await create(app);
      const headers = { "If-None-Match": value.replaceAll("TAG", tag) };

      const response = await app.fetch(path, { headers });

      if (matches === "malformed") {
        return await assertProblem(response, 400, "invalid-header", {
          "If-None-Match": MALFORMED,
        });
      }
      assertEquals(response.status, matches ? 304 : 200);
      assertEquals(response.headers.get("ETag"), tag);
      assertEquals(response.body === null, matches);
      assertEquals(response.headers.has("Content-Type"), !matches);
    },
  );

  Deno.test(
    `If-Match: ${value} ${
      matches === true
        ? "lets a write through"
        : matches
        ? "is malformed"
        : "responds with 412"
    }`,
    async () => {
      await using app = await openApp();
      const one = await create(app);
      const headers = { "If-Match": value.replaceAll("TAG", one.tag) };
      const changed = await app.send(
        "PATCH",
        one.path,
        { done: true },
        headers,
      );
      const two = await create(app);
      headers["If-Match"] = value.replaceAll("TAG", two.tag);
      const deleted = await app.fetch(two.path, { method: "DELETE", headers });

      assertEquals(
        [changed.status, deleted.status],
        {
          true: [200, 204],
          false: [412, 412],
          malformed: [400, 400],
        }[`${matches}`],
      );
      if (matches === true) return await changed.body?.cancel();

      for (const response of [changed, deleted]) {
        await (matches
          ? assertProblem(response, 400, "invalid-header", {
            "If-Match": MALFORMED,
          })
          : assertProblem(response, 412, "version-mismatch"));
      }
      for (const { path, task, tag } of [one, two]) {
        const found = await app.fetch(path);
        assertEquals(found.headers.get("ETag"), tag);
        assertEquals(await found.json(), task);
      }
    },
  );
}

// Each condition counts for each method (RFC 9110, 13.2.2).
const CROSSED: [
  method: string,
  conditions: { "If-Match"?: string; "If-None-Match"?: string },
  status: number,
][] = [
  ["GET", { "If-Match": "TAG" }, 200],
  ["GET", { "If-Match": '"x"' }, 412],
  ["HEAD", { "If-Match": '"x"' }, 412],
  ["GET", { "If-Match": "x" }, 400],
  ["GET", { "If-Match": "TAG", "If-None-Match": "TAG" }, 304],
  ["GET", { "If-Match": '"x"', "If-None-Match": "TAG" }, 412],
  ["PATCH", { "If-None-Match": '"x"' }, 200],
  ["PATCH", { "If-None-Match": "W/TAG" }, 412],
  ["PATCH", { "If-None-Match": "*" }, 412],
  ["PATCH", { "If-None-Match": "x" }, 400],
  ["PATCH", { "If-Match": "TAG", "If-None-Match": '"x"' }, 200],
  ["PATCH", { "If-Match": '"x"', "If-None-Match": '"x"' }, 412],
  ["DELETE", { "If-None-Match": '"x"' }, 204],
  ["DELETE", { "If-None-Match": "TAG" }, 412],
  ["DELETE", { "If-None-Match": "*" }, 412],
];

for (const [method, conditions, status] of CROSSED) {
  Deno.test(`${method} with ${JSON.stringify(conditions)} responds with ${status}`, async () => {
    await using app = await openApp();
    const { path, tag } = await create(app);
    const headers = Object.fromEntries(
      Object.entries(conditions).map(([name, value]) => [
        name,
        value.replace("TAG", tag),
      ]),
    );

    const response = method === "PATCH"
      ? await app.send(method, path, { done: true }, headers)
      : await app.fetch(path, { method, headers });

    assertEquals(response.status, status);
    const text = await response.text();
    if (status === 412 && method !== "HEAD") {
      const verb = method === "GET" ? "read" : "write";
      assertMatch(JSON.parse(text).detail, new RegExp(`^Cannot ${verb} the`));
    }
    const found = await app.fetch(path);
    await found.body?.cancel();
    const isWritten = method === "PATCH" && status === 200;
    assertEquals(found.status, status === 204 ? 404 : 200);
    if (found.ok) assertEquals(found.headers.get("ETag") !== tag, isWritten);
  });
}

Deno.test("a condition on a task that does not exist responds with 404", async () => {
  await using app = await openApp();

  for (const value of ["*", '"x"']) {
    const match = { "If-Match": value };
    const responses = [
      await app.fetch(NOWHERE, { headers: { "If-None-Match": value } }),
      await app.send("PATCH", NOWHERE, {}, match),
      await app.fetch(NOWHERE, { method: "DELETE", headers: match }),
    ];
    for (const response of responses) {
      await assertProblem(response, 404, "not-found");
    }
  }
});

Deno.test("PATCH /tasks/:id checks the body before the condition (RFC 9110, 13.2.1)", async () => {
  await using app = await openApp();
  const { path } = await create(app);

  const response = await app.send("PATCH", path, { done: 1 }, {
    "If-Match": '"x"',
  });

  await assertProblem(response, 422, "invalid-body", { "#/done": DONE });
});

Deno.test("writers that race without If-Match lose no field of each other", async () => {
  await using app = await openApp();
  const { path, task } = await create(app);
  const fields: Partial<TaskFields> = {
    title: "Read",
    description: "All of it",
    priority: "high",
    done: true,
    dueOn: "2026-02-28",
  };

  const statuses = await Promise.all(
    Object.entries(fields).map(async ([name, value]) => {
      const response = await app.send("PATCH", path, { [name]: value });
      await response.body?.cancel();
      return response.status;
    }),
  );

  assertEquals(new Set(statuses), new Set([200]));
  const { updatedAt, ...found } = await read(app, path);
  assertEquals({ ...found, updatedAt }, { ...task, ...fields, updatedAt });
});

Deno.test("exactly one of ten writers that race with If-Match wins", async () => {
  await using app = await openApp();
  const { path, tag } = await create(app);

  const responses = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const title = `Writer ${index}`;
      const headers = { "If-Match": tag };
      const response = await app.send("PATCH", path, { title }, headers);
      await response.body?.cancel();
      return { title, status: response.status };
    }),
  );

  const [winner, ...others] = responses.filter(({ status }) => status === 200);
  assertEquals(others, []);
  assertEquals(responses.filter(({ status }) => status === 412).length, 9);
  assertEquals((await read(app, path)).title, winner!.title);
});

Deno.test("a DELETE and a PATCH that race with If-Match do not both win", async () => {
  await using app = await openApp();
  const { path, tag } = await create(app);
  const headers = { "If-Match": tag };

  const [changed, deleted] = await Promise.all([
    app.send("PATCH", path, { done: true }, headers),
    app.fetch(path, { method: "DELETE", headers }),
  ]);

  await changed.body?.cancel();
  await deleted.body?.cancel();
  assert(
    changed.status === 200 && deleted.status === 412 ||
      changed.status === 404 && deleted.status === 204,
    `${changed.status} and ${deleted.status}`,
  );
});

Deno.test("a write that loses every race responds with 409", async () => {
  await using app = await openApp();
  const { path, tag } = await create(app);
  using _random = stub(Math, "random", () => 0);
  using _commit = stub(
    Deno.AtomicOperation.prototype,
    "commit",
    () => Promise.resolve({ ok: false }),
  );

  const responses = [
    await app.send("POST", "/tasks", { title: "Write" }),
    await app.send("PATCH", path, { done: true }),
    await app.fetch(path, { method: "DELETE" }),
  ];

  for (const response of responses) {
    await assertProblem(response, 409, "conflict");
  }
  assertEquals((await app.fetch(path)).headers.get("ETag"), tag);
});

// Lists

interface Page {
  items: Task[];
  next: string | null;
  nextCursor: string | null;
}

const NOTHING = { items: [], next: null, nextCursor: null };

/** Reads a list to its end. `between` runs beside the reading of each next page. */
async function walk(
  app: TestApp,
  path: string,
  between?: (page: Page) => Promise<unknown>,
): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let next: string | null = path; next !== null;) {
    const response = await app.fetch(next);
    const page: Page = await response.json();
    assertEquals(response.status, 200);
    assertEquals(
      response.headers.get("Link"),
      page.next === null ? null : `<${page.next}>; rel="next"`,
    );
    tasks.push(...page.items);
    next = page.next;
    if (next !== null) await between?.(page);
  }
  return tasks;
}

/** Three tasks of each kind, newest first. */
async function seed(app: TestApp, times = 3): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let time = 0; time < times; time++) {
    for (const done of [true, false]) {
      for (const priority of ["low", "medium", "high"] as const) {
        const dueOn = priority === "high" ? "2026-02-28" : null;
        tasks.unshift((await create(app, { done, priority, dueOn })).task);
      }
    }
  }
  return tasks;
}

const FILTERS: [query: string, matches: (task: Task) => boolean][] = [
  ["", () => true],
  ["done=true", ({ done }) => done],
  ["done=false", ({ done }) => !done],
  ["priority=low", ({ priority }) => priority === "low"],
  ["priority=medium", ({ priority }) => priority === "medium"],
  ["priority=high", ({ priority }) => priority === "high"],
  ["done=true&priority=low", (task) => task.done && task.priority === "low"],
  [
    "priority=high&done=false",
    (task) => !task.done && task.priority === "high",
  ],
  ["dueOn=2026-02-28", ({ dueOn }) => dueOn === "2026-02-28"],
  ["dueOn=null", ({ dueOn }) => dueOn === null],
  [
    "dueOn=null&done=true&priority=low",
    (task) => task.dueOn === null && task.done && task.priority === "low",
  ],
];

for (const [query, matches] of FILTERS) {
  Deno.test(`GET /tasks?${query} lists newest first, in pages of any size`, async () => {
    await using app = await openApp();
    const expected = (await seed(app)).filter(matches);

    for (const limit of ["", "limit=1", "limit=2", "limit=3", "limit=100"]) {
      const search = [query, limit].filter((part) => part !== "").join("&");
      assertEquals(await walk(app, `/tasks?${search}`), expected);
    }
  });
}

const DATES = ["2026-12-31", null, "2026-01-31", "2027-01-01", "2026-01-31"];

const IN_ORDER: [query: string, matches: (task: Task) => boolean][] = [
  ["sort=dueOn", () => true],
  ["sort=-dueOn", () => true],
  ["sort=-dueOn&done=true", ({ done }) => done],
  [
    "done=false&dueOnTo=2026-12-31&sort=dueOn",
    ({ done, dueOn }) => !done && dueOn !== null && dueOn <= "2026-12-31",
  ],
  ["dueOnFrom=2026-02-01", ({ dueOn }) => (dueOn ?? "") >= "2026-02-01"],
  [
    "dueOnFrom=2026-01-31&dueOnTo=2026-01-31",
    (task) => task.dueOn === "2026-01-31",
  ],
  ["dueOnFrom=2027-01-02&dueOnTo=2026-01-31&sort=-dueOn", () => false],
  ["dueOn=null&sort=dueOn", ({ dueOn }) => dueOn === null],
  ["dueOn=2026-01-31&sort=-dueOn", ({ dueOn }) => dueOn === "2026-01-31"],
];

/** Sorts as the query says; tasks without a date come last. */
function inOrder(tasks: readonly Task[], query: string): Task[] {
  const isDescending = query.includes("sort=-");
  const placeOf = ({ id, dueOn }: Task): string => `${dueOn ?? ""}${id}`;
  const sorted = tasks.toSorted((a, b) => placeOf(a) < placeOf(b) ? -1 : 1);
  if (isDescending) sorted.reverse();
  const { dated = [], undated = [] } = Object.groupBy(
    sorted,
    ({ dueOn }) => dueOn === null ? "undated" : "dated",
  );
  return [...dated, ...undated];
}

for (const [query, matches] of IN_ORDER) {
  Deno.test(`GET /tasks?${query} lists in order, in pages of any size`, async () => {
    await using app = await openApp();
    const tasks: Task[] = [];
    for (let n = 0; n < 23; n++) {
      const fields = { dueOn: DATES[n % 5]!, done: n % 3 === 0 };
      tasks.push((await create(app, fields)).task);
    }
    const expected = inOrder(tasks.filter(matches), query);

    for (const limit of [1, 4, 100]) {
      const path = `/tasks?${query}&limit=${limit}`;
      assertEquals(await walk(app, path), expected);
    }
  });
}

Deno.test("GET /tasks follows nextCursor with the same query", async () => {
  await using app = await openApp();
  const query = "dueOnFrom=2026-01-01&limit=2";
  await seed(app);

  const { next, nextCursor } = await read<Page>(app, `/tasks?${query}`);
  const path = `/tasks?${query}&cursor=${nextCursor}`;

  assertEquals(await read(app, path), await read(app, next!));
});

for (const value of ['"2030-01-01"', '""', "7", "true", "null"]) {
  Deno.test(`GET /tasks has no error for a cursor that was made elsewhere, at ${value}`, async () => {
    await using app = await openApp();
    await seed(app);
    const from = '{"dueOn":{"from":"2026-01-01"}}';
    const order = '{"index":"dueOn","descending":false}';
    const id = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
    const cursor = btoa(`${id}[${value},${from},${order}]`)
      .replaceAll("=", "");

    const path = `/tasks?dueOnFrom=2026-01-01&cursor=${cursor}`;
    const { items } = await read<Page>(app, path);

    assert(items.every(({ dueOn }) => dueOn === "2026-02-28"));
  });
}

Deno.test("GET /tasks has the next page in the body and in Link, and not after the last", async () => {
  await using app = await openApp();
  await seed(app);

  const response = await app.fetch("/tasks?priority=high&limit=2&done=false");
  const { items, next, nextCursor } = await response.json();
  const last = await app.fetch(next);

  assertEquals(items.length, 2);
  assertMatch(
    next,
    /^\/tasks\?priority=high&limit=2&done=false&cursor=[\w-]+$/,
  );
  assertEquals(next.split("&cursor=")[1], nextCursor);
  assertEquals(response.headers.get("Link"), `<${next}>; rel="next"`);
  const { items: rest, ...end } = await last.json();
  assertEquals(rest.length, 1);
  assertEquals(end, { next: null, nextCursor: null });
  assertEquals(last.headers.get("Link"), null);
});

Deno.test("GET /tasks ends a page at 64 kB, in any order", async () => {
  await using app = await openApp();
  const description = "x".repeat(2000);
  for (let count = 0; count < 40; count++) await create(app, { description });

  for (const order of ["", "&sort=dueOn"]) {
    const { items } = await read<Page>(app, `/tasks?limit=100${order}`);
    const all = await walk(app, `/tasks?limit=100${order}`);

    assertEquals(items.length, 20);
    assertEquals(all.slice(0, 20), items);
    assertEquals(new Set(all.map(({ id }) => id)).size, 40);
  }
});

Deno.test("GET /tasks responds with 20 tasks where no limit is set, and with none of none", async () => {
  await using app = await openApp();

  const empty = await read<Page>(app, "/tasks");
  await seed(app, 4);
  const full = await read<Page>(app, "/tasks");

  assertEquals(empty, NOTHING);
  assertEquals(full.items.length, 20);
  assertMatch(full.next!, /^\/tasks\?limit=20&cursor=/);
});

const SORT = "Must be dueOn or -dueOn";
const WHOLE = "Must be a whole number from 1 to 100";
const NOT_A_PARAMETER = `Unknown parameter: use ${
  [
    ...tasks.indexes.flatMap((name) =>
      tasks.ordered.includes(name) ? [name, `${name}From`, `${name}To`] : name
    ),
    ...["sort", "limit", "cursor"],
  ].join(", ")
}`;
const ONCE = "Must be given once";

const QUERIES: [query: string, wrong: Wrong][] = [
  ["limit=0", { "?limit": WHOLE }],
  ["limit=101", { "?limit": WHOLE }],
  ["limit=-1", { "?limit": WHOLE }],
  ["limit=1.5", { "?limit": WHOLE }],
  ["limit=1e1", { "?limit": WHOLE }],
  ["limit=01", { "?limit": WHOLE }],
  ["limit=+1", { "?limit": WHOLE }],
  ["limit=", { "?limit": WHOLE }],
  ["limit=1%0A", { "?limit": WHOLE }],
  [`limit=${"9".repeat(400)}`, { "?limit": WHOLE }],
  ["done=yes", { "?done": DONE }],
  ["done=", { "?done": DONE }],
  ["done=TRUE", { "?done": DONE }],
  ["priority=urgent", { "?priority": PRIORITY }],
  ["priority=low,high", { "?priority": PRIORITY }],
  ["dueOn=2026-02-30", { "?dueOn": DUE }],
  ["dueOn=", { "?dueOn": DUE }],
  ["cursor=", { "?cursor": "Must not be empty" }],
  ["sort=title", { "?sort": SORT }],
  ["order=title", { "?order": NOT_A_PARAMETER }],
  ["Done=true", { "?Done": NOT_A_PARAMETER }],
  ["__proto__=1", { "?__proto__": NOT_A_PARAMETER }],
  ["done=true&done=true", { "?done": ONCE }],
  ["limit=1&limit=2", { "?limit": ONCE }],
  ["sort=a&sort=b", { "?sort": ONCE }],
  ["limit=0&sort=a&done=&priority=low&priority=low", {
    "?limit": WHOLE,
    "?sort": SORT,
    "?done": DONE,
    "?priority": ONCE,
  }],
];

for (const [query, wrong] of QUERIES) {
  Deno.test(`GET /tasks?${query.slice(0, 60)} responds with 422 and names the parameter`, async () => {
    await using app = await openApp();

    const response = await app.fetch(`/tasks?${query}`);

    await assertProblem(response, 422, "invalid-query", wrong);
  });
}

Deno.test("GET /tasks takes a limit of 1 and of 100, and a question mark with nothing", async () => {
  await using app = await openApp();

  for (const target of ["/tasks?limit=1", "/tasks?limit=100", "/tasks?"]) {
    assertEquals(await read<Page>(app, target), NOTHING);
  }
});

Deno.test("a cursor is bound to its filters, and to nothing else", async () => {
  await using app = await openApp();
  await seed(app);
  const cursors = await Promise.all(FILTERS.map(async ([query]) => {
    const { next } = await read<Page>(app, `/tasks?${query}&limit=1`);
    return new URLSearchParams(next!.split("?")[1]).get("cursor")!;
  }));

  for (const [from, cursor] of cursors.entries()) {
    for (const [to, [query]] of FILTERS.entries()) {
      const path = `/tasks?${query}&limit=7&cursor=${cursor}`;
      const response = await app.fetch(path);
      if (from === to) {
        assertEquals((await response.json()).items.length > 0, true);
      } else await assertProblem(response, 400, "invalid-cursor");
    }
  }
});

const CURSORS = [
  "x",
  "*",
  "%00",
  "null",
  "01JD4Z3W6Q8R9TB2CVN5XKYM7P",
  btoa("01JD4Z3W6Q8R9TB2CVN5XKYM7P"),
  btoa("01JD4Z3W6Q8R9TB2CVN5XKYM7P..x"),
  btoa("01JD4Z3W6Q8R9TB2CVN5XKYM7P.true."),
  "A".repeat(10_000),
];

for (const cursor of CURSORS) {
  Deno.test(`GET /tasks responds with 400 for the cursor ${cursor.slice(0, 50)}`, async () => {
    await using app = await openApp();

    const response = await app.fetch(`/tasks?cursor=${cursor}`);

    await assertProblem(response, 400, "invalid-cursor");
  });
}

Deno.test("a cursor survives the deletion of the task that it points at", async () => {
  await using app = await openApp();
  const tasks = await seed(app);
  const { items, next } = await read<Page>(app, "/tasks?limit=5");

  for (const { id } of items) {
    await app.fetch(`/tasks/${id}`, { method: "DELETE" });
  }

  assertEquals(await walk(app, next!), tasks.slice(5));
});

for (const query of ["limit=3", "limit=2&done=false&priority=high"]) {
  Deno.test(`a walk over /tasks?${query} never skips or repeats while others write`, async () => {
    await using app = await openApp();
    const tasks = await seed(app, 5);
    const matches = query.includes("high")
      ? ({ done, priority }: Task): boolean => !done && priority === "high"
      : (): boolean => true;
    const all = tasks.filter(matches);
    // The last of each page goes, so every cursor points at what is not there.
    const gone = new Set<string>();

    const seen = await walk(app, `/tasks?${query}`, async ({ items }) => {
      const { id } = items.at(-1)!;
      gone.add(id);
      const later = all.find((task) =>
        task.id < id && !gone.has(task.id) && task.id !== all.at(-1)!.id
      );
      if (later) gone.add(later.id);
      await Promise.all([
        create(app, { done: false, priority: "high" }),
        app.fetch(`/tasks/${id}`, { method: "DELETE" }),
        later && app.fetch(`/tasks/${later.id}`, { method: "DELETE" }),
        app.send("PATCH", `/tasks/${all.at(-1)!.id}`, { title: "Changed" }),
      ]);
    });

    const ids = seen.map(({ id }) => id);
    assertEquals(ids, [...new Set(ids)].sort().reverse());
    const stayed = all.map(({ id }) => id).filter((id) => !gone.has(id));
    assertEquals(stayed.filter((id) => !ids.includes(id)), []);
    assert(stayed.length >= 2 && gone.size >= 2);
  });
}

// Creating safely

/** Everything that must be the same in a repeated response. */
async function essence(response: Response): Promise<unknown> {
  const { status, headers } = response;
  const names = ["Location", "ETag", "Content-Type"];
  return {
    status,
    headers: names.map((name) => headers.get(name)),
    body: await response.text(),
  };
}

Deno.test("POST /tasks repeats its first response for the same key and body, whatever became of the task", async () => {
  await using app = await openApp();
  const key = { "Idempotency-Key": '"8e03978e"' };
  const post = (): Promise<Response> =>
    app.send("POST", "/tasks", { title: "Write" }, key);
  const first = await post();
  const path = first.headers.get("Location")!;
  const expected = await essence(first);

  const again = await essence(await post());
  await (await app.send("PATCH", path, { done: true })).body?.cancel();
  const changed = await essence(await post());
  await app.fetch(path, { method: "DELETE" });
  const deleted = await essence(await post());

  assertEquals([again, changed, deleted], [expected, expected, expected]);
  assertEquals(await read<Page>(app, "/tasks"), NOTHING);
  const other = await app.send("POST", "/tasks", { title: "Read" }, key);
  await assertProblem(other, 422, "idempotency-key-reused");
});

Deno.test("POST /tasks creates one task for ten equal requests in parallel, with one response", async () => {
  await using app = await openApp();

  const responses = await Promise.all(
    Array.from({ length: 10 }, async () =>
      await essence(
        await app.send("POST", "/tasks", { title: "Write" }, {
          "Idempotency-Key": "8e03978e",
        }),
      )),
  );

  assertEquals(responses, Array(10).fill(responses[0]));
  assertMatch(JSON.stringify(responses[0]), /^\{"status":201,/);
  assertEquals((await read<Page>(app, "/tasks")).items.length, 1);
});

Deno.test("POST /tasks does not keep the key of a request that it rejected", async () => {
  await using app = await openApp();
  const key = { "Idempotency-Key": "8e03978e" };

  const refused = await app.send("POST", "/tasks", { title: "" }, key);
  const created = await app.send("POST", "/tasks", { title: "Write" }, key);

  await assertProblem(refused, 422, "invalid-body", { "#/title": TITLE });
  assertEquals(created.status, 201);
});

const KEYS: [one: string, other: string, same: boolean][] = [
  ['"8e03978e"', "8e03978e", true],
  ["8e03978e", "8e03978e", true],
  [String.raw`"a\"b\\c"`, String.raw`"a\"b\\c"`, true],
  ["8e03978e", "8E03978E", false],
  ['"a b"', '"a  b"', false],
  ["x".repeat(255), "x".repeat(254), false],
];

for (const [one, other, same] of KEYS) {
  Deno.test(
    `the keys ${one.slice(0, 20)} and ${other.slice(0, 20)} are ${
      same ? "the same" : "two"
    }`,
    async () => {
      await using app = await openApp();

      const locations = [];
      for (const key of [one, other]) {
        const response = await app.send("POST", "/tasks", { title: "Write" }, {
          "Idempotency-Key": key,
        });
        await response.body?.cancel();
        assertEquals(response.status, 201);
        locations.push(response.headers.get("Location"));
      }

      assertEquals(locations[0] === locations[1], same);
    },
  );
}

const NO_KEYS = [
  "",
  '""',
  '"a',
  'a"',
  "a b",
  "a,b",
  '"é"',
  "é",
  "x".repeat(256),
];

for (const key of NO_KEYS) {
  Deno.test(`POST /tasks responds with 400 for the Idempotency-Key ${key.slice(0, 20)}`, async () => {
    await using app = await openApp();

    const response = await app.send("POST", "/tasks", { title: "Write" }, {
      "Idempotency-Key": key,
    });

    await assertProblem(response, 400, "invalid-header", {
      "Idempotency-Key":
        'Must be 1 to 255 characters in double quotes, such as "8e03978e"',
    });
    assertEquals((await read<Page>(app, "/tasks")).items, []);
  });
}
