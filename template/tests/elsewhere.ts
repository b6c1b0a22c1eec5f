/**
 * Runs the tests once more as on another machine: in a clone with the line ends of
 * Windows, in a folder whose name has to be escaped in URLs, under an environment and
 * a `.env` that set every variable. It takes minutes: `deno task test:elsewhere`.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";

const ROOT = `${import.meta.dirname}/../..`;

/** An unusual value for every variable of `.env.example`. */
const UNUSUAL: Readonly<Record<string, string>> = {
  KV_PATH: "/nowhere/unusual.sqlite3",
  DENO_KV_ACCESS_TOKEN: "unusual",
  HOST: "::1",
  PORT: "9",
  ALLOWED_HOSTS: "unusual.example",
  APP_NAME: "unusual",
  APP_VERSION: "9.9.9",
  APP_CONTACT: "unusual@example.com",
  PUBLIC_URL: "https://unusual.example/api",
  APP_MODE: "development",
  ALLOWED_ORIGINS: "https://unusual.example",
  CORS_CREDENTIALS: "true",
  CORS_METHODS: "UNUSUAL",
  CORS_HEADERS: "X-Unusual",
  CORS_EXPOSE_HEADERS: "X-Unusual",
  CORS_MAX_AGE: "1",
  LOG_LEVEL: "error",
  LOG_FORMAT: "text",
  LOG_CLIENT: "false",
  BODY_LIMIT: "1",
  REQUEST_TIMEOUT_MS: "1",
  STORE_TIMEOUT_MS: "1",
  RATE_LIMIT: "1/60",
  PROXY_HOPS: "9",
  API_TOKENS: "0".repeat(64),
  SECURITY_HEADERS: "true",
  HOME_PAGE: "true",
  // Not true: Deno would then respond to an invalid Host before the app can.
  OTEL_DENO: "false",
};

Deno.test("the tests pass elsewhere", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const clone = `${folder}/100% #1/my api (1) ü`;
  const example = await Deno.readTextFile(`${ROOT}/.env.example`);
  const names = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, it]) =>
    it
  );
  assertEquals(names.toSorted(), Object.keys(UNUSUAL).sort());

  // A repository of the files as they are, whatever the owner of the checkout.
  const repository = `${folder}/repository.git`;
  const git = ["--git-dir", repository, "--work-tree", ROOT]
    .concat("-c", "user.name=test", "-c", "user.email=test@example.com");
  await run("git", ["init", "--quiet", "--bare", repository]);
  await run("git", [...git, "add", "--all"]);
  await run("git", [...git, "commit", "--quiet", "--message=All"]);
  const windows = ["-c", "core.autocrlf=true"];
  await run("git", [...windows, "clone", "--quiet", repository, clone]);

  await Deno.writeTextFile(
    `${clone}/.env`,
    Object.entries(UNUSUAL).map((it) => it.join("=")).join("\r\n"),
  );
  await run(Deno.execPath(), ["fmt", "--check"], clone);
  // Without .gitattributes, git would have written these line ends.
  const attributes = `${clone}/.git/info/attributes`;
  await Deno.writeTextFile(attributes, "* text=auto eol=crlf");
  await run("git", ["read-tree", "--empty"], clone);
  await run("git", ["reset", "--quiet", "--hard"], clone);
  assertMatch(await Deno.readTextFile(`${clone}/main.ts`), /^.*\r\n/);

  const env = { ...UNUSUAL, RELOAD: "unusual", TMPDIR: `${folder}/100% #1` };
  await run(Deno.execPath(), ["task", "test"], clone, env);
});

async function run(
  program: string,
  args: string[],
  cwd = ROOT,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { success } = await new Deno.Command(program, { args, cwd, env })
    .spawn()
    .status;
  assert(success, `${program} ${args.join(" ")}`);
}
