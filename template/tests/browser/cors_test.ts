import { assertEquals } from "@std/assert";
import { openBrowser } from "./chromium.ts";
import { type Addresses, type Asker, openSite } from "./_site.ts";

/** For each page a text. A host with "_" is allowed, but another site for cookies. */
type Expected =
  & Record<Exclude<Asker, "underscored">, string>
  & Partial<Record<Asker, string>>;

/** One row: what a script does, what it saw, and what reached the server. */
interface Scenario {
  name: string;
  /** Runs in the page. Returns what it saw. */
  script: (at: Addresses) => Promise<string>;
  /** What the script saw in a page of each origin. */
  saw: Expected;
  /** The methods that reached the server. */
  reached: Expected;
}

const ASKERS = ["allowed", "underscored", "refused", "sandboxed"] as const;

/** What a script sees where Chromium blocks the response. */
const BLOCKED = "TypeError: Failed to fetch";

function onlyAllowed(saw: string, otherwise = BLOCKED): Scenario["saw"] {
  return { allowed: saw, refused: otherwise, sandboxed: otherwise };
}

function always(text: string): Scenario["saw"] {
  return onlyAllowed(text, text);
}

const SCENARIOS: Scenario[] = [
  {
    name: "GET",
    script: async ({ api }) => {
      const response = await fetch(`${api}/ping`);
      return `${response.status} ${await response.text()}`;
    },
    saw: onlyAllowed('200 {"ok":true}'),
    // CORS is no firewall: the request runs all the same.
    reached: always("GET"),
  },
  {
    name: "GET in the mode no-cors",
    script: async ({ api }) => {
      const { type, status } = await fetch(`${api}/ping`, { mode: "no-cors" });
      return `${type} ${status}`;
    },
    saw: always("opaque 0"),
    reached: always("GET"),
  },
  {
    name: "PATCH",
    script: async ({ api, task }) => {
      const response = await fetch(api + task, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: '{"done":true}',
      });
      return `${response.status} done ${(await response.json()).done}`;
    },
    saw: onlyAllowed("200 done true"),
    reached: onlyAllowed("OPTIONS, PATCH", "OPTIONS"),
  },
  {
    name: "PATCH twice: the second preflight comes from the cache",
    script: async ({ api, task }) => {
      const saw: unknown[] = [];
      for (const done of [true, false]) {
        await fetch(api + task, {
          method: "PATCH",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ done }),
        }).then(({ status }) => saw.push(status), (error) => saw.push(error));
      }
      return saw.join();
    },
    saw: onlyAllowed("200,200", `${BLOCKED},${BLOCKED}`),
    reached: onlyAllowed("OPTIONS, PATCH, PATCH", "OPTIONS, OPTIONS"),
  },
  {
    name: "PUT, a method that is not allowed",
    script: async ({ api, task }) => {
      const response = await fetch(api + task, { method: "PUT" });
      return String(response.status);
    },
    saw: always(BLOCKED),
    reached: always("OPTIONS"),
  },
  {
    name: "a header that is allowed",
    script: async ({ api }) => {
      const headers = { "X-Request-Id": "my-own-id" };
      const response = await fetch(`${api}/ping`, { headers });
      return `${response.status} ${response.headers.get("X-Request-Id")}`;
    },
    saw: onlyAllowed("200 my-own-id"),
    reached: onlyAllowed("OPTIONS, GET", "OPTIONS"),
  },
  {
    name: "a header that is not",
    script: async ({ api }) => {
      const headers = { "X-Lesson": "cors" };
      return String((await fetch(`${api}/ping`, { headers })).status);
    },
    saw: always(BLOCKED),
    reached: always("OPTIONS"),
  },
  {
    name: 'Authorization, where the server allows "*" alone',
    script: async ({ api }) => {
      const headers = { Authorization: "Bearer a" };
      return String((await fetch(`${api}/any-header`, { headers })).status);
    },
    saw: always(BLOCKED),
    reached: always("OPTIONS"),
  },
  {
    name: 'another header, where the server allows "*" alone',
    script: async ({ api }) => {
      const headers = { "X-Lesson": "cors" };
      return String((await fetch(`${api}/any-header`, { headers })).status);
    },
    saw: onlyAllowed("200"),
    reached: onlyAllowed("OPTIONS, GET", "OPTIONS"),
  },
  {
    name: "credentials, where the server takes them",
    script: async ({ credentials }) => {
      const init = { credentials: "include" } as const;
      return String((await fetch(`${credentials}/ping`, init)).status);
    },
    saw: onlyAllowed("200"),
    // A cookie without SameSite=None stays away from requests across sites.
    reached: { ...onlyAllowed("GET with cookie", "GET"), underscored: "GET" },
  },
  {
    name: "credentials, where the server takes none",
    script: async ({ api }) => {
      const init = { credentials: "include" } as const;
      return String((await fetch(`${api}/ping`, init)).status);
    },
    saw: always(BLOCKED),
    reached: { ...onlyAllowed("GET with cookie", "GET"), underscored: "GET" },
  },
  {
    name: "no credentials, where the server takes them",
    script: async ({ credentials }) =>
      String((await fetch(`${credentials}/ping`)).status),
    saw: onlyAllowed("200"),
    reached: always("GET"),
  },
  {
    name: "headers: the safelisted and the exposed, no other",
    script: async ({ api, task }) => {
      const { headers } = await fetch(api + task);
      return [...headers.keys()].sort().join(" ");
    },
    saw: onlyAllowed(
      "cache-control content-length content-type etag server-timing x-app-version x-handled-by x-process-time x-request-id",
    ),
    reached: always("GET"),
  },
  {
    name: "404, with its body",
    script: async ({ api }) => {
      const response = await fetch(`${api}/nowhere`);
      return `${response.status} ${(await response.json()).type}`;
    },
    saw: onlyAllowed("404 /problems/not-found"),
    reached: always("GET"),
  },
  {
    name: "500, with its body",
    script: async ({ api }) => {
      const response = await fetch(`${api}/playground/error`);
      return `${response.status} ${(await response.json()).type}`;
    },
    saw: onlyAllowed("500 /problems/internal-error"),
    reached: always("GET"),
  },
  {
    name: "a redirect",
    script: async ({ api }) => {
      const response = await fetch(`${api}/moved?to=${api}/ping`);
      return `${response.status} ${response.redirected}`;
    },
    saw: onlyAllowed("200 true"),
    reached: onlyAllowed("GET, GET", "GET"),
  },
  {
    name: "a redirect without CORS headers",
    script: async ({ api }) => {
      const response = await fetch(`${api}/moved?bare&to=${api}/ping`);
      return String(response.status);
    },
    saw: always(BLOCKED),
    reached: always("GET"),
  },
  {
    name: "a redirect to a third origin, which is asked with Origin: null",
    script: async ({ api, credentials }) => {
      const response = await fetch(`${api}/moved?to=${credentials}/ping`);
      return String(response.status);
    },
    saw: always(BLOCKED),
    reached: onlyAllowed("GET, GET", "GET"),
  },
  {
    name: "POST as text/plain, which needs no preflight",
    script: async ({ api }) => {
      const init = { method: "POST", body: '{"title":"Slipped in"}' };
      const response = await fetch(`${api}/tasks`, init);
      return `${response.status} ${(await response.json()).type}`;
    },
    saw: onlyAllowed("415 /problems/unsupported-media-type"),
    reached: always("POST"),
  },
  {
    name: "the same, with a listener to the upload, which forces a preflight",
    script: ({ api }) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const request = new XMLHttpRequest();
      request.upload.onprogress = () => {};
      request.onload = () => resolve(String(request.status));
      request.onerror = () => resolve(`error ${request.status}`);
      request.open("POST", `${api}/tasks`);
      request.send('{"title":"Slipped in"}');
      return promise;
    },
    saw: onlyAllowed("415", "error 0"),
    reached: onlyAllowed("OPTIONS, POST", "OPTIONS"),
  },
  {
    name: "a streamed upload over HTTP/2, which forces a preflight",
    script: async ({ http2 }) => {
      const body = new Blob(['{"title":"Stream"}']).stream();
      const headers = { "Content-Type": "application/json" };
      const init = { method: "POST", headers, body, duplex: "half" };
      const response = await fetch(`${http2}/tasks`, init);
      return `${response.status} ${(await response.json()).title}`;
    },
    saw: onlyAllowed("201 Stream"),
    reached: onlyAllowed("OPTIONS, POST", "OPTIONS"),
  },
  {
    name: "a streamed upload over HTTP/1.1, which Chromium does not send",
    script: async ({ api }) => {
      const body = new Blob(['{"title":"Stream"}']).stream();
      const init = { method: "POST", body, duplex: "half" };
      return String((await fetch(`${api}/tasks`, init)).status);
    },
    saw: always(BLOCKED),
    reached: always("OPTIONS"),
  },
  {
    name: "Server-Timing in PerformanceResourceTiming",
    script: async ({ api }) => {
      await fetch(`${api}/ping`).then((response) => response.text(), () => {});
      const [entry] = performance.getEntriesByName(`${api}/ping`);
      const { serverTiming } = entry as PerformanceResourceTiming;
      return serverTiming.map(({ name }) => name).join() || "nothing";
    },
    saw: onlyAllowed("total", "nothing"),
    reached: always("GET"),
  },
  {
    name: "EventSource",
    script: async ({ api }) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const source = new EventSource(`${api}/tasks/events`);
      source.onerror = () => resolve(`closed ${source.readyState === 2}`);
      source.addEventListener("created", ({ data }) => {
        resolve(`created ${JSON.parse(data).title}`);
      });
      source.onopen = async () => {
        const headers = { "Content-Type": "application/json" };
        const body = '{"title":"Live"}';
        await fetch(`${api}/tasks`, { method: "POST", headers, body });
      };
      const saw = await promise;
      source.close();
      return saw;
    },
    saw: onlyAllowed("created Live", "closed true"),
    reached: onlyAllowed("GET, OPTIONS, POST", "GET"),
  },
];

Deno.test("Chromium lets a page do what the configuration allows, and no more", async (test) => {
  await using site = await openSite();
  await using browser = await openBrowser();

  for (const { name, script, saw, reached } of SCENARIOS) {
    for (const asker of ASKERS) {
      await test.step(`${name}: ${asker}`, async () => {
        await using page = await site.open(browser, asker);
        site.forget();

        const result = await page.frame.evaluate(script, site.addresses)
          .catch((error) => error.message.replace(/^[^:]*: |\n.*/gs, ""));

        assertEquals(
          { saw: result, reached: site.reached() },
          {
            saw: saw[asker] ?? saw.allowed,
            reached: reached[asker] ?? reached.allowed,
          },
        );
      });
    }
  }
});
