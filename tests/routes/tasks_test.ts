import { assertEquals, assertObjectMatch } from "@std/assert";
import { openApp } from "../app.ts";
import { assertProblem, type Wrong } from "../assert_problem.ts";
import {
  create,
  DEFAULTS,
  DONE,
  DUE,
  PRIORITY,
  read,
  type Task,
  type TaskFields,
  TITLE,
} from "../tasks.ts";

const OBJECT = "Must be a JSON object";
const DESCRIPTION = "Must be a string of up to 2000 characters";
const TEXT = "Must not contain NUL or half of a surrogate pair";
const UNKNOWN = "Unknown field";

const json = JSON.stringify;
const titled = (title: string): string => json({ title });

const INVALID: [body: string, wrong: Wrong][] = [
  ["null", { "#": OBJECT }],
  ["[]", { "#": OBJECT }],
  ['"title"', { "#": OBJECT }],
  ["1e999", { "#": OBJECT }],
  [titled(""), { "#/title": TITLE }],
  [titled(" \t\n"), { "#/title": TITLE }],
  [titled("x".repeat(101)), { "#/title": TITLE }],
  [titled("😀".repeat(101)), { "#/title": TITLE }],
  ['{"title":1e999}', { "#/title": TITLE }],
  ['{"title":["Write"]}', { "#/title": TITLE }],
  ['{"title":"a\\u0000"}', { "#/title": TEXT }],
  ['{"title":"\\ud800"}', { "#/title": TEXT }],
  ['{"title":"\\udc00\\ud800"}', { "#/title": TEXT }],
  ['{"title":"a","title":1}', { "#/title": TITLE }],
  ['{"title":"a","description":"\\ud800"}', { "#/description": TEXT }],
  [json({ title: "a", description: "x".repeat(2001) }), {
    "#/description": DESCRIPTION,
  }],
  ['{"title":"a","priority":"urgent"}', { "#/priority": PRIORITY }],
  ['{"title":"a","priority":"High"}', { "#/priority": PRIORITY }],
  ['{"title":"a","priority":["low"]}', { "#/priority": PRIORITY }],
  ['{"title":"a","done":"yes"}', { "#/done": DONE }],
  ['{"title":"a","done":0}', { "#/done": DONE }],
  ['{"title":"a","dueOn":"2026-02-30"}', { "#/dueOn": DUE }],
  ['{"title":"a","dueOn":"2026-02-29"}', { "#/dueOn": DUE }],
  ['{"title":"a","dueOn":"2026-2-3"}', { "#/dueOn": DUE }],
  ['{"title":"a","dueOn":"2026-13-01"}', { "#/dueOn": DUE }],
  ['{"title":"a","dueOn":"2026-02-28T00:00:00Z"}', { "#/dueOn": DUE }],
  ['{"title":"a","dueOn":""}', { "#/dueOn": DUE }],
  ['{"title":"a","dueOn":20260228}', { "#/dueOn": DUE }],
  ['{"title":"a","id":"1"}', { "#/id": UNKNOWN }],
  ['{"title":"a","createdAt":null}', { "#/createdAt": UNKNOWN }],
  ['{"title":"a","updatedAt":null}', { "#/updatedAt": UNKNOWN }],
  ['{"title":"a","Title":"a"}', { "#/Title": UNKNOWN }],
  ['{"title":"a","__proto__":{"done":true}}', { "#/__proto__": UNKNOWN }],
  ['{"title":"a","constructor":1}', { "#/constructor": UNKNOWN }],
  ['{"title":"a","toString":1}', { "#/toString": UNKNOWN }],
  // RFC 6901: "~" and "/" are escaped, then what a URI fragment cannot have.
  ['{"title":"a","a/b~c d%":1}', { "#/a~1b~0c%20d%25": UNKNOWN }],
  ['{"title":"a","":1}', { "#/": UNKNOWN }],
  ['{"title":"a","\\ud800":1}', { "#/%EF%BF%BD": UNKNOWN }],
  // All errors, in the order of the body.
  ['{"title":"","priority":1,"done":1,"dueOn":1,"x":1,"description":1}', {
    "#/title": TITLE,
    "#/priority": PRIORITY,
    "#/done": DONE,
    "#/dueOn": DUE,
    "#/x": UNKNOWN,
    "#/description": DESCRIPTION,
  }],
];

for (const [body, wrong] of INVALID) {
  const shown = body.length > 60 ? `${body.slice(0, 60)}…` : body;

  Deno.test(`POST and PATCH respond with 422 for ${shown}`, async () => {
    await using app = await openApp();
    const { path, tag } = await create(app);

    const created = await app.send("POST", "/tasks", body);
    const changed = await app.send("PATCH", path, body);

    await assertProblem(created, 422, "invalid-body", wrong);
    await assertProblem(changed, 422, "invalid-body", wrong);
    const { items } = await read<{ items: Task[] }>(app, "/tasks");
    assertEquals(items.length, 1);
    assertEquals((await app.fetch(path)).headers.get("ETag"), tag);
  });
}

Deno.test("POST /tasks responds with 422 where the title is missing, with all other errors", async () => {
  await using app = await openApp();

  await assertProblem(
    await app.send("POST", "/tasks", { done: 1 }),
    422,
    "invalid-body",
    { "#/title": "Required", "#/done": DONE },
  );
});

// In a new task null is a value like any other. In a patch it removes a field
// (RFC 7396): it gets its default, and is missing where it has none.
Deno.test("null is not valid in a new task, and takes a field back to its default in a patch", async () => {
  await using app = await openApp();
  const set = { description: "x", priority: "high", done: true } as const;
  const { path } = await create(app, { ...set, dueOn: "2026-02-28" });
  const nulls = { description: null, priority: null, done: null, dueOn: null };

  const created = await app.send("POST", "/tasks", { title: null, ...nulls });
  const changed = await app.send("PATCH", path, nulls);
  const untitled = await app.send("PATCH", path, { title: null });

  await assertProblem(created, 422, "invalid-body", {
    "#/title": TITLE,
    "#/description": DESCRIPTION,
    "#/priority": PRIORITY,
    "#/done": DONE,
  });
  assertObjectMatch(await changed.json(), DEFAULTS);
  await assertProblem(untitled, 422, "invalid-body", { "#/title": "Required" });
});

const VALID: [body: string, fields: Partial<TaskFields>][] = [
  [titled("  Write \n"), { title: "Write" }],
  [titled("x".repeat(100)), { title: "x".repeat(100) }],
  [titled("😀".repeat(100)), { title: "😀".repeat(100) }],
  [titled(` ${"é".repeat(100)} `), { title: "é".repeat(100) }],
  [titled("\u202e\u2066<b>"), { title: "\u202e\u2066<b>" }],
  [titled("__proto__"), { title: "__proto__" }],
  ['{"title":"\\ud83d\\ude00"}', { title: "😀" }],
  // RFC 8259, 4: names should be unique. As in ECMAScript the last one counts.
  ['{"title":1,"title":"Write"}', { title: "Write" }],
  [json({ title: "a", description: "😀".repeat(2000) }), {
    title: "a",
    description: "😀".repeat(2000),
  }],
  ['{"title":"a","description":" a "}', { title: "a", description: " a " }],
  ['{"title":"a","priority":"low"}', { title: "a", priority: "low" }],
  ['{"title":"a","priority":"high"}', { title: "a", priority: "high" }],
  ['{"title":"a","done":true}', { title: "a", done: true }],
  ['{"title":"a","dueOn":null}', { title: "a" }],
  ['{"title":"a","dueOn":"2028-02-29"}', { title: "a", dueOn: "2028-02-29" }],
  ['\ufeff{"title":"Write"}', {}],
];

for (const [body, expected] of VALID) {
  Deno.test(`POST and PATCH accept ${json(body).slice(0, 60)}`, async () => {
    await using app = await openApp();
    const { path } = await create(app, { title: "Old" });

    const created = await app.send("POST", "/tasks", body);
    const changed = await app.send("PATCH", path, body);

    assertEquals([created.status, changed.status], [201, 200]);
    for (const response of [created, changed]) {
      const { id, createdAt: _at, updatedAt: _changed, ...fields } =
        await response.json();
      assertEquals(fields, { ...DEFAULTS, ...expected });
      const found = await read(app, `/tasks/${id}`);
      assertEquals(found.title, fields.title);
    }
  });
}
