import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { PROBLEM_TYPES } from "../../../http/problem_types.ts";
import { openApiDocument } from "../../../routes/docs/openapi.ts";
import { resourceRoutes } from "../../../routes/resource.ts";
import { mergePatch } from "../../../routes/resource/merge_patch.ts";
import { parseBody } from "../../../routes/resource/parse_body.ts";
import { withStoreProblems } from "../../../routes/resource/store_problems.ts";
import { route } from "../../../routes/router.ts";
import { tasks } from "../../../routes/tasks.ts";
import { StoreError, type StoreErrorCode } from "../../../store/store_error.ts";
import { openApp } from "../../app.ts";
import { fits, resolve } from "../../json_schema.ts";
import { generateBodies } from "../../task_bodies.ts";

const ROUTES = resourceRoutes(tasks, {} as never, {
  stopping: new AbortController().signal,
});
const DOCUMENT = openApiDocument({
  name: "tasks-api",
  version: "2.1",
  routes: [
    ...ROUTES,
    // One route that may respond with any problem.
    route("GET /any", () => new Response(), {
      operationId: "any",
      summary: "Any",
      examples: Object.keys(PROBLEM_TYPES)
        .map((name) => ({ $ref: `#/components/examples/${name}` })),
    }),
  ],
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

const JSON_TYPE = { "Content-Type": "application/json" };

/** Requests that get the problems of the examples. */
const REJECTED: Record<string, [path: string, init?: RequestInit]> = {
  "invalid-json": post("{"),
  "invalid-path": ["/tasks/%ff"],
  "invalid-header": ["/ping", { headers: { "Host": "a/b?" } }],
  "invalid-cursor": ["/tasks?cursor=nope"],
  "not-found": ["/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P"],
  "body-too-large": post("{}", { "Content-Length": "70000" }),
  "unsupported-media-type": post("{}", { "Content-Type": "text/plain" }),
  "invalid-body": post('{"title":"a","color":"red"}'),
  "invalid-query": ["/tasks?limit=0&cursor=a&cursor=a"],
};

function post(
  body: string,
  headers?: Record<string, string>,
): [path: string, init: RequestInit] {
  const init = { method: "POST", body, headers: { ...JSON_TYPE, ...headers } };
  return ["/tasks", init];
}

for (const [name, [path, init]] of Object.entries(REJECTED)) {
  Deno.test(`the example of ${name} is what the API responds with`, async () => {
    await using app = await openApp();

    const problem = await (await app.fetch(path, init)).json();

    const { value } = resolve(DOCUMENT, `#/components/examples/${name}`);
    assertEquals({ ...problem, requestId: "01JD4Z3W6Q" }, value);
  });
}

const STORE_ERRORS: Record<string, StoreErrorCode> = {
  "conflict": "conflict",
  "version-mismatch": "version-mismatch",
  "idempotency-key-reused": "key-reused",
};

for (const [name, code] of Object.entries(STORE_ERRORS)) {
  Deno.test(`the example of ${name} is what the API responds with where the store reports ${code}`, async () => {
    const { answer } = withStoreProblems(
      route("GET /", () => {
        throw new StoreError(code, "", { version: "00000000000000a30000" });
      }),
      "task",
    );

    const problem = await assertRejects(
      async () => await answer(new Request("http://localhost/"), {}),
      Problem,
    );

    const { value } = resolve(DOCUMENT, `#/components/examples/${name}`);
    assertEquals(await problem.toResponse("01JD4Z3W6Q").json(), value);
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
