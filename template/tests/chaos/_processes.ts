/** Starts processes that write to a store. */

import type { Change, Collection } from "../../../store/collection.ts";
import type { Acknowledged } from "./_writer.ts";

/** A process that writes. */
export interface Writer {
  /** The process. */
  readonly process: Deno.ChildProcess;
  /** Its lines, as it writes them. */
  readonly lines: AsyncIterable<Acknowledged>;
}

/** Starts a script of this folder. */
export function start(
  script: string,
  args: readonly string[],
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      `${import.meta.dirname}/${script}`,
      ...args,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Starts a process that takes so many turns to write to a file. */
export function startWriter(path: string, ...args: unknown[]): Writer {
  const process = start("_writer.ts", [path, ...args.map(String)]);
  return { process, lines: readLines(process.stdout) };
}

/** Reads the output of a process, line by line. */
export async function* readLines<Line>(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Line> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}

/** A folder that is gone in the end. */
export interface Folder extends AsyncDisposable {
  /** Where it is. */
  path: string;
}

/** Makes a folder. */
export async function openFolder(): Promise<Folder> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Reads all changes after one. */
export async function readLog<Fields extends object>(
  collection: Collection<Fields>,
  after: string,
): Promise<Change<Fields>[]> {
  const { signal } = new AbortController();
  const { from: end } = await collection.changes({ signal });
  const log: Change<Fields>[] = [];
  if (after === end) return log;
  for await (const change of await collection.changes({ after, signal })) {
    log.push(change);
    if (change.id === end) break;
  }
  return log;
}
