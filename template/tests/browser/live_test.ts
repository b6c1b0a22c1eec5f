import { assertEquals } from "@std/assert";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { type App, createApp, RESOURCES } from "../../../main.ts";
import {
  array,
  integer,
  nullable,
  object,
  oneOf,
  string,
} from "../../../http/schema.ts";
import { resource } from "../../../routes/resource.ts";
import { openBrowser } from "./chromium.ts";

Deno.test("Two windows show each other's changes", async () => {
  await using site = await openSite();
  const [one, other] = [await site.open(), await site.open()];

  await create(one, "Water the plants");
  await card(other, "Water the plants").waitFor();

  await edit(other, "Water the plants", { "Title": "Water the trees" });
  await press(other, "Save");
  await card(one, "Water the trees").waitFor();
  assertEquals(await card(one, "Water the plants").count(), 0);

  await card(one, "Water the trees").locator("summary").click();
  await press(one, "Delete");
  await card(other, "Water the trees").waitFor({ state: "detached" });
  assertEquals(site.complaints, []);
});

Deno.test("An edit says where another window was faster, and then wins", async () => {
  await using site = await openSite();
  const [one, other] = [await site.open(), await site.open()];
  await create(one, "A");
  await edit(one, "A", { "Title": "Mine" });
  await edit(other, "A", { "Title": "Theirs" });
  await press(other, "Save");
  await card(one, "Theirs").waitFor();

  await press(one, "Save");
  const status = one.locator(".fold[open]").getByRole("status");
  await status.filter({ hasText: 'Title is now "Theirs"' }).waitFor();
  assertEquals(
    await one.locator("#items form").getByLabel("Title").inputValue(),
    "Mine",
  );

  await press(one, "Save");
  await card(other, "Mine").waitFor();
});

Deno.test("A restart of the server loses nothing", async () => {
  await using site = await openSite();
  const page = await site.open();
  await create(page, "Before");
  await edit(page, "Before", { "Title": "Typed before" });

  await site.stop();
  await page.getByText("Waiting for the server").waitFor();
  await page.locator("#new").getByLabel("Title").fill("Sent while it was down");
  await page.getByRole("button", { name: "Create" }).click();
  await site.start();

  await page.getByText("Live:").waitFor();
  await card(page, "Sent while it was down").waitFor();
  await press(page, "Save");
  await card(page, "Typed before").waitFor();
  assertEquals(await page.locator("#items > .fold").count(), 2);
});

Deno.test("The form shows validation errors at their fields", async () => {
  await using site = await openSite();
  const page = await site.open();
  const title = page.locator("#new").getByLabel("Title");

  await page.getByRole("button", { name: "Create" }).click();

  const note = page.locator("#new-title-note").filter({ hasText: "1 to 100" });
  await note.waitFor();
  assertEquals(await title.getAttribute("aria-describedby"), "new-title-note");
  assertEquals(await title.getAttribute("aria-invalid"), "true");
  assertEquals(await note.getAttribute("class"), "note bad");
  await create(page, "Now it is valid");
  assertEquals(await page.locator("#new-title-note").innerText(), "");
});

Deno.test("Every kind of field keeps its value", async () => {
  await using site = await openSite();
  const page = await site.open();
  const form = page.locator("#new");
  await form.getByLabel("Description").fill("Two\nlines");
  await form.getByLabel("Priority").selectOption("high");
  await form.getByLabel("Done").check();
  await form.getByLabel("Due on").fill("2026-12-24");
  await create(page, "A");

  const response = await site.fetch("/tasks");
  const { items: [task] } = await response.json();
  assertEquals(
    [task.title, task.description, task.priority, task.done, task.dueOn],
    ["A", "Two\nlines", "high", true, "2026-12-24"],
  );
  await edit(page, "A", { "Due on": "" });
  await press(page, "Save");
  await card(page, "A").locator("summary").getByText("Due on").waitFor({
    state: "detached",
  });
});

Deno.test("Any resource has a form", async () => {
  await using site = await openSite([books]);
  const page = await site.open();
  const form = page.locator("#new");
  assertEquals(await page.innerText("h1"), "Books");

  await form.getByLabel("Pages").fill("12");
  await form.getByLabel("Tags").fill('["new"]');
  await form.getByLabel("Kind").selectOption("poem");
  await create(page, "A");
  await edit(page, "A", { "Pages": "13", "Tags": "[]" });
  await page.locator("#items form").getByLabel("Kind").selectOption("");
  await press(page, "Save");
  await card(page, "A").getByText("Pages: 13", { exact: true }).waitFor();

  const response = await site.fetch("/books");
  const { items: [book] } = await response.json();
  assertEquals([book.pages, book.tags, book.kind], [13, [], null]);
});

const books = resource({
  name: "books",
  title: "Book",
  description: "What there is to read.",
  schema: object({
    tags: array(string({ min: 1, max: 20 }), { default: [] }),
    title: string({ min: 1, max: 100 }),
    pages: integer({ min: 1 }),
    kind: nullable(oneOf(["novel", "poem"]), { default: null }),
  }),
});

Deno.test("The page needs no mouse", async () => {
  await using site = await openSite();
  const page = await site.open();
  await page.focus("#new-title");
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await card(page, "By keyboard").waitFor();
  assertEquals(await page.locator(":focus").getAttribute("id"), "new-title");

  await page.keyboard.type("Again");
  await page.keyboard.press("Enter");
  await card(page, "Again").waitFor();

  const titles = await page.locator("#items strong").allInnerTexts();
  assertEquals(titles, ["Again", "By keyboard"]);
});

for (const width of [390, 1280]) {
  Deno.test(`The page fits into ${width} pixels`, async () => {
    await using site = await openSite();
    const page = await site.open({ viewport: { width, height: 800 } });
    await create(page, "x".repeat(100));
    await card(page, "x".repeat(100)).locator("summary").click();
    await page.getByRole("button", { name: "Save" }).waitFor();

    const overflow = (): number => document.documentElement.scrollWidth;
    assertEquals(await page.evaluate(overflow), width);
  });
}

Deno.test("A title is text, whatever is in it", async () => {
  await using site = await openSite();
  const page = await site.open();
  const title = "<img src=x onerror=alert(1)></script>";

  await create(page, title);
  await page.reload();

  await card(page, title).waitFor();
  assertEquals(site.complaints, []);
});

/** The app on its own port and file, and windows that show it. */
interface LiveSite extends AsyncDisposable {
  complaints: string[];
  open(options?: BrowserContextOptions): Promise<Page>;
  fetch(path: string): Promise<Response>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

async function openSite(resources = RESOURCES): Promise<LiveSite> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const complaints: string[] = [];
  let app: App;
  let server: Deno.HttpServer<Deno.NetAddr>;
  let port = 0;

  async function start(): Promise<void> {
    const kvPath = `${folder}/kv.sqlite3`;
    app = await createApp({ config: { homePage: true, kvPath }, resources });
    const address = { hostname: "127.0.0.1", port, onListen: () => {} };
    server = Deno.serve(address, (request) => app.fetch(request));
    port = server.addr.port;
  }

  async function stop(): Promise<void> {
    app.stop();
    await server.shutdown();
    await app[Symbol.asyncDispose]();
  }

  await start();
  stack.defer(() => stop());
  const browser = stack.use(await openBrowser());
  const owned = stack.move();
  return {
    complaints,
    start,
    stop,
    fetch: (path) => fetch(`http://127.0.0.1:${port}${path}`),
    async open(options): Promise<Page> {
      const page = await browser.newPage(options);
      page.setDefaultTimeout(10_000);
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.getByText("Live:").waitFor();
      return page;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function card(page: Page, title: string): Locator {
  return page.locator("#items > .fold")
    .filter({
      has: page.locator("summary strong").getByText(title, { exact: true }),
    });
}

async function create(page: Page, title: string): Promise<void> {
  await page.locator("#new").getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Create" }).click();
  await card(page, title).waitFor();
}

/** Unfolds an item, and fills in some of its fields. */
async function edit(
  page: Page,
  title: string,
  values: Record<string, string>,
): Promise<void> {
  await card(page, title).locator("summary").click();
  for (const [label, value] of Object.entries(values)) {
    await page.locator(".fold[open] form").getByLabel(label).fill(value);
  }
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).click();
}
