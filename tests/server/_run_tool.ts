import { assert } from "@std/assert";

/** Runs a tool in a process of its own. What it writes has to fit a terminal. */
export async function runTool(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
  flags: readonly string[] = ["-A"],
): Promise<{ code: number; out: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, `server/${name}`, ...args],
    cwd: `${import.meta.dirname}/../..`,
    env: { KV_PATH: ":memory:", ...env },
  }).output();
  const decoder = new TextDecoder();
  const [out, error] = [decoder.decode(stdout), decoder.decode(stderr)];
  for (const line of (out + error).split("\n")) {
    assert(line.length <= 80, `Longer than 80 columns: ${line}`);
  }
  return { code, out, error };
}
