import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { DatabaseSync } from "node:sqlite";
import { Caller } from "../../store/call.ts";
import { checkFile } from "../../store/data_file.ts";
import { openKv } from "../../store/open_kv.ts";

/** A folder that is gone with the test. */
async function openFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Makes a database that has lost a table. */
async function makeWithout(table: string, path: string): Promise<void> {
  await makeDatabase(path);
  using db = new DatabaseSync(path);
  db.exec(`drop table ${table}`);
}

/** Makes a database with a thousand rows, all in the one file. */
async function makeDatabase(path: string): Promise<void> {
  {
    using kv = await openKv(path, 5000);
    const atomic = kv.write.atomic();
    const text = "x".repeat(99);
    for (const row of Array(999).keys()) atomic.set(["row", row], text);
    await atomic.commit();
  }
  // The handles close on other threads: until then the log is in use.
  using caller = new Caller(5000);
  await caller.call(() => {
    using db = new DatabaseSync(path);
    const row = db.prepare("pragma journal_mode = delete").get();
    return Promise.resolve(row?.journal_mode === "delete" || undefined);
  });
}

Deno.test("openKv() makes the missing folder, and opens the file again", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/some/data/tasks.sqlite3`;

  for (let time = 0; time < 3; time++) {
    using kv = await openKv(path, 5000);
    assert(kv.shared);
    assert(kv.read !== kv.write);
    await kv.write.set(["time", time], time);
    assertEquals((await kv.read.get(["time", time])).value, time);
  }
});

Deno.test({
  name: "openKv() makes a folder and files that no other user may read",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using folder = await openFolder();
    const data = `${folder.path}/some/data`;
    using kv = await openKv(`${data}/tasks.sqlite3`, 5000);
    await kv.write.set(["row"], 1);

    const names = ["", "/tasks.sqlite3", "/tasks.sqlite3-wal"]
      .concat("/tasks.sqlite3-shm");
    const modes = await Promise.all(names.map(async (name) => {
      const { mode } = await Deno.stat(data + name);
      return (mode! & 0o777).toString(8);
    }));

    assertEquals(modes, ["700", "600", "600", "600"]);
  },
});

Deno.test("openKv() opens one file many times in parallel", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;

  const handles = await Promise.all(
    Array.from({ length: 8 }, () => openKv(path, 20_000)),
  );

  for (const kv of handles) kv[Symbol.dispose]();
});

Deno.test("openKv() opens a file that others are just making", async () => {
  await using folder = await openFolder();
  for (let round = 0; round < 30; round++) {
    const path = `${folder.path}/${round}.sqlite3`;
    // Each begins some calls after the one before.
    const opening = Array.from({ length: 4 }, async (_, place) => {
      for (let call = 0; call < 5 * place; call++) await Deno.stat(folder.path);
      const kv = await openKv(path, 20_000);
      await kv.write.set(["row"], place);
      return kv;
    });

    for (const kv of await Promise.all(opening)) kv[Symbol.dispose]();
  }
});

Deno.test("openKv() opens what a killed process left behind", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  const copy = `${folder.path}/copy.sqlite3`;
  using open = await openKv(path, 5000);
  await open.write.set(["row"], 1);
  for (const part of ["", "-wal", "-shm"]) {
    await Deno.copyFile(path + part, copy + part);
  }

  using kv = await openKv(copy, 5000);

  assertEquals((await kv.read.get(["row"])).value, 1);
});

const START_EMPTY = "restore a backup, or move it away to start empty";
const ANOTHER = "set KV_PATH to another file";
const WRITABLE =
  "set KV_PATH to a file in a folder, both of which this user may write to";

type Harm = (path: string) => unknown;

const HARMS: Record<string, [Harm, string, string]> = {
  "a file that is cut off": [
    async (path) => {
      await makeDatabase(path);
      await Deno.truncate(path, 30_000);
    },
    "database disk image is malformed",
    START_EMPTY,
  ],
  "a file with other bytes in it": [
    async (path) => {
      await makeDatabase(path);
      await overwrite(path, 20_480, new Uint8Array(50_000).fill(7));
    },
    "database disk image is malformed",
    START_EMPTY,
  ],
  "a damaged page that ended a process": [
    async (path) => {
      await makeDatabase(path);
      await damageMiddle(path);
      await Deno.writeFile(`${path}-wal`, new Uint8Array(0));
    },
    "it is damaged",
    START_EMPTY,
  ],
  "a text": [
    (path) => Deno.writeTextFile(path, "This is a text. ".repeat(1000)),
    "file is not a database",
    ANOTHER,
  ],
  "a database of another program": [
    (path) => {
      using db = new DatabaseSync(path);
      db.exec("create table notes (text)");
    },
    "another program made it",
    ANOTHER,
  ],
  "a database that lacks a table": [
    (path) => makeWithout("queue_running", path),
    "its table queue_running is missing",
    START_EMPTY,
  ],
  "a database that lacks the table of all values": [
    (path) => makeWithout("kv", path),
    "its table kv is missing",
    START_EMPTY,
  ],
  "a folder": [
    (path) => Deno.mkdir(path),
    "unable to open database file",
    WRITABLE,
  ],
  "a file in what is no folder": [
    async (path) => {
      await Deno.remove(folderOf(path));
      await Deno.writeTextFile(folderOf(path), "");
    },
    "",
    WRITABLE,
  ],
  "a read-only file": [
    async (path) => {
      await makeDatabase(path);
      // SQLite does not write to a file that says it is of a later format.
      await overwrite(path, 18, new Uint8Array([3]));
    },
    "attempt to write a readonly database",
    WRITABLE,
  ],
  "a file whose log is gone": [
    async (path) => {
      await makeDatabase(path);
      await Deno.writeFile(`${path}-shm`, new Uint8Array(32_768));
    },
    "it and its write-ahead log do not belong together",
    START_EMPTY,
  ],
  "a log whose file is gone": [
    async (path) => {
      await Deno.writeFile(path, new Uint8Array(0));
      await Deno.writeFile(`${path}-wal`, new Uint8Array(4096));
    },
    "it and its write-ahead log do not belong together",
    START_EMPTY,
  ],
};

for (const [name, [harm, said, cure]] of Object.entries(HARMS)) {
  Deno.test(`openKv() rejects ${name}`, async () => {
    await using folder = await openFolder();
    const path = `${folder.path}/data/tasks.sqlite3`;
    await Deno.mkdir(folderOf(path));
    await harm(path);

    const { message } = await assertRejects(
      () => openKv(path, 5000),
      Error,
      `Cannot open the store at "${path}": ${said}`,
    );

    assertEquals(message.split(": ").at(-1), cure);
  });
}

Deno.test("openKv() does not read the whole file, and checkFile() does", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  await makeDatabase(path);
  await checkFile(path);
  await damageMiddle(path);

  using kv = await openKv(path, 5000);

  assertEquals((await kv.read.get(["row", 0])).value, "x".repeat(99));
  await assertRejects(() => checkFile(path), Error, "it is damaged");
});

Deno.test("openKv() does not read the whole file where another process has it open", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  await makeDatabase(path);
  await damageMiddle(path);
  using _other = await openKv(path, 5000);
  await Deno.stat(`${path}-wal`);

  using _kv = await openKv(path, 5000);
});

Deno.test("openKv() waits for a lock, up to a deadline", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  await makeDatabase(path);
  using program = new DatabaseSync(path);
  program.exec("begin immediate");

  const error = await assertRejects(() => openKv(path, 50), Error);
  const opening = openKv(path, 5000);
  program.exec("rollback");
  (await opening)[Symbol.dispose]();

  assertMatch(
    error.message.replaceAll(folder.path, ""),
    /^Cannot open the store at "\/tasks.sqlite3": (?:database is locked|.*no response within 50 ms): stop the program that holds it$/,
  );
});

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Damages a page that is at neither end of an index. */
async function damageMiddle(path: string): Promise<void> {
  const { size } = await Deno.stat(path);
  const page = Math.floor(size / 2 / 4096) * 4096;
  await overwrite(path, page, new Uint8Array(4096).fill(7));
}

async function overwrite(
  path: string,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.seek(offset, Deno.SeekMode.Start);
  await file.write(bytes);
}

Deno.test("openKv() opens a file that another process is just making", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  using other = await Deno.openKv(path);
  await other.set(["a"], 1);
  const { stat } = Deno;
  let isFirst = true;
  // Empty at the first look, and with a log at the next.
  using _stub = stub(Deno, "stat", async (file) => {
    const info = await stat(file);
    const { size } = isFirst ? { size: 0 } : info;
    isFirst = false;
    return { ...info, size };
  });

  using kv = await openKv(path, 1000);

  assertEquals((await kv.read.get(["a"])).value, 1);
});
