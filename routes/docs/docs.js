// Draws the OpenAPI document that stands in the page, and sends requests from it.

/** @typedef {Record<string, any>} Json A part of the document. */

/** @type {Json} */
const api = JSON.parse(byId("openapi").textContent ?? "");

// What there is to read

/** @param {Json} tag */
function drawGroup({ name, description }) {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(/** @type {Json} */ (methods))
      .filter(([, { tags }]) => tags?.includes(name))
      .map(([method, operation]) => drawOperation(method, path, operation))
  );
  return [h("h2", {}, name), h("p", { class: "muted" }, description)]
    .concat(operations);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Json} operation
 */
function drawOperation(method, path, operation) {
  const { operationId: id, summary, description = "" } = operation;
  return h(
    "details",
    { class: "fold card", id },
    h(
      "summary",
      {},
      h("span", { class: `badge ${COLORS[method]}` }, method.toUpperCase()),
      h("h3", { class: "path mono" }, path),
      h("span", { class: "muted" }, summary),
    ),
    h(
      "div",
      { class: "inside" },
      ...paragraphs(description),
      h(
        "div",
        { class: "columns" },
        drawForm(method, path, operation),
        h(
          "div",
          {},
          h("h4", {}, "Answers"),
          ...Object.entries(operation.responses).map(drawAnswer),
        ),
      ),
    ),
  );
}

/** @type {Record<string, string>} */
const COLORS = { get: "good", post: "info", patch: "warn", delete: "bad" };

/** @param {[string, Json]} entry */
function drawAnswer([status, { description, headers, content = {} }]) {
  const color = ["good", "info", "warn", "bad"][Number(status[0]) - 2];
  const bodies = Object.entries(content).flatMap(([type, body]) => [
    h("p", {}, h("code", {}, type), " ", ...typeOf(body.schema)),
    ...drawExamples(body),
  ]);
  return h(
    "details",
    { class: "answer" },
    h(
      "summary",
      {},
      h("span", { class: `badge ${color}` }, status),
      h("span", {}, description),
    ),
    ...bodies,
    h("h5", {}, "Headers"),
    drawList(headers, (header) => prose(resolve(header).description)),
  );
}

/** @param {Json} body */
function drawExamples({ examples = {} }) {
  return Object.entries(examples).flatMap(([name, example]) => {
    const { value } = resolve(example);
    const title = value.type?.startsWith("/problems/")
      ? h("a", { href: value.type }, name)
      : name;
    return [h("h5", {}, title), code(value, `Example: ${name}`)];
  });
}

function drawSchemas() {
  const schemas = Object.entries(api.components.schemas).map(([name, schema]) =>
    h(
      "details",
      { class: "schema fold card", id: `schema-${name}` },
      h(
        "summary",
        {},
        h("h3", { class: "mono" }, name),
        h("span", { class: "muted" }, ...prose(schema.description ?? "")),
      ),
      h("div", { class: "inside" }, ...drawSchema(schema)),
    )
  );
  return [h("h2", {}, "Schemas"), ...schemas];
}

/** @param {Json} schema */
function drawSchema(schema) {
  const { required = [], properties, pattern } = schema;
  const rows = properties && drawList(properties, (property, name) => [
    ...typeOf(property),
    required.includes(name) ? ", required. " : ". ",
    ...prose(resolve(property).description ?? ""),
  ]);
  return [
    rows ?? h("p", {}, ...typeOf(schema)),
    ...(pattern ? [h("p", {}, "Pattern: ", h("code", {}, pattern))] : []),
    ...(schema.additionalProperties === false
      ? [h("p", { class: "note" }, "There are no other members.")]
      : []),
  ];
}

/**
 * Says in words and links what a schema takes.
 *
 * @param {Json} schema
 * @returns {(Node | string)[]}
 */
function typeOf(schema) {
  const { $ref, type, items, format, default: preset } = schema;
  const known = resolve(schema);
  const said = preset === undefined
    ? []
    : [", default ", h("code", {}, JSON.stringify(preset))];
  if ($ref !== undefined && !known.enum) {
    const name = $ref.split("/").at(-1);
    return [h("a", { href: `#schema-${name}` }, name), ...said];
  }
  const values = known.enum ?? ("const" in schema ? [schema.const] : null);
  if (values !== null) {
    return [
      values.map((/** @type {unknown} */ v) => JSON.stringify(v)).join(" or "),
      ...said,
    ];
  }
  if (type === "array") return ["array of ", ...typeOf(items)];
  const { minimum, maximum, minLength, maxLength } = schema;
  const limits = [
    format,
    minimum !== undefined && `${minimum} to ${maximum}`,
    maxLength !== undefined && `${minLength ?? 0} to ${maxLength} characters`,
  ].filter(Boolean);
  return [[type].flat().join(" or "), ...limits.map((l) => `, ${l}`), ...said];
}

// What there is to send

/**
 * @param {string} method
 * @param {string} path
 * @param {Json} operation
 */
function drawForm(method, path, operation) {
  const { operationId, parameters = [], requestBody } = operation;
  const view = {
    start: h("button", {}, "Send"),
    stop: h("button", { type: "button", class: "quiet", disabled: "" }, "Stop"),
    status: h("p", { class: "status", role: "status" }),
    result: h("div", { class: "result" }),
  };
  const form = /** @type {HTMLFormElement} */ (h(
    "form",
    { "aria-label": `${method.toUpperCase()} ${path}` },
    h("h4", {}, "Request"),
    ...parameters.map((/** @type {Json} */ p) =>
      drawParameter(operationId, resolve(p))
    ),
    ...(requestBody ? drawBody(operationId, requestBody.content) : []),
    h("div", { class: "buttons" }, view.start, view.stop),
    view.status,
    view.result,
  ));
  sendFrom(form, view, () => requestOf(method, path, operation, form));
  return form;
}

/**
 * Sends what a form says, one request at a time: Stop would not reach the one
 * before, and a stream of events has no end.
 *
 * @param {HTMLFormElement} form
 * @param {Record<"start" | "stop" | "status" | "result", HTMLElement>} view
 * @param {() => Request} build
 */
function sendFrom(form, { start, stop, status, result }, build) {
  let abort = new AbortController();
  stop.addEventListener("click", () => abort.abort());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    abort.abort(REPLACED);
    const { signal } = abort = new AbortController();
    stop.removeAttribute("disabled");
    result.replaceChildren();
    try {
      await send(build(), signal, status, result);
    } catch (error) {
      status.textContent = /** @type {Error} */ (error).message;
    }
    if (signal !== abort.signal) return;
    // A button that becomes disabled drops the focus.
    if (document.activeElement === stop) start.focus();
    stop.setAttribute("disabled", "");
  });
  form.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (key === "Enter" && (ctrlKey || metaKey)) form.requestSubmit();
  });
}

const REPLACED = "Another request took its place";

/**
 * @param {string} operationId
 * @param {Json} parameter
 */
function drawParameter(operationId, parameter) {
  const { name, description = "", required = false, example = "" } = parameter;
  const schema = resolve(parameter.schema);
  const type = typeOf(parameter.schema);
  const values = schema.type === "boolean" ? [true, false] : schema.enum;
  const attributes = { name, ...(required && { required: "" }) };
  const input = values ? choice(["", ...values], attributes) : h("input", {
    ...attributes,
    placeholder: example,
    autocomplete: "off",
    spellcheck: "false",
  });
  const place = ` in the ${parameter.in}${required ? ", required" : ""}`;
  return drawField(`${operationId}-${name}`, input, [
    h("span", { class: "mono" }, name),
    h("span", { class: "muted" }, place),
  ], [...(type[0] === "string" ? [] : [...type, ". "]), ...prose(description)]);
}

/**
 * @param {string} operationId
 * @param {Json} content
 */
function drawBody(operationId, content) {
  const [{ schema, examples }] = Object.values(content);
  const body = h("textarea", { name: "body", spellcheck: "false" });
  const example = choice(Object.keys(examples), {});
  const fill = () => valueOf(body, pretty(examples[valueOf(example)].value));
  example.addEventListener("change", fill);
  fill();
  const type = choice(Object.keys(content), { name: "type" });
  const id = `${operationId}-body`;
  return [
    drawField(`${id}-type`, type, ["Content-Type"]),
    drawField(`${id}-example`, example, ["Example"]),
    drawField(id, body, ["Body"], typeOf(schema)),
    ...drawSchema(resolve(schema)),
  ];
}

/**
 * @param {string} id
 * @param {HTMLElement} control
 * @param {(Node | string)[]} label
 * @param {(Node | string)[]} note
 */
function drawField(id, control, label, note = []) {
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-note`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, ...label),
    control,
    h("p", { class: "note", id: `${id}-note` }, ...note),
  );
}

/**
 * @param {unknown[]} values
 * @param {Record<string, string>} attributes
 */
function choice(values, attributes) {
  const options = values.map((value) => h("option", {}, String(value)));
  return h("select", attributes, ...options);
}

/**
 * Throws an error that says what cannot be sent.
 *
 * @param {string} method
 * @param {string} path
 * @param {Json} operation
 * @param {HTMLFormElement} form
 */
function requestOf(method, path, operation, form) {
  const data = new FormData(form);
  const headers = new Headers();
  const query = new URLSearchParams();
  for (const { name, in: place } of (operation.parameters ?? []).map(resolve)) {
    const value = String(data.get(name) ?? "");
    if (place === "path") {
      path = path.replace(`{${name}}`, segmentOf(name, value));
    } else if (value === "") continue;
    else if (place === "query") query.set(name, value);
    else setHeader(headers, name, value);
  }
  // Whoever copies a token often copies its scheme, too.
  const token = valueOf(byId("token")).trim().replace(/^bearer\s+/i, "");
  if (token !== "" && operation.security.length > 0) {
    setHeader(headers, "Authorization", `Bearer ${token}`);
  }
  const body = data.get("body");
  if (body !== null) headers.set("Content-Type", String(data.get("type")));
  const url = query.size > 0 ? `${path}?${query}` : path;
  return new Request(url, {
    method: method.toUpperCase(),
    headers,
    body: body === null ? null : String(body),
    cache: "no-store",
  });
}

/**
 * @param {string} name
 * @param {string} value
 */
function segmentOf(name, value) {
  // A browser takes them for steps in the path, percent-encoded or not.
  if (![".", ".."].includes(value)) return encodeURIComponent(value);
  throw new Error(
    `Cannot send "${value}" as ${name}: it would change the path`,
  );
}

/**
 * @param {Headers} headers
 * @param {string} name
 * @param {string} value
 */
function setHeader(headers, name, value) {
  try {
    headers.set(name, value);
  } catch {
    const why = "it has a character that does not fit into a header";
    throw new Error(`Cannot send ${name}: ${why}`);
  }
}

/**
 * Sends a request and shows the answer as it comes: a stream of events has no end.
 *
 * @param {Request} request
 * @param {AbortSignal} signal
 * @param {HTMLElement} status Says in a sentence what came. Screen readers hear it.
 * @param {HTMLElement} result Shows the rest.
 */
async function send(request, signal, status, result) {
  const start = performance.now();
  const body = code("", "Body of the answer");
  status.textContent = "Waiting for the answer";
  try {
    const response = await fetch(request, { signal });
    const line = `${response.status} ${response.statusText}`.trim();
    status.textContent = `${line}, began after ${since(start)}`;
    const headers = Object.fromEntries(response.headers);
    result.replaceChildren(
      h("h5", {}, "Headers of the answer"),
      drawList(headers, (value) => [value]),
      h("h5", {}, "Body of the answer"),
      body,
    );
    const text = await readInto(body, response);
    const isWhole = text.length <= MOST_CHARACTERS;
    status.textContent = isWhole
      ? `${line}, complete after ${since(start)}`
      : `${line}, the rest is not shown: it is too long`;
    if (isWhole && response.headers.get("Content-Type")?.includes("json")) {
      showJson(text, body);
    }
  } catch (error) {
    if (signal.reason === REPLACED) return;
    const why = signal.aborted ? "Stopped" : `No answer: ${error}`;
    status.textContent = `${why}, after ${since(start)}`;
  }
}

/** @param {number} start */
function since(start) {
  return `${(performance.now() - start).toFixed(1)} ms`;
}

const MOST_CHARACTERS = 200_000;

/**
 * Shows a body as it comes. Of one that is longer than fits, the rest is not read.
 *
 * @param {HTMLElement} target
 * @param {Response} response
 */
async function readInto(target, { body }) {
  if (body === null) return "";
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    target.textContent = text.slice(0, MOST_CHARACTERS);
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

/**
 * Shows JSON with one member a line. The id of a task goes into every form that
 * waits for one.
 *
 * @param {string} text
 * @param {HTMLElement} target
 */
function showJson(text, target) {
  if (text === "") return;
  const value = JSON.parse(text);
  target.textContent = pretty(value);
  const { id } = value.items?.[0] ?? value;
  for (const input of document.querySelectorAll("input[name=id]")) {
    if (valueOf(input) === "") valueOf(input, id ?? "");
  }
}

// Small helpers

/**
 * Reads the value of a control, or sets it.
 *
 * @param {Element} control
 * @param {string} [value]
 * @returns {string}
 */
function valueOf(control, value) {
  const input = /** @type {HTMLInputElement} */ (control);
  if (value !== undefined) input.value = value;
  return input.value;
}

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Makes an element. Text stays text: nothing here is parsed as HTML.
 *
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} text Backticks in it mark code.
 * @returns {(Node | string)[]}
 */
function prose(text) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? part : h("code", {}, part)
  );
}

/** @param {string} text */
function paragraphs(text) {
  return text.split("\n\n").filter((part) => part !== "")
    .map((part) => h("p", {}, ...prose(part)));
}

/**
 * @param {Json} members
 * @param {(value: any, name: string) => (Node | string)[]} describe
 */
function drawList(members, describe) {
  const rows = Object.entries(members).flatMap(([name, value]) => [
    h("dt", {}, name),
    h("dd", {}, ...describe(value, name)),
  ]);
  return h("dl", {}, ...rows);
}

/**
 * @param {unknown} value
 * @param {string} label
 */
function code(value, label) {
  // It scrolls, so the keyboard must reach it.
  const attributes = { tabindex: "0", role: "group", "aria-label": label };
  return h("pre", attributes, pretty(value));
}

/** @param {unknown} value */
function pretty(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/**
 * Follows a reference into the document.
 *
 * @param {Json} part
 * @returns {Json}
 */
function resolve(part) {
  if (part.$ref === undefined) return part;
  const [, ...keys] = part.$ref.split("/");
  return keys.reduce(
    (/** @type {Json} */ node, /** @type {string} */ key) => node[key],
    api,
  );
}

/** Opens what the address points at. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary")?.focus();
}

byId("title").textContent = `${api.info.title} ${api.info.version}`;
byId("introduction").append(...paragraphs(api.info.description));
byId("operations").append(...api.tags.flatMap(drawGroup), ...drawSchemas());
globalThis.addEventListener("hashchange", openTarget);
// Else the address stays as it is when its link is followed again.
document.addEventListener("toggle", ({ target }) => {
  const { id, open } = /** @type {HTMLDetailsElement} */ (target);
  if (open || `#${id}` !== location.hash) return;
  history.replaceState(null, "", location.pathname);
}, true);
openTarget();
