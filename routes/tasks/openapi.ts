/**
 * Describes the routes of the Task Manager in OpenAPI.
 *
 * @module
 */

import type { ProblemName } from "../../http/problem_types.ts";
import {
  answer,
  type Json,
  json,
  type Operation,
  ref,
  refusals,
  type Resource,
} from "../docs/operation.ts";
import { TASK_PARAMETERS } from "./openapi_parameters.ts";

const ID = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
const EVENT_ID = "00000000000000a30000";
const NEXT = "/tasks?limit=1&cursor=MDFKRDRaM1c2UThSOVRCMkNWTjVYS1lNN1AuLg";
const NEW_TASK = {
  title: "Water the plants",
  description: "The fern on the stairs, too",
  priority: "high",
  dueOn: "2026-02-28",
};
const TASK = {
  id: ID,
  ...NEW_TASK,
  done: false,
  createdAt: "2026-02-27T08:15:30.123Z",
  updatedAt: "2026-02-27T08:15:30.123Z",
};

/** An operation on tasks. Whether it needs a token is for the operator to say. */
function operation(
  description: Omit<Operation, "tags" | "security">,
): Operation {
  return { tags: ["Tasks"], security: [{}, { token: [] }], ...description };
}

function parameters(...names: string[]): Json {
  return names.map((name) => ref(`parameters/${name}`));
}

function refuse(
  names: readonly ProblemName[] = [],
  accept?: "Accept-Post" | "Accept-Patch",
): Record<string, Json> {
  return refusals(
    ["unauthorized", ...names],
    accept && [accept, "Accept-Encoding"],
  );
}

const UNREADABLE = [
  "invalid-json",
  "request-timeout",
  "body-too-large",
  "unsupported-media-type",
  "invalid-body",
] as const;

const PATCH = json("TaskPatch", { done: { done: true } });
const WHOLE_TASK = json("Task", { task: TASK });

const LIST = operation({
  operationId: "listTasks",
  summary: "List tasks, newest first",
  description: `\
To read on, request \`next\` as it is until it is \`null\`. A page may have fewer tasks than \`limit\` and not be the last.

A task that is there the whole time comes up once, whatever is created and deleted meanwhile.

There is no total: a key-value store counts by reading everything.`,
  parameters: parameters("Done", "Priority", "Limit", "Cursor"),
  responses: {
    200: answer(
      "A page of tasks",
      ["Link"],
      json("TaskPage", { page: { items: [TASK], next: NEXT } }),
    ),
    ...refuse(["invalid-cursor", "invalid-query"]),
  },
});

const CREATE = operation({
  operationId: "createTask",
  summary: "Create a task",
  description:
    "An `Idempotency-Key` makes this safe to repeat: for 24 hours, the same key with the same task gives the first answer again and creates nothing. What counts is what the body means: white space, the order of members and defaults that are left out do not make another task.",
  parameters: parameters("IdempotencyKey"),
  requestBody: {
    required: true,
    content: json("NewTask", {
      least: { title: "Water the plants" },
      all: { ...NEW_TASK, done: false },
    }),
  },
  responses: {
    201: answer("The new task", ["Location", "ETag"], WHOLE_TASK),
    ...refuse(
      [...UNREADABLE, "conflict", "idempotency-key-reused"],
      "Accept-Post",
    ),
  },
});

const READ = operation({
  operationId: "getTask",
  summary: "Read a task",
  parameters: parameters("Id", "IfMatch", "IfNoneMatch"),
  responses: {
    200: answer("The task", ["ETag"], WHOLE_TASK),
    304: answer("The client has this version", ["ETag"]),
    ...refuse(["invalid-path", "not-found", "version-mismatch"]),
  },
});

const CHANGE = operation({
  operationId: "updateTask",
  summary: "Change some fields of a task",
  description: `\
The body names the fields to change (RFC 7396). An empty one changes nothing and keeps the \`ETag\`.

Without \`If-Match\` the last writer wins, on the fields that it names; two who race for different fields both get through. With \`If-Match\` the task is changed only if it is still the one that you read.`,
  parameters: parameters("Id", "IfMatch", "IfNoneMatch"),
  requestBody: {
    required: true,
    content: {
      "application/merge-patch+json": PATCH["application/json"]!,
      ...PATCH,
    },
  },
  responses: {
    200: answer("The whole task as it is now", ["ETag"], WHOLE_TASK),
    ...refuse([
      ...UNREADABLE,
      "invalid-path",
      "not-found",
      "conflict",
      "version-mismatch",
    ], "Accept-Patch"),
  },
});

const REMOVE = operation({
  operationId: "deleteTask",
  summary: "Delete a task",
  description:
    "Deleted twice, it is not found the second time. With `If-Match` it is deleted only if it is still the one that you read.",
  parameters: parameters("Id", "IfMatch", "IfNoneMatch"),
  responses: {
    204: answer("It is gone"),
    ...refuse([
      "invalid-path",
      "not-found",
      "conflict",
      "version-mismatch",
      "body-too-large",
    ]),
  },
});

const FOLLOW = operation({
  operationId: "followTasks",
  summary: "Follow what changes, as it changes",
  description: `\
Server-sent events, for \`new EventSource("/tasks/events")\`. \`created\` and \`updated\` carry the whole task, \`deleted\` its \`id\`.

After a lost connection, send the last \`id\` in \`Last-Event-ID\` (\`EventSource\` does so by itself): you get all that you missed, once and in order. \`reset\` means that this reaches too far back: list the tasks again.

An empty comment every 15 seconds keeps proxies awake. A client that reads too slowly is dropped, and may come back.`,
  parameters: parameters("LastEventId"),
  responses: {
    200: answer("Events without end", ["Cache-Control", "X-Accel-Buffering"], {
      "text/event-stream": {
        schema: { type: "string" },
        examples: {
          updated: {
            value: `id: ${EVENT_ID}\nevent: updated\ndata: ${
              JSON.stringify(TASK)
            }\n\n`,
          },
          deleted: {
            value: `id: ${EVENT_ID}\nevent: deleted\ndata: {"id":"${ID}"}\n\n`,
          },
          reset: { value: `id: ${EVENT_ID}\nevent: reset\ndata: {}\n\n` },
        },
      },
    }),
    ...refuse(),
  },
});

// ECMA-262, read with its flag u. What String.trim() takes away is what \s matches;
// neither NUL nor half of a surrogate pair is text.
const CHARACTER = String.raw`[^\u0000\ud800-\udfff]`;
const VISIBLE = String.raw`[^\s\u0000\ud800-\udfff]`;

const FIELDS = {
  title: ref("schemas/Title"),
  description: ref("schemas/Description"),
  priority: ref("schemas/Priority"),
  done: { type: "boolean" },
  dueOn: ref("schemas/DueOn"),
};

const SCHEMAS = {
  Title: {
    type: "string",
    description: "What is to be done: 1 to 100 characters after trimming.",
    minLength: 1,
    pattern: String
      .raw`^\s*${VISIBLE}(?:${CHARACTER}{0,98}${VISIBLE})?\s*$`,
  },
  Description: {
    type: "string",
    description: "Whatever else there is to say.",
    maxLength: 2000,
    pattern: `^${CHARACTER}*$`,
  },
  Priority: {
    description: "How urgent it is.",
    enum: ["low", "medium", "high"],
  },
  DueOn: {
    type: ["string", "null"],
    description: "The day by which it is due, one that exists.",
    format: "date",
    pattern: String.raw`^\d{4}-\d\d-\d\d$`,
  },
  NewTask: {
    type: "object",
    description: "What a client says of a new task.",
    required: ["title"],
    additionalProperties: false,
    properties: {
      ...FIELDS,
      description: { ...FIELDS.description, default: "" },
      priority: { ...FIELDS.priority, default: "medium" },
      done: { ...FIELDS.done, default: false },
      dueOn: { ...FIELDS.dueOn, default: null },
    },
  },
  TaskPatch: {
    type: "object",
    description: "The fields to change. The others stay as they are.",
    additionalProperties: false,
    properties: FIELDS,
  },
  Task: {
    type: "object",
    description: "A task as it is stored.",
    required: ["id", ...Object.keys(FIELDS), "createdAt", "updatedAt"],
    properties: {
      id: ref("schemas/Id"),
      ...FIELDS,
      createdAt: ref("schemas/Time"),
      updatedAt: ref("schemas/Time"),
    },
  },
  TaskPage: {
    type: "object",
    description: "Some tasks, and where the next ones are.",
    required: ["items", "next"],
    properties: {
      items: { type: "array", items: ref("schemas/Task") },
      next: {
        type: ["string", "null"],
        format: "uri-reference",
        description: "Path of the next page; `null` on the last one.",
      },
    },
  },
  Id: {
    type: "string",
    description: "ULID: sorts by the time of creation.",
    pattern: "^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
  },
  Time: { type: "string", description: "UTC.", format: "date-time" },
};

/**
 * What the document says of tasks.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(TASKS.paths["/tasks"]?.["post"]?.operationId, "createTask");
 * ```
 */
export const TASKS: Resource = {
  tag: { name: "Tasks", description: "What there is to do." },
  paths: {
    "/tasks": { get: LIST, post: CREATE },
    "/tasks/{id}": { get: READ, patch: CHANGE, delete: REMOVE },
    "/tasks/events": { get: FOLLOW },
  },
  schemas: SCHEMAS,
  parameters: TASK_PARAMETERS,
};
