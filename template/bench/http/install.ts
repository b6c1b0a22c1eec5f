/**
 * Brings the peers, where they are not here yet.
 *
 * @module
 */

import { say } from "../measure.ts";
import type { Recipe } from "./servers.ts";

const PEERS = new URL("../peers/", import.meta.url).pathname;

/**
 * Installs the peers from npm, and FastAPI where there is Python.
 *
 * @param recipes All that could be compared.
 * @returns Those that can be, and so are.
 */
export async function install(
  recipes: readonly Recipe[],
): Promise<readonly Recipe[]> {
  if (!await exists("node_modules")) {
    say("Installing the peers from npm");
    await run("npm", "ci", "--no-audit", "--no-fund");
  }
  const hasPython = recipes.some(({ runtime }) => runtime === "Python") &&
    (await exists(".venv/bin/uvicorn") || await installFastApi());
  return recipes.filter(({ runtime }) => runtime !== "Python" || hasPython);
}

async function installFastApi(): Promise<boolean> {
  say("Installing FastAPI from PyPI");
  try {
    await run("python3", "-m", "venv", ".venv");
    await run(`${PEERS}.venv/bin/pip`, "install", "-r", "requirements.txt");
    return true;
  } catch (error) {
    say(`FastAPI is left out: ${(error as Error).message}`);
    return false;
  }
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    cwd: PEERS,
    stdout: "null",
  }).output();
  if (success) return;
  const message = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot run ${program} ${args.join(" ")}: ${message}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(PEERS + path);
    return true;
  } catch {
    return false;
  }
}
