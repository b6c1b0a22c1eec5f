import { assertEquals, assertRejects } from "@std/assert";
import { buildIndexes } from "../../store/build_indexes.ts";
import { layoutOf, type Row } from "../../store/layout.ts";
import { type KvHandles, openKv } from "../../store/open_kv.ts";
import { stub } from "@std/testing/mock";
import { verify } from "./verify.ts";
import { committing } from "./writes.ts";

type Defaults = Record<string, unknown>;

/** A collection of notes whose declaration changes. */
class Notes implements Disposable {
  readonly kv: KvHandles;
  readonly reports: string[] = [];

  constructor(kv: KvHandles) {
    this.kv = kv;
  }

  /** Opens a database with so many notes, and the first row of the log. */
  static async open(count: number, text = ""): Promise<Notes> {
    const kv = await openKv(":memory:", 5000);
    const { write } = kv;
    for (let n = 0; n < count; n++) await write.set(keyOf(n), noteOf(n, text));
    await write.atomic().set(["notes", 1, "rev"], "")
      .set(["notes", 1, "log", write.commitVersionstamp()], {}).commit();
    return new Notes(kv);
  }

  /** Builds the indexes of a declaration, and checks every row. */
  async build(
    indexes: string[],
    defaults: Defaults = {},
    kv: KvHandles = this.kv,
    times: string[] = [],
  ): Promise<void> {
    const declaration = { name: "notes", indexes, times, defaults };
    const report = (message: string): void => void this.reports.push(message);
    await buildIndexes(kv, layoutOf(declaration), report);
    assertEquals(await verify(this.kv.read, declaration), []);
  }

  /** How many rows an index has, by value. */
  async count(index: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    const rows = this.kv.read.list({ prefix: ["notes", 1, index] });
    for await (const { key } of rows) {
      counts[String(key[3])] = (counts[String(key[3])] ?? 0) + 1;
    }
    return counts;
  }

  /** The version of the last write. */
  async version(): Promise<string> {
    const rows = await Array.fromAsync(this.kv.read.list({ prefix: [] }));
    return rows.map(({ versionstamp }) => versionstamp).sort().at(-1)!;
  }

  [Symbol.dispose](): void {
    this.kv[Symbol.dispose]();
  }
}

const keyOf = (n: number): Deno.KvKey => [
  "notes",
  1,
  "note",
  String(n).padStart(26, "0"),
];

/** Every third note lacks a rank. */
function noteOf(n: number, text = ""): Row {
  const rank = n % 3 === 0 ? {} : { rank: n % 3 };
  const by = n % 2 ? "Ada" : "Eva";
  const id = keyOf(n)[3] as string;
  return { id, text, by, ...rank, createdAt: "", updatedAt: "" };
}

Deno.test("buildIndexes() builds what is declared, once", async () => {
  using notes = await Notes.open(250);

  await notes.build(["by"]);
  assertEquals(await notes.count("by"), { Ada: 125, Eva: 125 });
  await notes.build(["by", "rank"], { rank: 7 });
  assertEquals(await notes.count("rank"), { 1: 83, 2: 83, 7: 84 });

  const version = await notes.version();
  await notes.build(["rank", "by"], { rank: 7, text: "" });
  assertEquals(await notes.version(), version);
});

Deno.test("buildIndexes() deletes what is no longer declared, or has another default", async () => {
  using notes = await Notes.open(250);
  await notes.build(["by", "rank"], { rank: 7 });

  await notes.build(["rank"], { rank: 8 });

  assertEquals(await notes.count("by"), {});
  assertEquals(await notes.count("rank"), { 1: 83, 2: 83, 8: 84 });
  await notes.build([]);
  assertEquals(await notes.count("rank"), {});
});

Deno.test("buildIndexes() builds in parts what is too large for one commit", async () => {
  using notes = await Notes.open(30, "x".repeat(60_000));

  await notes.build(["by", "rank"]);

  assertEquals(await notes.count("by"), { Ada: 15, Eva: 15 });
});

Deno.test("buildIndexes() keeps within the ten checks of a KV Connect server", async () => {
  using notes = await Notes.open(25);
  let commits = 0;
  const write = committing(notes.kv.write, (commit) => {
    commits++;
    return commit();
  });

  await notes.build(["by"], {}, { ...notes.kv, write, inTurn: false });

  // Three parts, and the record before and after them.
  assertEquals(commits, 5);
});

Deno.test("buildIndexes() continues where a process was killed, at each commit", async () => {
  for (let survived = 0;; survived++) {
    using notes = await Notes.open(250);
    await notes.build(["by"], { rank: 7 });
    let commits = 0;
    const write = committing(notes.kv.write, (commit) => {
      if (commits++ === survived) throw new RangeError("killed");
      return commit();
    });
    const dying = notes.build(["rank"], {}, { ...notes.kv, write });
    const [{ status }] = await Promise.allSettled([dying]);
    if (status === "fulfilled") {
      // Mark, delete, record, three parts, record.
      assertEquals(survived, 7);
      return;
    }
    await assertRejects(() => dying, RangeError);

    if (survived % 2) await notes.build(["by"]);
    await notes.build(["rank"]);
    assertEquals(await notes.count("by"), {});
    assertEquals(await notes.count("rank"), { 1: 83, 2: 83, "": 84 });
  }
});

Deno.test("buildIndexes() makes times of the texts in an index, and back", async () => {
  const time = "1970-01-01T00:00:07Z";
  using notes = await Notes.open(700, time);

  for (const times of [[], ["text"], []]) {
    await notes.build(["text"], {}, notes.kv, times);
    const part = times.length > 0 ? "7000" : time;
    assertEquals(await notes.count("text"), { [part]: 700 });
  }
});

Deno.test("buildIndexes() reads a row again that another writer changes meanwhile", async () => {
  using notes = await Notes.open(150);
  const note = { ...noteOf(120), by: "Ida" };
  const results: boolean[] = [];
  const write = committing(notes.kv.write, async (commit) => {
    // The second of two parts, behind the mark in the record.
    if (results.length === 2) {
      await notes.kv.write.atomic().set(keyOf(120), note)
        .set(["notes", 1, "by", note.by, note.id], note).commit();
    }
    const result = await commit();
    results.push(result.ok);
    return result;
  });

  await notes.build(["by"], {}, { ...notes.kv, write });

  assertEquals(results, [true, true, false, true, true]);
  assertEquals(await notes.count("by"), { Ada: 75, Eva: 74, Ida: 1 });
});

Deno.test("buildIndexes() starts again if another process changes the record", async () => {
  using notes = await Notes.open(150);
  let commits = 0;
  const write = committing(notes.kv.write, async (commit) => {
    if (commits++ === 2) await notes.build(["by"]);
    return await commit();
  });

  await notes.build(["by"], {}, { ...notes.kv, write });

  assertEquals(commits, 3);
  assertEquals(await notes.count("by"), { Ada: 75, Eva: 75 });
});

Deno.test("buildIndexes() reports what takes longer than a second", async () => {
  using notes = await Notes.open(300);
  let now = 0;
  using _now = stub(performance, "now", () => now);
  const write = committing(notes.kv.write, (commit) => {
    now += 300;
    return commit();
  });

  await notes.build(["by"], {}, { ...notes.kv, write });

  // After the mark and three parts.
  assertEquals(notes.reports, ["Building the indexes of notes: 297 rows"]);
});

Deno.test("buildIndexes() runs several times in parallel", async () => {
  using notes = await Notes.open(1000);
  const kv = notes.kv;

  await Promise.all(
    Array.from({ length: 5 }, () => notes.build(["by"], {}, kv)),
  );

  assertEquals(await notes.count("by"), { Ada: 500, Eva: 500 });
});
