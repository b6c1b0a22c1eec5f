import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { openApiDocument } from "../../../routes/docs/openapi.ts";
import { route } from "../../../routes/router.ts";
import { TASKS } from "../../../routes/tasks/openapi.ts";
import {
  StoreError,
  type StoreErrorCode,
} from "../../../routes/tasks/store.ts";
import { withStoreProblems } from "../../../routes/tasks/store_problems.ts";
import { parseNewTask, parseTaskPatch } from "../../../routes/tasks/task.ts";
import { fits, resolve } from "../../json_schema.ts";
import { openApp } from "../../app.ts";
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

const JSON_TYPE = { "Content-Type": "application/json" };

/** Requests that get the problems of the examples. */
const REFUSED: Record<string, [path: string, init?: RequestInit]> = {
  "invalid-json": post("{"),
  "invalid-path": ["/tasks/%ff"],
  "invalid-header": ["/ping", { headers: { "Host": "a/b?" } }],
  "invalid-cursor": ["/tasks?cursor=nope"],
  "not-found": ["/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P"],
  "body-too-large": post("{}", { "Content-Length": "70000" }),
  "unsupported-media-type": post("{}", { "Content-Type": "text/plain" }),
  "invalid-body": post('{"title":"","color":"red"}'),
  "invalid-query": ["/tasks?limit=0&done=true&done=true"],
};

function post(
  body: string,
  headers?: Record<string, string>,
): [path: string, init: RequestInit] {
  const init = { method: "POST", body, headers: { ...JSON_TYPE, ...headers } };
  return ["/tasks", init];
}

for (const [name, [path, init]] of Object.entries(REFUSED)) {
  Deno.test(`the example of ${name} is what the API says`, async () => {
    await using app = await openApp();

    const problem = await (await app.fetch(path, init)).json();

    const { value } = resolve(DOCUMENT, `#/components/examples/${name}`);
    assertEquals({ ...problem, requestId: "01JD4Z3W6Q" }, value);
  });
}

const STORE_SAYS: Record<string, StoreErrorCode> = {
  "conflict": "conflict",
  "version-mismatch": "version-mismatch",
  "idempotency-key-reused": "key-reused",
};

for (const [name, code] of Object.entries(STORE_SAYS)) {
  Deno.test(`the example of ${name} is what the API says where the store says ${code}`, async () => {
    const { handler } = withStoreProblems(route("GET /", () => {
      throw new StoreError(code, "", { version: "00000000000000a30000" });
    }));

    const problem = await assertRejects(
      async () => await handler(new Request("http://localhost/"), {}),
      Problem,
    );

    const { value } = resolve(DOCUMENT, `#/components/examples/${name}`);
    assertEquals(await problem.toResponse("01JD4Z3W6Q").json(), value);
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
