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
  const lines = process.stdout.pipeThrough(new TextDecoderStream());
  const reader = lines.getReader();

  return {
    url: await readUrl(reader),
    async [Symbol.asyncDispose](): Promise<void> {
      process.kill("SIGINT");
      while (!(await reader.read()).done);
      await process.status;
    },
  };
}

async function readUrl(
  reader: ReadableStreamDefaultReader<string>,
): Promise<string> {
  let log = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The API did not start: ${log}`);
    log += value;
    const url = /"msg":"listening","url":"([^"]+)"/.exec(log)?.[1];
    if (url !== undefined) return url;
  }
}
