import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { requestState } from "../../../http/request_state.ts";
import { Recorder } from "../../../routes/playground/recorder.ts";

function requestTo(path: string, method = "GET"): Request {
  return new Request(`http://localhost:8000${path}`, { method });
}

function respondWith(response: Response): () => Promise<Response> {
  return () => Promise.resolve(response);
}

Deno.test("Recorder keeps what the server sent in a run, in order", async () => {
  const recorder = new Recorder();
  const preflight = requestTo("/ping?run=a-1", "OPTIONS");
  requestState(preflight).corsReason = "method PUT";

  await recorder.listen(
    preflight,
    respondWith(new Response(null, { status: 204, headers: { "Vary": "A" } })),
  );
  await recorder.listen(
    requestTo("/ping?run=a-1"),
    respondWith(Response.json({ ok: true }, { status: 418 })),
  );

  assertEquals(recorder.find("a-1"), [
    {
      method: "OPTIONS",
      status: 204,
      headers: { vary: "A" },
      body: "",
      corsReason: "method PUT",
    },
    {
      method: "GET",
      status: 418,
      headers: { "content-type": "application/json" },
      body: '{"ok":true}',
      corsReason: "",
    },
  ]);
  assertEquals(recorder.find("a"), []);
});

Deno.test("Recorder passes on what it records", async () => {
  const sent = Response.json({ ok: true }, {
    status: 418,
    headers: { "X-Handled-By": "test" },
  });

  const response = await new Recorder().listen(
    requestTo("/ping?run=1"),
    respondWith(sent),
  );

  assertEquals(response.status, 418);
  assertEquals(response.headers.get("X-Handled-By"), "test");
  assertEquals(await response.json(), { ok: true });
});

const IGNORED = [
  { what: "a request without a run", path: "/ping", type: "application/json" },
  { what: "an invalid run", path: "/?run=a%20b", type: "application/json" },
  { what: "a stream of events", path: "/?run=1", type: "text/event-stream" },
];

for (const { what, path, type } of IGNORED) {
  Deno.test(`Recorder ignores ${what}`, async () => {
    const recorder = new Recorder();
    const sent = new Response("{}", { headers: { "Content-Type": type } });

    const response = await recorder.listen(
      requestTo(path),
      respondWith(sent),
    );

    assertStrictEquals(response, sent);
    assert(!response.bodyUsed);
    assertEquals(recorder.find("1"), []);
  });
}

Deno.test("Recorder forgets all but the last 50", async () => {
  const recorder = new Recorder();

  for (let run = 0; run < 51; run++) {
    await recorder.listen(
      requestTo(`/ping?run=${run}`),
      respondWith(Response.json(run)),
    );
  }

  assertEquals(recorder.find("0"), []);
  assertEquals(recorder.find("1").length, 1);
  assertEquals(recorder.find("50").length, 1);
});
