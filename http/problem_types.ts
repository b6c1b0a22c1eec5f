/**
 * Every way in which this API says no. The `type` of a problem is the address of
 * its page: `/problems/not-found`.
 *
 * @module
 */

/** What all problems of one type have in common. */
export interface ProblemType {
  /** Status code of the response. */
  readonly status: number;
  /** What went wrong, the same for each occurrence. */
  readonly title: string;
  /** Why it happens. */
  readonly cause: string;
  /** What a client does about it. */
  readonly cure: string;
}

/** The name of a problem type, as in `/problems/:name`. */
export type ProblemName = keyof typeof PROBLEM_TYPES;

/**
 * The problem types by name.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(PROBLEM_TYPES["not-found"].status, 404);
 * ```
 */
export const PROBLEM_TYPES = {
  "invalid-json": {
    status: 400,
    title: "The body is not JSON",
    cause:
      "The body is empty, is not UTF-8, breaks the grammar of RFC 8259, or has more than a hundred lists and objects in each other.",
    cure: "Send one JSON value, encoded as UTF-8.",
  },
  "invalid-path": {
    status: 400,
    title: "The path is not valid",
    cause: "A percent sign in the path does not begin an encoded UTF-8 byte.",
    cure: 'Encode the parameter: encodeURIComponent("100%") is "100%25".',
  },
  "invalid-header": {
    status: 400,
    title: "A header is not valid",
    cause:
      "A request header does not have the form that its standard asks for.",
    cure: "Correct the header that the problem names, or leave it out.",
  },
  "invalid-cursor": {
    status: 400,
    title: "The cursor is not valid",
    cause:
      "The cursor was not made by this API, or was made for other filters.",
    cure: "Follow `next` as it is, or start again without a cursor.",
  },
  "unauthorized": {
    status: 401,
    title: "A token is needed",
    cause: "The request has no bearer token, or one that is not known here.",
    cure:
      "Send `Authorization: Bearer …` with a token that the operator gave you.",
  },
  "not-found": {
    status: 404,
    title: "Nothing is here",
    cause: "The path or the thing that it names does not exist, or no longer.",
    cure: "Compare the path with /docs. A trailing slash makes another path.",
  },
  "method-not-allowed": {
    status: 405,
    title: "The path does not answer this method",
    cause: "The path exists, the method does not. Methods are case-sensitive.",
    cure: "Use one of the methods that the `Allow` header lists.",
  },
  "request-timeout": {
    status: 408,
    title: "The request took too long to arrive",
    cause: "The body was not there when the time for the request was up.",
    cure: "Send it again over a faster connection, or send less.",
  },
  "conflict": {
    status: 409,
    title: "Too many others write here",
    cause: "The write lost the race against other writers again and again.",
    cure: "Read the resource again, then repeat the change.",
  },
  "version-mismatch": {
    status: 412,
    title: "The version is another one",
    cause:
      "The version is not one that `If-Match` names, or is one that `If-None-Match` rules out.",
    cure:
      "Read the resource again, apply the change to it, send its new `ETag`.",
  },
  "body-too-large": {
    status: 413,
    title: "The body is too large",
    cause: "The body has more bytes than the server takes (`BODY_LIMIT`).",
    cure: "Send less.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "The body is of another type",
    cause: "`Content-Type` is not JSON, or the body is compressed.",
    cure:
      "Send plain JSON as one of the types in `Accept-Post` or `Accept-Patch`.",
  },
  "invalid-body": {
    status: 422,
    title: "The body is not valid",
    cause: "The body is JSON, but not what this operation takes.",
    cure: "Correct every member that `errors` points at.",
  },
  "invalid-query": {
    status: 422,
    title: "The query is not valid",
    cause: "A query parameter is unknown, repeated, or has a wrong value.",
    cure: "Correct every parameter that `errors` names.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The idempotency key was used for another body",
    cause:
      "Within 24 hours the same `Idempotency-Key` came with other content.",
    cure: "Make a new key for each thing that you create.",
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    cause: "This client has used up what it may ask for in the time window.",
    cure: "Wait as long as `Retry-After` says.",
  },
  "internal-error": {
    status: 500,
    title: "The server failed",
    cause: "Something that was not foreseen. The server's log has it.",
    cure: "Tell the operator the `requestId`.",
  },
  "unavailable": {
    status: 503,
    title: "The service is not available",
    cause: "The store does not answer, or the server is shutting down.",
    cure: "Wait as long as `Retry-After` says, then try again.",
  },
  "deadline-passed": {
    status: 504,
    title: "The answer took too long",
    cause: "The server gave up when the time for the request was up.",
    cure: "Try again later; a write may have been applied, so read first.",
  },
} as const satisfies Record<string, ProblemType>;
