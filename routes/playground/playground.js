// Lets pages of several origins ask the API, and shows what came of it: what the
// page could read beside what the server sent.

// Who asks, and what

const here = location.origin;
const twin = new URL(location.href);
twin.hostname = location.hostname === "localhost" ? "127.0.0.1" : "localhost";
const there = twin.origin;

const askers = [
  { name: "The API's own page", from: here, api: here },
  { name: `A page at ${twin.hostname}`, from: there, api: here },
  { name: `A page at ${location.hostname}`, from: here, api: there },
  { name: "A sandboxed frame", from: "null", api: here },
].map((asker) => ({ ...asker, ...judge(asker) }));

function judge({ from, api }) {
  if (from === api) return { tag: "same origin", color: "info" };
  return isAllowed(from)
    ? { tag: "allowed", color: "good" }
    : { tag: "refused", color: "bad" };
}

function isAllowed(origin) {
  const list = byId("allowed").textContent.split(" ");
  return ["*", origin, origin.replace(/:\d+$/, ":*")].some((entry) =>
    list.includes(entry)
  );
}

const requests = [
  { name: "A plain GET", path: "/ping" },
  {
    name: "A PATCH",
    method: "PATCH",
    path: "/playground/note",
    headers: { "Content-Type": "application/json" },
    body: '{"done":true}',
  },
  {
    name: "A method that is not listed",
    method: "PUT",
    path: "/playground/note",
  },
  {
    name: "A header on the list",
    path: "/ping",
    headers: { "X-Request-Id": "my-own-id" },
  },
  {
    name: "A header that is not",
    path: "/ping",
    headers: { "X-Lesson": "cors" },
  },
  { name: "A thrown error", path: "/playground/error" },
].map((request) => ({ method: "GET", headers: {}, ...request }));

// One run

let runs = 0;

async function run(asker, request) {
  // A new address each time: no preflight is answered from the browser's memory.
  const id = `${Date.now().toString(36)}-${++runs}`;
  const url = `${asker.api}${request.path}?run=${id}`;
  const read = await ask(asker.from, { ...request, url });
  const response = await fetch(`/playground/runs/${id}`).catch(() => undefined);
  const exchanges = response?.ok ? await response.json() : [];
  const preflight = exchanges.find(({ method }) => method === "OPTIONS");
  const actual = exchanges.find(({ method, headers }) =>
    method === request.method &&
    (idOf(read) ?? idOf({ headers })) === idOf({ headers })
  );
  return { asker, request, read, preflight, actual };
}

function idOf({ headers }) {
  return headers?.["x-request-id"];
}

const frames = new Map();

/** Lets a page of an origin send a request, and resolves to what it could read. */
async function ask(origin, { url, method, headers, body }) {
  if (!frames.has(origin)) frames.set(origin, openFrame(origin));
  const page = await frames.get(origin);
  const { port1, port2 } = new MessageChannel();
  const { promise, resolve } = Promise.withResolvers();
  port1.onmessage = ({ data }) => resolve(data);
  // A sandboxed page has no origin that could stand in place of the star.
  page.postMessage({ url, method, headers, body }, "*", [port2]);
  setTimeout(resolve, 5_000, { error: "The page does not answer" });
  return await promise;
}

function openFrame(origin) {
  const { promise, resolve } = Promise.withResolvers();
  const frame = h("iframe", { title: `A page of the origin ${origin}` });
  if (origin === "null") frame.sandbox = "allow-scripts";
  frame.src = `${origin === "null" ? here : origin}/playground/frame`;
  frame.onload = () => resolve(frame.contentWindow);
  byId("frames").append(frame);
  return promise;
}

// Why

/** Says in one sentence why the page could read what it could read. */
function explain({ asker, request, read, preflight, actual }) {
  const { from, api } = asker;
  const { method } = request;
  if (!preflight && !actual) {
    return "The server has noted down no request: is it still running?";
  }
  if (from === api) {
    return "The page and the API have the same origin, so CORS plays no part, and the page reads everything.";
  }
  const granted = `Access-Control-Allow-Origin: ${
    (actual ?? preflight).headers["access-control-allow-origin"]
  }`;
  if (!read.error) {
    if (read.status >= 500) {
      return `The error is caught inside the CORS layer, so even the 500 says ${granted}: the page reads what went wrong, and can quote the request id.`;
    }
    if (preflight) {
      return `The browser asked first, with OPTIONS; the ${preflight.status} lists ${
        subjectOf(request)
      }, so it sent the ${method}, and the answer says ${granted}.`;
    }
    return `The answer says ${granted}, so the browser hands it over, with the headers that Access-Control-Expose-Headers lists.`;
  }
  if (actual) {
    return `The server did the work and answered ${actual.status}, but without Access-Control-Allow-Origin for ${
      from === "null" ? "the origin null" : from
    }, so the browser kept all of it from the page.`;
  }
  const because = preflight.corsReason === "origin"
    ? "names no origin that may call"
    : `does not list ${subjectOf(request)}`;
  return `The browser asked first, with OPTIONS; the ${preflight.status} ${because}, so the ${method} was never sent.`;
}

/** Returns the reason that the server's log has for a refusal. */
function reasonOf({ preflight, actual }) {
  const reason = preflight?.corsReason || actual?.corsReason;
  return reason ? `corsReason in the server's log: ${reason}` : "";
}

/** Says how the two sides were brought together. */
function matchOf({ read, actual }) {
  if (!actual) return "Matched by the address that both sides saw.";
  return idOf(read)
    ? `Matched by X-Request-Id, the same on both sides: ${idOf(read)}`
    : `The server's X-Request-Id is ${
      idOf(actual)
    }. The page never learned it, so its address matched the two sides.`;
}

/** What the preflight asks for. */
function subjectOf({ method, headers }) {
  return ["PATCH", "PUT"].includes(method)
    ? method
    : Object.keys(headers).join();
}

// What there is to see

function show(result) {
  const { read, preflight, actual, request } = result;
  const verdict = byId("verdict");
  verdict.className = `card verdict ${read.error ? "bad" : "good"}`;
  verdict.replaceChildren(
    h("strong", {}, read.error ? "Kept from the page" : "Let through"),
    h("span", {}, explain(result)),
    h("code", { id: "reason" }, reasonOf(result)),
    h("small", { className: "muted" }, matchOf(result)),
  );
  byId("read").replaceChildren(
    ...(read.error
      ? [
        h("p", { className: "mono bad" }, read.error),
        h("p", { className: "muted" }, NOTHING),
      ]
      : [statusLine(request.method, read.status), ...contents(read)]),
  );
  byId("sent").replaceChildren(
    ...(preflight ? drawPreflight(preflight) : []),
    ...(actual
      ? drawActual(actual, read)
      : [h("p", { className: "muted" }, `No ${request.method} ever came.`)]),
  );
}

const NOTHING =
  "That is all: no status, no header, no body. A script cannot even tell it from a broken network; only the browser's console names the reason.";

function drawPreflight({ status, headers }) {
  return [
    statusLine("OPTIONS", status, "the preflight"),
    headerList(headers, () => true),
  ];
}

function drawActual(actual, read) {
  // What Deno adds on the way out, the length and the date, only the page saw.
  const headers = { ...actual.headers, ...read.headers };
  const isSeen = (name) => !read.error && name in read.headers;
  return [
    statusLine(actual.method, actual.status),
    ...contents({ ...actual, headers }, isSeen),
  ];
}

function statusLine(method, status, note = "") {
  const color = status < 400 ? "good" : "bad";
  return h(
    "p",
    { className: "line" },
    h("code", {}, method),
    h("span", { className: `badge ${color}` }, String(status)),
    h("span", { className: "muted" }, note),
  );
}

function contents({ headers, body }, isSeen = () => true) {
  return [headerList(headers, isSeen), h("pre", {}, body)];
}

/** Those that decide come first. Those that the page cannot see are marked. */
function headerList(headers, isSeen) {
  const rank = (name) => (isDecisive(name) ? 0 : 1);
  const names = Object.keys(headers).sort().sort((a, b) => rank(a) - rank(b));
  return h(
    "dl",
    {},
    ...names.flatMap((name) => [
      h("dt", { className: isDecisive(name) ? "decisive" : "" }, name),
      h(
        "dd",
        {},
        headers[name].replaceAll(",", ", ").replaceAll(",  ", ", "),
        ...(isSeen(name)
          ? []
          : [" ", h("span", { className: "hidden" }, "hidden")]),
      ),
    ]),
  );
}

function isDecisive(name) {
  return name.startsWith("access-control-");
}

// curl

function curlFor({ method, path, headers, body }) {
  return [
    "curl -i",
    ...(method === "GET" ? [] : [`-X ${method}`]),
    ...Object.entries(headers).map((entry) => `-H '${entry.join(": ")}'`),
    ...(body ? [`-d '${body}'`] : []),
    here + path,
  ].join(" ");
}

async function showCurl(request) {
  const { path, method, headers } = request;
  byId("curl").textContent = curlFor(request);
  // Fetch, "append a request Origin header": a GET to the page's own origin has none,
  // as with curl. Any other method has one, and so another answer than curl gets.
  if (method !== "GET") {
    byId("answer").textContent =
      `A browser puts an Origin on every ${method}, and curl puts none.\nRun the line, and see the answer.`;
    return;
  }
  const response = await fetch(path, { headers });
  const lines = [...response.headers].map((entry) => entry.join(": "));
  byId("answer").textContent = [
    `HTTP/1.1 ${response.status} ${response.statusText}`,
    ...lines,
    "",
    await response.text(),
  ].join("\n");
}

byId("copy").addEventListener("click", async ({ target }) => {
  await navigator.clipboard.writeText(byId("curl").textContent);
  target.textContent = "Copied";
});

// The form

function drawAsker({ name, from, api, tag, color }, index) {
  return h(
    "label",
    { className: "choice card" },
    h("input", { type: "radio", name: "asker", value: index }),
    h("span", { className: `badge ${color}` }, tag),
    h("strong", {}, name),
    h("span", { className: "mono" }, from),
    h("span", { className: "mono muted" }, `asks ${api}`),
  );
}

function drawRequest(request) {
  const { name, method, path, headers, body } = request;
  const lines = Object.entries(headers).map((entry) => entry.join(": "));
  const button = h(
    "button",
    { className: "choice quiet" },
    h("strong", {}, name),
    h("span", { className: "mono" }, `${method} ${path}`),
    h("span", { className: "mono muted" }, body ?? lines.join()),
  );
  button.addEventListener("click", async () => {
    await start(request, button);
    byId("verdict").scrollIntoView({ block: "nearest" });
  });
  return button;
}

async function start(request, button) {
  const result = byId("result");
  if (result.ariaBusy === "true") return;
  for (const other of byId("requests").children) {
    other.ariaCurrent = String(other === button);
  }
  result.ariaBusy = "true";
  const asker = askers[Number(byId("form").elements.asker.value)];
  byId("copy").textContent = "Copy";
  show(await run(asker, request));
  await showCurl(request).catch((error) => {
    byId("answer").textContent = String(error);
  });
  result.ariaBusy = "false";
}

/** Makes an element. */
function h(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

byId("form").addEventListener("submit", (event) => event.preventDefault());
if (["localhost", "127.0.0.1"].includes(location.hostname)) {
  byId("askers").append(...askers.map(drawAsker));
  byId("requests").append(...requests.map(drawRequest));
  const first = askers.findIndex(({ tag }) => tag === "allowed");
  byId("form").elements.asker.value = String(Math.max(first, 0));
  await start(requests[0], byId("requests").firstChild);
} else {
  byId("verdict").textContent =
    "This page needs a server with two names: open it as localhost, on the machine where the server runs.";
}
