/**
 * Takes the pictures in the README: the live page and the playground.
 *
 * @module
 */

import { createApp } from "../../../main.ts";
import { openBrowser } from "./chromium.ts";

const docs = `${import.meta.dirname}/../../../docs/`;

// The addresses are those that a reader will see.
const port = 8000;
await using app = await createApp({
  config: {
    appMode: "development",
    homePage: true,
    allowedOrigins: [`http://127.0.0.1:${port}`],
  },
});
await using _server = Deno.serve(
  { hostname: "127.0.0.1", port, onListen: () => {} },
  (request) => app.fetch(request),
);
await using browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });

await page.goto(`http://localhost:${port}/`);
for (const title of ["Write the report", "Buy milk", "Water the plants"]) {
  await page.fill("#new-title", title);
  await page.selectOption(
    "#new-priority",
    title.includes("W") ? "high" : "low",
  );
  await page.press("#new-title", "Enter");
  await page.locator("#items strong", { hasText: title }).waitFor();
}
await page.locator("#items summary").nth(1).click();
await page.locator("#items button").first().waitFor();
await take("live", "main");

await page.goto(`http://localhost:${port}/playground`);
await page.waitForSelector("#result[aria-busy=false]");
await page.locator("#askers input").nth(2).check();
await page.locator("#requests button").first().click();
await page.waitForSelector("#result[aria-busy=false]");
await take("playground", "#result");

/** Takes a picture of the page down to the end of an element. */
async function take(name: string, selector: string): Promise<void> {
  await page.mouse.move(0, 0);
  const box = await page.locator(selector).boundingBox();
  const height = Math.ceil(box!.y + box!.height + 32);
  const clip = { x: 0, y: 0, width: 1280, height };
  await page.screenshot({ path: `${docs}${name}.png`, clip });
}
