/**
 * The options of `cors()`.
 *
 * @module
 */

import type { CorsRejection } from "./rejection.ts";

/** Options for {@linkcode cors}. */
export interface CorsOptions {
  /**
   * Origins to allow, as browsers send them: `https://app.example.com`. In
   * `https://*.example.com` the `*` is one or more labels, in `http://localhost:*`
   * any port (loopback hosts only), in `moz-extension://*` any extension of that
   * browser. `"*"` allows every origin, an empty list none.
   */
  readonly origins: "*" | readonly string[];
  /**
   * Methods to allow besides GET, HEAD and POST, which browsers always allow.
   *
   * @default {[]}
   */
  readonly methods?: "*" | readonly string[];
  /**
   * Request headers to allow. `"*"` does not cover `Authorization`,
   * `["*", "authorization"]` does.
   *
   * @default {[]}
   */
  readonly headers?: "*" | readonly string[];
  /**
   * Response headers that pages may read, besides the few that they always may.
   *
   * @default {[]}
   */
  readonly exposeHeaders?: "*" | readonly string[];
  /**
   * Whether browsers may send cookies and other credentials that they add
   * themselves. An `Authorization` that a script sets is not one of them.
   *
   * @default {false}
   */
  readonly credentials?: boolean;
  /**
   * Seconds for which browsers may cache a preflight, an integer from 0 to 86400.
   * All of them honor the default in full.
   *
   * @default {600}
   */
  readonly maxAge?: number;
  /**
   * Whether the response to a preflight that fails for its method or headers lists
   * what is allowed, so that the browser's console names the cause.
   *
   * @default {false}
   */
  readonly debug?: boolean;
  /** Called for each rejection. It is not awaited, and its errors are ignored. */
  readonly onReject?: (rejection: CorsRejection) => void;
  /**
   * Allows credentials from origins that are neither `https` nor loopback.
   *
   * @default {false}
   */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /**
   * Allows credentials from any subdomain that a pattern matches.
   *
   * @default {false}
   */
  readonly dangerouslyAllowSubdomainsWithCredentials?: boolean;
  /**
   * Allows patterns under which anyone can register a name, such as
   * `https://*.vercel.app`.
   *
   * @default {false}
   */
  readonly dangerouslyAllowPublicSuffixes?: boolean;
}
