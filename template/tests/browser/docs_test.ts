import { assertEquals, assertMatch } from "@std/assert";
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

Deno.test("An answer that is too long to show is shown as far as it fits", async () => {
  await using site = await openDocs();
  const description = "x".repeat(2000);
  for (let i = 0; i < 100; i++) await create(site, { title: "A", description });
  const list = await unfold(site.page, "listTasks");

  await list.form.locator("[name=limit]").fill("100");
  await list.send.click();

  await list.says(/^200 OK, the rest is not shown/);
  const body = await list.form.locator("pre").innerText();
  assertEquals(body.length, 200_000);
  assertMatch(body, /^\{"items":\[/);
  assertMatch(await list.form.innerText(), /content-type\s+application\/json/);
});

for (
  const { what, id, type, says } of [
    {
      what: "a header that is not Latin-1",
      id: "createTask",
      type: (page: Page) => page.fill("[name=Idempotency-Key]", "ключ"),
      says: /^Cannot send Idempotency-Key: /,
    },
    {
      what: "a token that is not Latin-1",
      id: "listTasks",
      type: (page: Page) => page.fill("#token", "сім"),
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
  Deno.test(`What cannot be sent is told: ${what}`, async () => {
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
    await site.page.fill("#token", token);
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
    await schema.locator(":scope[open] > .inside").waitFor();
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
  Deno.test(`In ${width} pixels each row that unfolds has its chevron at the edge`, async () => {
    await using site = await openDocs({ viewport: { width, height: 900 } });

    // The chevron comes last in the first line, so that is where the columns end.
    const rows = await site.page.locator(".fold > summary").evaluateAll(
      (rows) =>
        rows.map((row) => ({
          text: row.textContent,
          says: row.querySelector(".muted")?.textContent !== "",
          columns: getComputedStyle(row).gridTemplateColumns.split(" ").length,
          inFirstLine: [...row.children].filter((child) =>
            getComputedStyle(child).gridRowStart !== "2"
          ).length,
        })),
    );

    const odd = rows.filter(({ says, columns, inFirstLine }) =>
      !says || columns !== inFirstLine + 1
    );
    assertEquals(odd.map(({ text }) => text), []);
  });
}

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

/** An operation that is unfolded. */
interface Operation {
  form: Locator;
  send: Locator;
  stop: Locator;
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
