/** Reads the blocks of a guide that are files, or changes of files. */

import { assert, assertEquals } from "@std/assert";
import { UNSET } from "../../../tests/server.ts";

/** A block with a title. */
export interface Block {
  language: string;
  title: string;
  text: string;
}

/** Finds the blocks with a title, in a list or not. */
export function blocksOf(guide: string): Block[] {
  const found = guide.matchAll(
    /^( *)(`{3,})(\w+)(?: ignore)? title="([^"]+)"\n([^]*?)^\1\2$/gm,
  );
  return Array.from(found, ([, indent, , language, title, text]) => ({
    language: language!,
    title: title!,
    text: text!.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** Changes the places of a file that a diff names. Each must be there once. */
export function patch(file: string, diff: string, title: string): string {
  for (const place of diff.split("@@\n")) {
    const lines = place.trimEnd().split("\n");
    const side = (mark: string): string =>
      lines.filter((line) => line === "" || " ".concat(mark).includes(line[0]!))
        .map((line) => `${line.slice(1)}\n`).join("");
    const parts = file.split(`\n${side("-")}`);
    assertEquals(parts.length, 2, `${title} has no such place:\n${place}`);
    file = parts.join(`\n${side("+")}`);
  }
  return file;
}

/** Runs Deno in a folder, expects it to succeed, and returns what it printed. */
export async function deno(
  cwd: string,
  args: readonly string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { ...UNSET, NO_COLOR: "1", PORT: "0" },
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  assert(success, `deno ${args.join(" ")}\n${output}`);
  return output;
}
