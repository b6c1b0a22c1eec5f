import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Problem } from "../../http/problem.ts";
import { PROBLEM_TYPES } from "../../http/problem_types.ts";
import { problemRoutes } from "../../routes/problems.ts";
import { router } from "../../routes/router.ts";

const serve = router(problemRoutes());

function get(path: string, accept: string): Promise<Response> {
  const headers = { "Accept": accept };
  return serve(new Request(`http://localhost${path}`, { headers }));
}

for (const [name, problem] of Object.entries(PROBLEM_TYPES)) {
  Deno.test(`GET /problems/${name} explains the problem`, async () => {
    const page = await get(`/problems/${name}`, "text/html");
    const json = await get(`/problems/${name}`, "application/json");

    const html = await page.text();
    assertStringIncludes(html, `<h1>${problem.title}</h1>`);
    assert(!html.includes("`"), "backticks have become <code>");
    assertEquals(await json.json(), { type: `/problems/${name}`, ...problem });
  });
}

Deno.test("GET /problems links every problem", async () => {
  const page = await get("/problems", "text/html");
  const json = await get("/problems", "*/*");

  const types = Object.keys(PROBLEM_TYPES).map((name) => `/problems/${name}`);
  const html = await page.text();
  for (const type of types) assertStringIncludes(html, `href="${type}"`);
  const list = await json.json() as { type: string }[];
  assertEquals(list.map(({ type }) => type), types);
});

Deno.test("GET /problems/not-found links the path that it names", async () => {
  const page = await get("/problems/not-found", "text/html");

  assertStringIncludes(
    await page.text(),
    'Compare the path with <a href="/docs">/docs</a>. A',
  );
});

Deno.test("GET /problems/invalid-body links home, with its status", async () => {
  const html = await (await get("/problems/invalid-body", "text/html")).text();

  assertStringIncludes(html, '<a href="/">Home</a>');
  assertStringIncludes(html, ">422</span> Unprocessable Content</p>");
});

for (const name of ["nope", "toString", "__proto__", "%3Cscript%3E"]) {
  Deno.test(`GET /problems/${name} is a problem itself`, async () => {
    const error = await assertRejects(
      () => get(`/problems/${name}`, "text/html"),
      Problem,
    );

    assertEquals(error.status, 404);
  });
}
