import { spy } from "@std/testing/mock";
import { requestState } from "../../http/request_state.ts";
import { compose } from "../../middleware/compose.ts";
import { cors, type CorsOptions } from "../../middleware/cors.ts";

/** The result of one request. */
export interface Exchange {
  /** The response. */
  response: Response;
  /** Its fields about CORS, names in lower case. */
  fields: Record<string, string>;
  /** How often the handler ran. */
  handled: number;
  /** What the middleware stored in the request state. */
  verdict: string;
}

/** Sends one request through `cors()` to a handler. */
export async function exchange(
  options: CorsOptions,
  method: string,
  headers: HeadersInit,
  handler: () => Response | Promise<Response> = () => new Response("ok"),
): Promise<Exchange> {
  const handle = spy(handler);
  const request = new Request("https://api.test/tasks/1", { method, headers });
  const response = await compose([cors(options)], handle)(request);
  const fields = fieldsOf(response);
  const verdict = requestState(request).cors;
  return { response, fields, handled: handle.calls.length, verdict };
}

/** Picks the fields of a response about CORS. */
export function fieldsOf(response: Response): Record<string, string> {
  return Object.fromEntries(
    [...response.headers].filter(([name]) =>
      /^(access-control-.*|timing-allow-origin|vary)$/.test(name)
    ),
  );
}
