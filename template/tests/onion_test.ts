import { assertEquals, assertThrows } from "@std/assert";
import onion from "../../docs/onion.svg" with { type: "text" };
import main from "../../main.ts" with { type: "text" };
import { layersIn, onionOf } from "../onion.ts";

Deno.test("docs/onion.svg shows the layers that main.ts has", () => {
  const layers = layersIn(main);

  assertEquals(layers.slice(0, 3), ["requestId", "telemetry", "accessLog"]);
  assertEquals(
    onion.replaceAll("\r\n", "\n"),
    onionOf(layers),
    'run "deno task onion"',
  );
});

Deno.test("onionOf() rejects a layer without a note", () => {
  assertThrows(
    () => onionOf(["requestId", "magic"]),
    Error,
    'Cannot draw "magic": add it to NOTES',
  );
});
