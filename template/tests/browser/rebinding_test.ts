import { assertEquals } from "@std/assert";
import { openPage } from "./_page.ts";

Deno.test("A page whose name resolves to this machine can neither read nor write", async () => {
  await using site = await openPage("/", { host: "evil.example" });

  const statuses = await site.page.evaluate(async () => {
    const read = await fetch("/tasks");
    const written = await fetch("/tasks", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"title":"Evil"}',
    });
    return [read.status, written.status];
  });
  const list = await site.app.fetch(new Request("http://localhost/tasks"));

  assertEquals(statuses, [421, 421]);
  assertEquals((await list.json()).items, []);
});
