import { assert, assertEquals } from "@std/assert";
import {
  isClientErrorStatus,
  isErrorStatus,
  isInformationalStatus,
  isRedirectStatus,
  isServerErrorStatus,
  isStatus,
  isSuccessfulStatus,
  STATUS_CODE,
  STATUS_TEXT,
} from "@std/http/status";

const CLASS = [
  isInformationalStatus,
  isSuccessfulStatus,
  isRedirectStatus,
  isClientErrorStatus,
  isServerErrorStatus,
];

Deno.test("every status code has a text", () => {
  assertEquals(
    Object.keys(STATUS_TEXT).map(Number).toSorted(),
    Object.values(STATUS_CODE).toSorted(),
  );
});

Deno.test("a name is its text without spaces, except for the teapot", () => {
  for (const [name, code] of Object.entries(STATUS_CODE)) {
    if (code === 418) continue;
    assertEquals(STATUS_TEXT[code].replaceAll(" ", ""), name);
  }
});

Deno.test("every known status is in one class, and no other number in any", () => {
  const known = new Set<number>(Object.values(STATUS_CODE));
  for (let status = 0; status < 700; status++) {
    const digit = Math.floor(status / 100);
    assertEquals(isStatus(status), known.has(status));
    assertEquals(isErrorStatus(status), known.has(status) && digit >= 4);
    for (const [index, isOfClass] of CLASS.entries()) {
      assertEquals(
        isOfClass(status),
        known.has(status) && digit === index + 1,
        `${isOfClass.name}(${status})`,
      );
    }
  }
});

Deno.test("a guard narrows the type", () => {
  const status: number = 404;
  assert(isClientErrorStatus(status));
  assertEquals(STATUS_TEXT[status], "Not Found");
});
