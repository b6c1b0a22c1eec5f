import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
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
 * What happens to a request in the chain: `a>` is layer a on the way in, `<a` on
 * the way out, `=` the body of the answer, `!` the error.
 */
// deno-fmt-ignore: one law a line
const LAWS: Law[] = [
  ["calls the handler where there is no layer", [], answer, "handler = hello"],
  ["runs layers from the outside in and back out", [pass("a"), pass("b")], answer, "a> b> handler <b <a = hello"],
  ["runs a layer twice that is listed twice", [pass("a"), pass("a")], answer, "a> a> handler <a <a = hello"],
  ["takes a composition for a handler", [pass("a")], compose([pass("b")], answer), "a> b> handler <b <a = hello"],
  ["takes a composition for a layer", [pass("a"), nest(pass("b"), pass("c"))], answer, "a> b> c> handler <c <b <a = hello"],
  ["leaves out what lies below a layer that answers", [pass("a"), stop, pass("b")], answer, "a> <a = stopped"],
  ["lets a layer answer in place of those below", [pass("a"), replace, pass("b")], answer, "a> b> handler <b <a = replaced"],
  ["takes a promise of a handler", [pass("a")], (request) => Promise.resolve(answer(request)), "a> handler <a = hello"],

  ["passes on another request", [pass("a"), send("/x"), pass("b")], answer, "a> b> handler /x <b <a = hello"],
  ["passes on another request in place of another", [send("/x"), pass("a"), send("/y")], answer, "a> handler /y <a = hello"],
  ["passes on the same request", [pass("a"), same], answer, "a> handler <a = hello"],

  ["lets an error travel up as the same object", [pass("a"), pass("b")], fail, "a> b> ! the fault itself"],
  ["lets a rejection travel up as the same object", [pass("a")], () => Promise.reject(FAULT), "a> ! the fault itself"],
  ["lets the error of a layer travel up", [pass("a"), fail, pass("b")], answer, "a> ! the fault itself"],
  ["lets the error of a layer on its way out travel up", [pass("a"), failOut], answer, "a> handler ! the fault itself"],
  ["lets a layer answer for an error below", [pass("a"), rescue, pass("b")], fail, "a> b> <a = rescued"],

  ["refuses a second next()", [pass("a"), twice, pass("b")], answer, `a> b> handler <b ! ${again('layer "twice"')}`],
  ["refuses a second next() at the same time", [atOnce, pass("a")], answer, `a> handler <a ! ${again('layer "atOnce"')}`],
  ["refuses a second next() after an error", [pass("a"), retry], fail, `a> ! ${again('layer "retry"')}`],
  ["refuses a second next() that nobody waits for", [pass("a"), careless], answer, `a> handler ! ${again('layer "careless"')}`],
  ["refuses a second next() with another request", [both], answer, `handler ! ${again('layer "both"')}`],
  ["refuses a second next() in a layer without a name", [pass("a"), unnamed(twice)], answer, `a> handler ! ${again("layer 2 (unnamed)")}`],

  ["refuses undefined of a layer", [pass("a"), give(undefined)], answer, `a> handler <a ! ${useless('layer "give"', "undefined")}`],
  ["refuses undefined of a layer, whatever a layer above makes of it", [pass("a"), stamp, give(undefined)], answer, `a> handler ! ${useless('layer "give"', "undefined")}`],
  ["refuses undefined of a layer that is not asynchronous", [stamp, giveNow(undefined)], answer, `! ${useless('layer "giveNow"', "undefined")}`],
  ["refuses undefined of the innermost of those that give it", [give(undefined), unnamed(give(undefined)), pass("a")], answer, `a> handler <a ! ${useless("layer 2 (unnamed)", "undefined")}`],
  ["lets an error travel up, though a layer below gave no response", [failOut, heal, give(undefined)], answer, "handler ! the fault itself"],
  ["waits for nobody when it says why", [giveUp, unnamed(give(undefined))], () => new Promise(() => {}), "! the fault itself"],
  ["refuses undefined of a layer without a name", [unnamed(give(undefined))], answer, `handler ! ${useless("layer 1 (unnamed)", "undefined")}`],
  ["refuses null of a layer", [give(null)], answer, `handler ! ${useless('layer "give"', "object")}`],
  ["refuses what only looks like a response", [give({ status: 200 })], answer, `handler ! ${useless('layer "give"', "object")}`],
  ["refuses undefined of the handler", [pass("a")], () => undefined as never, `a> <a ! ${useless("the handler", "undefined")}`],
  ["refuses a string of the handler", [], () => "hello" as never, `! ${useless("the handler", "string")}`],
];

for (const [law, layers, handler, end] of LAWS) {
  Deno.test(`compose() ${law}`, async () => {
    assertEquals(await run(compose(layers, handler)), end);
  });

  Deno.test(`compose() ${law}, for many requests at once and whatever becomes of the list`, async () => {
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

Deno.test("compose() keeps the error that made it look for who gave no response", async () => {
  const serve = compose([stamp, give(undefined)], answer);

  const error = await assertRejects(
    () => serve(new Request("http://localhost/")),
    TypeError,
    'layer "give"',
  );

  assertStringIncludes(String(error.cause), "headers");
});

/** Sends a request, and tells what was noted on its way and how that ended. */
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

/** Notes a word with the request, where it survives `next(otherRequest)`. */
function note(request: Request, word: string): void {
  requestState(request).route += `${word} `;
}

function answer(request: Request): Response {
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

/** A layer as JavaScript may write it: the compiler would not let it pass. */
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

/** What most layers do: it fails where there is no response. */
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
  return `Error: Cannot call next() again in ${name}: it was already called for this request`;
}

function useless(name: string, type: string): string {
  return `TypeError: Cannot use what ${name} returned: expected a Response, got ${type} (is a "return" missing?)`;
}
