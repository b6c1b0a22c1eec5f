import { assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import { bearerTokens } from "../../middleware/bearer_tokens.ts";
import { sha256 } from "../../http/sha256.ts";
import { compose } from "../../middleware/compose.ts";
import { open, openRequests, route } from "../../routes/router.ts";

// printf %s secret | sha256sum
const SECRET =
  "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
// printf %s a.b-c_d~e+f/g== | sha256sum
const MIXED =
  "4f265d2829a28bb23e9508dc80603ee46ce664631dfdf8007fd3491b32099730";

const NO_TOKEN = "Bearer";
const WRONG_TOKEN = 'Bearer error="invalid_token"';

/** An `Authorization` header, and the challenge that it gets, if any. */
const CREDENTIALS: [authorization: string | undefined, challenge?: string][] = [
  ["Bearer secret"],
  ["bearer secret"],
  ["BEARER   secret"],
  ["Bearer a.b-c_d~e+f/g=="],
  [undefined, NO_TOKEN],
  ["", NO_TOKEN],
  ["Bearer", NO_TOKEN],
  ["Bearer ", NO_TOKEN],
  ["secret", NO_TOKEN],
  ["Basic secret", NO_TOKEN],
  ["Bearersecret", NO_TOKEN],
  ["Bearer\tsecret", NO_TOKEN],
  ["Bearer secret, Bearer secret", NO_TOKEN],
  ["Bearer secret extra", NO_TOKEN],
  ['Bearer "secret"', NO_TOKEN],
  ["Bearer =secret", NO_TOKEN],
  ["Bearer s\xe9cret", NO_TOKEN],
  [`Bearer ${"a".repeat(500_000)}!`, NO_TOKEN],
  [`Bearer${" ".repeat(500_000)}!`, NO_TOKEN],
  [`Bearer a${"=".repeat(500_000)}!`, NO_TOKEN],
  ["Bearer Secret", WRONG_TOKEN],
  ["Bearer secret=", WRONG_TOKEN],
  ["Bearer __proto__", WRONG_TOKEN],
  // A stolen hash is not a token.
  [`Bearer ${SECRET}`, WRONG_TOKEN],
];

for (const [authorization, challenge] of CREDENTIALS) {
  const shown = authorization?.slice(0, 30) ?? "nothing";

  Deno.test(`bearerTokens() ${challenge ? "rejects" : "accepts"} ${JSON.stringify(shown)}`, async () => {
    const handler = spy((_request: Request): Response => new Response());
    const serving = serve("/tasks", authorization, handler);

    if (challenge === undefined) {
      assertEquals((await serving).status, 200);
      return;
    }
    const problem = await assertRejects(() => serving, Problem);
    assertEquals(problem.status, 401);
    assertEquals(problem.headers, { "WWW-Authenticate": challenge });
    assertEquals(problem.message, "Missing or unknown token");
    assertSpyCalls(handler, 0);
  });
}

/** The whole path must be open. */
const PATHS: [path: string, isOpen: boolean][] = [
  ["/ping", true],
  ["/ping?a=b", true],
  ["/tasks", false],
  ["/tasks?/ping", false],
  ["/tasks#/ping", false],
  ["/tasks#?/ping", false],
  ["/ping/", false],
  ["/ping/../tasks", false],
  ["//ping", false],
  ["/%70ing", true],
  ["/%2570ing", false],
  ["/PING", false],
];

for (const [path, isOpen] of PATHS) {
  Deno.test(`bearerTokens() ${isOpen ? "accepts" : "rejects"} ${path} without a token`, async () => {
    const serving = serve(path);

    if (isOpen) assertEquals((await serving).status, 200);
    else await assertRejects(() => serving, Problem);
  });
}

Deno.test("bearerTokens() rejects all tokens if none is valid", async () => {
  await assertRejects(() => ask([], "secret"), Problem);
});

Deno.test("bearerTokens() accepts each of several tokens, and no other", async () => {
  const tokens = ["a", "b", "c"];
  const hashes = tokens.map((token) => sha256(token).toHex());

  for (const token of tokens) {
    assertEquals((await ask(hashes, token)).status, 200);
  }
  await assertRejects(() => ask(hashes, "d"), Problem);
});

for (const [place, index] of [["first", 0], ["last", 31]] as const) {
  Deno.test(`bearerTokens() rejects a hash that differs in its ${place} byte`, async () => {
    const bytes = Uint8Array.fromHex(SECRET);
    bytes[index]! ^= 1;

    await assertRejects(() => ask([bytes.toHex()], "secret"), Problem);
  });
}

/** Sends a token to a server with these hashes. */
function ask(hashes: readonly string[], token: string): Promise<Response> {
  const layer = bearerTokens({ hashes, isOpen: () => false });
  const headers = { "Authorization": `Bearer ${token}` };
  const request = new Request("http://localhost/", { headers });
  return compose([layer], () => new Response())(request);
}

function serve(
  path: string,
  authorization?: string,
  handler: (request: Request) => Response = () => new Response(),
): Promise<Response> {
  const layer = bearerTokens({
    hashes: [SECRET, MIXED],
    isOpen: openRequests(open([route("GET /ping", () => new Response())])),
  });
  const headers = authorization === undefined
    ? {}
    : { "Authorization": authorization };
  const request = new Request(`http://localhost${path}`, { headers });
  return compose([layer], handler)(request);
}
