import { assertEquals } from "@std/assert";
import type { CorsOptions } from "../../middleware/cors.ts";
import { explainCors, type PageRequest } from "../../server/explain_cors.ts";

const ORIGIN = "https://app.example.com";
const POLICY: CorsOptions = {
  origins: [ORIGIN],
  methods: ["PATCH"],
  headers: ["Authorization"],
  debug: true,
};

const TABLE: [page: PageRequest, cures: string[], policy?: CorsOptions][] = [
  [{ origin: ORIGIN }, []],
  [{ origin: ORIGIN, method: "post", headers: ["Accept"] }, []],
  [{ origin: ORIGIN, method: "PATCH", headers: ["AUTHORIZATION"] }, []],
  [{ origin: "null" }, [], { origins: "*" }],
  [
    { origin: "https://b.example", method: "put", headers: ["X-A", "x-b"] },
    [
      "add https://b.example to ALLOWED_ORIGINS",
      "add PUT to CORS_METHODS",
      "add X-A to CORS_HEADERS",
      "add x-b to CORS_HEADERS",
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
  [{ origin: ORIGIN, method: "patch" }, [
    'Cannot allow method "patch": write "PATCH": browsers keep its case',
  ]],
  [{ origin: ORIGIN, headers: ["Cookie"] }, [
    'Cannot allow request header "Cookie": remove it: no page can set it',
  ]],
  [{ origin: ORIGIN, headers: ["authorization", "x-any"] }, [
    "add authorization to CORS_HEADERS",
  ], { origins: [ORIGIN], headers: "*" }],
];

for (const [page, cures, policy = POLICY] of TABLE) {
  Deno.test(`explainCors() finds ${cures.length} refusals of ${JSON.stringify(page)}`, async () => {
    const refusals = await explainCors(policy, page);
    assertEquals(refusals.map(({ cure }) => cure), cures);
  });
}
