/**
 * Finds the shortest way to turn one list into another.
 *
 * @module
 */

/** A line, or a word of a line, and where it occurs. */
export interface Change {
  /** Whether both lists have it, only the first, or only the second. */
  type: "common" | "removed" | "added";
  /** The line or word. */
  value: string;
  /** The words of a changed line, if they were compared too. */
  words?: Change[];
}

/** The last step to a point of the edit graph. */
interface Step {
  type: Change["type"];
  before: Step | undefined;
}

/** The farthest point reached on a diagonal, and the way to it. */
interface Reach {
  y: number;
  way: Step | undefined;
}

// Time and memory grow with the square of the detours. Of lists that differ in
// thousands of places nobody reads which entry moved where.
const MOST_DETOURS = 2_500;

/**
 * Compares two lists with the O(NP) algorithm of Wu, Manber, Myers and Miller
 * (1990), whose cost grows with the difference, not with the size. Lists that have
 * next to nothing in common are given as all removed, then all added.
 *
 * @param actual The first list.
 * @param expected The second list.
 * @returns The entries of both, in order.
 */
export function diff(
  actual: readonly string[],
  expected: readonly string[],
): Change[] {
  const start = commonLength(actual, expected);
  const common = actual.slice(0, start)
    .map((value): Change => ({ type: "common", value }));
  return [...common, ...diffTail(actual.slice(start), expected.slice(start))];
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The algorithm wants the longer list first, so the two may change sides. */
function diffTail(
  actual: readonly string[],
  expected: readonly string[],
): Change[] {
  const [long, short, onlyLong, onlyShort] = expected.length > actual.length
    ? [expected, actual, "added", "removed"] as const
    : [actual, expected, "removed", "added"] as const;

  const way = shortestWay(long, short, onlyLong, onlyShort);
  if (way === "too long") {
    return [
      ...actual.map((value): Change => ({ type: "removed", value })),
      ...expected.map((value): Change => ({ type: "added", value })),
    ];
  }
  const changes: Change[] = [];
  let x = long.length;
  let y = short.length;
  let step = way;
  for (; step; step = step.before) {
    if (step.type !== onlyShort) x--;
    if (step.type !== onlyLong) y--;
    const value = step.type === onlyShort ? short[y]! : long[x]!;
    changes.push({ type: step.type, value });
  }
  return changes.reverse();
}

/** Diagonal `k` holds the points where `x - y` is `k`. */
function shortestWay(
  long: readonly string[],
  short: readonly string[],
  onlyLong: Change["type"],
  onlyShort: Change["type"],
): Step | undefined | "too long" {
  const goal = long.length - short.length;
  const reaches = new Map<number, Reach>();

  function advance(k: number): void {
    const left = reaches.get(k - 1);
    const above = reaches.get(k + 1);
    let { y, way }: Reach = { y: 0, way: undefined };
    if (left && (!above || left.y > above.y + 1)) {
      y = left.y;
      way = { type: onlyLong, before: left.way };
    } else if (above) {
      y = above.y + 1;
      way = { type: onlyShort, before: above.way };
    }
    for (; y < short.length && long[y + k] === short[y]; y++) {
      way = { type: "common", before: way };
    }
    reaches.set(k, { y, way });
  }

  for (let detours = 0; reaches.get(goal)?.y !== short.length; detours++) {
    if (detours > MOST_DETOURS) return "too long";
    for (let k = -detours; k < goal; k++) advance(k);
    for (let k = goal + detours; k > goal; k--) advance(k);
    advance(goal);
  }
  return reaches.get(goal)?.way;
}
