/**
 * Reads headers such as `Accept`, and ranks offers by them.
 *
 * @module
 */

/** A parameter and its value, if it has one. */
export type Param = readonly [key: string, value: string | undefined];

/** What an entry of a header accepts, or what a server offers. */
export interface Choice {
  /** The name as it was written. */
  name: string;
  /** The parameters before the quality. */
  params: ReadonlyMap<string, string | undefined>;
  /** The weight, from 0 (refused) to 1. */
  quality: number;
  /** The position in the header, or zero if that does not count. */
  order: number;
}

/** How to read and compare one kind of choices. */
export interface Kind {
  /** What the name of a choice looks like. */
  name: RegExp;
  /** Whether an earlier entry of the header wins over an equal one. */
  ordered: boolean;
  /** How exactly an entry names an offer: {@linkcode NO_MATCH} or 0 and up. */
  specificity(offer: Choice, entry: Choice): number;
  /** Reads a parameter, if not as it is. */
  param?(key: string, value: string | undefined): Param;
}

/** An offer, and how the header rates it. */
interface Match {
  offer: string;
  specificity: number;
  choice: Choice;
}

/** The specificity of an entry that does not name an offer. */
export const NO_MATCH = -Infinity;

/**
 * Reads a header. Entries that are malformed are left out.
 *
 * @param header The value of the header.
 * @param kind The kind of its choices.
 * @returns The choices, as the client lists them.
 */
export function readChoices(header: string, kind: Kind): Choice[] {
  return header.split(",")
    .map((entry, index) => readChoice(entry, kind, index))
    .filter((choice) => choice !== undefined);
}

function readChoice(
  text: string,
  kind: Kind,
  index: number,
): Choice | undefined {
  const [head, ...rest] = text.split(";").map((part) => part.trim());
  const name = head!;
  if (!kind.name.test(name)) return undefined;

  const params = rest.filter((part) => part !== "").map((part): Param => {
    const [key, value] = part.split("=") as [string, string?];
    return kind.param?.(key, value) ?? [key, value];
  });
  const end = params.findIndex(([key, value]) => key === "q" && value);
  return {
    name,
    params: new Map(end < 0 ? params : params.slice(0, end)),
    quality: end < 0 ? 1 : parseFloat(params[end]![1]!),
    order: kind.ordered ? index : 0,
  };
}

/**
 * Lists what a client accepts.
 *
 * @param choices The choices of the client.
 * @returns The names of those it does not refuse, best first.
 */
export function rankChoices(choices: readonly Choice[]): string[] {
  return choices
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ name }) => name);
}

/**
 * Finds the offer that a client likes best.
 *
 * @param offers What the server has, its favourite first.
 * @param choices The choices of the client.
 * @param kind The kind of the choices.
 * @returns The best offer, or `undefined` if the client refuses all.
 */
export function bestOffer(
  offers: readonly string[],
  choices: readonly Choice[],
  kind: Kind,
): string | undefined {
  return offers
    .map((offer) => bestMatch(offer, choices, kind))
    .filter((match) => match !== undefined)
    .filter(({ choice }) => choice.quality > 0)
    .toSorted((a, b) =>
      b.choice.quality - a.choice.quality || b.specificity - a.specificity ||
      a.choice.order - b.choice.order
    )[0]?.offer;
}

/** The most specific entry decides, even if another has a higher quality. */
function bestMatch(
  offer: string,
  choices: readonly Choice[],
  kind: Kind,
): Match | undefined {
  const offered = readChoice(offer, kind, 0);
  if (offered === undefined) return undefined;
  let best: Match | undefined;
  for (const choice of choices) {
    const specificity = kind.specificity(offered, choice);
    if (specificity === NO_MATCH) continue;
    const match = { offer, specificity, choice };
    if (best === undefined || isBetter(match, best)) best = match;
  }
  return best;
}

function isBetter(a: Match, b: Match): boolean {
  return (a.specificity - b.specificity ||
    a.choice.quality - b.choice.quality ||
    a.choice.order - b.choice.order) > 0;
}
