import type { BrowserContextOptions, Page } from "playwright-core";
import { type App, createApp } from "../../../main.ts";
import type { LogFields } from "../../../server/log.ts";
import { openBrowser } from "./chromium.ts";
import { serve } from "./_site.ts";

/** A page of the app in a browser. */
export interface AppPage extends AsyncDisposable {
  /** The page. */
  page: Page;
  /** Where the app is. */
  url: string;
  /** The app itself. */
  app: App;
  /** Errors and warnings in the console of the browser. */
  complaints: string[];
  /** The lines of the app's log. */
  log: LogFields[];
}

/** Options for {@linkcode openPage}. */
export interface OpenPageOptions extends BrowserContextOptions {
  /** Under which name the browser reaches the app. */
  host?: string;
}

/** Starts the app, and opens one of its pages. Declare it with `await using`. */
export async function openPage(
  path: string,
  { host = "localhost", ...options }: OpenPageOptions = {},
): Promise<AppPage> {
  await using stack = new AsyncDisposableStack();
  const lines: LogFields[] = [];
  const app = stack.use(
    await createApp({
      log: (level, message, fields) =>
        lines.push({ level, message, ...fields }),
      config: {
        appMode: "development",
        allowedOrigins: ["http://127.0.0.1:*"],
      },
    }),
  );
  const server = serve(stack, app.fetch);
  const browser = stack.use(await openBrowser());
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on("console", (message) => {
    const isComplaint = ["error", "warning"].includes(message.type());
    if (isComplaint) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  const url = `http://${host}:${server.addr.port}`;
  await page.goto(url + path);

  const owned = stack.move();
  return {
    page,
    url,
    app,
    complaints,
    log: lines,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
