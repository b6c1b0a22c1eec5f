/**
 * A resource: what it is, and how HTTP serves it.
 *
 * | Route               | Responds with                          |
 * | ------------------- | -------------------------------------- |
 * | `GET /tasks`        | 200, 304, 400, 422                     |
 * | `POST /tasks`       | 201, 400, 409, 413, 415, 422           |
 * | `GET /tasks/:id`    | 200, 304, 400, 404, 412                |
 * | `PATCH /tasks/:id`  | 200, 400, 404, 409, 412, 413, 415, 422 |
 * | `DELETE /tasks/:id` | 204, 400, 404, 409, 412                |
 * | `GET /tasks/events` | 200, 400                               |
 *
 * All of them respond with 503 while the store is unavailable.
 *
 * @module
 */

import { entityTag, readPrecondition, unlessCurrent } from "../http/etag.ts";
import { readIdempotencyKey } from "../http/idempotency_key.ts";
import { PATCH_TYPES, readJson } from "../http/json_body.ts";
import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import { sha256 } from "../http/sha256.ts";
import type { Collection, Precondition, Stored } from "../store/collection.ts";
import { describeResource } from "./docs/resource_operations.ts";
import type { Resource } from "./resource/declaration.ts";
import { eventStreams, type StreamOptions } from "./resource/event_stream.ts";
import { nextPage, readListQuery } from "./resource/list_query.ts";
import { withStoreProblems } from "./resource/store_problems.ts";
import { mergePatch, parseBody } from "./resource/body.ts";
import { type Route, route } from "./router.ts";

export {
  type Resource,
  resource,
  type ResourceDeclaration,
} from "./resource/declaration.ts";

/**
 * Creates the routes of a resource.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { object, string } from "../http/schema.ts";
 * import { openDatabase } from "../store/database.ts";
 *
 * await using database = await openDatabase(":memory:");
 * const notes = resource({
 *   name: "notes",
 *   title: "Note",
 *   description: "Short texts.",
 *   schema: object({ text: string() }),
 * });
 * const collection = await database.collection<{ text: string }>(notes);
 * const { signal: stopping } = new AbortController();
 *
 * assertEquals(resourceRoutes(notes, collection, { stopping }).length, 6);
 * ```
 */
export function resourceRoutes<Fields extends object>(
  resource: Resource<Fields>,
  collection: Collection<Fields>,
  options: StreamOptions,
): Route[] {
  const served: Served = { resource, collection };
  const path = `/${resource.name}` as const;
  const about = describeResource(resource);
  const follow = eventStreams(collection, options);
  return [
    route(`GET ${path}`, (request) => list(served, request), about.list),
    route(`POST ${path}`, (request) => create(served, request), about.create),
    route(
      `GET ${path}/:id`,
      (request, { id }) => read(served, request, id),
      about.read,
    ),
    route(
      `PATCH ${path}/:id`,
      (request, { id }) => update(served, request, id),
      about.update,
    ),
    route(
      `DELETE ${path}/:id`,
      (request, { id }) => remove(served, request, id),
      about.remove,
    ),
    route(`GET ${path}/events`, follow, about.follow),
  ].map((route) => withStoreProblems(route, resource.noun));
}

interface Served {
  readonly resource: Resource;
  readonly collection: Collection<object>;
}

async function list(
  { resource, collection }: Served,
  request: Request,
): Promise<Response> {
  const query = await readListQuery(resource, request.url);
  const hash = sha256(JSON.stringify(query)).toHex().slice(0, 16);
  // A tag may be older than the page: then the next request reads the page again. So
  // a client that has none gets one without a read, and the page is read last.
  const isConditional = request.headers.has("If-None-Match");
  const seen = isConditional ? undefined : collection.seenVersion;
  const tag = `W/"${seen ?? await collection.version()}-${hash}"`;
  return unlessCurrent(request, tag, async () => {
    const { items, next: last } = await collection.list(query.filter, query);
    if (last === null) return Response.json({ items, ...LAST_PAGE });
    const path = pathTo(resource, request);
    const page = nextPage(path, request.url, query, last);
    const response = Response.json({ items, ...page });
    response.headers.set("Link", `<${page.next}>; rel="next"`);
    return response;
  });
}

const LAST_PAGE = { next: null, nextCursor: null };

async function create(
  { resource, collection }: Served,
  request: Request,
): Promise<Response> {
  const key = readIdempotencyKey(request);
  const body = await readJson(request);
  const fields = await parseBody(resource, body, "create");
  const once = key === undefined
    ? undefined
    : { key, bodyHash: sha256(JSON.stringify(fields)).toHex() };
  const signal = requestState(request).signal;
  const { value, version } = await collection.create(fields, once, signal);

  const response = Response.json(value, { status: 201 });
  response.headers.set("Location", `${pathTo(resource, request)}/${value.id}`);
  response.headers.set("ETag", entityTag(version));
  return response;
}

async function read(
  { resource, collection }: Served,
  request: Request,
  id: string,
): Promise<Response> {
  const wants = readPrecondition(request, "If-Match");
  const { value, version } = await collection.get(id) ??
    throwNotFound(resource, id);
  // In this order (RFC 9110, 13.2.2).
  if (wants?.(version) === false) {
    throw new Problem(
      "version-mismatch",
      `Cannot read the ${resource.noun}: it is at version "${version}", which If-Match excludes`,
    );
  }
  return unlessCurrent(
    request,
    entityTag(version),
    () => Response.json(value),
  );
}

async function update(
  { resource, collection }: Served,
  request: Request,
  id: string,
): Promise<Response> {
  const precondition = preconditionOf(request);
  const patch = await readJson(request, PATCH_TYPES);
  const signal = requestState(request).signal;
  const stored = await collection.update(
    id,
    // Merged again with each value that another writer stored meanwhile.
    (value) => mergePatch(resource, value, patch),
    precondition,
    signal,
  );
  return respond(stored ?? throwNotFound(resource, id));
}

async function remove(
  { resource, collection }: Served,
  request: Request,
  id: string,
): Promise<Response> {
  const precondition = preconditionOf(request);
  const signal = requestState(request).signal;
  const existed = await collection.delete(id, precondition, signal);
  if (!existed) throwNotFound(resource, id);
  return new Response(null, { status: 204 });
}

/** Reads the preconditions of a write: both have to hold (RFC 9110, 13.1). */
function preconditionOf(request: Request): Precondition | undefined {
  const wants = readPrecondition(request, "If-Match");
  const has = readPrecondition(request, "If-None-Match");
  if (wants === undefined && has === undefined) return undefined;
  return (version) => wants?.(version) !== false && !has?.(version);
}

function pathTo({ name }: Resource, request: Request): string {
  return `${requestState(request).publicUrl}/${name}`;
}

function respond({ value, version }: Stored<object>): Response {
  const response = Response.json(value);
  response.headers.set("ETag", entityTag(version));
  return response;
}

function throwNotFound({ title }: Resource, id: string): never {
  const shown = id.length > 26 ? `${id.slice(0, 26).toWellFormed()}…` : id;
  throw new Problem("not-found", `${title} "${shown}" does not exist`);
}
