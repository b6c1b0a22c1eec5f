/**
 * All problem types of the API. The `type` of a problem is the address of its page:
 * `/problems/not-found`.
 *
 * @module
 */

/** What all problems of one type have in common. */
export interface ProblemType {
  /** Status code of the response. */
  readonly status: number;
  /** What failed, the same for each occurrence. */
  readonly title: string;
  /** Why it happens. */
  readonly cause: string;
  /** What a client can do. */
  readonly cure: string;
}

/** Name of a problem type, as in `/problems/:name`. */
export type ProblemName = keyof typeof PROBLEM_TYPES;

/** The problem types by name. */
export const PROBLEM_TYPES = {
  "invalid-json": {
    status: 400,
    title: "Invalid JSON",
    cause:
      "Empty, incomplete, not JSON in UTF-8, or more than 100 levels deep.",
    cure: "Send one JSON value (RFC 8259), encoded as UTF-8.",
  },
  "invalid-path": {
    status: 400,
    title: "Invalid path",
    cause: "A percent sign in the path does not begin an encoded UTF-8 byte.",
    cure: 'Encode the parameter: encodeURIComponent("100%") is "100%25".',
  },
  "invalid-header": {
    status: 400,
    title: "Invalid header",
    cause: "A request header is malformed.",
    cure: "Correct or remove the header that `errors` lists.",
  },
  "invalid-cursor": {
    status: 400,
    title: "Invalid cursor",
    cause: "The cursor is not from this API, or belongs to other filters.",
    cure: "Use `next` unchanged, or start again without a cursor.",
  },
  "unauthorized": {
    status: 401,
    title: "Unauthorized",
    cause: "The request has no bearer token, or an unknown one.",
    cure: "Send `Authorization: Bearer …` with a token from the operator.",
  },
  "not-found": {
    status: 404,
    title: "Not found",
    cause: "The path is unknown, or the resource does not exist (any more).",
    cure: "Compare the path with /docs. A trailing slash makes another path.",
  },
  "method-not-allowed": {
    status: 405,
    title: "Method not allowed",
    cause: "The path does not support this method. Methods are case-sensitive.",
    cure: "Use one of the methods in the `Allow` header.",
  },
  "request-timeout": {
    status: 408,
    title: "Request timeout",
    cause: "The body did not arrive in time, or paused between its chunks.",
    cure: "Use a faster connection, or send a smaller body.",
  },
  "conflict": {
    status: 409,
    title: "Write conflict",
    cause: "Other writers changed the resource at the same time, repeatedly.",
    cure: "Read the resource again, then repeat the change.",
  },
  "version-mismatch": {
    status: 412,
    title: "Version mismatch",
    cause: "`If-Match` excludes the version, or `If-None-Match` lists it.",
    cure: "Read the resource again, then repeat the request with its `ETag`.",
  },
  "body-too-large": {
    status: 413,
    title: "Body too large",
    cause: "The body is larger than the server accepts (`BODY_LIMIT`).",
    cure: "Send a smaller body.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "Unsupported media type",
    cause: "`Content-Type` is not JSON, or the body is compressed.",
    cure: "Send it uncompressed, as a type in `Accept-Post` or `Accept-Patch`.",
  },
  "misdirected-request": {
    status: 421,
    title: "Misdirected request",
    cause: "The server does not serve the host of the URL (`ALLOWED_HOSTS`).",
    cure: "Use another name of the server, or add this one to the setting.",
  },
  "invalid-body": {
    status: 422,
    title: "Invalid body",
    cause: "The body is JSON, but does not match the schema of the operation.",
    cure: "Correct each field that `errors` lists.",
  },
  "invalid-query": {
    status: 422,
    title: "Invalid query",
    cause: "A query parameter is unknown, repeated, or has an invalid value.",
    cure: "Correct each parameter that `errors` lists.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "Idempotency key reused",
    cause: "The key was sent with another body within the last 24 hours.",
    cure: "Generate a new key for each resource that you create.",
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    cause: "The client used up its requests in the current time window.",
    cure: "Wait for the seconds in `Retry-After`.",
  },
  "internal-error": {
    status: 500,
    title: "Internal server error",
    cause: "An unexpected error. The server's log has the details.",
    cure: "Report the `requestId` to the operator.",
  },
  "unavailable": {
    status: 503,
    title: "Service unavailable",
    cause: "The store does not respond, or the server is shutting down.",
    cure: "Wait for the seconds in `Retry-After`, then try again.",
  },
  "deadline-passed": {
    status: 504,
    title: "Deadline passed",
    cause: "The server did not respond before the deadline of the request.",
    cure: "Try again later. Read first: a write may have been applied.",
  },
} as const satisfies Record<string, ProblemType>;
