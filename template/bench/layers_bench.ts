/**
 * What each layer costs, alone around a handler. The baseline is the handler in a
 * chain without layers. `cors_bench.ts` looks at CORS more closely.
 *
 * @module
 */

import { createLog } from "../../server/log.ts";
import { accessLog } from "../../middleware/access_log.ts";
import { bearerTokens } from "../../middleware/bearer_tokens.ts";
import { bodyLimit } from "../../middleware/body_limit.ts";
import { compose, type Middleware } from "../../middleware/compose.ts";
import { cors } from "../../middleware/cors.ts";
import { deadline } from "../../middleware/deadline.ts";
import { errors } from "../../middleware/errors.ts";
import { host } from "../../middleware/host.ts";
import { rateLimit } from "../../middleware/rate_limit.ts";
import { requestId } from "../../middleware/request_id.ts";
import { stampHeaders } from "../../middleware/stamp_headers.ts";
import { telemetry } from "../../middleware/telemetry.ts";
import { timing } from "../../middleware/timing.ts";

const origin = "https://app.example.com";
// SHA-256 of "secret".
const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
const log = createLog({ level: "info", format: "json", write: () => {} });
const { signal } = new AbortController();

const LAYERS: Record<string, Middleware[]> = {
  "no layer": [],
  "requestId()": [requestId()],
  "telemetry(), off": [telemetry()],
  "accessLog(), but for the writing": [accessLog({ log })],
  "timing()": [timing()],
  "stampHeaders() of two": [stampHeaders({ "X-A": "a", "X-B": "b" })],
  "cors()": [cors({ origins: [origin] })],
  "errors()": [errors({ report: () => {} })],
  "host()": [host(["localhost"])],
  "deadline()": [deadline({ ms: 10_000, signal })],
  "rateLimit()": [rateLimit({ requests: 1e9, seconds: 1 })],
  "bearerTokens()": [bearerTokens({ hashes: [hash], isOpen: () => false })],
  "bodyLimit(), no body": [bodyLimit(65_536)],
};

const headers = {
  Authorization: "Bearer secret",
  Host: "localhost:8000",
  Origin: origin,
};
const request = new Request("http://localhost:8000/ping", { headers });

for (const [name, layers] of Object.entries(LAYERS)) {
  const serve = compose(layers, () => Response.json({ ok: true }), {
    checked: false,
  });
  const options = { group: "layers", baseline: layers.length === 0 };
  Deno.bench(name, options, async () => {
    await serve(request);
  });
}
