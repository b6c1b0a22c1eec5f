import { assertEquals, assertThrows } from "@std/assert";
import type { CorsOptions } from "../../middleware/cors.ts";
import {
  explainCors,
  type PageRequest,
  parsePage,
} from "../../server/explain_cors.ts";

const ORIGIN = "https://app.example.com";
const POLICY: CorsOptions = {
  origins: [ORIGIN],
  methods: ["PATCH"],
  headers: ["Authorization"],
  debug: true,
};

const TABLE: [
  page: Partial<PageRequest>,
  refused: string[],
  policy?: CorsOptions,
][] = [
  [{}, []],
  [{ method: "post", headers: ["Accept"] }, []],
  [{ method: "PATCH", headers: ["AUTHORIZATION"] }, []],
  [{ origin: "null" }, [], { origins: "*" }],
  [
    { origin: "https://b.example", method: "put", headers: ["X-A", "x-b"] },
    [
      "origin https://b.example is refused: add it to ALLOWED_ORIGINS",
      "method PUT is refused: add it to CORS_METHODS",
      "header X-A is refused: add it to CORS_HEADERS",
      "header x-b is refused: add it to CORS_HEADERS",
    ],
  ],
  [{ origin: `${ORIGIN}/` }, [
    `Cannot allow origin "${ORIGIN}/": write "${ORIGIN}"`,
  ]],
  [{ origin: "https://日本.example" }, [
    'Cannot allow origin "https://日本.example": write "https://xn--wgv71a.example"',
  ]],
  [{ origin: "http://a.example" }, [
    'Cannot allow origin "http://a.example": use https, or set dangerouslyAllowInsecureOrigins',
  ], { ...POLICY, credentials: true }],
  [{ method: "patch" }, [
    'Cannot allow method "patch": write "PATCH": browsers keep its case',
  ]],
  [{ headers: ["Cookie"] }, [
    'Cannot allow request header "Cookie": remove it: no page can set it',
  ]],
  [{ headers: ["authorization", "x-any"] }, [
    "header authorization is refused: add it to CORS_HEADERS",
  ], { origins: [ORIGIN], headers: "*" }],
];

for (const [given, refused, policy = POLICY] of TABLE) {
  Deno.test(`explainCors() finds ${refused.length} refusals of ${JSON.stringify(given)}`, () => {
    const page = { origin: ORIGIN, method: "GET", headers: [], ...given };
    assertEquals(explainCors(policy, page), refused);
  });
}

Deno.test("parsePage() reads both ways to write an option", () => {
  const page = { origin: ORIGIN, method: "PUT", headers: ["x-a", "x-b"] };

  assertEquals(
    parsePage(["--origin", ORIGIN, "--method", "PUT", "--headers", "x-a, x-b"]),
    page,
  );
  assertEquals(
    parsePage([`--origin=${ORIGIN}`, "--method=PUT", "--headers=x-a,x-b"]),
    page,
  );
});

for (const args of [["--all", "x"], ["--method", "PUT"], ["--origin"]]) {
  Deno.test(`parsePage() rejects ${args.join(" ")}`, () => {
    assertThrows(
      () => parsePage(args),
      Error,
      "use --deep, --origin, --method",
    );
  });
}
