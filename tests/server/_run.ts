import { UNSET } from "../server.ts";

/** What a program printed, and its exit status. */
export interface Result {
  code: number;
  out: string;
  error: string;
}

const ROOT = `${import.meta.dirname}/../..`;

/** Runs a program of the project in its own process. */
export async function run(
  args: readonly string[],
  env: Record<string, string> = {},
  { cwd = ROOT, flags = ["-A"] }: { cwd?: string; flags?: string[] } = {},
): Promise<Result> {
  const [program, ...others] = args;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, `${ROOT}/${program}`, ...others],
    cwd,
    env: { ...UNSET, NO_COLOR: "1", PORT: "0", KV_PATH: ":memory:", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}
