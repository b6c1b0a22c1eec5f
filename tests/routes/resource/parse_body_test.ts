import { assertEquals, assertRejects } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { parseBody } from "../../../routes/resource/parse_body.ts";
import type { Resource } from "../../../routes/resource.ts";
import { tasks } from "../../../routes/tasks.ts";

Deno.test("parseBody() says how many fields are not valid", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`m${index}`, 1]),
  );
  const DETAILS: [body: unknown, detail: string][] = [
    [null, "Cannot create the task: the body is not valid"],
    [{}, "Cannot create the task: 1 field is not valid"],
    [{ a: 1 }, "Cannot create the task: 2 fields are not valid"],
    [many, "Cannot create the task: 100 fields or more are not valid"],
  ];

  for (const [body, detail] of DETAILS) {
    await assertRejects(
      () => parseBody(tasks, body, "create"),
      Problem,
      detail,
    );
  }
});

Deno.test("parseBody() cuts what a client or a library makes long", async () => {
  const issue = { message: "x".repeat(5000), path: ["n".repeat(5000)] };
  const schema = {
    "~standard": {
      ...tasks.schema["~standard"],
      validate: () => ({ issues: Array(500).fill(issue) }),
    },
  };
  const wordy: Resource = { ...tasks, schema };

  const { errors } = await assertRejects(
    () => parseBody(wordy, {}, "change"),
    Problem,
  );

  assertEquals(errors.length, 100);
  assertEquals(errors[0]!.detail.length, 256);
  assertEquals(errors[0]!.pointer, `#/${"n".repeat(256)}`);
});

Deno.test("parseBody() reads paths of both forms", async () => {
  const path = ["a/b", { key: "c~d" }, 0];
  const validate = () => Promise.resolve({ issues: [{ message: "x", path }] });
  const schema = { "~standard": { ...tasks.schema["~standard"], validate } };

  const { errors } = await assertRejects(
    () => parseBody({ ...tasks, schema } as Resource, {}, "create"),
    Problem,
  );

  assertEquals(errors, [{ pointer: "#/a~1b/c~0d/0", detail: "x" }]);
});
