import { assertEquals } from "@std/assert";
import { pingRoutes } from "../../routes/ping.ts";
import { router } from "../../routes/router.ts";

Deno.test("GET /ping responds with 200", async () => {
  const serve = router(pingRoutes());

  const response = await serve(new Request("http://localhost/ping"));

  assertEquals(response.status, 200);
  assertEquals(response.headers.get("Content-Type"), "application/json");
  assertEquals(await response.text(), '{"ok":true}');
});
