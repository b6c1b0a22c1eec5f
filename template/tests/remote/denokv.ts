/**
 * Runs the tests of the store against the real KV Connect server, `denokv`, where
 * this machine has it or can build it, and says in one sentence what is missing
 * otherwise.
 *
 * @module
 */

const ROOT = `${import.meta.dirname}/../../../.denokv/`;

const program = await findOrBuild();
if (program === undefined) {
  say(
    "denokv did not run: it is not on the path, and there is no cargo to build it. Install Rust, or put denokv on the path",
  );
} else {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "-A", "store_test.ts"],
    cwd: import.meta.dirname!,
    env: { DENOKV: program },
  }).spawn().status;
  Deno.exit(code);
}

async function findOrBuild(): Promise<string | undefined> {
  for (const name of ["denokv", `${ROOT}bin/denokv`]) {
    if (await succeeds(name, "--help")) return name;
  }
  if (!await succeeds("cargo", "--version")) return undefined;
  say("Building denokv 0.14.0, which takes a quarter of an hour");
  const args = ["install", "denokv@0.14.0", "--locked", "--root", ROOT];
  const { success } = await new Deno.Command("cargo", { args }).spawn().status;
  if (success) return `${ROOT}bin/denokv`;
  say("Cannot build denokv: see the output of cargo above");
  Deno.exit(1);
}

async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, { args }).output();
    return success;
  } catch {
    return false;
  }
}

function say(sentence: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${sentence}\n`));
}
