import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { type AppPage, openPage, type OpenPageOptions } from "./_page.ts";

Deno.test("A new Send ends the stream that the one before began", async () => {
  await using site = await openDocs();
  const events = await unfold(site.page, "followTasks");
  const ping = await unfold(site.page, "ping");

  // A browser keeps six connections to one server. With seven streams open the
  // next request would never begin.
  for (let i = 0; i < 7; i++) {
    await events.send.click();
    await events.says(/^200 OK, began/);
  }

  await ping.send.click();
  await ping.says(/^200 OK, complete/);
  await events.stop.click();
  await events.says(/^Stopped/);
  assertEquals(site.complaints, []);
});

Deno.test("A response that is too long to show is shown as far as it fits", async () => {
  await using site = await openDocs();
  const body = JSON.stringify({ items: ["x".repeat(200_000)], next: null });
  const response = { contentType: "application/json", body };
  await site.page.route("**/tasks?*", (route) => route.fulfill(response));
  const list = await unfold(site.page, "listTasks");

  await list.form.locator("[name=limit]").fill("100");
  await list.send.click();

  await list.says(/^200 OK, the rest is not shown/);
  const shown = await list.body.innerText();
  assertEquals(shown.length, 200_000);
  assertMatch(shown, /^\{"items":\[/);
  // The first is for the headers of the request.
  await list.form.getByText("Headers", { exact: true }).last().click();
  assertMatch(await list.form.innerText(), /content-type\s+application\/json/);
});

for (
  const { what, id, type, says } of [
    {
      what: "a header that is not Latin-1",
      id: "createTask",
      type: async (page: Page) => {
        await page.click("#createTask summary:text-is('Headers')");
        await page.fill("[name=Idempotency-Key]", "ключ");
      },
      says: /^Cannot send Idempotency-Key: /,
    },
    {
      what: "a token that is not Latin-1",
      id: "listTasks",
      type: (page: Page) => typeToken(page, "сім"),
      says: /^Cannot send Authorization: /,
    },
    {
      what: "a step in the path",
      id: "getProblem",
      type: (page: Page) => page.fill("#getProblem-name", ".."),
      says: /^Cannot send "\.\." as name: /,
    },
  ]
) {
  Deno.test(`The page says what cannot be sent: ${what}`, async () => {
    await using site = await openDocs();
    const operation = await unfold(site.page, id);

    await type(site.page);
    await operation.send.click();

    await operation.says(says);
    assertEquals(await operation.stop.isDisabled(), true);
    assertEquals(site.complaints, []);
  });
}

Deno.test("A token is sent with one scheme, however it is pasted", async () => {
  await using site = await openDocs();
  const list = await unfold(site.page, "listTasks");

  for (const token of ["secret", "Bearer secret", " bearer  secret "]) {
    await typeToken(site.page, token);
    const request = site.page.waitForRequest("**/tasks");
    await list.send.click();
    const { authorization } = await (await request).allHeaders();
    assertEquals(authorization, "Bearer secret");
  }
});

Deno.test("The keyboard is on Send when Stop has nothing left to stop", async () => {
  await using site = await openDocs();
  const events = await unfold(site.page, "followTasks");

  await events.send.click();
  await events.says(/^200 OK, began/);
  await events.stop.press("Enter");
  await events.says(/^Stopped/);

  assertEquals(await site.page.locator(":focus").innerText(), "Send");
  assertEquals(await events.stop.isDisabled(), true);
});

Deno.test("A link to a schema opens it each time", async () => {
  await using site = await openDocs();
  const { page } = site;
  await unfold(page, "createTask");
  const link = page.locator("#createTask a[href='#schema-TaskInput']").first();
  const schema = page.locator("#schema-TaskInput");

  for (let i = 0; i < 2; i++) {
    await link.click();
    await schema.locator(":scope[open] > dl").waitFor();
    assertEquals(await page.locator(":focus h3").innerText(), "TaskInput");
    await schema.locator("summary").click();
  }
});

Deno.test("The skip link moves nothing when it is shown", async () => {
  await using site = await openDocs();
  const { page } = site;
  const top = () =>
    page.evaluate(() => document.querySelector("h1")!.offsetTop);
  const before = await top();

  await page.keyboard.press("Tab");

  assertEquals(
    await page.locator(":focus").innerText(),
    "Skip to the operations",
  );
  assertEquals(await page.locator(":focus").boundingBox() !== null, true);
  assertEquals(await top(), before);
});

for (const width of [390, 1280]) {
  Deno.test(`In ${width} pixels the page shows a response where Send was pressed`, async () => {
    await using site = await openDocs({ viewport: { width, height: 800 } });
    const { page } = site;
    const first = await page.locator("main .fold").first().boundingBox();
    assert(first!.y + first!.height < 800, "the first operation is in view");

    const list = await unfold(page, "listTasks");
    await list.send.click();
    await list.says(/^200 OK, complete/);

    const [send, body] = [
      await list.send.boundingBox(),
      await list.body.boundingBox(),
    ];
    assertEquals(body!.x > send!.x + send!.width, width === 1280, "beside it");
    assert(body!.y >= 0 && body!.y + body!.height <= 800, "in view");
    assertEquals(await list.status.getAttribute("class"), "good");
    const overflow = () => document.documentElement.scrollWidth;
    assertEquals(await page.evaluate(overflow), width);
  });
}

Deno.test("An id is filled in where it does no harm, and 204 says that it has no body", async () => {
  await using site = await openDocs();
  const { page } = site;
  await create(site, { title: "A" });
  const list = await unfold(page, "listTasks");
  await list.send.click();
  await list.says(/complete/);
  const id = await page.inputValue("#getTask-id");

  assertMatch(id, /^[0-9A-Z]{26}$/);
  assertEquals(await page.inputValue("#deleteTask-id"), "");
  const remove = await unfold(page, "deleteTask");
  await page.fill("#deleteTask-id", id);
  await remove.send.click();
  await remove.says(/^204/);
  await remove.form.getByText("This response has no body.").waitFor();
});

Deno.test("A problem links the page about its type", async () => {
  await using site = await openDocs();
  const read = await unfold(site.page, "getTask");
  await site.page.fill("#getTask-id", "nope");

  await read.send.click();
  await read.says(/^404/);
  assertEquals(await read.status.getAttribute("class"), "warn");
  await read.body.locator("a").click();

  await site.page.waitForURL("**/problems/not-found");
});

Deno.test("The page writes a request as curl and as fetch", async () => {
  await using site = await openDocs();
  const { page } = site;
  const { form } = await unfold(page, "createTask");
  await form.getByText("curl and fetch").click();

  await page.fill("#createTask-body", '{"title":"It\'s mine"}');
  await typeToken(page, "secret");

  const quoted = String.raw`'{"title":"It'\''s mine"}'`;
  assertEquals(
    await form.getByLabel("curl").innerText(),
    `curl -i -X POST -H 'Authorization: Bearer secret' -H 'Content-Type: application/json' -d ${quoted} ${site.url}/tasks`,
  );
  const source = await form.getByLabel("fetch").innerText();
  const title = await page.evaluate(
    `(async () => { const made = ${source} return (await made.json()).title; })()`,
  );
  assertEquals(title, "It's mine");
});

Deno.test("Copy puts the text into the clipboard", async () => {
  await using site = await openDocs({
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const ping = await unfold(site.page, "ping");
  await ping.form.getByText("curl and fetch").click();

  await ping.form.getByRole("button", { name: "Copy" }).first().click();

  await ping.form.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await site.page.evaluate(() => navigator.clipboard.readText());
  assertEquals(copied, `curl -i ${site.url}/ping`);
});

Deno.test("The filter leaves what has every word", async () => {
  await using site = await openDocs();

  await site.page.fill("#filter", "delete /tasks");

  const left = site.page.locator(".fold:visible");
  assertEquals(
    await left.evaluateAll((cards) => cards.map(({ id }) => id)),
    ["deleteTask"],
  );
  assertEquals(await site.page.locator("h2:visible").innerText(), "Tasks");
  const note = site.page.locator("#filter-note");
  assertEquals(await note.innerText(), "");

  await site.page.fill("#filter", "delete /nothing");

  assertEquals(await left.count(), 0);
  assertEquals(await note.innerText(), "Nothing has these words");
});

Deno.test("Problems are one line until they are unfolded", async () => {
  await using site = await openDocs();
  const ping = await unfold(site.page, "ping");
  const problems = ping.form.locator(
    "details:has(> summary:text('Problems:'))",
  );

  assertEquals(await problems.locator("summary:visible").count(), 1);
  await problems.locator("summary").first().click();

  assert(await problems.locator("summary:visible").count() > 3);
});

Deno.test("Without JavaScript there is no field for a token", async () => {
  await using site = await openDocs({ javaScriptEnabled: false });

  assertEquals(await site.page.locator("#token").isVisible(), false);
  assertMatch(await site.page.innerText("header"), /needs JavaScript/);
});

Deno.test("No two landmarks have one name", async () => {
  await using site = await openDocs();
  const ping = await unfold(site.page, "ping");
  await ping.send.click();
  await ping.says(/complete/);

  const names = await site.page.locator("form, [role=region]").evaluateAll(
    (landmarks) => landmarks.map((each) => each.getAttribute("aria-label")),
  );

  assertEquals(names.length, new Set(names).size);
});

Deno.test("GET /problems/not-found links to the documentation", async () => {
  await using site = await openPage("/problems/not-found");

  await site.page.click("main a");

  await site.page.waitForURL("**/docs");
});

async function typeToken(page: Page, token: string): Promise<void> {
  const field = page.locator("#token");
  if (!await field.isVisible()) await page.click("text=Bearer token");
  await field.fill(token);
}

/** An operation that is unfolded. */
interface Operation {
  form: Locator;
  send: Locator;
  stop: Locator;
  status: Locator;
  body: Locator;
  /** Waits until the status line says this. */
  says(what: RegExp): Promise<void>;
}

async function openDocs(options?: OpenPageOptions): Promise<AppPage> {
  const site = await openPage("/docs", options);
  // A test of a page that hangs fails soon.
  site.page.setDefaultTimeout(10_000);
  return site;
}

async function unfold(page: Page, id: string): Promise<Operation> {
  await page.click(`#${id} > summary`);
  const form = page.locator(`#${id} form`);
  return {
    form,
    send: form.getByRole("button", { name: "Send" }),
    stop: form.getByRole("button", { name: "Stop" }),
    status: form.getByRole("status"),
    body: form.getByLabel("Body of the response"),
    says: (what) =>
      form.getByRole("status").filter({ hasText: what }).waitFor(),
  };
}

async function create({ app }: AppPage, task: unknown): Promise<void> {
  const response = await app.fetch(
    new Request("http://localhost/tasks", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(task),
    }),
  );
  await response.body?.cancel();
}
