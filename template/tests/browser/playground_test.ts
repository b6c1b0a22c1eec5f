import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Page } from "playwright-core";
import { type AppPage, openPage } from "./_page.ts";

const ASKERS = ["same origin", "allowed", "refused", "sandboxed"];
const REQUESTS = [
  "GET",
  "PATCH",
  "PUT",
  "listed header",
  "other header",
  "error",
];

const READ = "Let through";
const KEPT = "Kept from the page";

/** For each request what each asker gets, and what the server sent. */
const VERDICTS = [
  { saw: [READ, READ, KEPT, KEPT], sent: ["GET 200", "GET 200", "GET 200"] },
  {
    saw: [READ, READ, KEPT, KEPT],
    sent: ["PATCH 200", "OPTIONS 204 PATCH 200", "OPTIONS 403"],
  },
  {
    saw: [READ, KEPT, KEPT, KEPT],
    sent: ["PUT 200", "OPTIONS 204", "OPTIONS 403"],
  },
  {
    saw: [READ, READ, KEPT, KEPT],
    sent: ["GET 200", "OPTIONS 204 GET 200", "OPTIONS 403"],
  },
  {
    saw: [READ, KEPT, KEPT, KEPT],
    sent: ["GET 200", "OPTIONS 204", "OPTIONS 403"],
  },
  { saw: [READ, READ, KEPT, KEPT], sent: ["GET 500", "GET 500", "GET 500"] },
];

Deno.test("The playground works by keyboard, and shows what was sent", async (test) => {
  await using site = await openPlayground();
  const { page } = site;

  for (const [asker, who] of ASKERS.entries()) {
    for (const [request, what] of REQUESTS.entries()) {
      await test.step(`${who}: ${what}`, async () => {
        await press(page, asker, request);

        const { saw, sent } = VERDICTS[request]!;
        assertEquals(await page.innerText("#verdict strong"), saw[asker]);
        assertEquals(await linesOf(page, "#sent"), sent[Math.min(asker, 2)]);
        assertEquals(
          await linesOf(page, "#read"),
          saw[asker] === READ ? sent[asker]?.replace("OPTIONS 204 ", "") : "",
        );
      });
    }
  }
});

/** What the page and the log say, and Chromium's words for it in the console. */
const REASONS: Record<string, RegExp> = {
  "origin": /No 'Access-Control-Allow-Origin' header is present/,
  "method PUT":
    /Method PUT is not allowed by Access-Control-Allow-Methods in preflight/,
  "header x-lesson":
    /header field x-lesson is not allowed by Access-Control-Allow-Headers in/,
};

Deno.test("The page, the console and the log give the same reason", async (test) => {
  await using site = await openPlayground();
  const { page, complaints, log } = site;

  for (const [asker, who] of ASKERS.entries()) {
    for (const [request, what] of REQUESTS.entries()) {
      await test.step(`${who}: ${what}`, async () => {
        complaints.length = log.length = 0;
        await press(page, asker, request);

        const logged = log.map(({ corsReason }) => corsReason).find(Boolean);
        const shown = await page.innerText("#reason");
        const isKept = await page.innerText("#verdict strong") === KEPT;
        assertEquals(logged !== undefined, isKept);
        assertEquals(
          shown,
          isKept ? `corsReason in the server's log: ${logged}` : "",
        );
        const told = complaints.filter((text) => text.includes("CORS policy"));
        assertEquals(told.length, isKept ? 1 : 0);
        if (isKept) assertMatch(told[0]!, REASONS[String(logged)]!);
      });
    }
  }
});

Deno.test("The playground matches both sides by the request id", async () => {
  await using site = await openPlayground();
  const { page } = site;

  await press(page, 1, 0);

  const idOf = (side: string): Promise<string> =>
    page.innerText(`${side} dt:text-is("x-request-id") + dd`);
  assertEquals(await idOf("#read"), await idOf("#sent"));
  assertStringIncludes(await page.innerText("#verdict"), await idOf("#sent"));
});

Deno.test("The playground marks what a page of another origin may not see", async () => {
  await using site = await openPlayground();
  const { page } = site;

  await press(page, 1, 0);

  const hidden = page.locator("#sent dt:has(+ dd .withheld)");
  assertEquals(await hidden.allInnerTexts(), [
    "access-control-allow-origin",
    "access-control-expose-headers",
    "timing-allow-origin",
    "vary",
  ]);
});

Deno.test("The playground shows the line for curl, and the response that curl gets", async () => {
  // Here the page's own origin is an allowed one.
  await using site = await openPlayground("127.0.0.1");
  const { page } = site;

  for (const [request, what] of REQUESTS.entries()) {
    if (["PATCH", "PUT"].includes(what)) continue;
    await press(page, 0, request);

    const answer = await page.innerText("#answer");
    const [head = "", body = ""] = answer.split("\n\n");
    const [status, ...fields] = head.split("\n");
    const real = await send(await page.innerText("#line pre"));
    assertEquals(status, `HTTP/1.1 ${real.status} ${real.statusText}`);
    assertEquals(
      fields.map((field) => field.split(": ")[0]),
      [...real.headers.keys()],
      what,
    );
    const id = /[\w-]{36}/;
    assertEquals(body.replace(id, ""), (await real.text()).replace(id, ""));
  }
});

Deno.test("The playground shows the line of a PATCH, and says why it shows no response", async () => {
  await using site = await openPlayground("127.0.0.1");
  const { page, url } = site;

  await press(page, 0, 1);

  assertEquals(
    await page.innerText("#line pre"),
    `curl -i -X PATCH -H 'Content-Type: application/json' -d '{"done":true}' ${url}/playground/note`,
  );
  assertStringIncludes(
    await page.innerText("#answer"),
    "A browser puts an Origin on every PATCH",
  );
});

Deno.test("The playground shows the same from its other address", async () => {
  await using site = await openPlayground("127.0.0.1");

  const tags = await site.page.locator("#askers .badge").allInnerTexts();

  assertEquals(tags, ["same origin", "refused", "allowed", "refused"]);
  await press(site.page, 1, 0);
  assertEquals(await site.page.innerText("#verdict strong"), KEPT);
  await press(site.page, 2, 0);
  assertEquals(await site.page.innerText("#verdict strong"), READ);
});

Deno.test("The playground shows no result of another caller than the chosen one", async () => {
  await using site = await openPlayground();
  const { page } = site;
  await press(page, 1, 0);
  assertEquals(await page.innerText("#verdict strong"), READ);

  await page.locator("#askers label").nth(2).click();

  assertEquals(await page.isVisible("#result"), false);
  await press(page, 2, 0);
  assertEquals(await page.innerText("#verdict strong"), KEPT);
});

for (const width of [390, 1280]) {
  Deno.test(`The playground fits into ${width} pixels`, async () => {
    await using site = await openPlayground("localhost", width);

    await press(site.page, 1, 1);

    assertEquals(
      await site.page.evaluate(() => document.documentElement.scrollWidth),
      width,
    );
  });
}

for (const path of ["/", "/docs", "/playground", "/problems/not-found"]) {
  Deno.test(`GET ${path} keeps its own policy, and the console stays empty`, async () => {
    await using site = await openPlayground();
    const { page, complaints } = site;
    complaints.length = 0;

    const response = await page.goto(site.url + path, {
      waitUntil: "networkidle",
    });

    assertEquals(response?.status(), 200);
    assert(response?.headers()["content-security-policy"]);
    assertEquals(complaints, []);
  });
}

async function openPlayground(
  host = "localhost",
  width = 1280,
): Promise<AppPage> {
  const viewport = { width, height: 900 };
  const site = await openPage("/playground", { host, viewport });
  await settled(site.page);
  return site;
}

/** Chooses who asks, then sends a request, by keyboard alone. */
async function press(
  page: Page,
  asker: number,
  request: number,
): Promise<void> {
  await page.focus("#askers :checked");
  const chosen = Number(await page.inputValue("#askers :checked"));
  const key = asker < chosen ? "ArrowUp" : "ArrowDown";
  for (let i = 0; i < Math.abs(asker - chosen); i++) {
    await page.keyboard.press(key);
  }
  for (let i = 0; i <= request; i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await page.waitForSelector("#result[aria-busy=false]");
}

/** Method and status of each message that is shown on a side. */
async function linesOf(page: Page, side: string): Promise<string> {
  const lines = await page.locator(`${side} .line`).allInnerTexts();
  return lines.join(" ").replaceAll(/\s+|the preflight/g, " ")
    .replaceAll(/ +/g, " ").trim();
}

/** Sends what the line of a GET says: with no Origin, as curl does. */
async function send(line: string): Promise<Response> {
  const headers = [...line.matchAll(/-H '(.*?): (.*?)'/g)]
    .map(([, name, value]): [string, string] => [name!, value!]);
  return await fetch(line.split(" ").at(-1)!, { headers });
}
