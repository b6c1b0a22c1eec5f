/** Sends a request to a path. */
type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** A response that the cache has, and the request headers that it depends on. */
interface Entry {
  readonly response: Response;
  readonly request: Headers;
}

// Statuses that may be stored without anything that says so (RFC 9110, 15.1).
const HEURISTIC = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];

/**
 * A shared cache that does everything RFC 9111 allows: it stores whatever it may,
 * takes what has no `Cache-Control` for fresh (4.2.2), validates the rest where it
 * has a tag (4.3), and sees no write, since others make them.
 */
export class HttpCache {
  readonly #origin: Fetch;
  readonly #entries = new Map<string, Entry[]>();
  /** How each request was served, the last one at the end. */
  readonly served: ("hit" | "validated" | "miss")[] = [];

  /** Constructs a new instance, in front of an origin. */
  constructor(origin: Fetch) {
    this.#origin = origin;
  }

  /** Sends a GET request to a path. */
  async get(path: string, init: HeadersInit = {}): Promise<Response> {
    const request = new Headers(init);
    const entry = this.#entries.get(path)
      ?.find((entry) => isFor(entry, request));
    if (entry && !directivesOf(entry.response).includes("no-cache")) {
      this.served.push("hit");
      return entry.response.clone();
    }
    const headers = new Headers(request);
    const tag = entry?.response.headers.get("ETag");
    if (tag) headers.set("If-None-Match", tag);
    const response = await this.#origin(path, { headers });
    if (response.status === 304) {
      // Headers of a 304 replace the stored ones (RFC 9111, 3.2).
      for (const [name, value] of response.headers) {
        entry!.response.headers.set(name, value);
      }
      this.served.push("validated");
      return entry!.response.clone();
    }
    this.served.push("miss");
    return this.#store(path, { response, request });
  }

  #store(path: string, entry: Entry): Response {
    const { response, request } = entry;
    const directives = directivesOf(response);
    const mayStore = HEURISTIC.includes(response.status) &&
      !directives.includes("no-store") && !directives.includes("private") &&
      !request.has("Authorization") && response.headers.get("Vary") !== "*";
    if (!mayStore) return response;
    const others = this.#entries.get(path) ?? [];
    this.#entries.set(path, [
      entry,
      ...others.filter((other) => !isFor(other, request)),
    ]);
    return response.clone();
  }
}

/** Whether a stored response fits a request, by its `Vary` (RFC 9111, 4.1). */
function isFor({ response, request }: Entry, other: Headers): boolean {
  return listIn(response, "Vary").every((name) =>
    request.get(name) === other.get(name)
  );
}

function directivesOf(response: Response): string[] {
  return listIn(response, "Cache-Control");
}

function listIn({ headers }: Response, name: string): string[] {
  return headers.get(name)?.toLowerCase().split(/\s*,\s*/) ?? [];
}
