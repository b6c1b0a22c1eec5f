/**
 * Names and texts of the HTTP status codes, and guards for their classes.
 *
 * @example Usage
 * ```ts
 * import { isErrorStatus, STATUS_CODE, STATUS_TEXT } from "@std/http/status";
 * import { assert, assertEquals } from "@std/assert";
 *
 * assertEquals(STATUS_CODE.NotFound, 404);
 * assertEquals(STATUS_TEXT[404], "Not Found");
 * assert(isErrorStatus(404));
 * ```
 *
 * @module
 */

/**
 * Status codes by name, from the
 * {@link https://www.iana.org/assignments/http-status-codes | registry}.
 */
export const STATUS_CODE = {
  /** RFC 9110, 15.2.1 */
  Continue: 100,
  /** RFC 9110, 15.2.2 */
  SwitchingProtocols: 101,
  /** RFC 2518, 10.1 */
  Processing: 102,
  /** RFC 8297, 2 */
  EarlyHints: 103,

  /** RFC 9110, 15.3.1 */
  OK: 200,
  /** RFC 9110, 15.3.2 */
  Created: 201,
  /** RFC 9110, 15.3.3 */
  Accepted: 202,
  /** RFC 9110, 15.3.4 */
  NonAuthoritativeInfo: 203,
  /** RFC 9110, 15.3.5 */
  NoContent: 204,
  /** RFC 9110, 15.3.6 */
  ResetContent: 205,
  /** RFC 9110, 15.3.7 */
  PartialContent: 206,
  /** RFC 4918, 11.1 */
  MultiStatus: 207,
  /** RFC 5842, 7.1 */
  AlreadyReported: 208,
  /** RFC 3229, 10.4.1 */
  IMUsed: 226,

  /** RFC 9110, 15.4.1 */
  MultipleChoices: 300,
  /** RFC 9110, 15.4.2 */
  MovedPermanently: 301,
  /** RFC 9110, 15.4.3 */
  Found: 302,
  /** RFC 9110, 15.4.4 */
  SeeOther: 303,
  /** RFC 9110, 15.4.5 */
  NotModified: 304,
  /** RFC 9110, 15.4.6 */
  UseProxy: 305,
  /** RFC 9110, 15.4.8 */
  TemporaryRedirect: 307,
  /** RFC 9110, 15.4.9 */
  PermanentRedirect: 308,

  /** RFC 9110, 15.5.1 */
  BadRequest: 400,
  /** RFC 9110, 15.5.2 */
  Unauthorized: 401,
  /** RFC 9110, 15.5.3 */
  PaymentRequired: 402,
  /** RFC 9110, 15.5.4 */
  Forbidden: 403,
  /** RFC 9110, 15.5.5 */
  NotFound: 404,
  /** RFC 9110, 15.5.6 */
  MethodNotAllowed: 405,
  /** RFC 9110, 15.5.7 */
  NotAcceptable: 406,
  /** RFC 9110, 15.5.8 */
  ProxyAuthRequired: 407,
  /** RFC 9110, 15.5.9 */
  RequestTimeout: 408,
  /** RFC 9110, 15.5.10 */
  Conflict: 409,
  /** RFC 9110, 15.5.11 */
  Gone: 410,
  /** RFC 9110, 15.5.12 */
  LengthRequired: 411,
  /** RFC 9110, 15.5.13 */
  PreconditionFailed: 412,
  /** RFC 9110, 15.5.14 */
  ContentTooLarge: 413,
  /** RFC 9110, 15.5.15 */
  URITooLong: 414,
  /** RFC 9110, 15.5.16 */
  UnsupportedMediaType: 415,
  /** RFC 9110, 15.5.17 */
  RangeNotSatisfiable: 416,
  /** RFC 9110, 15.5.18 */
  ExpectationFailed: 417,
  /** RFC 7168, 2.3.3 */
  Teapot: 418,
  /** RFC 9110, 15.5.20 */
  MisdirectedRequest: 421,
  /** RFC 9110, 15.5.21 */
  UnprocessableEntity: 422,
  /** RFC 4918, 11.3 */
  Locked: 423,
  /** RFC 4918, 11.4 */
  FailedDependency: 424,
  /** RFC 8470, 5.2 */
  TooEarly: 425,
  /** RFC 9110, 15.5.22 */
  UpgradeRequired: 426,
  /** RFC 6585, 3 */
  PreconditionRequired: 428,
  /** RFC 6585, 4 */
  TooManyRequests: 429,
  /** RFC 6585, 5 */
  RequestHeaderFieldsTooLarge: 431,
  /** RFC 7725, 3 */
  UnavailableForLegalReasons: 451,

  /** RFC 9110, 15.6.1 */
  InternalServerError: 500,
  /** RFC 9110, 15.6.2 */
  NotImplemented: 501,
  /** RFC 9110, 15.6.3 */
  BadGateway: 502,
  /** RFC 9110, 15.6.4 */
  ServiceUnavailable: 503,
  /** RFC 9110, 15.6.5 */
  GatewayTimeout: 504,
  /** RFC 9110, 15.6.6 */
  HTTPVersionNotSupported: 505,
  /** RFC 2295, 8.1 */
  VariantAlsoNegotiates: 506,
  /** RFC 4918, 11.5 */
  InsufficientStorage: 507,
  /** RFC 5842, 7.2 */
  LoopDetected: 508,
  /** RFC 2774, 7 */
  NotExtended: 510,
  /** RFC 6585, 6 */
  NetworkAuthenticationRequired: 511,
} as const;

/** A status code. */
export type StatusCode = typeof STATUS_CODE[keyof typeof STATUS_CODE];

/** Texts by status code, for the status line. */
export const STATUS_TEXT = {
  100: "Continue",
  101: "Switching Protocols",
  102: "Processing",
  103: "Early Hints",
  200: "OK",
  201: "Created",
  202: "Accepted",
  203: "Non Authoritative Info",
  204: "No Content",
  205: "Reset Content",
  206: "Partial Content",
  207: "Multi Status",
  208: "Already Reported",
  226: "IM Used",
  300: "Multiple Choices",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  305: "Use Proxy",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  407: "Proxy Auth Required",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  418: "I'm a teapot",
  421: "Misdirected Request",
  422: "Unprocessable Entity",
  423: "Locked",
  424: "Failed Dependency",
  425: "Too Early",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  451: "Unavailable For Legal Reasons",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  506: "Variant Also Negotiates",
  507: "Insufficient Storage",
  508: "Loop Detected",
  510: "Not Extended",
  511: "Network Authentication Required",
} as const;

/** The text of a status code. */
export type StatusText = typeof STATUS_TEXT[keyof typeof STATUS_TEXT];

/** A status that informs of progress: 1xx. */
export type InformationalStatus = 100 | 101 | 102 | 103;

/** A status of success: 2xx. */
export type SuccessfulStatus =
  | 200
  | 201
  | 202
  | 203
  | 204
  | 205
  | 206
  | 207
  | 208
  | 226;

/** A status that leads elsewhere: 3xx, but not 304. */
export type RedirectStatus = 300 | 301 | 302 | 303 | 305 | 307 | 308;

/** A status that blames the server: 5xx. */
export type ServerErrorStatus =
  | 500
  | 501
  | 502
  | 503
  | 504
  | 505
  | 506
  | 507
  | 508
  | 510
  | 511;

/** A status that blames the client: 4xx, but not 425. */
export type ClientErrorStatus = Exclude<
  StatusCode,
  | InformationalStatus
  | SuccessfulStatus
  | RedirectStatus
  | ServerErrorStatus
  | 304
  | 425
>;

/** A status of failure: 4xx or 5xx. */
export type ErrorStatus = ClientErrorStatus | ServerErrorStatus;

/**
 * Tells whether a number is a known status code.
 *
 * @example Usage
 * ```ts
 * import { isStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isStatus(404));
 * assertFalse(isStatus(499));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is a known status code.
 */
export function isStatus(status: number): status is StatusCode {
  return Object.hasOwn(STATUS_TEXT, status);
}

/**
 * Tells whether a number is a known status code from 100 to 199.
 *
 * @example Usage
 * ```ts
 * import { isInformationalStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isInformationalStatus(103));
 * assertFalse(isInformationalStatus(200));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is such a code.
 */
export function isInformationalStatus(
  status: number,
): status is InformationalStatus {
  return isBetween(status, 100, 199);
}

/**
 * Tells whether a number is a known status code from 200 to 299.
 *
 * @example Usage
 * ```ts
 * import { isSuccessfulStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isSuccessfulStatus(204));
 * assertFalse(isSuccessfulStatus(304));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is such a code.
 */
export function isSuccessfulStatus(status: number): status is SuccessfulStatus {
  return isBetween(status, 200, 299);
}

/**
 * Tells whether a number is a known status code from 300 to 399.
 *
 * @example Usage
 * ```ts
 * import { isRedirectStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isRedirectStatus(308));
 * assertFalse(isRedirectStatus(404));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is such a code.
 */
export function isRedirectStatus(status: number): status is RedirectStatus {
  return isBetween(status, 300, 399);
}

/**
 * Tells whether a number is a known status code from 400 to 499.
 *
 * @example Usage
 * ```ts
 * import { isClientErrorStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isClientErrorStatus(404));
 * assertFalse(isClientErrorStatus(500));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is such a code.
 */
export function isClientErrorStatus(
  status: number,
): status is ClientErrorStatus {
  return isBetween(status, 400, 499);
}

/**
 * Tells whether a number is a known status code from 500 to 599.
 *
 * @example Usage
 * ```ts
 * import { isServerErrorStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isServerErrorStatus(503));
 * assertFalse(isServerErrorStatus(404));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is such a code.
 */
export function isServerErrorStatus(
  status: number,
): status is ServerErrorStatus {
  return isBetween(status, 500, 599);
}

/**
 * Tells whether a number is a known status code from 400 to 599.
 *
 * @example Usage
 * ```ts
 * import { isErrorStatus } from "@std/http/status";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isErrorStatus(404));
 * assertFalse(isErrorStatus(304));
 * ```
 *
 * @param status The number to check.
 * @returns Whether it is such a code.
 */
export function isErrorStatus(status: number): status is ErrorStatus {
  return isBetween(status, 400, 599);
}

function isBetween(status: number, first: number, last: number): boolean {
  return isStatus(status) && status >= first && status <= last;
}
