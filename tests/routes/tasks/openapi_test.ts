import { assert, assertEquals, assertGreater } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { openApiDocument } from "../../../routes/docs/openapi.ts";
import { TASKS } from "../../../routes/tasks/openapi.ts";
import { parseNewTask, parseTaskPatch } from "../../../routes/tasks/task.ts";
import { fits } from "../../json_schema.ts";
import { generateBodies } from "./task_bodies.ts";

const DOCUMENT = openApiDocument({
  name: "tasks-api",
  version: "2.1",
  resources: [TASKS],
});

const BODIES = [
  { schema: "NewTask", parse: parseNewTask },
  { schema: "TaskPatch", parse: parseTaskPatch },
];

for (const { schema, parse } of BODIES) {
  Deno.test(`the schema ${schema} takes what ${parse.name}() takes`, () => {
    const wanted = { $ref: `#/components/schemas/${schema}` };
    const taken = { true: 0, false: 0 };

    for (const body of generateBodies(20_260_228, 4000)) {
      const parsed = isTaken(parse, structuredClone(body));
      assertEquals(fits(DOCUMENT, wanted, body), parsed, JSON.stringify(body));
      taken[`${parsed}`]++;
    }

    // A test that takes or refuses everything would prove nothing.
    assertGreater(taken.true, 400);
    assertGreater(taken.false, 400);
  });
}

function isTaken(parse: (body: unknown) => unknown, body: unknown): boolean {
  try {
    parse(body);
    return true;
  } catch (error) {
    assert(error instanceof Problem, String(error));
    return false;
  }
}
