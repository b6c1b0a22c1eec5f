import type { Browser, Frame } from "playwright-core";
import type { Config } from "../../../server/config.ts";
import { type App, createApp } from "../../../main.ts";
import { compose } from "../../../middleware/compose.ts";
import { cors } from "../../../middleware/cors.ts";
import { createCertificate } from "./_certificate.ts";

/** Who asks. */
export type Asker = "allowed" | "underscored" | "refused" | "sandboxed";

/** The addresses that a script in a page needs. */
export interface Addresses {
  /** The API. */
  api: string;
  /** The same over HTTP/2. */
  http2: string;
  /** An API that lets pages send credentials. */
  credentials: string;
  /** Path of a task that is there. */
  task: string;
}

/** The real app on its own ports, and pages of three origins that call it. */
export interface Site extends AsyncDisposable {
  /** Where everything is. */
  addresses: Addresses;
  /** What reached the app since the last `forget()`: methods, in order. */
  reached(): string;
  /** Empties that list. */
  forget(): void;
  /** Opens a page that has nothing in it but its origin. */
  open(browser: Browser, asker: Asker): Promise<OpenPage>;
}

/** A page in its own browser context. */
export interface OpenPage extends AsyncDisposable {
  /** Where scripts run. */
  frame: Frame;
}

/** Starts the app and the server of the pages. */
export async function openSite(): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const requests: string[] = [];

  const pages = serve(stack, blankPage);
  const allowed = `http://localhost:${pages.addr.port}`;
  const refused = `http://127.0.0.1:${pages.addr.port}`;
  const underscored = `http://my_app.pages.localhost:${pages.addr.port}`;
  const sites = { allowed, underscored, refused, sandboxed: allowed };

  const config = {
    appMode: "development",
    allowedOrigins: [allowed, "http://*.pages.localhost:*"],
  } as const;
  const app = await openApp(stack, config);
  const friendly = await openApp(stack, {
    ...config,
    allowedOrigins: [allowed, underscored],
    corsCredentials: true,
  });
  const api = serve(stack, listen(withMore));
  const http2 = serve(stack, listen(app.fetch), await createCertificate());
  const credentials = serve(stack, listen(friendly.fetch));

  const addresses = {
    api: `http://localhost:${api.addr.port}`,
    http2: `https://localhost:${http2.addr.port}`,
    credentials: `http://localhost:${credentials.addr.port}`,
    task: await createTask(app),
  };

  function listen(fetch: Handler): Handler {
    return (request) => {
      const cookie = request.headers.has("Cookie") ? " with cookie" : "";
      requests.push(request.method + cookie);
      return fetch(request);
    };
  }

  const origins = config.allowedOrigins;
  const anyHeader = compose(
    [cors({ origins, headers: "*", debug: true })],
    () => new Response(),
  );

  /** What the app does not have: a redirect, and a policy that allows any header. */
  async function withMore(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/any-header") return await anyHeader(request);
    if (pathname !== "/moved") return await app.fetch(request);
    const layers = searchParams.has("bare") ? [] : [
      cors({ origins, methods: ["PATCH"] }),
    ];
    const to = searchParams.get("to")!;
    return await compose(layers, () => Response.redirect(to, 307))(request);
  }

  const owned = stack.move();
  return {
    addresses,
    reached: () => requests.join(", "),
    forget: () => void requests.splice(0),
    async open(browser, asker): Promise<OpenPage> {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      await context.addCookies([
        { name: "session", value: "1", url: "http://localhost" },
      ]);
      const page = await context.newPage();
      const path = asker === "sandboxed" ? "/sandboxed" : "/";
      await page.goto(sites[asker] + path);
      return {
        frame: page.frames().at(-1)!,
        [Symbol.asyncDispose]: () => context.close(),
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Handler = (request: Request) => Response | Promise<Response>;

function blankPage(request: Request): Response {
  const body = request.url.endsWith("/sandboxed")
    ? '<iframe sandbox="allow-scripts" src="/"></iframe>'
    : "";
  return new Response(`<!DOCTYPE html><title>A page</title>${body}`, {
    headers: { "Content-Type": "text/html" },
  });
}

async function openApp(
  stack: AsyncDisposableStack,
  config: Partial<Config>,
): Promise<App> {
  return stack.use(await createApp({ config }));
}

async function createTask(app: App): Promise<string> {
  const response = await app.fetch(
    new Request("http://localhost/tasks", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"title":"Write"}',
    }),
  );
  await response.body?.cancel();
  return response.headers.get("Location")!;
}

/** Serves on a port that is free, until the stack is disposed of. */
export function serve(
  stack: AsyncDisposableStack,
  handler: Handler,
  tls: { cert: string; key: string } | Record<never, never> = {},
): Deno.HttpServer<Deno.NetAddr> {
  return stack.use(
    Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...tls },
      handler,
    ),
  );
}
