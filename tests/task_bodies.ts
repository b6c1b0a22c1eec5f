/** Makes bodies of requests, some of them wrong, always the same for one seed. */
export function* generateBodies(
  seed: number,
  count: number,
): Generator<unknown> {
  const random = mulberry32(seed);
  const pick = <T>(values: readonly T[]): T =>
    values[Math.floor(random() * values.length)]!;

  function text(max: number): string {
    const length = pick([0, 1, 2, 9, max - 1, max, max + 1]);
    const characters = Array.from({ length }, () => pick(PLAIN));
    if (random() < 0.15) characters[length >> 1] = pick(STRANGE);
    const around = () =>
      random() < 0.8 ? "" : pick([" ", "\t\n", "\ufeff\u3000", "\0"]);
    return around() + characters.join("") + around();
  }

  function date(): string {
    const [year, month, day] = [pick(YEARS), pick(NUMBERS), pick(NUMBERS)];
    return `${year}-${month}-${day}${
      pick(["", "", "", "", "T00:00:00Z", "\n"])
    }`;
  }

  const values: Record<string, () => unknown> = {
    title: () => text(100),
    description: () => text(2000),
    priority: () => pick(["low", "medium", "high", "High", ""]),
    done: () => pick([true, false, true, false, "true", 0]),
    dueOn: () => random() < 0.2 ? null : date(),
    id: () => "01JD4Z3W6Q8R9TB2CVN5XKYM7P",
    ["__proto__"]: () => ({}),
    toString: () => "",
    createdAt: () => null,
  };

  for (let index = 0; index < count; index++) {
    if (random() < 0.02) {
      yield pick([null, [], "title", 1, true, {}]);
      continue;
    }
    const members = Object.entries(values).flatMap(([name, value], place) => {
      const chance = name === "title" ? 0.9 : place < 5 ? 0.5 : 0.01;
      if (random() >= chance) return [];
      const odd = random() < 0.04;
      return [[name, odd ? pick([null, 1, [], {}, false, ""]) : value()]];
    });
    yield Object.fromEntries(members);
  }
}

const PLAIN = [..."abcdefghij éß漢字👩🎉"];
const STRANGE = [
  "\0",
  "\ud800",
  "\udfff",
  "\u2028",
  "\u00a0",
  "\u200b",
  "\u0085",
];
const YEARS = ["2024", "2025", "1900", "2000", "0000", "9999", "12024", "024"];
const NUMBERS = [
  "01",
  "02",
  "02",
  "12",
  "28",
  "29",
  "30",
  "31",
  "00",
  "13",
  "1",
];

/** A small generator of random numbers that takes a seed. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
