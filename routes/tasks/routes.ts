/**
 * The routes of the Task Manager.
 *
 * | Route               | Answers                                |
 * | ------------------- | -------------------------------------- |
 * | `GET /tasks`        | 200, 400, 422                          |
 * | `POST /tasks`       | 201, 400, 413, 415, 422                |
 * | `GET /tasks/:id`    | 200, 304, 400, 404, 412                |
 * | `PATCH /tasks/:id`  | 200, 400, 404, 409, 412, 413, 415, 422 |
 * | `DELETE /tasks/:id` | 204, 400, 404, 409, 412                |
 *
 * All of them may answer 503 while the store is not available.
 *
 * @module
 */

import { entityTag, readIfMatch, readIfNoneMatch } from "../../http/etag.ts";
import { readIdempotencyKey } from "../../http/idempotency_key.ts";
import { readJson } from "../../http/json_body.ts";
import { Problem } from "../../http/problem.ts";
import { requestState } from "../../http/request_state.ts";
import { type Route, route } from "../router.ts";
import { nextPage, readListQuery } from "./list_query.ts";
import {
  type Matches,
  type Stored,
  StoreError,
  type TaskStore,
} from "./store.ts";
import { withStoreProblems } from "./store_problems.ts";
import { parseNewTask, parseTaskPatch } from "./task.ts";

/**
 * Creates the routes of the Task Manager.
 *
 * @param store Keeps the tasks.
 * @returns The routes.
 */
export function taskRoutes(store: TaskStore): Route[] {
  return [
    route("GET /tasks", (request) => list(store, request)),
    route("POST /tasks", (request) => create(store, request)),
    route("GET /tasks/:id", (request, { id }) => read(store, request, id)),
    route("PATCH /tasks/:id", (request, { id }) => change(store, request, id)),
    route("DELETE /tasks/:id", (request, { id }) => remove(store, request, id)),
  ].map(withStoreProblems);
}

async function list(store: TaskStore, request: Request): Promise<Response> {
  const query = readListQuery(request.url);
  const { items, next: last } = await store.list(query.filter, query);
  const next = last === null ? null : nextPage(query, last);

  const response = Response.json({ items, next });
  if (next !== null) response.headers.set("Link", `<${next}>; rel="next"`);
  return response;
}

async function create(store: TaskStore, request: Request): Promise<Response> {
  const key = readIdempotencyKey(request);
  const fields = parseNewTask(await readJson(request));
  const once = key === undefined
    ? undefined
    : { key, bodyHash: await sha256(JSON.stringify(fields)) };
  const signal = requestState(request).signal;
  const stored = await store.create(fields, once, signal);

  const response = Response.json(stored.task, { status: 201 });
  response.headers.set("Location", `/tasks/${stored.task.id}`);
  response.headers.set("ETag", entityTag(stored.version));
  return response;
}

async function read(
  store: TaskStore,
  request: Request,
  id: string,
): Promise<Response> {
  const [wants, has] = [readIfMatch(request), readIfNoneMatch(request)];
  const stored = await store.get(checkId(id)) ?? throwNotFound(id);
  const { version } = stored;
  // In this order (RFC 9110, 13.2.2).
  if (wants?.(version) === false) {
    const message = `Cannot read task "${id}" at the version that is wanted`;
    throw new StoreError("version-mismatch", message, { version });
  }
  if (!has?.(version)) return answer(stored);
  // RFC 9110, 15.4.5: a 304 has the ETag that the 200 would have.
  const response = new Response(null, { status: 304 });
  response.headers.set("ETag", entityTag(version));
  return response;
}

async function change(
  store: TaskStore,
  request: Request,
  id: string,
): Promise<Response> {
  const matches = readConditions(request);
  const patch = parseTaskPatch(await readJson(request, PATCH_TYPES));
  const signal = requestState(request).signal;
  const stored = await store.update(checkId(id), patch, matches, signal);
  return answer(stored ?? throwNotFound(id));
}

async function remove(
  store: TaskStore,
  request: Request,
  id: string,
): Promise<Response> {
  const matches = readConditions(request);
  const signal = requestState(request).signal;
  const existed = await store.delete(checkId(id), matches, signal);
  if (!existed) throwNotFound(id);
  return new Response(null, { status: 204 });
}

/** Reads the conditions of a write: both have to hold (RFC 9110, 13.1). */
function readConditions(request: Request): Matches | undefined {
  const [wants, has] = [readIfMatch(request), readIfNoneMatch(request)];
  if (wants === undefined && has === undefined) return undefined;
  return (version) => wants?.(version) !== false && !has?.(version);
}

// RFC 7396, 4 names the type. Plain JSON is taken with the same meaning.
const PATCH_TYPES = ["application/merge-patch+json", "application/json"];

function answer({ task, version }: Stored): Response {
  const response = Response.json(task);
  response.headers.set("ETag", entityTag(version));
  return response;
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The store is asked for nothing that cannot be there. */
function checkId(id: string): string {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id) ? id : throwNotFound(id);
}

function throwNotFound(id: string): never {
  const shown = id.length > 26 ? `${id.slice(0, 26).toWellFormed()}…` : id;
  throw new Problem("not-found", `Task "${shown}" does not exist`);
}
