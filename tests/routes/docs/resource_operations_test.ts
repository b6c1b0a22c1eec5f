import { assert, assertEquals, assertGreater } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { openApiDocument } from "../../../routes/docs/openapi.ts";
import { resourceRoutes } from "../../../routes/resource.ts";
import { mergePatch, parseBody } from "../../../routes/resource/body.ts";
import { tasks } from "../../../routes/tasks.ts";
import { fits } from "../../json_schema.ts";
import { generateBodies } from "../../task_bodies.ts";

const ROUTES = resourceRoutes(tasks, {} as never, {
  stopping: new AbortController().signal,
});
const DOCUMENT = openApiDocument({
  name: "tasks-api",
  version: "2.1",
  routes: ROUTES,
  resources: [tasks],
});

const STORED = {
  id: "01JD4Z3W6Q8R9TB2CVN5XKYM7P",
  title: "Write",
  description: "x",
  priority: "high",
  done: true,
  dueOn: "2026-02-28",
  createdAt: "2026-02-27T08:15:30.123Z",
  updatedAt: "2026-02-27T08:15:30.123Z",
};

const BODIES: Record<string, (body: unknown) => Promise<unknown>> = {
  TaskInput: (body) => parseBody(tasks, body, "create"),
  TaskPatch: (body) => mergePatch(tasks, STORED, body),
};

for (const [schema, parse] of Object.entries(BODIES)) {
  Deno.test(`the schema ${schema} accepts what the API accepts`, async () => {
    const wanted = { $ref: `#/components/schemas/${schema}` };
    const accepted = { true: 0, false: 0 };

    for (const body of generateBodies(20_260_228, 4000)) {
      const isParsed = await isAccepted(parse, structuredClone(body));
      assertEquals(
        fits(DOCUMENT, wanted, body),
        isParsed,
        JSON.stringify(body),
      );
      accepted[`${isParsed}`]++;
    }

    // A test in which everything is accepted or rejected would prove nothing.
    assertGreater(accepted.true, 400);
    assertGreater(accepted.false, 400);
  });
}

async function isAccepted(
  parse: (body: unknown) => Promise<unknown>,
  body: unknown,
): Promise<boolean> {
  try {
    await parse(body);
    return true;
  } catch (error) {
    assert(error instanceof Problem, String(error));
    return false;
  }
}
