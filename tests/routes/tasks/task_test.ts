import { assertEquals, assertThrows } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../../http/problem.ts";
import { parseNewTask, parseTaskPatch } from "../../../routes/tasks/task.ts";

const DEFAULTS = {
  title: "Write",
  description: "",
  priority: "medium",
  done: false,
  dueOn: null,
};

const TITLE = "Must be a string of 1 to 100 characters";
const DESCRIPTION = "Must be a string of up to 2000 characters";
const PRIORITY = 'Must be "low", "medium" or "high"';
const DONE = "Must be true or false";
const DUE_ON = "Must be null or a date that exists, such as 2026-02-28";
const CHARACTERS = "Must not contain NUL or half of a surrogate pair";
const UNKNOWN = "Is not a field that can be set";

/** Values that a field takes, and what becomes of them where that is another. */
const TAKEN: [field: string, value: unknown, read?: unknown][] = [
  ["title", "a"],
  ["title", " \t\u00a0a b\ufeff\n", "a b"],
  ["title", "a".repeat(100)],
  // Characters are code points: a pair of surrogates is one.
  ["title", "😀".repeat(100)],
  ["title", `  ${"a".repeat(100)}  `, "a".repeat(100)],
  ["title", "__proto__"],
  ["description", ""],
  ["description", " a "],
  ["description", "a\r\n\tb"],
  ["description", "😀".repeat(2000)],
  ["priority", "low"],
  ["priority", "medium"],
  ["priority", "high"],
  ["done", true],
  ["done", false],
  ["dueOn", null],
  ["dueOn", "2026-02-28"],
  ["dueOn", "2028-02-29"],
  ["dueOn", "2000-02-29"],
  ["dueOn", "0000-01-01"],
  ["dueOn", "9999-12-31"],
];

for (const [field, value, read = value] of TAKEN) {
  const shown = JSON.stringify(value).slice(0, 30);

  Deno.test(`parseNewTask() takes the ${field} ${shown}`, () => {
    const body = { title: "Write", [field]: value };

    assertEquals<unknown>(parseNewTask(body), { ...DEFAULTS, [field]: read });
    assertEquals(body[field], value, "what was sent is as it was");
  });

  Deno.test(`parseTaskPatch() takes the ${field} ${shown}`, () => {
    assertEquals<unknown>(parseTaskPatch({ [field]: value }), {
      [field]: read,
    });
  });
}

/** Values that a field refuses. */
const REFUSED: [field: string, value: unknown, detail: string][] = [
  ["title", "", TITLE],
  ["title", " \n\u00a0", TITLE],
  ["title", "a".repeat(101), TITLE],
  ["title", "😀".repeat(101), TITLE],
  ["title", 1, TITLE],
  ["title", null, TITLE],
  ["title", ["a"], TITLE],
  ["title", "a\0b", CHARACTERS],
  ["title", "\ud83d", CHARACTERS],
  ["title", "\ude00\ud83d", CHARACTERS],
  ["description", "a".repeat(2001), DESCRIPTION],
  // White space is stored, so it counts.
  ["description", " ".repeat(60_000), DESCRIPTION],
  ["description", null, DESCRIPTION],
  ["description", {}, DESCRIPTION],
  ["description", "\0", CHARACTERS],
  ["description", "\udc00", CHARACTERS],
  ["priority", "HIGH", PRIORITY],
  ["priority", "", PRIORITY],
  ["priority", null, PRIORITY],
  ["priority", ["low"], PRIORITY],
  ["priority", "constructor", PRIORITY],
  ["done", "true", DONE],
  ["done", 1, DONE],
  ["done", null, DONE],
  ["dueOn", "", DUE_ON],
  ["dueOn", "2026-02-29", DUE_ON],
  ["dueOn", "1900-02-29", DUE_ON],
  ["dueOn", "2026-02-30", DUE_ON],
  ["dueOn", "2026-04-31", DUE_ON],
  ["dueOn", "2026-13-01", DUE_ON],
  ["dueOn", "2026-00-10", DUE_ON],
  ["dueOn", "2026-01-00", DUE_ON],
  ["dueOn", "2026-1-1", DUE_ON],
  ["dueOn", "26-01-01", DUE_ON],
  ["dueOn", "+002026-01-01", DUE_ON],
  ["dueOn", "2026-01-01T00:00:00Z", DUE_ON],
  ["dueOn", "2026-01-01\n", DUE_ON],
  ["dueOn", "２０２６-01-01", DUE_ON],
  ["dueOn", 20260101, DUE_ON],
  ["dueOn", ["2026-01-01"], DUE_ON],
  ["id", "01JD4Z3W6Q8R9TB2CVN5XKYM7P", UNKNOWN],
  ["createdAt", "2026-01-01T00:00:00Z", UNKNOWN],
  ["updatedAt", null, UNKNOWN],
  ["Title", "a", UNKNOWN],
  ["", 1, UNKNOWN],
  ["constructor", 1, UNKNOWN],
  ["toString", 1, UNKNOWN],
  ["__proto__", { done: true }, UNKNOWN],
];

for (const [field, value, detail] of REFUSED) {
  const shown = JSON.stringify(value).slice(0, 30);
  const errors = [{ pointer: `#/${field}`, detail }];

  Deno.test(`parseNewTask() refuses ${shown} for "${field}"`, () => {
    const problem = assertThrows(
      () => parseNewTask(parsed({ title: "Write" }, field, value)),
      Problem,
      "Cannot create the task: 1 field is not valid",
    );

    assertEquals(problem.type, "invalid-body");
    assertEquals(problem.errors, errors);
  });

  Deno.test(`parseTaskPatch() refuses ${shown} for "${field}"`, () => {
    const problem = assertThrows(
      () => parseTaskPatch(parsed({}, field, value)),
      Problem,
      "Cannot change the task: 1 field is not valid",
    );

    assertEquals(problem.type, "invalid-body");
    assertEquals(problem.errors, errors);
  });
}

for (const body of [null, [], [{ title: "a" }], "a", 1, true, undefined]) {
  const shown = JSON.stringify(body);
  const errors = [{ pointer: "#", detail: "Must be a JSON object" }];

  Deno.test(`parseNewTask() refuses ${shown} for a body`, () => {
    const problem = assertThrows(
      () => parseNewTask(body),
      Problem,
      "Cannot create the task: the body is not an object",
    );

    assertEquals(problem.errors, errors);
  });

  Deno.test(`parseTaskPatch() refuses ${shown} for a body`, () => {
    const problem = assertThrows(
      () => parseTaskPatch(body),
      Problem,
      "Cannot change the task: the body is not an object",
    );

    assertEquals(problem.errors, errors);
  });
}

/** Names as RFC 6901 and the fragment of a URI write them. */
const POINTERS: [name: string, pointer: string][] = [
  ["a/b", "#/a~1b"],
  ["a~b", "#/a~0b"],
  ["~1", "#/~01"],
  ["a b", "#/a%20b"],
  ["ü", "#/%C3%BC"],
  ['"%#', "#/%22%25%23"],
  ["\0", "#/%00"],
  ["\ud800", "#/%EF%BF%BD"],
];

for (const [name, pointer] of POINTERS) {
  Deno.test(`parseTaskPatch() points at ${JSON.stringify(name)} by ${pointer}`, () => {
    const problem = assertThrows(() => parseTaskPatch({ [name]: 1 }), Problem);

    assertEquals(problem.errors[0]?.pointer, pointer);
  });
}

Deno.test("parseNewTask() fills in what was not sent", () => {
  assertEquals<unknown>(parseNewTask({ title: "Write" }), DEFAULTS);
});

Deno.test("parseNewTask() asks for the title first", () => {
  const problem = assertThrows(
    () => parseNewTask({ done: 1 }),
    Problem,
    "2 fields are not valid",
  );

  assertEquals(problem.errors, [
    { pointer: "#/title", detail: "Is required" },
    { pointer: "#/done", detail: DONE },
  ]);
});

Deno.test("parseNewTask() does not take an inherited title", () => {
  const body = Object.create({ title: "inherited" });

  assertThrows(() => parseNewTask(body), Problem, "1 field is not valid");
});

Deno.test("parseTaskPatch() changes nothing where nothing was sent", () => {
  assertEquals(parseTaskPatch({}), {});
});

Deno.test("parseTaskPatch() names every issue at once", () => {
  const problem = assertThrows(
    () => parseTaskPatch({ title: "", done: "yes", id: 1, dueOn: "soon" }),
    Problem,
    "4 fields are not valid",
  );

  assertEquals(problem.errors.map(({ pointer }) => pointer), [
    "#/title",
    "#/done",
    "#/id",
    "#/dueOn",
  ]);
});

Deno.test("parseNewTask() builds a hundred issues for 5,000 members", () => {
  using pointers = spy(globalThis, "encodeURIComponent");
  const members = Array.from({ length: 5000 }, (_, index) => [`m${index}`, 0]);

  const problem = assertThrows(
    () => parseNewTask(Object.fromEntries(members)),
    Problem,
    "Cannot create the task: 100 fields or more are not valid",
  );

  assertEquals(problem.errors.length, 100);
  assertEquals(problem.errors[0], {
    pointer: "#/title",
    detail: "Is required",
  });
  assertEquals(problem.errors[99], { pointer: "#/m98", detail: UNKNOWN });
  assertSpyCalls(pointers, 100);
});

Deno.test("parseNewTask() counts no characters of a text that is too long for any", () => {
  using iterators = spy(String.prototype, Symbol.iterator);
  const title = "x".repeat(201);

  assertThrows(() => parseNewTask({ title }), Problem);

  assertSpyCalls(iterators, 0);
});

Deno.test("parseTaskPatch() never repeats what it refuses", () => {
  const problem = assertThrows(
    () => parseTaskPatch({ title: 4711, priority: "4711", dueOn: "4711" }),
    Problem,
  );

  assertEquals(JSON.stringify(problem.errors).includes("4711"), false);
});

/** A body with a member, as JSON gives it: `__proto__` is a name like any other. */
function parsed(
  others: Record<string, unknown>,
  name: string,
  value: unknown,
): unknown {
  const body = { ...others };
  delete body[name];
  return JSON.parse(
    `${JSON.stringify(body).slice(0, -1)}${
      Object.keys(body).length > 0 ? "," : ""
    }${JSON.stringify(name)}:${JSON.stringify(value)}}`,
  );
}
