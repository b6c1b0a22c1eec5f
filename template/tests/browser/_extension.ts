import { chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";

/** A page of an extension without any permission. */
export interface ExtensionPage extends AsyncDisposable {
  /** The page. */
  page: Page;
  /** Its origin. */
  origin: string;
}

/** Starts Chromium with an extension, and opens the extension's page. */
export async function openExtension(): Promise<ExtensionPage> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const source = `${folder}/extension`;
  await Deno.mkdir(source);
  await Deno.writeTextFile(`${source}/page.html`, "<!DOCTYPE html>");
  await Deno.writeTextFile(
    `${source}/manifest.json`,
    JSON.stringify({ manifest_version: 3, name: "test", version: "1" }),
  );
  const context = await chromium.launchPersistentContext(`${folder}/profile`, {
    executablePath: findChromium(),
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      `--disable-extensions-except=${source}`,
      `--load-extension=${source}`,
    ],
  });
  const origin = `chrome-extension://${await idOf(source)}`;
  const page = await context.newPage();
  await page.goto(`${origin}/page.html`);
  return {
    page,
    origin,
    async [Symbol.asyncDispose](): Promise<void> {
      await context.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The ID of an unpacked extension: half of a hash of its path, in the letters a to p. */
async function idOf(path: string): Promise<string> {
  const bytes = new TextEncoder().encode(path);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(
    hash.slice(0, 16),
    (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15)),
  ).join("");
}
