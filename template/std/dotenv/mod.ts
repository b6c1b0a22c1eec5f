/**
 * Reads the format of `.env` files.
 *
 * @example Usage
 * ```ts
 * import { parse } from "@std/dotenv";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parse("PORT=8000"), { PORT: "8000" });
 * ```
 *
 * @module
 */

export * from "./parse.ts";
