/**
 * Finds Chromium on this machine, and starts it.
 *
 * @module
 */

import { type Browser, chromium } from "playwright-core";

/** Starts Chromium without a window. It ends with `close()`. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: findChromium(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A foreign name that resolves to this machine.
      "--host-resolver-rules=MAP evil.example 127.0.0.1",
    ],
  });
}

/** Returns the path of Chromium. */
export function findChromium(): string {
  const named = Deno.env.get("CHROMIUM");
  if (named) return named;
  const folders = Deno.env.get("PATH")?.split(":") ?? [];
  const paths = NAMES.flatMap((name) => folders.map((at) => `${at}/${name}`));
  const found = [...paths, ...APPS].find(isFile);
  if (found !== undefined) return found;
  throw new Error(
    "Cannot test in a browser: Chromium is not on this machine. Install it (Debian: apt-get install chromium), or set CHROMIUM to the path of one",
  );
}

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const APPS = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  try {
    findChromium();
  } catch (error) {
    // The task prints one sentence, and no stack.
    Deno.stderr.writeSync(
      new TextEncoder().encode(`${(error as Error).message}\n`),
    );
    Deno.exit(1);
  }
}
