/** The API in a process of its own, on an empty store. */
export interface Api extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
}

/** Starts the API as an operator would. Declare it with `await using`. */
export async function startApi(env: Record<string, string> = {}): Promise<Api> {
  const process = new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--allow-all", "main.ts"],
    cwd: new URL("../../", import.meta.url),
    env: { PORT: "0", KV_PATH: ":memory:", LOG_FORMAT: "json", ...env },
    stdout: "piped",
  }).spawn();
  const [log, rest] = process.stdout.pipeThrough(new TextDecoderStream()).tee();
  // A full pipe would stop the API at its next line.
  const drained = rest.pipeTo(new WritableStream());

  return {
    url: await readUrl(log),
    async [Symbol.asyncDispose](): Promise<void> {
      process.kill("SIGINT");
      await process.status;
      await drained;
    },
  };
}

async function readUrl(log: ReadableStream<string>): Promise<string> {
  let text = "";
  // Leaving the loop cancels this branch, so that nothing is kept for it.
  for await (const chunk of log) {
    text += chunk;
    const url = /"msg":"listening","url":"([^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The API did not start: ${text}`);
}
