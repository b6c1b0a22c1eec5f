import { assertEquals, assertInstanceOf } from "@std/assert";
import { StoreError } from "../../store/collection.ts";

Deno.test("StoreError has a code, and keeps the version and the cause", () => {
  const cause = new Error("the disk is full");
  const error = new StoreError("version-mismatch", "Cannot write", {
    version: "0001",
    cause,
  });

  assertInstanceOf(error, Error);
  assertEquals(
    [error.name, error.code, error.version, error.cause],
    ["StoreError", "version-mismatch", "0001", cause],
  );
  assertEquals(new StoreError("conflict", "Cannot write").version, undefined);
});
