import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import type { ProblemName } from "../../../http/problem_types.ts";
import { route } from "../../../routes/router.ts";
import { withStoreProblems } from "../../../routes/resource/store_problems.ts";
import { StoreError, type StoreErrorCode } from "../../../store/collection.ts";

const CODES: [
  code: StoreErrorCode,
  type: ProblemName,
  headers: Record<string, string>,
][] = [
  ["conflict", "conflict", {}],
  ["version-mismatch", "version-mismatch", {}],
  ["key-reused", "idempotency-key-reused", {}],
  ["too-large", "body-too-large", {}],
  ["unavailable", "unavailable", { "Retry-After": "1" }],
];

async function respond(error: Error): Promise<Response> {
  const { handler } = withStoreProblems(
    route("GET /", () => {
      throw error;
    }),
    "task",
  );
  return await handler(new Request("http://localhost/"), {});
}

for (const [code, type, headers] of CODES) {
  Deno.test(`withStoreProblems() turns ${code} into ${type}, without the message of the store`, async () => {
    const error = new StoreError(code, "secret", { version: "0001" });

    const problem = await assertRejects(() => respond(error), Problem);

    assertEquals([problem.type, problem.headers], [type, headers]);
    assertStrictEquals(problem.cause, error);
    assertEquals(problem.message.includes("secret"), false);
    if (code !== "version-mismatch") return;
    assertStringIncludes(problem.message, '"0001"');
  });
}

Deno.test("withStoreProblems() passes other errors through unchanged", async () => {
  const error = new RangeError("the disk is on fire");
  const hello = route("GET /", () => new Response("hello"));

  assertStrictEquals(await assertRejects(() => respond(error)), error);
  const wrapped = withStoreProblems(hello, "task");
  assertEquals([wrapped.method, wrapped.path], ["GET", "/"]);
  const response = await wrapped.handler(new Request("http://localhost/"), {});
  assertEquals(await response.text(), "hello");
});
