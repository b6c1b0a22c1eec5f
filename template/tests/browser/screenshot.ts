/**
 * Takes the picture of the playground that stands in the README.
 *
 * @module
 */

import { createApp } from "../../../main.ts";
import { openBrowser } from "./chromium.ts";

const path = new URL("../../../docs/playground.png", import.meta.url).pathname;

// Its addresses are those that a reader will see.
const port = 8000;
await using app = await createApp({
  config: {
    appMode: "development",
    allowedOrigins: [`http://127.0.0.1:${port}`],
  },
});
await using _server = Deno.serve(
  { hostname: "127.0.0.1", port, onListen: () => {} },
  (request) => app.fetch(request),
);
await using browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });

await page.goto(`http://localhost:${port}/playground`);
await page.waitForSelector("#result[aria-busy=false]");
await page.locator("#askers input").nth(2).check();
await page.locator("#requests button").first().click();
await page.waitForSelector("#result[aria-busy=false]");

await page.mouse.move(0, 0);
const box = await page.locator("#result").boundingBox();
const height = Math.ceil(box!.y + box!.height + 32);
await page.screenshot({ path, clip: { x: 0, y: 0, width: 1280, height } });
