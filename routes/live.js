// Lists the items of a resource and keeps the list current. A form made from the
// JSON Schema creates an item; each item unfolds into a form that changes it.

const { name: plural, schema } = JSON.parse(byId("data").textContent);
const path = `/${plural}`;
// The long fields come last, below the short ones.
const fields = Object.entries(schema.properties).map(([name, property]) => {
  const parts = property.anyOf ?? [property];
  const types = parts.flatMap(({ type = "string" }) => type);
  const words = name.replace(/[A-Z]/g, " $&").toLowerCase();
  const label = words[0].toUpperCase() + words.slice(1);
  const isLong = /array|object/.test(types[0]) || parts[0].maxLength > 200;
  const { default: preset } = property;
  return { ...parts[0], preset, name, label, types, isLong };
}).sort((one, other) => one.isLong - other.isLong);

// Requests

function sayWhether(isLive) {
  byId("state").className = isLive ? "good" : "warn";
  byId("state").textContent = isLive
    ? "Live: changes by others appear immediately"
    : "Waiting for the server: what you typed and sent is kept";
}

/** Sends a request, again each second until the server accepts it. */
async function send(method, url, body, headers = {}) {
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init = { method, headers, body: JSON.stringify(body) };
  while (true) {
    const response = await fetch(url, init).catch(() => ({ status: 503 }));
    const isAccepted = ![429, 503].includes(response.status);
    sayWhether(isAccepted);
    if (isAccepted) return response;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Follows the changes. Each connection begins with the whole list. */
function follow() {
  const source = new EventSource(`${path}/events`);
  let listed;
  source.onopen = () => listed = list();
  source.onerror = () => {
    sayWhether(false);
    // EventSource connects again by itself, except after an HTTP error.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 1_000);
  };
  for (const event of ["created", "updated", "deleted", "reset"]) {
    source.addEventListener(event, async ({ data }) => {
      await listed;
      if (event === "reset") listed = list();
      else if (event === "deleted") byId(JSON.parse(data).id)?.remove();
      else put(JSON.parse(data));
    });
  }
}

async function list() {
  const response = await send("GET", `${path}?limit=100`);
  const { items } = await response.json();
  const ids = new Set(items.map(({ id }) => id));
  for (const card of [...byId("items").children]) {
    if (!ids.has(card.id)) card.remove();
  }
  items.forEach(put);
}

// Items

/** Shows an item, or what has changed in it. An open form stays as it is. */
function put(item) {
  const card = byId(item.id) ?? insert(item.id);
  const [first, ...others] = fields;
  const texts = others.filter(({ isLong }) => !isLong)
    .map(({ name, label }) => textOf(label, item[name] ?? false));
  card.querySelector("summary").replaceChildren(
    h("strong", pretty(item[first.name])),
    h("span.muted", texts.filter(Boolean).join(" · ")),
  );
}

function textOf(label, value) {
  if (value === true) return label;
  return value === false || value === "" ? "" : `${label}: ${value}`;
}

function insert(id) {
  const card = drawFold([], h("div"));
  card.id = id;
  card.className = "fold card";
  card.addEventListener("toggle", () => {
    const show = ({ message }) => card.lastChild.replaceChildren(message);
    if (card.open) edit(card).catch(show);
  });
  // Ids sort by the time of creation: the newest comes first.
  const next = [...byId("items").children].find((other) => other.id < id);
  byId("items").insertBefore(card, next ?? null);
  return card;
}

/** Draws the form of an item. It is saved only over the version that it shows. */
async function edit(card) {
  const url = `${path}/${card.id}`;
  let { item, etag } = await read(url);

  async function change(method, body) {
    const response = await send(method, url, body, { "If-Match": etag });
    if (response.status !== 412) return response;
    const before = item;
    ({ item, etag } = await read(url));
    const news = fields.filter(({ name }) => !isSame(before[name], item[name]))
      .map(({ name, label }) =>
        `${label} is now ${JSON.stringify(item[name])}. `
      );
    throw new Error(
      `Another writer was faster. ${news.join("")}Press again to apply yours.`,
    );
  }

  async function save(values) {
    const changes = Object.entries(values)
      .filter(([name, value]) => !isSame(value, item[name]));
    const response = await change("PATCH", Object.fromEntries(changes));
    if (response.ok) card.open = false;
    return response;
  }

  const remove = () => run(form, () => change("DELETE"));
  const buttons = [h("button", "Save"), drawButton("Delete", remove)];
  const form = drawForm(card.id, item, buttons, save);
  card.lastChild.replaceChildren(form);
}

async function read(url) {
  const response = await send("GET", url);
  const item = await response.json();
  if (!response.ok) throw new Error(item.detail);
  return { item, etag: response.headers.get("ETag") };
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// Forms

function drawForm(id, values, buttons, submit) {
  const drawn = fields.map((field) => {
    const value = values[field.name] ?? field.preset;
    return drawField(`${id}-${field.name}`, drawControl(field, value), [
      field.label,
    ]);
  });
  const form = h(
    "form",
    { "aria-label": id },
    h("div.fields", ...drawn),
    h("div.row", ...buttons, h("span.bad", { role: "status" })),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form, () => submit(valuesOf(form)));
  });
  return form;
}

/** Runs what a button stands for, and shows the problem where there is one. */
async function run(form, action) {
  let problem = {};
  try {
    const response = await action();
    if (!response.ok) problem = await response.json();
  } catch (error) {
    problem = { detail: error.message };
  }
  const { detail = "", errors = [] } = problem;
  form.querySelector("[role=status]").textContent = detail;
  for (const { name } of fields) {
    const own = errors.filter(({ pointer }) => pointer?.split("/")[1] === name);
    const control = form.elements.namedItem(name);
    const note = control.nextSibling;
    control.ariaInvalid = String(own.length > 0);
    note.className = own.length > 0 ? "note bad" : "note";
    note.textContent = own.map(({ detail }) => detail).join(". ");
  }
}

function drawControl({ name, types, enum: values, format, isLong }, value) {
  if (types[0] === "boolean") {
    return h("input", {
      name,
      type: "checkbox",
      ...(value && { checked: "" }),
    });
  }
  const control = values
    ? drawChoice(types.includes("null") ? ["", ...values] : values, { name })
    : h(isLong ? "textarea" : "input", { name, type: format ?? "text" });
  control.value = pretty(value ?? "");
  return control;
}

function valuesOf(form) {
  return Object.fromEntries(fields.map(({ name, types }) => {
    const { type, checked, value } = form.elements.namedItem(name);
    if (type === "checkbox") return [name, checked];
    if (value === "" && types.includes("null")) return [name, null];
    if (types.includes("string")) return [name, value];
    return [name, value === "" ? undefined : JSON.parse(value)];
  }));
}

function drawNew() {
  const form = drawForm("new", {}, [h("button", "Create")], async (values) => {
    // With the same key, a request that is sent twice creates one item.
    const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const headers = { "Idempotency-Key": key };
    const response = await send("POST", path, values, headers);
    if (response.ok) drawNew();
    return response;
  });
  const hadFocus = byId("new").contains(document.activeElement);
  byId("new").replaceChildren(form);
  if (hadFocus) form.elements[0].focus();
}

drawNew();
follow();
