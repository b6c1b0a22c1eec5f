/**
 * Checks the running API against the OpenAPI document that it serves, with
 * independent validators: the document itself, every response,
 * and that parser and schema take and refuse the same bodies.
 *
 * @module
 */

import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { generateBodies } from "../../tests/task_bodies.ts";
import { Server } from "../../tests/server.ts";

// deno-lint-ignore no-explicit-any -- JSON from the network
type Json = any;

/** A request, and the response that it must get. */
interface Exchange {
  /** Method and path as the document writes them. */
  operation: string;
  status: number;
  /** Where it differs from the path in the document. */
  path?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

const NOWHERE = "/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P";
const STALE = { "If-Match": '"00000000000000000000"' };
const KEY = { "Idempotency-Key": '"one"' };
const TITLE = { title: "Water the plants" };

function exchanges(task: string, tag: string): Exchange[] {
  const post = { operation: "POST /tasks" };
  const patch = { operation: "PATCH /tasks/{id}", path: task };
  const remove = { operation: "DELETE /tasks/{id}", path: task };
  const read = { operation: "GET /tasks/{id}", path: task };
  const list = { operation: "GET /tasks" };
  const events = { operation: "GET /tasks/events" };
  const problem = { operation: "GET /problems/{name}" };
  const html = { "Accept": "text/html" };
  const text = { "Content-Type": "text/plain" };
  const zipped = { "Content-Encoding": "gzip" };
  return [
    { operation: "GET /ping", status: 200 },
    { operation: "GET /healthz", status: 200 },
    { operation: "GET /readyz", status: 200 },
    { operation: "GET /docs", status: 200 },
    { operation: "GET /openapi.json", status: 200 },
    { operation: "GET /", status: 200 },
    { operation: "GET /", status: 200, headers: html },
    { operation: "GET /problems", status: 200 },
    { operation: "GET /problems", status: 200, headers: html },
    { ...problem, path: "/problems/conflict", status: 200 },
    { ...problem, path: "/problems/conflict", status: 200, headers: html },
    { ...problem, path: "/problems/nope", status: 404 },
    { ...problem, path: "/problems/%ff", status: 400 },
    { ...post, status: 201, body: TITLE, headers: KEY },
    { ...post, status: 201, body: TITLE, headers: KEY },
    { ...post, status: 422, body: { title: "Other" }, headers: KEY },
    { ...post, status: 422, body: {} },
    { ...post, status: 400, body: "{" },
    { ...post, status: 400, body: TITLE, headers: { "Idempotency-Key": '"' } },
    { ...post, status: 413, body: { title: "x".repeat(70_000) } },
    { ...post, status: 415, body: TITLE, headers: text },
    { ...post, status: 415, body: TITLE, headers: zipped },
    { ...list, status: 200 },
    { ...list, path: "/tasks?done=false&limit=1", status: 200 },
    { ...list, path: "/tasks?cursor=nope", status: 400 },
    { ...list, path: "/tasks?limit=0&sort=title", status: 422 },
    { ...list, path: "/tasks?dueOn=null&priority=low", status: 200 },
    { ...list, path: "/tasks?dueOnTo=2026-02-28&sort=-dueOn", status: 200 },
    { ...list, path: "/tasks?dueOnTo=null", status: 422 },
    { ...list, status: 304, headers: { "If-None-Match": "*" } },
    { operation: "GET /docs", status: 304, headers: { "If-None-Match": "*" } },
    { ...read, status: 200 },
    { ...read, status: 304, headers: { "If-None-Match": tag } },
    { ...read, status: 412, headers: STALE },
    { ...read, status: 400, headers: { "If-None-Match": "nope" } },
    { ...read, path: "/tasks/%ff", status: 400 },
    { ...read, path: NOWHERE, status: 404 },
    { ...patch, status: 200, body: { done: true } },
    { ...patch, status: 200, body: { done: true, description: null } },
    { ...patch, status: 412, body: { done: true }, headers: STALE },
    { ...patch, status: 412, body: {}, headers: { "If-None-Match": "*" } },
    { ...patch, status: 422, body: { id: "" } },
    { ...patch, status: 400, body: "" },
    { ...patch, path: NOWHERE, status: 404, body: {} },
    { ...patch, status: 413, body: { title: "x".repeat(70_000) } },
    { ...patch, status: 415, body: {}, headers: text },
    { ...patch, status: 415, body: {}, headers: zipped },
    { ...events, status: 200 },
    { ...events, status: 400, headers: { "Last-Event-ID": "nope" } },
    { ...remove, status: 412, headers: STALE },
    { ...remove, status: 412, headers: { "If-None-Match": "*" } },
    { ...remove, status: 413, body: "x".repeat(70_000) },
    { ...remove, status: 204 },
    { ...remove, status: 404 },
  ];
}

Deno.test("the document is valid OpenAPI, and the API does what it says", async (t) => {
  await using api = await Server.start({});
  const document: Json = await (await fetch(`${api.url}/openapi.json`)).json();
  const checks = createChecks(document);

  await t.step("the document is valid OpenAPI", async () => {
    const { valid, errors } = await new Validator().validate(
      structuredClone(document),
    );
    if (!valid) throw new Error(JSON.stringify(errors, null, 2));
  });

  const { task, tag } = await create(api.url);
  for (const exchange of exchanges(task, tag)) {
    const { operation, status, path = "" } = exchange;
    await t.step(
      `${operation} ${path} responds with ${status} as described`,
      async () => {
        checkResponse(checks, exchange, await send(api.url, exchange));
      },
    );
  }

  await t.step("parser and schema agree on new tasks", async () => {
    await compare(api.url, schema(checks, "TaskInput"), "POST /tasks");
  });

  await t.step("parser and schema agree on patches", async () => {
    const { task } = await create(api.url);
    await compare(api.url, schema(checks, "TaskPatch"), `PATCH ${task}`);
  });
});

Deno.test("the API says 401 and 429 as described", async () => {
  await using api = await Server.start({
    API_TOKENS: "0".repeat(64),
    RATE_LIMIT: "2/60",
  });
  const document: Json = await (await fetch(`${api.url}/openapi.json`)).json();
  const checks = createChecks(document);

  for (const status of [401, 429]) {
    const exchange = { operation: "GET /tasks", status };
    const response = await send(api.url, exchange);
    checkResponse(checks, exchange, response);
  }
});

interface Checks {
  readonly document: Json;
  readonly ajv: Ajv2020;
}

function createChecks(document: Json): Checks {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // The package is CommonJS: the types put its function under another name.
  (addFormats as unknown as typeof addFormats.default)(ajv);
  ajv.addSchema(document, "api");
  return { document, ajv };
}

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(url: string, exchange: Exchange): Promise<Received> {
  const { operation, path, headers, body } = exchange;
  const [method, described] = operation.split(" ") as [string, string];
  const abort = new AbortController();
  const response = await fetch(url + (path ?? described), {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: body === undefined || typeof body === "string"
      ? body ?? null
      : JSON.stringify(body),
    signal: abort.signal,
  });
  const isStream = response.headers.get("Content-Type") === "text/event-stream";
  const text = isStream ? "" : await response.text();
  if (isStream) abort.abort();
  return { status: response.status, headers: response.headers, text };
}

async function create(url: string): Promise<{ task: string; tag: string }> {
  const request = { operation: "POST /tasks", status: 201, body: TITLE };
  const { headers } = await send(url, request);
  return { task: headers.get("Location")!, tag: headers.get("ETag")! };
}

/** What HTTP adds by itself, and the type, which OpenAPI has another place for. */
const OF_HTTP =
  /^(?:connection|content-(?:length|type)|date|transfer-encoding)$/;

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function checkResponse(
  { document, ajv }: Checks,
  { operation, status }: Exchange,
  received: Received,
): void {
  const at = `${operation} ${received.status}`;
  if (received.status !== status) {
    throw new Error(`${at} instead of ${status}: ${received.text}`);
  }
  const [method, path] = operation.toLowerCase().split(" ") as [string, string];
  const described = document.paths[path][method].responses[status];
  const documented = Object.keys(described.headers);
  for (const name of received.headers.keys()) {
    if (OF_HTTP.test(name) || documented.some((one) => isSame(one, name))) continue;
    throw new Error(`${at} does not have ${name}`);
  }
  for (const name of documented) {
    const { required } = document.components.headers[name];
    if (required && !received.headers.has(name)) {
      throw new Error(`${at} has no ${name}`);
    }
  }
  const [type = ""] = received.headers.get("Content-Type")?.split(";") ?? [];
  const types = Object.keys(described.content ?? {});
  if (!types.includes(type) && type + types !== "") {
    throw new Error(`${at} is "${type}" instead of ${types.join(" or ")}`);
  }
  if (!type.endsWith("json")) return;
  const pointer = ["paths", path, method, "responses", status, "content", type]
    .map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"))
    .map(encodeURIComponent).join("/");
  const validate = ajv.compile({ $ref: `api#/${pointer}/schema` });
  if (validate(JSON.parse(received.text))) return;
  throw new Error(`${at} does not fit: ${ajv.errorsText(validate.errors)}`);
}

function schema({ ajv }: Checks, name: string): ValidateFunction {
  return ajv.compile({ $ref: `api#/components/schemas/${name}` });
}

async function compare(
  url: string,
  validate: ValidateFunction,
  operation: string,
): Promise<void> {
  const taken = new Map<boolean, number>();
  for (const body of generateBodies(Date.now(), 1500)) {
    // As a string, so that every kind of value goes as JSON.
    const text = JSON.stringify(body);
    const { status } = await send(url, { operation, status: 0, body: text });
    if (![200, 201, 422].includes(status)) {
      throw new Error(`${status}: ${text}`);
    }
    if (validate(JSON.parse(text)) !== (status < 300)) {
      throw new Error(`Schema and parser (${status}) differ on ${text}`);
    }
    taken.set(status < 300, (taken.get(status < 300) ?? 0) + 1);
  }
  if (Math.min(...taken.values()) < 150) throw new Error("Too one-sided");
}
