import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import type { ProblemName } from "../../../http/problem_types.ts";
import { route } from "../../../routes/router.ts";
import {
  StoreError,
  type StoreErrorCode,
} from "../../../routes/tasks/store.ts";
import { withStoreProblems } from "../../../routes/tasks/store_problems.ts";

const CODES: [
  code: StoreErrorCode,
  type: ProblemName,
  headers: Record<string, string>,
][] = [
  ["conflict", "conflict", {}],
  ["version-mismatch", "version-mismatch", {}],
  ["key-reused", "idempotency-key-reused", {}],
  ["unavailable", "unavailable", { "Retry-After": "1" }],
];

async function answer(error: Error): Promise<Response> {
  const { handler } = withStoreProblems(route("GET /", () => {
    throw error;
  }));
  return await handler(new Request("http://localhost/"), {});
}

for (const [code, type, headers] of CODES) {
  Deno.test(`withStoreProblems() makes ${type} of ${code}, without what the store said`, async () => {
    const error = new StoreError(code, "secret", { version: "0001" });

    const problem = await assertRejects(() => answer(error), Problem);

    assertEquals([problem.type, problem.headers], [type, headers]);
    assertStrictEquals(problem.cause, error);
    assertEquals(problem.message.includes("secret"), false);
    if (code !== "version-mismatch") return;
    assertStringIncludes(problem.message, '"0001"');
  });
}

Deno.test("withStoreProblems() lets all else pass as it is", async () => {
  const error = new RangeError("the disk is on fire");
  const hello = route("GET /", () => new Response("hello"));

  assertStrictEquals(await assertRejects(() => answer(error)), error);
  const wrapped = withStoreProblems(hello);
  assertEquals([wrapped.method, wrapped.path], ["GET", "/"]);
  const response = await wrapped.handler(new Request("http://localhost/"), {});
  assertEquals(await response.text(), "hello");
});
