/**
 * Writes lines without waiting for whoever reads them.
 *
 * @module
 */

/** Options for {@linkcode lineWriter}. */
export interface LineWriterOptions {
  /** Takes bytes, and tells how many of them, as `Deno.stdout` does. */
  to: { write(bytes: Uint8Array): Promise<number> };
  /**
   * Is told how many lines were dropped, once there is room again.
   *
   * @default {() => {}}
   */
  onDrop?: (lines: number) => void;
  /**
   * Characters that may wait. What does not fit is dropped.
   *
   * @default {1_048_576}
   */
  most?: number;
}

/** Writes lines. */
export interface LineWriter {
  /** Takes a line, which ends with a line feed. It neither waits nor throws. */
  write(line: string): void;
  /** Resolves when all that was taken is written, or dropped. */
  flush(): Promise<void>;
}

// To write costs as much as to answer. So what comes within this time goes together.
const GATHER_MS = 10;

const encoder = new TextEncoder();

/**
 * Creates a writer that a log can rely on: a pipe that nobody reads, a full disk or
 * a reader that has gone must not keep a request from its answer. Lines wait for
 * their turn, some milliseconds at least, and go out together.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let text = "";
 * const to = {
 *   write(bytes: Uint8Array) {
 *     text += new TextDecoder().decode(bytes);
 *     return Promise.resolve(bytes.length);
 *   },
 * };
 * const lines = lineWriter({ to });
 * lines.write("one\n");
 * lines.write("two\n");
 * await lines.flush();
 *
 * assertEquals(text, "one\ntwo\n");
 * ```
 *
 * @param options Where the lines go, and how many may wait.
 * @returns The writer.
 */
export function lineWriter(options: LineWriterOptions): LineWriter {
  const { to, onDrop = () => {}, most = 2 ** 20 } = options;
  let waiting = "";
  let dropped = 0;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting !== "") {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const text = waiting;
      waiting = "";
      await writeBytes(encoder.encode(text)).catch(() => {
        dropped += text.split("\n").length - 1;
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
      if (waiting.length + line.length > most) return void dropped++;
      const lost = dropped;
      dropped = 0;
      waiting += line;
      if (lost > 0) onDrop(lost);
      writing ??= writeAll();
    },
    flush: () => writing ?? Promise.resolve(),
  };
}
