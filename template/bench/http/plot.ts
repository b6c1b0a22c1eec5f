/**
 * Draws results as an image that is light or dark, as the reader's system is.
 *
 * @module
 */

import { BARE } from "./servers.ts";
import type { Result } from "./table.ts";

const COLUMNS = 3;
const WIDTH = 340;
const BAR = 16;
const LABEL = 154;
const SPAN = WIDTH - LABEL - 46;

const STYLE = `
  text { font: 11px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 12px }
  .value { fill: #59636e }
  .bar { fill: #afb8c1 }
  .limit { fill: #6e7781 }
  .ours { fill: #0969da }
  .line { stroke: #59636e; stroke-dasharray: 2 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .value { fill: #9198a1 }
    .bar { fill: #3d444d }
    .limit { fill: #656c76 }
    .ours { fill: #4493f8 }
    .line { stroke: #9198a1 }
  }
`;

/**
 * Draws one panel for each case: what a request costs by hand, as a part of its cost.
 *
 * @param results What was measured. The bare server, which sends no headers, is
 * left out.
 * @param cases Names of the cases.
 * @returns The image, in SVG.
 */
export function plotOf(
  results: readonly Result[],
  cases: readonly string[],
): string {
  const shown = results.filter(({ name }) => name !== BARE.name);
  const height = shown.length * BAR + 44;
  const panels = cases.map((title, index) => {
    const x = index % COLUMNS * WIDTH;
    const y = Math.floor(index / COLUMNS) * height;
    return `<g transform="translate(${x},${y})">
${panel(title, shown.map(({ name, rows }) => [name, rows[index]!.toByHand]))}
</g>`;
  });
  const rows = Math.ceil(cases.length / COLUMNS);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${
    Math.min(cases.length, COLUMNS) * WIDTH
  } ${
    rows * height
  }" role="img" aria-label="Time on the core for a request by hand, as a part of that of each server">
<style>${STYLE}</style>
${panels.join("\n")}
</svg>
`;
}

function panel(title: string, bars: readonly [string, number][]): string {
  const most = Math.max(1, ...bars.map(([, value]) => value));
  const scale = SPAN / most;
  const end = bars.length * BAR + 30;
  return [
    `<text class="title" x="${LABEL}" y="18">${title}</text>`,
    ...bars.map(([name, value], index) => {
      const y = 28 + index * BAR;
      const width = (value * scale).toFixed(1);
      return `<text x="${LABEL - 6}" y="${
        y + 11
      }" text-anchor="end">${name}</text>
<rect class="${classOf(name)}" x="${LABEL}" y="${
        y + 2
      }" width="${width}" height="${BAR - 4}" rx="2"/>
<text class="value" x="${LABEL + value * scale + 5}" y="${y + 11}">${
        value.toFixed(2)
      }</text>`;
    }),
    `<line class="line" x1="${LABEL + scale}" x2="${
      LABEL + scale
    }" y1="26" y2="${end}"/>`,
  ].join("\n");
}

function classOf(name: string): string {
  if (name === "by hand" || name === "the plainest chain") return "limit";
  return name.includes("template") || name.startsWith("…") ? "ours" : "bar";
}
