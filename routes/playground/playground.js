// Lets pages of several origins call the API, and shows what each page could read
// beside what the server sent.

// Who calls, and with what

const here = location.origin;
const { hostname } = location;
const twin = hostname === "localhost" ? "127.0.0.1" : "localhost";
const there = here.replace(hostname, twin);

const askers = [
  { name: "The API's own page", from: here, api: here },
  { name: `A page at ${twin}`, from: there, api: here },
  { name: `A page at ${hostname}`, from: here, api: there },
  { name: "A sandboxed frame", from: "null", api: here },
].map((asker) => ({ ...asker, ...judge(asker) }));

function judge({ from, api }) {
  if (from === api) return { tag: "same origin", color: "info" };
  const allowed = byId("allowed").textContent.split(" ");
  const ways = ["*", from, from.replace(/:\d+$/, ":*")];
  return ways.some((way) => allowed.includes(way))
    ? { tag: "allowed", color: "good" }
    : { tag: "refused", color: "bad" };
}

const JSON_TYPE = { "Content-Type": "application/json" };

const requests = [
  ask("A plain GET", "GET", "/ping"),
  ask("A PATCH", "PATCH", "/playground/note", JSON_TYPE, '{"done":true}'),
  ask("A method that is not listed", "PUT", "/playground/note"),
  ask("A header on the list", "GET", "/ping", { "X-Request-Id": "my-own-id" }),
  ask("A header that is not", "GET", "/ping", { "X-Lesson": "cors" }),
  ask("A thrown error", "GET", "/playground/error"),
];

function ask(name, method, path, headers = {}, body = undefined) {
  return { name, method, path, headers, body };
}

// One run

let runs = 0;

async function run(asker, request) {
  // A new address each time, so that no preflight comes from the browser's cache.
  const id = `${Date.now().toString(36)}-${++runs}`;
  const { method, path, headers, body } = request;
  const url = `${asker.api}${path}?run=${id}`;
  const read = await callFrom(asker.from, { url, method, headers, body });
  const response = await fetch(`/playground/runs/${id}`).catch(() => undefined);
  const exchanges = response?.ok ? await response.json() : [];
  const preflight = exchanges.find(({ method }) => method === "OPTIONS");
  const actual = exchanges.find((exchange) =>
    exchange.method === method &&
    (idOf(read) ?? idOf(exchange)) === idOf(exchange)
  );
  return { asker, request, read, preflight, actual };
}

function idOf({ headers }) {
  return headers?.["x-request-id"];
}

const frames = new Map();

/** Lets a page of an origin send a request, and resolves to what it could read. */
async function callFrom(origin, request) {
  if (!frames.has(origin)) frames.set(origin, openFrame(origin));
  const page = await frames.get(origin);
  const { port1, port2 } = new MessageChannel();
  const { promise, resolve } = Promise.withResolvers();
  port1.onmessage = ({ data }) => resolve(data);
  // A sandboxed page has no origin to name in place of the star.
  page.postMessage(request, "*", [port2]);
  setTimeout(resolve, 5_000, { error: "The page does not respond" });
  return await promise;
}

function openFrame(origin) {
  const { promise, resolve } = Promise.withResolvers();
  const frame = h("iframe", {
    title: `A page of the origin ${origin}`,
    ...(origin === "null" && { sandbox: "allow-scripts" }),
    src: `${origin === "null" ? here : origin}/playground/frame`,
    load: () => resolve(frame.contentWindow),
  });
  byId("frames").append(frame);
  return promise;
}

// Why

/** Says in one sentence why the page could read what it could read. */
function explain({ asker, request, read, preflight, actual }) {
  const { from, api } = asker;
  const { method, headers } = request;
  const subject = method === "GET" ? Object.keys(headers).join() : method;
  if (!preflight && !actual) {
    return "The server has recorded no request: is it still running?";
  }
  if (from === api) {
    return "The page and the API have the same origin, so CORS plays no part, and the page reads everything.";
  }
  if (read.error && !actual) {
    const because = preflight.corsReason === "origin"
      ? "allows no such origin"
      : `does not list ${subject}`;
    return `The browser asked first, with OPTIONS; the ${preflight.status} ${because}, so the ${method} was never sent.`;
  }
  if (read.error) {
    return `The server did the work and responded with ${actual.status}, but without Access-Control-Allow-Origin for the origin ${from}, so the browser withheld all of it from the page.`;
  }
  const origin = actual.headers["access-control-allow-origin"];
  const granted = `Access-Control-Allow-Origin: ${origin}`;
  if (read.status >= 500) {
    return `The error is caught inside the CORS middleware, so even the 500 has ${granted}: the page reads what went wrong, and can quote the request id.`;
  }
  return preflight
    ? `The browser asked first, with OPTIONS; the ${preflight.status} lists ${subject}, so it sent the ${method}, and the response has ${granted}.`
    : `The response has ${granted}, so the browser hands it over, with the headers that Access-Control-Expose-Headers lists.`;
}

/** Says how the two sides were matched: by their id, or else by the address. */
function matchOf({ read, actual }) {
  if (!actual) return "Matched by the address that both sides saw.";
  const note = idOf(read) ? "the same on both sides" : "hidden from the page";
  return `The server's X-Request-Id: ${idOf(actual)}, ${note}.`;
}

// What there is to see

function show(result) {
  const { read, preflight, actual, request: { method } } = result;
  const reason = preflight?.corsReason || actual?.corsReason;
  const logged = reason ? `corsReason in the server's log: ${reason}` : "";
  byId("verdict").replaceChildren(
    read.error
      ? h("strong.bad", "Kept from the page")
      : h("strong.good", "Let through"),
    h("span", explain(result)),
    h("span.mono", { id: "reason" }, logged),
    h("small", matchOf(result)),
  );
  byId("read").replaceChildren(
    ...(read.error
      ? [h("p.mono bad", read.error), h("p", NOTHING)]
      : drawExchange({ method, ...read })),
  );
  // The length and the date are added later: only the page has seen them.
  const headers = { ...actual?.headers, ...read.headers };
  const isRead = (name) => !read.error && name in read.headers;
  byId("sent").replaceChildren(
    ...(preflight ? drawExchange(preflight, "the preflight") : []),
    ...(actual
      ? drawExchange({ ...actual, headers }, "", isRead)
      : [h("p.muted", `No ${method} was received.`)]),
  );
}

const NOTHING =
  "That is all: no status, no header, no body. A script cannot tell it from a broken network; only the browser's console gives the reason.";

function drawExchange(exchange, note = "", isRead = () => true) {
  const { method, status, headers, body } = exchange;
  const draw = (value, name) => [
    value.replaceAll(/, */g, ", "),
    ...(isRead(name) ? [] : [h("span.withheld", " hidden")]),
  ];
  // Those of CORS come first in the alphabet.
  const fields = Object.fromEntries(Object.entries(headers).sort());
  return [
    h("p.line", h("code", method), " ", drawStatus(status), note),
    drawList(fields, draw),
    ...(body ? [drawCode(body, `Body of the ${method}`)] : []),
  ];
}

// curl

const curl = h("pre");
byId("line").append(drawCopy(curl));

async function showCurl({ path, ...request }) {
  curl.textContent = curlOf({ ...request, url: here + path });
  byId("answer").textContent = await answerTo(path, request);
}

async function answerTo(path, { method, headers }) {
  // Fetch, "append a request Origin header": a GET to the page's own origin has
  // none, as with curl. Any other method has one, and so a different response.
  if (method !== "GET") {
    return `A browser puts an Origin on every ${method}, and curl puts none.\nRun the line to see the response.`;
  }
  const response = await fetch(path, { headers });
  const lines = [...response.headers].map((entry) => entry.join(": "));
  const status = `HTTP/1.1 ${response.status} ${response.statusText}`;
  return [status, ...lines, "", await response.text()].join("\n");
}

// The form

function drawAsker({ name, from, api, tag, color }, index) {
  return h(
    "label.choice card",
    h("input", { type: "radio", name: "asker", value: index }),
    drawBadge(tag, color),
    h("strong", name),
    h("span.mono", from),
    h("span.mono muted", `calls ${api}`),
  );
}

function drawRequest(request) {
  const { name, method, path, headers, body } = request;
  const lines = Object.entries(headers).map((entry) => entry.join(": "));
  const click = async () => {
    await start(request, button);
    byId("verdict").scrollIntoView({ block: "nearest" });
  };
  const button = h(
    "button.choice card",
    { click },
    h("strong", name),
    h("span.mono", `${method} ${path}`),
    h("span.mono muted", body ?? lines.join()),
  );
  return button;
}

async function start(request, button) {
  const result = byId("result");
  if (result.ariaBusy === "true") return;
  for (const other of byId("requests").children) {
    other.ariaCurrent = String(other === button);
  }
  result.hidden = false;
  result.ariaBusy = "true";
  const asker = document.querySelector(":checked").value;
  show(await run(askers[asker], request));
  await showCurl(request).catch((error) => {
    byId("answer").textContent = String(error);
  });
  result.ariaBusy = "false";
}

if (["localhost", "127.0.0.1"].includes(hostname)) {
  byId("askers").append(...askers.map(drawAsker));
  byId("requests").append(...requests.map(drawRequest));
  // A result belongs to the caller that was chosen when it was sent.
  byId("askers").onchange = () => byId("result").hidden = true;
  const first = askers.findIndex(({ tag }) => tag === "allowed");
  document.querySelectorAll("[name=asker]")[Math.max(first, 0)].checked = true;
  await start(requests[0], byId("requests").firstChild);
} else {
  byId("verdict").textContent =
    "This page needs a server with two names: open it as localhost, on the machine where the server runs.";
}
