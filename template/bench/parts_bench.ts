/**
 * The cost of each part of a response, beside the least that could do it.
 *
 * @module
 */

import { readJson } from "../../http/json_body.ts";
import { Problem } from "../../http/problem.ts";
import { nextPage, readListQuery } from "../../routes/resource/list_query.ts";
import { parseBody } from "../../routes/resource/body.ts";
import { tasks } from "../../routes/tasks.ts";
import { createUlid } from "../../store/ulid.ts";

const BODY = { title: "Write the report", priority: "high" };
const TEXT = JSON.stringify(BODY);
const ERRORS = [{ pointer: "#/title", detail: "Required" }];
const URL_HERE = "http://localhost/tasks";

Deno.bench("Response.json()", { group: "problem", baseline: true }, () => {
  Response.json(BODY, { status: 422 });
});
Deno.bench("a problem", { group: "problem" }, () => {
  new Problem("not-found", "Nothing is here").toResponse("1");
});
Deno.bench("a problem with errors", { group: "problem" }, () => {
  new Problem("invalid-body", "No", { errors: ERRORS }).toResponse("1");
});

function post(body = TEXT): Request {
  const headers = { "Content-Type": "application/json" };
  return new Request(URL_HERE, { method: "POST", headers, body });
}
Deno.bench("request.json()", { group: "body", baseline: true }, async () => {
  await post().json();
});
Deno.bench("readJson()", { group: "body" }, async () => {
  await readJson(post());
});
Deno.bench("readJson(), parseBody()", { group: "body" }, async () => {
  await parseBody(tasks, await readJson(post()), "create");
});

const query = { filter: { done: false }, limit: 20 } as const;
const position = { id: createUlid(Date.now)(), value: null };
const first = `${URL_HERE}?done=false`;
const { next } = nextPage(URL_HERE, first, query, position);
Deno.bench("new URL()", { group: "query", baseline: true }, () => {
  new URL(next).searchParams.get("cursor");
});
Deno.bench("readListQuery(), no query", { group: "query" }, async () => {
  await readListQuery(tasks, URL_HERE);
});
Deno.bench(
  "readListQuery(), filter and cursor",
  { group: "query" },
  async () => {
    await readListQuery(tasks, next);
  },
);
Deno.bench("nextPage()", { group: "query" }, () => {
  nextPage(URL_HERE, first, query, position);
});

const ulid = createUlid(Date.now);
Deno.bench("crypto.randomUUID()", { group: "id", baseline: true }, () => {
  crypto.randomUUID();
});
Deno.bench("ulid()", { group: "id" }, () => {
  ulid();
});

// What a client may send to cost as much as it can, within the limits. The baseline
// is the least that has to be done: to parse as many bytes as text. Two milliseconds
// of the large bodies are the turn that they wait for.
const KB_64 = JSON.stringify({ title: "x".repeat(64_000) });
const MEMBERS = JSON.stringify(
  Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}`, 0])),
);
const LISTS = "[".repeat(32_000) + "]".repeat(32_000);
const NAMES = Array.from({ length: 8000 }, (_, i) => i).join("&");

async function rejected(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof Problem) return void error.toResponse("1");
    throw error;
  }
  throw new Error("it was accepted");
}
Deno.bench("64 kB of text", { group: "hostile", baseline: true }, async () => {
  await rejected(async () =>
    parseBody(tasks, await readJson(post(KB_64)), "create")
  );
});
Deno.bench("5,000 unknown members", { group: "hostile" }, async () => {
  await rejected(async () =>
    parseBody(tasks, await readJson(post(MEMBERS)), "create")
  );
});
Deno.bench("32,000 lists in lists", { group: "hostile" }, async () => {
  await rejected(async () =>
    parseBody(tasks, await readJson(post(LISTS)), "create")
  );
});
Deno.bench("8,000 parameters", { group: "hostile" }, async () => {
  await rejected(() => readListQuery(tasks, `${URL_HERE}?${NAMES}`));
});
