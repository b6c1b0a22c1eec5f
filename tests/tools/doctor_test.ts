import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { diagnose, type Finding } from "../../tools/doctor.ts";
import { runTool } from "./_run_tool.ts";

/** What the doctor says of one thing. */
async function examine(
  name: string,
  env: Record<string, string> = {},
  file: Record<string, string> = {},
): Promise<Finding | undefined> {
  const all = { KV_PATH: ":memory:", PORT: "0", ...env };
  const read = (name: string): string | undefined =>
    all[name as keyof typeof all];
  const findings = await diagnose({ env: read, file });
  return findings.find((finding) => finding.name === name);
}

Deno.test("diagnose() finds nothing wrong where nothing is set", async () => {
  const env = new Map([["KV_PATH", ":memory:"], ["PORT", "0"]]);
  const options = { env: (name: string) => env.get(name), file: {} };

  assertEquals(
    (await diagnose(options)).map(({ name, level }) => `${level} ${name}`),
    [
      "ok deno",
      "ok settings",
      "ok permissions",
      "ok port",
      "ok store",
      "note origins",
    ],
  );
});

for (
  const [version, level] of [
    ["2.8.9", "wrong"],
    ["1.46.3", "wrong"],
    ["2.9.0", "ok"],
    ["2.10.0", "ok"],
    ["3.0.0", "ok"],
    ["2.9.6+abc", "ok"],
  ]
) {
  Deno.test(`diagnose() finds Deno ${version} ${level}`, async () => {
    const env = (name: string): string | undefined =>
      name === "KV_PATH" ? ":memory:" : undefined;
    const [first] = await diagnose({ env, file: {}, version: version! });
    assertEquals([first?.name, first?.level], ["deno", level]);
  });
}

Deno.test("diagnose() finds every wrong setting", async () => {
  const env = new Map([["PORT", "80a"], ["LOG_LEVEL", "loud"]]);
  const options = { env: (name: string) => env.get(name), file: {} };

  const findings = await diagnose(options);

  assertEquals(findings.slice(1).map(({ text }) => text), [
    'PORT is "80a": write a whole number from 0 to 65535',
    'LOG_LEVEL is "loud": write debug, info, warn or error',
  ]);
});

Deno.test("diagnose() finds a name in .env that nobody reads", async () => {
  const file = { ALLOWED_ORIGIN: "http://localhost:5173", PORT: "0" };

  assertEquals(await examine("settings", {}, file), {
    name: "settings",
    level: "wrong",
    text: "nobody reads ALLOWED_ORIGIN, which .env sets",
    cure: "compare the spelling with .env.example",
  });
  assertEquals(
    (await examine("settings", {}, { PORT: "0" }))?.text,
    "1 in .env",
  );
});

Deno.test("diagnose() tells a port that is taken from one of an API", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  // Behind a proxy nobody may come.
  const accepted = listener.accept().then((it) => it.close(), () => {});
  const taken = await examine("port", { PORT: `${port}` });
  listener.close();
  await accepted;
  assertEquals(taken?.text, `something else listens on 127.0.0.1:${port}`);

  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ status: "ok" }),
  );
  const own = await examine("port", { PORT: `${server.addr.port}` });
  assertEquals(own?.level, "note");
});

Deno.test("diagnose() finds an address that is not of this machine", async () => {
  const finding = await examine("port", { HOST: "192.0.2.1", PORT: "8123" });

  assertEquals(finding?.text, "cannot listen on 192.0.2.1:8123");
});

Deno.test("diagnose() looks into a store that is there, and makes none", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;

  const absent = await examine("store", { KV_PATH: path });
  assertEquals(absent?.text, `${path} is made by the first start`);

  using kv = await Deno.openKv(path);
  assertEquals((await kv.get(["a"])).value, null);
  const present = await examine("store", { KV_PATH: path });
  assertEquals(present?.text, `${path} opens`);
  kv.close();
  await Deno.remove(folder, { recursive: true });
});

for (
  const [origins, credentials, level, text] of [
    ["*", "false", "note", "every page may read the answers"],
    ["https://a.example", "true", "ok", "https://a.example"],
    ["http://localhost:5173", "true", "ok", "http://localhost:5173"],
  ] as const
) {
  Deno.test(`diagnose() says of origins ${origins}: ${text}`, async () => {
    const finding = await examine("origins", {
      ALLOWED_ORIGINS: origins,
      CORS_CREDENTIALS: credentials,
    });
    assertEquals([finding?.level, finding?.text], [level, text]);
  });
}

Deno.test("doctor.ts ends with 1 where something is wrong, and says the cure", async () => {
  const well = await runTool("doctor.ts", [], { PORT: "0" });
  const ill = await runTool("doctor.ts", [], { PORT: "80a" });

  assertEquals(well.code, 0);
  assertMatch(well.out, /^ok {5}deno {9}\d/);
  assertEquals(ill.code, 1);
  assertMatch(ill.out, /^wrong {2}settings {5}PORT is "80a"/m);
});

Deno.test("diagnose() passes on what is no matter of settings", async () => {
  function env(): never {
    throw new TypeError("broken");
  }

  await assertRejects(() => diagnose({ env, file: {} }), TypeError, "broken");
});

Deno.test("doctor.ts says which permissions are missing", async () => {
  const env = { PORT: "0", KV_PATH: "data/tasks.sqlite3" };
  const flags = ["--allow-env", "--allow-net", "--allow-read=data"];

  const { code, out } = await runTool("doctor.ts", [], env, flags);

  assertEquals(code, 1);
  assertMatch(out, /^wrong {2}permissions {2}may not write data\/tasks/m);
});

Deno.test("doctor.ts tells its help, and refuses what it does not know", async () => {
  const help = await runTool("doctor.ts", ["--help"]);
  const refused = await runTool("doctor.ts", ["--all"]);

  assertEquals([help.code, refused.code], [0, 1]);
  assertEquals(help.out, refused.error);
});

for (
  const [args, code, expected] of [
    [["--origin", "https://a.example"], 0, /^ok .*https:\/\/a\.example may/],
    [["--origin=https://a.example", "--method", "patch"], 1, /write "PATCH"/],
    [
      ["--origin", "https://b.example", "--headers", "if-match,x-a"],
      1,
      /^wrong {2}cors .*\n.*add https:\/\/b\.example to\s+ALLOWED_ORIGINS\n.*header x-a.*\n.*add x-a to CORS_HEADERS\n$/,
    ],
    [["--origin", "https://a.example", "--all", "x"], 1, /^$/],
    [["--method", "PUT"], 1, /^$/],
  ] as const
) {
  Deno.test(`doctor.ts ${args.join(" ")} ends with ${code}`, async () => {
    const env = { ALLOWED_ORIGINS: "https://a.example" };
    const result = await runTool("doctor.ts", args, env);

    assertEquals(result.code, code);
    assertMatch(result.out, expected);
  });
}

Deno.test("diagnose() finds wrong settings before it looks at a page", async () => {
  const env = (name: string): string | undefined =>
    name === "PORT" ? "80a" : undefined;
  const page = { origin: "https://a.example" };

  const findings = await diagnose({ env, file: {}, page });

  assertEquals(findings.map(({ name }) => name), ["deno", "settings"]);
});
