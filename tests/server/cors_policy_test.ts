import { assertEquals } from "@std/assert";
import { cors } from "../../middleware/cors.ts";
import { corsPolicy, type CorsSettings } from "../../server/cors_policy.ts";

const SETTINGS: CorsSettings = {
  appMode: "production",
  allowedOrigins: ["https://app.example.com"],
  corsCredentials: false,
  corsMethods: [],
  corsHeaders: [],
  corsExposeHeaders: [],
  corsMaxAge: 600,
};

Deno.test("corsPolicy() adds what is configured to what the API needs", () => {
  const own = corsPolicy(SETTINGS);
  const policy = corsPolicy({
    ...SETTINGS,
    corsMethods: ["put"],
    corsHeaders: ["X-A"],
    corsExposeHeaders: ["X-B"],
  });

  assertEquals(policy.methods, [...own.methods!, "put"]);
  assertEquals(policy.headers, [...own.headers!, "X-A"]);
  assertEquals(policy.exposeHeaders, [...own.exposeHeaders!, "X-B"]);
});

Deno.test('corsPolicy() replaces what the API needs with "*"', () => {
  const any = ["*"];
  const policy = corsPolicy({
    ...SETTINGS,
    corsMethods: any,
    corsHeaders: any,
    corsExposeHeaders: any,
  });

  assertEquals(policy.methods, ["*"]);
  assertEquals(policy.headers, ["authorization", "*"]);
  assertEquals(policy.exposeHeaders, ["*"]);
  cors(policy);
});

Deno.test("corsPolicy() explains failed preflights in development alone", () => {
  assertEquals(corsPolicy(SETTINGS).debug, false);
  assertEquals(corsPolicy({ ...SETTINGS, appMode: "development" }).debug, true);
});
