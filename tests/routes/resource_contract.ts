import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { Resource } from "../../routes/resource.ts";
import { openApp, type TestApp } from "../app.ts";
import { assertProblem } from "../assert_problem.ts";

/** A resource with a field that is required, one with a default, and an index. */
export interface Sample {
  resource: Resource;
  /** A body with nothing but what is required. */
  least: Record<string, unknown>;
  /** What is stored then. */
  fields: Record<string, unknown>;
  /** A patch that sets every field to something else. */
  patch: Record<string, unknown>;
  /** Name of a field that is required. */
  required: string;
  /** Name of a field that has a default, and an index. */
  preset: string;
  /** Bodies that are not valid, with the pointer of the error. */
  invalid: readonly [body: unknown, pointer: string][];
}

interface Item {
  id: string;
  createdAt: string;
  updatedAt: string;
}

/**
 * Runs the HTTP contract on a resource, whatever library its schema is of. Only what
 * the libraries say differs: the texts of validation errors.
 */
export function testResource(library: string, sample: Sample): void {
  const { resource, least, fields, patch, required, preset } = sample;
  const { name, title } = resource;
  const path = `/${name}`;

  function test(what: string, run: (app: TestApp) => Promise<void>): void {
    Deno.test(`${name} with a schema of ${library}: ${what}`, async () => {
      await using app = await openApp({}, [resource]);
      await run(app);
    });
  }

  async function create(
    app: TestApp,
    body: object = least,
  ): Promise<{ item: Item; at: string; tag: string }> {
    const response = await app.send("POST", path, body);
    assertEquals(response.status, 201);
    const tag = response.headers.get("ETag")!;
    const at = response.headers.get("Location")!;
    return { item: await response.json(), at, tag };
  }

  test("POST fills defaults in and responds with 201", async (app) => {
    const { item, at, tag } = await create(app);

    const { id, createdAt, updatedAt, ...rest } = item;
    assertEquals(rest, fields);
    assertEquals(at, `${path}/${id}`);
    assertEquals(createdAt, updatedAt);
    assertMatch(tag, /^"[0-9a-f]{20}"$/);
    assertEquals(Object.keys(item).at(0), "id");
    assertEquals(await (await app.fetch(at)).json(), item);
  });

  test("POST repeats its first response for the same key", async (app) => {
    const key = { "Idempotency-Key": '"one"' };
    const post = (body: object): Promise<Response> =>
      app.send("POST", path, body, key);

    const responses = [await post(least), await post(least)];
    const other = await post({ ...least, ...patch });

    const [first, second] = await Promise.all(
      responses.map(async (response) => [
        response.status,
        response.headers.get("ETag"),
        await response.text(),
      ]),
    );
    assertEquals(second, first);
    await assertProblem(other, 422, "idempotency-key-reused");
  });

  for (const [body, pointer] of sample.invalid) {
    test(`${JSON.stringify(body)} is 422 at ${pointer}`, async (app) => {
      const response = await app.send("POST", path, body);

      const { errors } = await response.json();
      assertEquals(response.status, 422);
      assertEquals(
        errors.map((error: { pointer: string }) => error.pointer),
        [pointer],
      );
    });
  }

  test("GET responds with 304 to the current version", async (app) => {
    const { at, tag } = await create(app);

    const [same, other] = await Promise.all(
      [tag, '"x"'].map((tag) =>
        app.fetch(at, { headers: { "If-None-Match": tag } })
      ),
    );

    assertEquals([same!.status, same!.body], [304, null]);
    assertEquals(other!.status, 200);
    await other!.body?.cancel();
  });

  test("PATCH merges, and changes the version", async (app) => {
    const { item, at, tag } = await create(app);

    const response = await app.send("PATCH", at, patch, { "If-Match": tag });

    const { updatedAt, ...changed } = await response.json();
    assertEquals(response.status, 200);
    assertNotEquals(response.headers.get("ETag"), tag);
    assertEquals({ ...changed, updatedAt }, { ...item, ...patch, updatedAt });
    const late = await app.send("PATCH", at, patch, { "If-Match": tag });
    await assertProblem(late, 412, "version-mismatch");
  });

  test("a precondition that does not hold is 412", async (app) => {
    const { at, tag } = await create(app);
    const requests: [method: string, headers: Record<string, string>][] = [
      ["GET", { "If-Match": '"x"' }],
      ["DELETE", { "If-Match": '"x"' }],
      ["DELETE", { "If-None-Match": tag }],
    ];

    for (const [method, headers] of requests) {
      const response = await app.fetch(at, { method, headers });
      await assertProblem(response, 412, "version-mismatch");
    }
  });

  test("a body of another type is 415, and a large one 413", async (app) => {
    const post = (type: string, body: string): Promise<Response> =>
      app.fetch(path, {
        method: "POST",
        headers: { "Content-Type": type },
        body,
      });

    const other = await post("text/plain", "{}");
    const large = await post("application/json", " ".repeat(65_537));

    await assertProblem(other, 415, "unsupported-media-type");
    await assertProblem(large, 413, "body-too-large");
  });

  test("HEAD has the headers of GET", async (app) => {
    const { at } = await create(app);

    const [get, head] = await Promise.all(
      ["GET", "HEAD"].map((method) => app.fetch(at, { method })),
    );

    assertEquals(head!.status, 200);
    assertEquals(head!.headers.get("ETag"), get!.headers.get("ETag"));
    const { length } = await get!.text();
    assertEquals(head!.headers.get("Content-Length"), `${length}`);
    assertEquals(await head!.text(), "");
  });

  test("an empty PATCH keeps the version", async (app) => {
    const { item, at, tag } = await create(app);

    const response = await app.send("PATCH", at, {});

    assertEquals(response.headers.get("ETag"), tag);
    assertEquals(await response.json(), item);
  });

  test("null takes a field back to its default, and is 422 where it has none", async (app) => {
    const { at } = await create(app, { ...least, ...patch });

    const reset = await app.send("PATCH", at, { [preset]: null });
    const missing = await app.send("PATCH", at, { [required]: null });

    assertEquals((await reset.json())[preset], fields[preset]);
    assertEquals(missing.status, 422);
    assertEquals(
      (await missing.json()).errors[0].pointer,
      `#/${required}`,
    );
  });

  for (
    const unknown of [
      { unknown: "red" },
      { unknown: null },
      { id: "1" },
      { createdAt: null },
    ]
  ) {
    test(`PATCH with ${JSON.stringify(unknown)} is 422`, async (app) => {
      const { at, tag } = await create(app);

      const response = await app.send("PATCH", at, unknown);

      assertEquals(response.status, 422);
      await response.body?.cancel();
      const found = await app.fetch(at);
      assertEquals(found.headers.get("ETag"), tag);
      await found.body?.cancel();
    });
  }

  test("DELETE responds with 204, then 404", async (app) => {
    const { at } = await create(app);

    const first = await app.fetch(at, { method: "DELETE" });
    const second = await app.fetch(at, { method: "DELETE" });

    assertEquals([first.status, first.body], [204, null]);
    const { detail } = await second.clone().json();
    assertMatch(detail, new RegExp(`^${title} "`));
    await assertProblem(second, 404, "not-found");
  });

  test("GET lists in pages, filtered by an index", async (app) => {
    for (let count = 0; count < 3; count++) {
      await create(app);
      await create(app, { ...least, ...patch });
    }

    const ids: string[] = [];
    const value = encodeURIComponent(String(fields[preset]));
    let next: string | null = `${path}?${preset}=${value}&limit=2`;
    while (next !== null) {
      const page: { items: Item[]; next: string | null } = await (
        await app.fetch(next)
      ).json();
      ids.push(...page.items.map(({ id }) => id));
      next = page.next;
    }

    assertEquals(ids.length, 3);
    assertEquals(ids, [...ids].sort().reverse());
    const unknown = await app.fetch(`${path}?unknown=red`);
    assertEquals(unknown.status, 422);
    await unknown.body?.cancel();
  });

  test("GET refuses a value that the field cannot have", async (app) => {
    const response = await app.fetch(`${path}?${preset}=nonsense`);

    const { errors } = await response.json();
    assertEquals(response.status, 422);
    assertEquals(errors.length, 1);
    assertEquals(errors[0].parameter, preset);
  });

  test("events carry what changes", async (app) => {
    const stream = await app.fetch(`${path}/events`);
    const reader = stream.body!.pipeThrough(new TextDecoderStream())
      .getReader();
    const { item, at } = await create(app);
    await app.fetch(at, { method: "DELETE" });

    let text = "";
    while (!text.includes("event: deleted")) {
      text += (await reader.read()).value;
    }
    await reader.cancel();

    assertMatch(text, /event: created\nid: [0-9a-f]+\ndata: \{"id"/);
    assertMatch(text, new RegExp(`data: \\{"id":"${item.id}"\\}`));
  });

  test("the document and the home page have it", async (app) => {
    const { paths, components } = await (await app.fetch("/openapi.json"))
      .json();
    const { links } = await (await app.fetch("/")).json();

    assertEquals(Object.keys(paths[path]).sort(), [
      "get",
      "parameters",
      "post",
    ]);
    assertEquals(Object.keys(paths[`${path}/{id}`]).sort(), [
      "delete",
      "get",
      "parameters",
      "patch",
    ]);
    assertEquals(
      Object.keys(components.schemas[title].properties).sort(),
      ["createdAt", "id", "updatedAt", ...Object.keys(fields)].sort(),
    );
    assertEquals(links[name], path);
  });
}
