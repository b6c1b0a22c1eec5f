/** The API in its own process, on an empty store. */
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
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let log = "";
  // Read to the end: a full pipe would stop the API at its next line.
  const drained = process.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(chunk): void {
        log = (log + chunk).slice(-10_000);
        const url = /"msg":"listening","url":"([^"]+)"/.exec(log)?.[1];
        if (url !== undefined) resolve(url);
      },
      close: () => reject(new Error(`The API did not start: ${log}`)),
    }),
  );

  return {
    url: await promise,
    async [Symbol.asyncDispose](): Promise<void> {
      process.kill("SIGINT");
      await process.status;
      await drained;
    },
  };
}
