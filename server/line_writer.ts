/**
 * Writes lines without blocking the caller.
 *
 * @module
 */

/** Writes lines. */
export interface LineWriter {
  /** Queues a line, which ends with a line feed. It never blocks or throws. */
  write(line: string): void;
  /** Resolves when every queued line is written or dropped. */
  flush(): Promise<void>;
}

// A write costs as much as a response, so the lines of this time share one.
const BATCH_MS = 10;

// In bytes. Lines that do not fit are dropped.
const MAX_QUEUED = 2 ** 20;

const encoder = new TextEncoder();

/**
 * Creates a writer for a log: a pipe that is never read, a full disk or a closed
 * pipe must not delay a response. Lines are queued and written in batches.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * using file = await Deno.open(path, { write: true });
 * const lines = lineWriter(file);
 * lines.write("one\n");
 * lines.write("two\n");
 * await lines.flush();
 *
 * assertEquals(await Deno.readTextFile(path), "one\ntwo\n");
 * ```
 *
 * @param to Writes bytes and resolves to how many it wrote, as `Deno.stdout` does.
 * @param onDrop Receives the number of lines that were dropped, once there is room
 * again.
 */
export function lineWriter(
  to: Pick<typeof Deno.stdout, "write">,
  onDrop: (lines: number) => void = () => {},
): LineWriter {
  // Bytes: strings that wait are copied by each garbage collection meanwhile.
  const queue = new Uint8Array(MAX_QUEUED);
  let length = 0;
  let lines = 0;
  let dropped = 0;
  let writing: Promise<void> | undefined;

  async function writeQueued(): Promise<void> {
    while (lines > 0) {
      await new Promise((resolve) => setTimeout(resolve, BATCH_MS));
      const [bytes, count] = [queue.slice(0, length), lines];
      length = lines = 0;
      await writeBytes(bytes).catch(() => {
        dropped += count;
      });
    }
    writing = undefined;
  }

  async function writeBytes(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await to.write(bytes.subarray(at));
    }
  }

  return {
    write(line): void {
      const rest = queue.subarray(length);
      const { read, written } = encoder.encodeInto(line, rest);
      if (read < line.length) return void dropped++;
      length += written;
      lines++;
      const lost = dropped;
      dropped = 0;
      if (lost > 0) onDrop(lost);
      // The report itself did not fit.
      if (dropped > 0) dropped = lost;
      writing ??= writeQueued();
    },
    flush: () => writing ?? Promise.resolve(),
  };
}
