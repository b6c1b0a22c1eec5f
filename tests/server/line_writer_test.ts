import { assertEquals } from "@std/assert";
import { lineWriter } from "../../server/line_writer.ts";

/** Takes what is written when a test says so. */
class Pipe {
  text = "";
  writes = 0;
  readonly #most: number;
  readonly #asked = Promise.withResolvers<void>();
  #gate = Promise.resolve();
  #open = (): void => {};
  error: Error | undefined;

  constructor(most = Infinity) {
    this.#most = most;
  }

  /** Resolves when somebody writes. */
  get asked(): Promise<void> {
    return this.#asked.promise;
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
    this.#asked.resolve();
    await this.#gate;
    if (this.error) throw this.error;
    const taken = bytes.subarray(0, this.#most);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

Deno.test("lineWriter() writes lines in order, those that come together at once", async () => {
  const to = new Pipe();
  const lines = lineWriter({ to });

  for (const line of ["a\n", "b\n", "c\n"]) lines.write(line);
  await lines.flush();
  lines.write("d\n");
  await lines.flush();

  assertEquals([to.text, to.writes], ["a\nb\nc\nd\n", 2]);
});

Deno.test("lineWriter() writes all, however little is taken at once", async () => {
  const to = new Pipe(2);
  const lines = lineWriter({ to });

  lines.write("a longer line\n");
  await lines.flush();

  assertEquals(to.text, "a longer line\n");
});

Deno.test("lineWriter() waits for nobody, drops what does not fit, and says so once there is room", async () => {
  const to = new Pipe();
  to.block();
  const told: number[] = [];
  const lines = lineWriter({ to, most: 20, onDrop: (n) => told.push(n) });

  lines.write("first\n");
  await to.asked;
  for (const index of Array(10).keys()) lines.write(`line ${index}\n`);
  to.unblock();
  await lines.flush();
  lines.write("last\n");
  await lines.flush();

  assertEquals(to.text, "first\nline 0\nline 1\nlast\n");
  assertEquals(told, [8]);
});

Deno.test("lineWriter() goes on where its reader has gone", async () => {
  const to = new Pipe();
  to.error = new Error("Broken pipe");
  const told: number[] = [];
  const lines = lineWriter({ to, onDrop: (n) => told.push(n) });

  lines.write("a\n");
  lines.write("b\n");
  await lines.flush();
  to.error = undefined;
  lines.write("c\n");
  await lines.flush();

  assertEquals([to.text, told], ["c\n", [2]]);
});

Deno.test("lineWriter() may be written to while it tells what was dropped", async () => {
  const to = new Pipe();
  to.error = new Error("No space left on device");
  const lines = lineWriter({
    to,
    onDrop: (n) => lines.write(`${n} dropped\n`),
  });

  lines.write("a\n");
  await lines.flush();
  to.error = undefined;
  lines.write("b\n");
  await lines.flush();

  assertEquals(to.text, "b\n1 dropped\n");
});

Deno.test("lineWriter() has nothing to flush at first", async () => {
  const to = new Pipe();
  await lineWriter({ to }).flush();

  assertEquals(to.writes, 0);
});
