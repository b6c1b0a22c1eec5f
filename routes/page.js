// What the pages share. It is in front of each page's own script, in one element.

/**
 * Makes an element: `h("p.note", { id: "a" }, "text")`. A function among the
 * attributes is a listener. Text stays text: nothing is parsed as HTML.
 */
export function h(selector, ...children) {
  const [name, className] = selector.split(".");
  const element = document.createElement(name);
  if (className) element.className = className;
  const hasAttributes = children[0]?.constructor === Object;
  const attributes = hasAttributes ? children.shift() : {};
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

export function pretty(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Draws text that scrolls: the keyboard must reach it. */
export function drawCode(value, label) {
  const attributes = { tabindex: "0", role: "group", "aria-label": label };
  return h("pre", attributes, ...linkProblems(pretty(value)));
}

/** Makes links of the paths of problem types. */
export function linkProblems(text) {
  return text.split(/(\/problems\/[\w-]+)/).map((part, index) =>
    index % 2 === 0 ? part : h("a", { href: part }, part)
  );
}

/** Draws a list of names and values. */
export function drawList(members, describe = (value) => [value]) {
  const rows = Object.entries(members).flatMap(([name, value]) => [
    h("dt", { "data-name": name }, name),
    h("dd", ...describe(value, name)),
  ]);
  return h("dl", ...rows);
}

/** Draws what is folded until the reader wants it. */
export function drawFold(summary, ...content) {
  return h("details", h("summary", ...summary), ...content);
}

export function colorOf(status) {
  return ["good", "info", "warn", "bad"][Math.floor(status / 100) - 2];
}

export function drawBadge(text, color) {
  return h(`span.badge ${color}`, String(text));
}

export function drawStatus(status) {
  return h("span", drawBadge(status, colorOf(status)), " ");
}

/** Draws a control with its label and a note. */
export function drawField(id, control, label, ...note) {
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-note`);
  return h(
    "div",
    h("label", { for: id }, ...label),
    control,
    h("p.note", { id: `${id}-note` }, ...note),
  );
}

export function drawChoice(values, attributes) {
  const options = values.map((value) => h("option", String(value)));
  return h("select", attributes, ...options);
}

/** Draws a button that does not submit its form. */
export function drawButton(text, click) {
  return h("button.quiet", { type: "button", click }, text);
}

/** Draws text with a button that copies it. */
export function drawCopy(code) {
  const copy = ({ target }) => {
    // Not navigator.clipboard: a page without HTTPS does not have it.
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
    target.textContent = "Copied";
    setTimeout(() => target.textContent = "Copy", 2_000);
  };
  return h("div.row", code, drawButton("Copy", copy));
}

/** Writes a request as a line for a shell. */
export function curlOf({ method, url, headers, body }) {
  return [
    "curl -i",
    ...(method === "GET" ? [] : [`-X ${method}`]),
    ...Object.entries(headers).map((entry) => `-H ${quote(entry.join(": "))}`),
    ...(body === undefined ? [] : [`-d ${quote(body)}`]),
    quote(url),
  ].join(" ");
}

function quote(text) {
  const isPlain = /^[\w:/.-]+$/.test(text);
  return isPlain ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Writes a request as JavaScript. */
export function fetchOf({ url, ...init }) {
  return `await fetch(${JSON.stringify(url)}, ${pretty(init)});`;
}
