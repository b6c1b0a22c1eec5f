import { assertEquals } from "@std/assert";
import { lineWriter } from "../../server/line_writer.ts";

/** A pipe that a test blocks and unblocks. */
class Pipe {
  text = "";
  writes = 0;
  readonly #most: number;
  readonly #called = Promise.withResolvers<void>();
  #gate = Promise.resolve();
  #open = (): void => {};
  error: Error | undefined;

  constructor(most = Infinity) {
    this.#most = most;
  }

  /** Resolves at the first write. */
  get called(): Promise<void> {
    return this.#called.promise;
  }

  block(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    this.#open = resolve;
  }

  unblock(): void {
    this.#open();
  }

  async write(bytes: Uint8Array): Promise<number> {
    this.writes++;
    this.#called.resolve();
    await this.#gate;
    if (this.error) throw this.error;
    const taken = bytes.subarray(0, this.#most);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

Deno.test("lineWriter() writes lines in order, and in batches", async () => {
  const to = new Pipe();
  const lines = lineWriter(to);

  for (const line of ["a\n", "b\n", "c\n"]) lines.write(line);
  await lines.flush();
  lines.write("d\n");
  await lines.flush();

  assertEquals([to.text, to.writes], ["a\nb\nc\nd\n", 2]);
});

Deno.test("lineWriter() writes the rest where a write was partial", async () => {
  const to = new Pipe(2);
  const lines = lineWriter(to);

  lines.write("a longer line\n");
  await lines.flush();

  assertEquals(to.text, "a longer line\n");
});

Deno.test("lineWriter() does not block, drops lines that do not fit, and reports them once there is room", async () => {
  const to = new Pipe();
  to.block();
  const drops: number[] = [];
  const lines = lineWriter(to, (n) => drops.push(n));
  const line = `${"x".repeat(2 ** 19 - 1)}\n`;

  lines.write("first\n");
  await to.called;
  for (const _ of Array(10).keys()) lines.write(line);
  to.unblock();
  await lines.flush();
  lines.write("last\n");
  await lines.flush();

  assertEquals(to.text, `first\n${line}${line}last\n`);
  assertEquals(drops, [8]);
});

Deno.test("lineWriter() keeps the number of dropped lines while its report does not fit", async () => {
  const to = new Pipe();
  const lines = lineWriter(to, (n) => lines.write(`${n} lines dropped\n`));

  lines.write(`${"a".repeat(2 ** 20 - 5)}\n`);
  for (let count = 0; count < 3; count++) lines.write("does not fit\n");
  lines.write("b\n");
  await lines.flush();
  lines.write("c\n");
  await lines.flush();

  assertEquals(to.text.slice(-21), "\nb\nc\n3 lines dropped\n");
});

Deno.test("lineWriter() drops the whole of a line whose beginning would fit", async () => {
  const to = new Pipe();
  const drops: number[] = [];
  const lines = lineWriter(to, (n) => drops.push(n));
  const long = `${"x".repeat(2 ** 20 - 5)}\n`;

  for (const line of [long, "abcde\n", "äöü\n", "end\n"]) lines.write(line);
  await lines.flush();

  assertEquals([to.text === `${long}end\n`, drops], [true, [2]]);
});

Deno.test("lineWriter() continues after a write has failed", async () => {
  const to = new Pipe();
  to.error = new Error("Broken pipe");
  const drops: number[] = [];
  const lines = lineWriter(to, (n) => drops.push(n));

  lines.write("a\n");
  lines.write("b\n");
  await lines.flush();
  to.error = undefined;
  lines.write("c\n");
  await lines.flush();

  assertEquals([to.text, drops], ["c\n", [2]]);
});

Deno.test("lineWriter() accepts a line from onDrop", async () => {
  const to = new Pipe();
  to.error = new Error("No space left on device");
  const lines = lineWriter(to, (n) => lines.write(`${n} dropped\n`));

  lines.write("a\n");
  await lines.flush();
  to.error = undefined;
  lines.write("b\n");
  await lines.flush();

  assertEquals(to.text, "b\n1 dropped\n");
});

Deno.test("lineWriter() flushes an empty queue", async () => {
  const to = new Pipe();
  await lineWriter(to).flush();

  assertEquals(to.writes, 0);
});
