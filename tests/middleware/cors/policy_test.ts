import { assertEquals, assertThrows } from "@std/assert";
import { CorsConfigError } from "../../../middleware/cors/error.ts";
import type { CorsOptions } from "../../../middleware/cors/options.ts";
import { createPolicy } from "../../../middleware/cors/policy.ts";

const ORIGIN = "https://a.test";

const FIELDS: [
  options: Partial<CorsOptions>,
  actual: string,
  preflight: string,
][] = [
  [{}, "", "Allow-Methods=GET,HEAD,POST Max-Age=600"],
  [
    { methods: ["put", "GET", "PUT", "Purge", "patch".toUpperCase()] },
    "",
    "Allow-Methods=GET,HEAD,POST,PUT,Purge,PATCH Max-Age=600",
  ],
  [{ methods: ["*"] }, "", "Allow-Methods=* Max-Age=600"],
  [
    { headers: ["X-B", "x-a", "x-b"], maxAge: 0 },
    "",
    "Allow-Methods=GET,HEAD,POST Allow-Headers=x-a,x-b Max-Age=0",
  ],
  [
    { headers: ["authorization", "*"], exposeHeaders: ["Pragma", "Expires"] },
    "",
    "Allow-Methods=GET,HEAD,POST Allow-Headers=*,authorization Max-Age=600",
  ],
  [
    { credentials: true, exposeHeaders: ["X-B", "Content-Type", "x-a", "x-b"] },
    "Allow-Credentials=true Expose-Headers=x-a,x-b",
    "Allow-Credentials=true Allow-Methods=GET,HEAD,POST Max-Age=600",
  ],
  [
    {
      exposeHeaders: [
        ..."Cache-Control Content-Language Content-Length Content-Type Expires"
          .split(" "),
        ..."Last-Modified Pragma ETag X-Content-Type Content-Type-X".split(" "),
        "Content-Encoding",
      ],
    },
    "Expose-Headers=content-encoding,content-type-x,etag,x-content-type",
    "Allow-Methods=GET,HEAD,POST Max-Age=600",
  ],
  [
    { exposeHeaders: "*" },
    "Expose-Headers=*",
    "Allow-Methods=GET,HEAD,POST Max-Age=600",
  ],
];

for (const [options, actual, preflight] of FIELDS) {
  Deno.test(`createPolicy() computes the fields of ${JSON.stringify(options)}`, () => {
    const policy = createPolicy({ origins: [ORIGIN], debug: true, ...options });
    const text = (fields: typeof policy.actual = []): string =>
      fields.map((field) => field.join("=")).join(" ")
        .replaceAll("Access-Control-", "");

    assertEquals(text(policy.actual), actual);
    assertEquals(text(policy.preflight), preflight);
    assertEquals(
      text(policy.explanations.method),
      preflight.replace(/ Max-Age.*/, ""),
    );
  });
}

Deno.test("createPolicy() allows the origin itself, or any", () => {
  const list = createPolicy({ origins: [ORIGIN] });
  const any = createPolicy({ origins: "*" });

  assertEquals([ORIGIN, "https://b.test", null].map(list.allow), [
    ORIGIN,
    undefined,
    undefined,
  ]);
  assertEquals([ORIGIN, null].map(any.allow), ["*", "*"]);
  assertEquals([list.vary, any.vary], ["Origin", undefined]);
});

Deno.test("createPolicy() explains failures in debug mode alone", () => {
  const options = { origins: "*", headers: "*" } as const;
  const { explanations } = createPolicy(options);
  const debug = createPolicy({ ...options, debug: true }).explanations;

  assertEquals(explanations, {});
  assertEquals(debug.method?.length, 2);
  // Chromium takes "*" for Authorization, too.
  assertEquals(debug.headers, [
    ["Access-Control-Allow-Methods", "GET,HEAD,POST"],
  ]);
});

Deno.test("createPolicy() throws every error in the options", () => {
  const error = assertThrows(
    () => createPolicy({ origins: ["https://a.test/", "null"], maxAge: -1 }),
    CorsConfigError,
  );

  assertEquals(error.issues.map(({ path }) => path), [
    "origins.0",
    "origins.1",
    "maxAge",
  ]);
});
