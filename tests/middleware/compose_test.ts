import { assertEquals, assertRejects } from "@std/assert";
import { requestState } from "../../http/request_state.ts";
import {
  compose,
  type Handler,
  type Middleware,
  type Next,
} from "../../middleware/compose.ts";

type Law = [law: string, layers: Middleware[], handler: Handler, end: string];

const FAULT = new Error("a fault");

/**
 * The way of a request through the chain: `a>` is layer a on the way in, `<a` on the
 * way out, `=` the body of the response, `!` the error.
 */
// deno-fmt-ignore: one law a line
const LAWS: Law[] = [
  ["calls the handler if there is no layer", [], respond, "handler = hello"],
  ["runs layers from the outside in and back out", [pass("a"), pass("b")], respond, "a> b> handler <b <a = hello"],
  ["runs a layer twice if it is listed twice", [pass("a"), pass("a")], respond, "a> a> handler <a <a = hello"],
  ["accepts a composition as a handler", [pass("a")], compose([pass("b")], respond), "a> b> handler <b <a = hello"],
  ["accepts a composition as a layer", [pass("a"), nest(pass("b"), pass("c"))], respond, "a> b> c> handler <c <b <a = hello"],
  ["skips the layers below a layer that responds itself", [pass("a"), stop, pass("b")], respond, "a> <a = stopped"],
  ["lets a layer replace the response", [pass("a"), replace, pass("b")], respond, "a> b> handler <b <a = replaced"],
  ["accepts a promise from a handler", [pass("a")], (request) => Promise.resolve(respond(request)), "a> handler <a = hello"],

  ["passes on another request", [pass("a"), send("/x"), pass("b")], respond, "a> b> handler /x <b <a = hello"],
  ["passes on another request in place of one that was passed on", [send("/x"), pass("a"), send("/y")], respond, "a> handler /y <a = hello"],
  ["passes on the same request", [pass("a"), same], respond, "a> handler <a = hello"],

  ["passes an error through unchanged", [pass("a"), pass("b")], fail, "a> b> ! the fault itself"],
  ["passes a rejection through unchanged", [pass("a")], () => Promise.reject(FAULT), "a> ! the fault itself"],
  ["passes the error of a layer through", [pass("a"), fail, pass("b")], respond, "a> ! the fault itself"],
  ["passes the error of a layer on its way out through", [pass("a"), failOut], respond, "a> handler ! the fault itself"],
  ["lets a layer respond to an error below", [pass("a"), rescue, pass("b")], fail, "a> b> <a = rescued"],

  ["rejects a second next()", [pass("a"), twice, pass("b")], respond, `a> b> handler <b ! ${again('layer "twice"')}`],
  ["rejects a second next() at the same time", [atOnce, pass("a")], respond, `a> handler <a ! ${again('layer "atOnce"')}`],
  ["rejects a second next() after an error", [pass("a"), retry], fail, `a> ! ${again('layer "retry"')}`],
  ["rejects a second next() that is not awaited", [pass("a"), careless], respond, `a> handler ! ${again('layer "careless"')}`],
  ["rejects a second next() with another request", [both], respond, `handler ! ${again('layer "both"')}`],
  ["rejects a second next() in a layer without a name", [pass("a"), unnamed(twice)], respond, `a> handler ! ${again("layer 2 (unnamed)")}`],

  ["rejects undefined from a layer", [pass("a"), give(undefined)], respond, `a> handler ! ${missing('layer "give"', "undefined")}`],
  ["rejects undefined from a layer before a layer above can use it", [pass("a"), stamp, give(undefined)], respond, `a> handler ! ${missing('layer "give"', "undefined")}`],
  ["rejects undefined from a layer that is not asynchronous", [stamp, giveNow(undefined)], respond, `! ${missing('layer "giveNow"', "undefined")}`],
  ["names the innermost layer that returns undefined", [give(undefined), unnamed(give(undefined)), pass("a")], respond, `a> handler <a ! ${missing("layer 2 (unnamed)", "undefined")}`],
  ["rejects undefined from a layer, though a layer above would replace it", [heal, give(undefined)], respond, `handler ! ${missing('layer "give"', "undefined")}`],
  ["rejects without waiting for a handler that never responds", [giveUp, unnamed(give(undefined))], () => new Promise(() => {}), "! the fault itself"],
  ["rejects undefined from a layer without a name", [unnamed(give(undefined))], respond, `handler ! ${missing("layer 1 (unnamed)", "undefined")}`],
  ["rejects null from a layer", [give(null)], respond, `handler ! ${missing('layer "give"', "object")}`],
  ["rejects an object that only looks like a response", [give({ status: 200 })], respond, `handler ! ${missing('layer "give"', "object")}`],
  ["rejects undefined from the handler", [pass("a")], () => undefined as never, `a> ! ${missing("the handler", "undefined")}`],
  ["rejects a string from the handler", [], () => "hello" as never, `! ${missing("the handler", "string")}`],
];

for (const [law, layers, handler, end] of LAWS) {
  Deno.test(`compose() ${law}`, async () => {
    assertEquals(await run(compose(layers, handler)), end);
  });

  Deno.test(`compose() ${law}, for many requests in parallel, after the list has changed`, async () => {
    const list = [...layers];

    const serve = compose(list, handler);
    assertEquals(list, layers);
    list.splice(0, list.length, stop);
    const ends = await Promise.all(
      Array.from({ length: 20 }, () => run(serve)),
    );

    assertEquals(new Set(ends), new Set([end]));
  });
}

/** What stays where the checks of responses are off. */
// deno-fmt-ignore: one law a line
const UNCHECKED: Law[] = [
  ["rejects a second next()", [pass("a"), careless], respond, `a> handler ! ${again('layer "careless"')}`],
  ["passes a missing response to the layer above", [heal, give(undefined)], respond, "handler = "],
  ["passes an error through unchanged", [pass("a")], fail, "a> ! the fault itself"],
  ["rejects with an error that is thrown synchronously", [fail], respond, "! the fault itself"],
];

for (const [law, layers, handler, end] of UNCHECKED) {
  Deno.test(`compose() without checks ${law}`, async () => {
    const serve = compose(layers, handler, { checked: false });

    assertEquals(await run(serve), end);
  });
}

Deno.test("compose() without checks resolves to what the handler returned", async () => {
  const serve = compose([], () => undefined as never, { checked: false });

  assertEquals(await serve(new Request("http://localhost/")), undefined);
});

Deno.test("compose() rejects, and never throws, where the only layer throws", async () => {
  const serving = compose([fail], respond)(new Request("http://localhost/"));

  await assertRejects(() => serving, Error, "a fault");
});

/** Sends a request, and returns the notes on its way and how it ended. */
async function run(serve: Handler): Promise<string> {
  const request = new Request("http://localhost/");
  const end = await endOf(serve, request);
  return `${requestState(request).route}${end}`;
}

async function endOf(serve: Handler, request: Request): Promise<string> {
  try {
    const response = await serve(request);
    return `= ${await response.text()}`;
  } catch (error) {
    return error === FAULT ? "! the fault itself" : `! ${error}`;
  }
}

/** Adds a word to the request state, which survives `next(otherRequest)`. */
function note(request: Request, word: string): void {
  requestState(request).route += `${word} `;
}

function respond(request: Request): Response {
  note(request, "handler");
  const { pathname } = new URL(request.url);
  if (pathname !== "/") note(request, pathname);
  return new Response("hello");
}

function pass(name: string): Middleware {
  return async (request, next) => {
    note(request, `${name}>`);
    const response = await next();
    note(request, `<${name}`);
    return response;
  };
}

function nest(...layers: Middleware[]): Middleware {
  return (request, next) => compose(layers, next)(request);
}

function send(path: string): Middleware {
  return (request, next) => next(new Request(new URL(path, request.url)));
}

function same(request: Request, next: Next): Promise<Response> {
  return next(request);
}

function stop(): Promise<Response> {
  return Promise.resolve(new Response("stopped"));
}

async function replace(_request: Request, next: Next): Promise<Response> {
  await next();
  return new Response("replaced");
}

function fail(): never {
  throw FAULT;
}

async function failOut(_request: Request, next: Next): Promise<Response> {
  await next();
  throw FAULT;
}

function rescue(_request: Request, next: Next): Promise<Response> {
  return next().catch(() => new Response("rescued"));
}

async function twice(_request: Request, next: Next): Promise<Response> {
  await next();
  return await next();
}

async function careless(_request: Request, next: Next): Promise<Response> {
  const response = await next();
  next();
  return response;
}

async function atOnce(_request: Request, next: Next): Promise<Response> {
  const ends = await Promise.allSettled([next(), next()]);
  throw (ends[1] as PromiseRejectedResult).reason;
}

function retry(_request: Request, next: Next): Promise<Response> {
  return next().catch(() => next());
}

async function both(request: Request, next: Next): Promise<Response> {
  await next();
  return await next(new Request(request));
}

/** A layer as JavaScript may write it. The compiler would reject it. */
function give(value: unknown): Middleware {
  return async function give(_request, next): Promise<Response> {
    await next();
    return value as Response;
  };
}

/** The same, with a value in place of a promise. */
function giveNow(value: unknown): Middleware {
  return function giveNow(): Promise<Response> {
    return value as Promise<Response>;
  };
}

/** Replaces a missing response. */
async function heal(_request: Request, next: Next): Promise<Response> {
  return (await next() as Response | undefined) ?? new Response();
}

async function stamp(_request: Request, next: Next): Promise<Response> {
  const response = await next();
  response.headers.set("X-A", "a");
  return response;
}

function giveUp(_request: Request, next: Next): Promise<Response> {
  next();
  return Promise.reject(FAULT);
}

function unnamed(layer: Middleware): Middleware {
  return (request, next) => layer(request, next);
}

function again(name: string): string {
  return `Error: Cannot call next() twice in ${name}`;
}

function missing(name: string, type: string): string {
  return `TypeError: Expected a Response from ${name}, got ${type}: is a "return" missing?`;
}
