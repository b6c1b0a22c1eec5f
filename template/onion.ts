// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Draws the layers of `main.ts` for the README.
 *
 * ```sh
 * deno task onion
 * ```
 *
 * The names and their order come from `main.ts`. A test compares them with the picture.
 *
 * @module
 */

const MAIN = new URL("../main.ts", import.meta.url);
const PICTURE = new URL("../docs/onion.svg", import.meta.url);

/** What each layer does, in a few words. */
const NOTES: Readonly<Record<string, string>> = {
  requestId: "X-Request-Id",
  telemetry: "route names for OpenTelemetry",
  accessLog: "one line for each response",
  timing: "X-Process-Time, Server-Timing",
  stampHeaders: "X-Handled-By, X-App-Version",
  securityHeaders: "SECURITY_HEADERS",
  cors: "preflights, Vary, allowed origins",
  cacheControl: "Cache-Control: no-cache",
  rateLimit: "429 · RATE_LIMIT",
  errors: "errors become problem details",
  host: "400 for an invalid Host",
  deadline: "504, 408, 503 while stopping",
  bearerTokens: "401 · API_TOKENS",
  bodyLimit: "413",
  router: "404, 405, HEAD, OPTIONS",
};

const WIDTH = 640;
const STEP = 26;
const INSET = 9;
const FOOT = 7;

const STYLE = `
  text { font: 12.5px ui-monospace, SFMono-Regular, Menlo, monospace; fill: #1f2328 }
  .note { font-family: system-ui, sans-serif; fill: #59636e }
  rect { fill: #0f766e; fill-opacity: .055; stroke: #0f766e; stroke-opacity: .45 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    rect { fill: #2dd4bf; fill-opacity: .06; stroke: #2dd4bf; stroke-opacity: .4 }
  }
`;

/**
 * Finds the layers in the source of `main.ts`, outermost first, and the router.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const source = `
 * import { cors } from "./middleware/cors.ts";
 *   const layers: Middleware[] = [
 *     cors({ origins: [] }),
 *   ];
 * `;
 * assertEquals(layersIn(source), ["cors", "router"]);
 * ```
 *
 * @param source The text of `main.ts`.
 * @returns Names of the layers.
 */
export function layersIn(source: string): string[] {
  const imported = new Set(
    [...source.matchAll(/import \{ (\w+)[^}]*\} from "\.\/middleware\//g)]
      .map(([, name]) => name!),
  );
  const [, list = ""] =
    /const layers[^]*?\[\r?\n([^]*?)\n {2}\];/.exec(source) ??
      [];
  const called = [...list.matchAll(/\w+(?=\()/g)].map(([name]) => name);
  return [...called.filter((name) => imported.has(name)), "router"];
}

/**
 * Draws layers as boxes in boxes.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(onionOf(["cors", "router"]), ">cors</text>");
 * ```
 *
 * @param layers Names of the layers, outermost first.
 * @returns The picture, in SVG, light or dark as the reader's system is.
 * @throws {Error} If NOTES has no entry for a layer.
 */
export function onionOf(layers: readonly string[]): string {
  const height = layers.length * (STEP + FOOT) + 2;
  const boxes = layers.map((name, index) => {
    const note = NOTES[name];
    if (note === undefined) {
      throw new Error(`Cannot draw "${name}": add it to NOTES`);
    }
    const [x, y] = [1 + index * INSET, 1 + index * STEP];
    const width = WIDTH - 2 * x;
    return `<rect x="${x}" y="${y}" width="${width}" height="${
      height - y - 1 - index * FOOT
    }" rx="7"/>
<text x="${x + 10}" y="${y + 18}">${name}</text>
<text class="note" x="${WIDTH - x - 10}" y="${
      y + 18
    }" text-anchor="end">${note}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="From the outside in: ${
    layers.join(", ")
  }">
<style>${STYLE}</style>
${boxes.join("\n")}
</svg>
`;
}

if (import.meta.main) {
  const layers = layersIn(await Deno.readTextFile(MAIN));
  await Deno.writeTextFile(PICTURE, onionOf(layers));
  console.log(`Wrote docs/onion.svg: ${layers.length} layers`);
}
