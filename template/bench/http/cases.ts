/**
 * The requests that are measured, and the check that all servers respond alike.
 *
 * @module
 */

/** The origin that the servers let in. */
export const EXAMPLE_ORIGIN = "https://app.example.com";

/** A request that is measured. */
export interface Case {
  /** Its name in the table. */
  readonly name: string;
  /** Its method. */
  readonly method: string;
  /** Its path. `ID` stands for a task that is there. */
  readonly path: string;
  /** Its headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its body. */
  readonly body?: string;
}

const ORIGIN = { Origin: EXAMPLE_ORIGIN };
const TASK = '{"title":"Write the report","priority":"high"}';

/** All cases. */
export const CASES: readonly Case[] = [
  { name: "GET /ping", method: "GET", path: "/ping", headers: ORIGIN },
  {
    name: "preflight",
    method: "OPTIONS",
    path: "/tasks",
    headers: {
      ...ORIGIN,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type",
    },
  },
  { name: "GET /tasks/:id", method: "GET", path: "/tasks/ID", headers: ORIGIN },
  {
    name: "GET /tasks?limit=20",
    method: "GET",
    path: "/tasks?limit=20",
    headers: ORIGIN,
  },
  {
    name: "POST /tasks",
    method: "POST",
    path: "/tasks",
    headers: { ...ORIGIN, "Content-Type": "application/json" },
    body: TASK,
  },
];

/**
 * Creates tasks, so that there are pages of them.
 *
 * @param url Where the server listens.
 * @param count How many.
 * @returns The id of the last one.
 */
export async function createTasks(url: string, count: number): Promise<string> {
  let id = "";
  for (let created = 0; created < count; created++) {
    const response = await fetch(`${url}/tasks`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: TASK,
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`Cannot create: ${text}`);
    id = JSON.parse(text).id;
  }
  return id;
}

/**
 * Describes the response to a case: status, headers and body, with the same words in
 * place of what differs by nature. Headers of the connection are left out.
 *
 * @param url Where the server listens.
 * @param each The case.
 * @param id A task that is there.
 * @returns The description.
 */
export async function describeResponse(
  url: string,
  each: Case,
  id: string,
): Promise<string> {
  const { method, headers, body } = each;
  const response = await fetch(url + each.path.replace("ID", id), {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const lines = [...response.headers]
    .filter(([name]) => !OF_THE_CONNECTION.has(name))
    .map(([name, value]) => `${name}: ${value}`);
  return withoutChance([response.status, ...lines, text].join("\n"));
}

// A 204 has no length, though Koa and FastAPI may say 0.
const OF_THE_CONNECTION = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
]);

function withoutChance(text: string): string {
  return text
    .replace(/\d+\.\d\dms|(?<=dur=)\d+\.\d+/g, "TIME")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/(?<=cursor=|nextCursor":")[\w-]+/g, "CURSOR")
    .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, "DATE")
    .replace(/(?<=etag: )(?:W\/)?"[0-9a-f]{20}(?:-[0-9a-f]+)?"/g, "VERSION")
    .replace(/\b[0-9A-Z]{26}\b/g, "ID");
}
