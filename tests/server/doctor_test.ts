import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createApp } from "../../main.ts";
import {
  diagnose,
  type Finding,
  type PageRequest,
} from "../../server/doctor.ts";
import { run } from "./_run.ts";

type Variables = Record<string, string>;

/** Runs the checks, on a free port and in memory. */
async function check(
  env: Variables = {},
  file: Variables = {},
): Promise<Finding[]> {
  const all = new Map(
    Object.entries({ KV_PATH: ":memory:", PORT: "0", ...env }),
  );
  return await diagnose({
    env: (name) => all.get(name),
    file,
    folder: "",
    createApp,
  });
}

/** The result of one check. */
async function checkOne(
  name: string,
  env?: Variables,
  file?: Variables,
): Promise<string | undefined> {
  const finding = (await check(env, file)).find((it) => it[1] === name);
  return finding && `${finding[0]}: ${finding[2]}`;
}

Deno.test("diagnose() finds nothing wrong with the defaults", async () => {
  assertEquals(
    (await check()).map(([level, name]) => `${level} ${name}`),
    ["ok deno", "ok settings", "ok port", "ok store", "note origins"],
  );
});

Deno.test("diagnose() finds every invalid setting", async () => {
  const findings = await check({ PORT: "80a", LOG_LEVEL: "loud" });

  assertEquals(findings.slice(1).map(([level, , text]) => [level, text]), [
    ["wrong", 'PORT is "80a": write a whole number from 0 to 65535'],
    ["wrong", 'LOG_LEVEL is "loud": write debug, info, warn or error'],
  ]);
});

Deno.test("diagnose() finds a name in .env that has no effect", async () => {
  const misspelled = { ALLOWED_ORIGIN: "http://localhost:5173", PORT: "0" };

  assertEquals(
    await checkOne("settings", {}, misspelled),
    "wrong: .env sets ALLOWED_ORIGIN, which has no effect: compare it with .env.example",
  );
});

for (
  const [env, text] of [
    [{ KV_PATH: "", PORT: "" }, "all are the defaults"],
    [{ KV_PATH: "", PORT: "0" }, "set: PORT"],
    [
      { API_TOKENS: "a".repeat(64), CORS_CREDENTIALS: "true" },
      "set: PORT, KV_PATH, API_TOKENS, CORS_CREDENTIALS",
    ],
  ] as const
) {
  Deno.test(`diagnose() reports of ${JSON.stringify(env)}: ${text}`, async () => {
    const all: Variables = { PORT: "0", KV_PATH: ":memory:", ...env };
    const findings = await diagnose({
      env: (name) => all[name],
      file: all,
      folder: "",
      createApp: (options) =>
        createApp({ config: { ...options.config, kvPath: ":memory:" } }),
    });
    const settings = findings.find(([, name]) => name === "settings");

    assertEquals(settings, ["ok", "settings", text]);
  });
}

Deno.test("diagnose() distinguishes a port in use from a running API", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  // Where a proxy handles requests, no connection arrives here.
  const accepted = listener.accept().then((it) => it.close(), () => {});
  const taken = await checkOne("port", { PORT: `${port}` });
  listener.close();
  await accepted;
  assertMatch(taken!, /^wrong: Cannot listen on .*: the port is in use/);

  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ status: "ok" }),
  );
  assertMatch(
    (await checkOne("port", { PORT: `${server.addr.port}` }))!,
    /^note: an API is already running/,
  );
});

Deno.test("diagnose() finds an address of another machine", async () => {
  assertMatch(
    (await checkOne("port", { HOST: "192.0.2.1", PORT: "8123" }))!,
    /^wrong: Cannot listen on 192\.0\.2\.1:8123: /,
  );
});

Deno.test("diagnose() opens an existing store, and creates none", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;

  const before = await checkOne("store", { KV_PATH: path });
  assertEquals(before, `ok: the first start will create ${path}`);
  assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 0);

  using kv = await Deno.openKv(path);
  assertEquals((await kv.get(["a"])).value, null);
  assertEquals(await checkOne("store", { KV_PATH: path }), `ok: ${path} opens`);
  kv.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("diagnose() reports why the store does not open", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "a text, not a database, and long enough");

  const store = await checkOne("store", { KV_PATH: file });

  assertMatch(store!, /^wrong: /);
  assertEquals(store!.includes(file), true);
  await Deno.remove(file);
});

for (
  const [origins, text] of [
    ["", "note: none is allowed: ALLOWED_ORIGINS is not set"],
    ["*", "note: every origin is allowed"],
    ["https://a.example", "ok: https://a.example"],
  ] as const
) {
  Deno.test(`diagnose() reports the origins "${origins}" as ${text}`, async () => {
    assertEquals(await checkOne("origins", { ALLOWED_ORIGINS: origins }), text);
  });
}

Deno.test("diagnose() passes other errors on", async () => {
  function env(): never {
    throw new TypeError("broken");
  }

  await assertRejects(
    () => diagnose({ env, file: {}, folder: "", createApp }),
    TypeError,
    "broken",
  );
});

Deno.test("main.ts doctor prints the results, and exits with 1 if something is wrong", async () => {
  const healthy = await run(["main.ts", "doctor"]);
  const invalid = await run(["main.ts", "doctor"], { PORT: "80a" });

  assertEquals(healthy.code, 0);
  assertMatch(healthy.out, /^ok {5}deno {6}\d/);
  assertEquals(invalid.code, 1);
  assertMatch(invalid.out, /^wrong {2}settings {2}PORT is "80a"/m);
});

const ORIGIN = "https://app.example.com";

// What is refused, with the settings beside the origin and X-Own.
const PAGES: [
  page: Partial<PageRequest>,
  refused: string[],
  env?: Variables,
][] = [
  [{}, []],
  [{ method: "post", headers: ["Accept"] }, []],
  [{ method: "PATCH", headers: ["AUTHORIZATION", "x-own"] }, []],
  [{ origin: "null" }, [], { ALLOWED_ORIGINS: "*" }],
  [{ headers: ["authorization", "x-any"] }, [], { CORS_HEADERS: "*" }],
  [
    { origin: "https://b.example", method: "put", headers: ["X-A", "x-b"] },
    [
      "origin https://b.example is refused: add it to ALLOWED_ORIGINS",
      "method PUT is refused: add it to CORS_METHODS",
      "header X-A is refused: add it to CORS_HEADERS",
      "header x-b is refused: add it to CORS_HEADERS",
    ],
  ],
  [{ origin: `${ORIGIN}/` }, [
    `Cannot allow origin "${ORIGIN}/": write "${ORIGIN}"`,
  ]],
  [{ origin: "https://日本.example" }, [
    'Cannot allow origin "https://日本.example": write "https://xn--wgv71a.example"',
  ]],
  [{ origin: "http://a.example" }, [
    'Cannot allow origin "http://a.example": use https, or set dangerouslyAllowInsecureOrigins',
  ], { CORS_CREDENTIALS: "true" }],
  [{ method: "patch" }, [
    'Cannot allow method "patch": write "PATCH": browsers keep its case',
  ]],
  [{ headers: ["Cookie"] }, [
    'Cannot allow request header "Cookie": remove it: no page can set it',
  ]],
];

for (const [given, refused, env] of PAGES) {
  Deno.test(`diagnose() finds ${refused.length} refusals of ${JSON.stringify(given)}`, async () => {
    const page = { origin: ORIGIN, method: "GET", headers: [], ...given };
    const all: Variables = {
      ALLOWED_ORIGINS: ORIGIN,
      CORS_HEADERS: "X-Own",
      ...env,
    };
    const options = { env: (name: string) => all[name], file: {}, folder: "" };
    const findings = await diagnose({ ...options, createApp, page });

    assertEquals(
      findings.map(([level, name, text]) => `${level} ${name}: ${text}`),
      refused.length > 0 ? refused.map((text) => `wrong cors: ${text}`) : [
        `ok cors: a page of ${page.origin} may send it, without cookies`,
      ],
    );
  });
}

for (
  const [args, code, expected] of [
    [
      ["--origin", "https://a.example"],
      0,
      /^ok {5}cors {6}a page of https:\/\/a\.example may send it, without cookies$/,
    ],
    [["--origin=https://a.example", "--method", "patch"], 1, /write "PATCH"/],
    [
      [
        "--origin",
        "https://b.example",
        "--method=put",
        "--headers=if-match,x-a, x-b",
      ],
      1,
      /^wrong {2}cors {6}origin https:\/\/b\.example is refused: add it to ALLOWED_ORIGINS\nwrong {2}cors {6}method PUT .*\nwrong {2}cors {6}header x-a is refused: add it to CORS_HEADERS\nwrong {2}cors {6}header x-b .*$/,
    ],
    [["--all", "x"], 1, /^$/],
    [["--method", "PUT"], 1, /^$/],
    [["--origin"], 1, /^$/],
  ] as const
) {
  Deno.test(`main.ts doctor ${args.join(" ")} exits with ${code}`, async () => {
    const env = { ALLOWED_ORIGINS: "https://a.example" };
    const result = await run(["main.ts", "doctor", ...args], env);

    assertEquals(result.code, code);
    assertMatch(result.out.trim(), expected);
    const usage = "use --deep, --origin, --method and --headers\n";
    assertEquals(result.error.endsWith(usage), result.out === "");
  });
}

Deno.test("diagnose() with deep reads the whole data file", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;
  await (await createApp({ config: { kvPath: path } }))[Symbol.asyncDispose]();
  const options = {
    env: (name: string) => name === "KV_PATH" ? path : undefined,
    file: {},
    folder: "",
    createApp: () => Promise.resolve(new AsyncDisposableStack()),
  };
  await Deno.writeTextFile(path, "This is no database. ".repeat(1000));

  const levels = [];
  for (const deep of [false, true]) {
    const findings = await diagnose({ ...options, deep });
    levels.push(findings.find(([, name]) => name === "store")?.[2]);
  }

  assertEquals(levels, [
    `${path} opens`,
    `Cannot open the store at "${path}": file is not a database: set KV_PATH to another file`,
  ]);
  await Deno.remove(folder, { recursive: true });
});
