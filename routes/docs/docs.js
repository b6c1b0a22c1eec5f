// Draws the OpenAPI document that is in the page, and sends requests from it.

const api = JSON.parse(byId("data").textContent);

// What there is to read

function drawGroup({ name, description }) {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes(name))
      .map(([method, operation]) =>
        drawOperation({ ...operation, method: method.toUpperCase(), path })
      )
  );
  return h("section", h("h2", name), h("p.muted", description), ...operations);
}

function drawOperation(operation) {
  const { operationId: id, method, path, summary, description } = operation;
  const title = [drawBadge(method, COLORS[method]), h("h3", path)];
  const form = drawForm(operation);
  return drawCard(id, title, summary, ...paragraphs(description), form);
}

const COLORS = { GET: "good", POST: "info", PATCH: "warn", DELETE: "bad" };

function drawCard(id, title, note, ...content) {
  const card = drawFold(
    [...title, h("span.muted", ...prose(note))],
    ...content,
  );
  card.className = "fold card";
  card.id = id;
  return card;
}

/** Draws the documented responses: those of success, then the problems in one line. */
function drawResponses(responses) {
  const all = Object.entries(responses);
  const problems = all.filter(([status]) => status >= 400);
  const badges = problems.map(([status]) => drawStatus(status));
  return [
    h("h4", "Documented responses"),
    ...all.filter(([status]) => status < 400).map(drawResponse),
    drawFold(["Problems: ", ...badges], ...problems.map(drawResponse)),
  ];
}

function drawResponse([status, { description, headers, content = {} }]) {
  const bodies = Object.entries(content).flatMap(([type, body]) => [
    h("p", h("code", type), " ", ...typeOf(body.schema)),
    ...Object.entries(body.examples ?? {}).map(([name, example]) =>
      drawCode(resolve(example).value, `Example: ${name}`)
    ),
  ]);
  const names = h("p.note", "Headers: ", Object.keys(headers).join(", "));
  return drawFold([drawStatus(status), description], ...bodies, names);
}

function drawSchema(schema) {
  const { required = [], properties } = schema;
  if (properties === undefined) return h("p", ...typeOf(schema));
  return drawList(properties, (property, name) => [
    ...typeOf(property),
    required.includes(name) ? ", required. " : ". ",
    ...prose(resolve(property).description),
  ]);
}

/** Says in words and links what a schema accepts. */
function typeOf(schema) {
  const { $ref, anyOf, enum: values, items, type, ...rest } = schema;
  if ($ref !== undefined) {
    const name = $ref.split("/").at(-1);
    return [h("a", { href: `#schema-${name}` }, name)];
  }
  if (anyOf !== undefined) {
    return anyOf.map(typeOf).reduce((all, next) => [...all, " or ", ...next]);
  }
  if (values !== undefined) return [values.map(pretty).join(" or ")];
  if (type === "array") return ["array of ", ...typeOf(items ?? {})];
  const limits = Object.entries(rest)
    .filter(([keyword]) => /^(?:format|pattern|min|max)/.test(keyword))
    .map(([keyword, value]) => `, ${keyword} ${value}`);
  return [[type ?? "any value"].flat().join(" or "), ...limits];
}

// What there is to send

function drawForm(operation) {
  const { method, path, responses } = operation;
  const view = {
    abort: new AbortController(),
    start: h("button", "Send"),
    stop: drawButton("Stop", () => view.abort.abort()),
    status: h("strong", { role: "status" }),
    result: h("div"),
  };
  const build = () => requestOf(operation, form);
  const buttons = h("div.row", view.start, view.stop);
  const shown = h("div", view.status, view.result);
  const form = h(
    "form.columns",
    { "aria-label": `${method} ${path}` },
    h("div", ...drawRequest(operation), buttons, drawSources(build)),
    h("div", shown, ...drawResponses(responses)),
  );
  sendFrom(form, view, build);
  return form;
}

function drawRequest({ operationId, parameters, requestBody }) {
  const draw = (parameter) => drawParameter(operationId, parameter);
  const { header, ...others } = Object.groupBy(
    parameters.map(resolve),
    (parameter) => parameter.in,
  );
  return [
    h("div.fields", ...Object.values(others).flat().map(draw)),
    ...(requestBody ? drawBody(operationId, requestBody.content) : []),
    header ? drawFold(["Headers"], h("div.fields", ...header.map(draw))) : "",
  ];
}

function drawParameter(operationId, parameter) {
  const { name, description, required, schema } = parameter;
  const values = schema.type === "boolean" ? [true, false] : schema.enum;
  const attributes = { name, ...(required && { required: "" }) };
  const input = values
    ? drawChoice(["", ...values], attributes)
    : h("input", { ...attributes, autocomplete: "off", spellcheck: "false" });
  const label = required ? [name, ", required"] : [name];
  const id = `${operationId}-${name}`;
  return drawField(id, input, label, ...prose(description));
}

function drawBody(operationId, content) {
  const [[type, { schema }]] = Object.entries(content);
  const body = h("textarea", { name: "body", spellcheck: "false" });
  body.value = pretty(sample(resolve(schema)));
  const label = ["Body, ", h("code", type)];
  return [
    drawField(`${operationId}-body`, body, label, ...typeOf(schema)),
    drawFold(["Fields"], drawSchema(resolve(schema))),
  ];
}

/** Makes a body to begin with. */
function sample({ properties }) {
  const members = Object.entries(properties).map(([name, property]) => {
    const { examples = [], enum: values = [], type } = resolve(property);
    return [name, [...examples, ...values, SAMPLES[type] ?? null][0]];
  });
  return Object.fromEntries(members);
}

const SAMPLES = { string: "text", number: 1, integer: 1, boolean: false };

/** Draws the request as curl and as fetch. */
function drawSources(build) {
  const [curl, js] = ["curl", "fetch"].map((name) => drawCode("", name));
  const write = () => {
    try {
      const request = build();
      curl.textContent = curlOf(request);
      js.textContent = fetchOf(request);
    } catch (error) {
      curl.textContent = js.textContent = error.message;
    }
  };
  const fold = drawFold(["curl and fetch"], drawCopy(curl), drawCopy(js));
  fold.addEventListener("toggle", write);
  // In any form: the token counts, too.
  addEventListener("input", () => fold.open && write());
  return fold;
}

/** Throws an error that says what cannot be sent. */
function requestOf(operation, form) {
  const { method, parameters, requestBody, security } = operation;
  let { path } = operation;
  const data = new FormData(form);
  const headers = {};
  const query = new URLSearchParams();
  for (const { name, in: place } of parameters.map(resolve)) {
    const value = data.get(name);
    if (place === "path") path = path.replace(/{\w+}/, segmentOf(name, value));
    else if (value === "") continue;
    else if (place === "query") query.set(name, value);
    else setHeader(headers, name, value);
  }
  // People often paste a token with its scheme.
  const token = byId("token").value.trim().replace(/^bearer\s+/i, "");
  if (token !== "" && security.length > 0) {
    setHeader(headers, "Authorization", `Bearer ${token}`);
  }
  const [type] = Object.keys(requestBody?.content ?? {});
  if (type !== undefined) headers["Content-Type"] = type;
  const url = location.origin + path + (query.size > 0 ? `?${query}` : "");
  return { method, url, headers, body: data.get("body") ?? undefined };
}

function segmentOf(name, value) {
  // A browser takes them for steps in the path, percent-encoded or not.
  if (![".", ".."].includes(value)) return encodeURIComponent(value);
  throw new Error(`Cannot send "${value}" as ${name}: it changes the path`);
}

function setHeader(headers, name, value) {
  try {
    headers[name] = new Headers([[name, value]]).get(name);
  } catch {
    throw new Error(`Cannot send ${name}: headers cannot contain that text`);
  }
}

/**
 * Sends what a form says, one request at a time: Stop would not reach the one
 * before, and a stream of events has no end.
 */
function sendFrom(form, view, build) {
  const { start, stop } = view;
  stop.disabled = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    view.abort.abort(REPLACED);
    const { signal } = view.abort = new AbortController();
    stop.disabled = false;
    view.result.replaceChildren();
    try {
      await send(build(), signal, view);
    } catch (error) {
      say(view, "bad", error.message);
    }
    if (signal !== view.abort.signal) return;
    // A button that becomes disabled drops the focus.
    if (document.activeElement === stop) start.focus();
    stop.disabled = true;
  });
}

const REPLACED = "Another request replaced this one";

/** Says in a sentence what came, and shows it. Screen readers read it out. */
function say({ status }, color, text) {
  status.className = color;
  status.textContent = text;
  status.parentElement.scrollIntoView({ block: "nearest" });
}

/** Sends a request and shows the response as it comes: streams have no end. */
async function send({ url, ...init }, signal, view) {
  const start = performance.now();
  const since = () => `${(performance.now() - start).toFixed(1)} ms`;
  say(view, "muted", "Waiting for the response");
  try {
    const response = await fetch(url, { ...init, signal, cache: "no-store" });
    const { status, statusText, headers } = response;
    const line = `${status} ${statusText}`.trim();
    const color = colorOf(status);
    const body = drawCode("", "Body of the response");
    const fields = drawList(Object.fromEntries(headers));
    view.result.append(body, drawFold(["Headers"], fields));
    say(view, color, `${line}, began after ${since()}`);
    const text = await readInto(body, response);
    if (text.length > MOST_CHARACTERS) {
      return say(view, color, `${line}, the rest is not shown: too long`);
    }
    const isJson = headers.get("Content-Type")?.includes("json");
    if (text === "") body.replaceWith(h("p", "This response has no body."));
    else if (isJson) showJson(text, body);
    say(view, color, `${line}, complete after ${since()}`);
  } catch (error) {
    if (signal.reason === REPLACED) return;
    const why = signal.aborted ? "Stopped" : `No response: ${error}`;
    say(view, "warn", `${why}, after ${since()}`);
  }
}

const MOST_CHARACTERS = 200_000;

/** Shows a body as it comes. Of one that is too long, the rest is not read. */
async function readInto(target, { body }) {
  let text = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    target.textContent = text.slice(0, MOST_CHARACTERS);
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

/** Shows JSON, and fills its id in where none is; DELETE gets none by accident. */
function showJson(text, target) {
  const value = JSON.parse(text);
  target.replaceChildren(...linkProblems(pretty(value)));
  const { id = "" } = value.items?.[0] ?? value;
  const inputs = "form:not([aria-label^=DELETE]) input[name=id]";
  for (const input of document.querySelectorAll(inputs)) input.value ||= id;
}

/** Marks as code what is between backticks. */
function prose(text = "") {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? part : h("code", part)
  );
}

function paragraphs(text) {
  return text.split("\n\n").map((part) => h("p", ...prose(part)));
}

/** Follows a reference into the document. */
function resolve(part) {
  if (part.$ref === undefined) return part;
  const [, ...keys] = part.$ref.split("/");
  return keys.reduce((node, key) => node[key], api);
}

// The page

/** Opens what the address points at. */
function openTarget(hash) {
  const target = document.getElementById(hash.slice(1));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.querySelector("summary").focus();
}

/** Shows the operations and schemas whose first line has every word. */
function filter({ target }) {
  const words = target.value.toLowerCase().split(" ");
  for (const section of document.querySelectorAll("section")) {
    const cards = [...section.querySelectorAll(".fold")];
    for (const card of cards) {
      const text = card.firstChild.textContent.toLowerCase();
      card.hidden = !words.every((word) => text.includes(word));
    }
    section.hidden = cards.every((card) => card.hidden);
  }
  const isEmpty = !document.querySelector("section:not([hidden])");
  byId("filter-note").textContent = isEmpty ? "Nothing has these words" : "";
}

function drawTools() {
  const token = h("input", { type: "password", autocomplete: "off" });
  const note = prose(api.components.securitySchemes.token.description);
  const search = h("input", { type: "search", input: filter });
  return [
    drawFold(["About all requests"], ...paragraphs(api.info.description)),
    drawFold(["Bearer token"], drawField("token", token, ["Token"], ...note)),
    drawField("filter", search, ["Filter by path or words"]),
  ];
}

function drawSchemas() {
  const cards = Object.entries(api.components.schemas).map(([name, schema]) => {
    const content = drawSchema(schema);
    const { description } = schema;
    return drawCard(`schema-${name}`, [h("h3", name)], description, content);
  });
  return h("section", h("h2", "Schemas"), ...cards);
}

byId("title").textContent = `${api.info.title} ${api.info.version}`;
document.querySelector("header").append(...drawTools());
byId("operations").append(...api.tags.map(drawGroup), drawSchemas());
addEventListener("click", ({ target }) => {
  // Later, because the browser moves the focus when it follows the link.
  if (target.hash) setTimeout(openTarget, 0, target.hash);
});
openTarget(location.hash);
