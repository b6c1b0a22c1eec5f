import { assertEquals } from "@std/assert";
import { isPublicSuffix } from "../../../middleware/cors/public_suffixes.ts";

const HOSTS: Record<string, boolean> = {
  "vercel.app": true,
  "github.io": true,
  "pages.dev": true,
  "deno.dev": true,
  "co.uk": true,
  "a.run.app": true,
  "s3.eu-west-1.amazonaws.com": true,
  // Public suffixes are further down.
  "run.app": true,
  "amazonaws.com": true,
  "core.windows.net": true,
  "mine.vercel.app": false,
  "notvercel.app": false,
  "bucket.s3.eu-west-1.amazonaws.com": false,
  "example.com": false,
  "com": false,
  "localhost": false,
};

for (const [host, expected] of Object.entries(HOSTS)) {
  Deno.test(`isPublicSuffix() returns ${expected} for ${host}`, () => {
    assertEquals(isPublicSuffix(host), expected);
  });
}
