import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import envExample from "../../.env.example" with { type: "text" };
import { type Config, readConfig } from "../../server/config.ts";
import deno from "../../deno.json" with { type: "json" };
import permissions from "../../server/permissions.json" with { type: "json" };

type Variables = Record<string, string>;

const HASH = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

const DEFAULTS: Config = {
  host: "127.0.0.1",
  port: 8000,
  allowedHosts: ["localhost", "*.localhost", "127.0.0.1", "[::1]"],
  appName: "tasks-api",
  appVersion: deno.version,
  contact: undefined,
  appMode: "production",
  allowedOrigins: [],
  corsCredentials: false,
  corsMethods: [],
  corsHeaders: [],
  corsExposeHeaders: [],
  corsMaxAge: 600,
  kvPath: "data/tasks.sqlite3",
  logLevel: "info",
  logFormat: undefined,
  logClient: true,
  bodyLimit: 65_536,
  requestTimeoutMs: 10_000,
  storeTimeoutMs: 5_000,
  rateLimit: undefined,
  proxyHops: 0,
  apiTokens: [],
  telemetry: false,
  securityHeaders: false,
  homePage: false,
  publicUrl: "",
};

/** Variables, and the settings that then differ from the defaults. */
const READ: [set: Variables, differs: Partial<Config>][] = [
  [{}, {}],
  [{ HOST: "::", PORT: "0" }, { host: "::", port: 0, allowedHosts: ["*"] }],
  [{ HOST: "::1" }, { host: "::1" }],
  [{ HOST: "localhost" }, { host: "localhost" }],
  [{ HOST: "LocalHost" }, { host: "LocalHost" }],
  [{ HOST: "127.0.0.2" }, { host: "127.0.0.2" }],
  [{ HOST: "127.0.0.1.example.com" }, {
    host: "127.0.0.1.example.com",
    allowedHosts: ["*"],
  }],
  [{ ALLOWED_HOSTS: "API.example.com, *.b.example,[::1],," }, {
    allowedHosts: ["api.example.com", "*.b.example", "[::1]"],
  }],
  [{ ALLOWED_HOSTS: "*" }, { allowedHosts: ["*"] }],
  [{ PORT: "65535" }, { port: 65_535 }],
  [{ PORT: " 8080 " }, { port: 8080 }],
  [{ APP_NAME: "my api", APP_VERSION: "2.1" }, {
    appName: "my api",
    appVersion: "2.1",
  }],
  [{ APP_MODE: "production" }, {}],
  [{ APP_MODE: "development" }, {
    appMode: "development",
    homePage: true,
    allowedOrigins: ["http://127.0.0.1:8000"],
  }],
  // The loopback twin is an origin as browsers send it.
  [{ APP_MODE: "development", PORT: "80" }, {
    appMode: "development",
    homePage: true,
    port: 80,
    allowedOrigins: ["http://127.0.0.1"],
  }],
  [{ APP_MODE: "development", PORT: "443" }, {
    appMode: "development",
    homePage: true,
    port: 443,
    allowedOrigins: ["http://127.0.0.1:443"],
  }],
  [{ APP_MODE: "development", PORT: "0" }, {
    appMode: "development",
    homePage: true,
    port: 0,
    allowedOrigins: ["http://127.0.0.1:*"],
  }],
  [{ APP_MODE: "development", ALLOWED_ORIGINS: "https://a.example" }, {
    appMode: "development",
    homePage: true,
    allowedOrigins: ["https://a.example"],
  }],
  [{ ALLOWED_ORIGINS: "https://a.example, https://*.b.example,," }, {
    allowedOrigins: ["https://a.example", "https://*.b.example"],
  }],
  [{ ALLOWED_ORIGINS: "*" }, { allowedOrigins: ["*"] }],
  [{ ALLOWED_ORIGINS: "https://a.example", CORS_CREDENTIALS: "true" }, {
    allowedOrigins: ["https://a.example"],
    corsCredentials: true,
  }],
  [{ CORS_CREDENTIALS: "false" }, {}],
  [{ CORS_METHODS: "put, PURGE", CORS_HEADERS: "x-a", CORS_MAX_AGE: "0" }, {
    corsMethods: ["put", "PURGE"],
    corsHeaders: ["x-a"],
    corsMaxAge: 0,
  }],
  [{ CORS_METHODS: "*", CORS_HEADERS: "*", CORS_EXPOSE_HEADERS: "*" }, {
    corsMethods: ["*"],
    corsHeaders: ["*"],
    corsExposeHeaders: ["*"],
  }],
  [{ HOST: "[::1]" }, { host: "::1" }],
  [{ APP_CONTACT: "https://a.example/help" }, {
    contact: "https://a.example/help",
  }],
  [{ APP_CONTACT: "kim@a.example" }, { contact: "kim@a.example" }],
  [{ KV_PATH: ":memory:" }, { kvPath: ":memory:" }],
  [{ KV_PATH: "https://kv.example" }, { kvPath: "https://kv.example" }],
  [{ KV_PATH: "C:\\@me\\app" }, { kvPath: "C:\\@me\\app" }],
  [{ KV_PATH: "data/@me" }, { kvPath: "data/@me" }],
  [{ KV_PATH: "C:\\data\\app" }, { kvPath: "C:\\data\\app" }],
  [{ KV_PATH: "my data/app:1" }, { kvPath: "my data/app:1" }],
  [{ LOG_LEVEL: "debug", LOG_FORMAT: "json" }, {
    logLevel: "debug",
    logFormat: "json",
  }],
  [{ LOG_LEVEL: "error", LOG_FORMAT: "text" }, {
    logLevel: "error",
    logFormat: "text",
  }],
  [{ LOG_CLIENT: "false" }, { logClient: false }],
  [{ BODY_LIMIT: "1" }, { bodyLimit: 1 }],
  [{ BODY_LIMIT: "1073741824" }, { bodyLimit: 2 ** 30 }],
  [{ REQUEST_TIMEOUT_MS: "1", STORE_TIMEOUT_MS: "3600000" }, {
    requestTimeoutMs: 1,
    storeTimeoutMs: 3_600_000,
  }],
  [{ RATE_LIMIT: "100/60" }, { rateLimit: { requests: 100, seconds: 60 } }],
  [{ PUBLIC_URL: "https://example.com/api" }, {
    publicUrl: "https://example.com/api",
  }],
  [{ PUBLIC_URL: "https://example.com/api/" }, {
    publicUrl: "https://example.com/api",
  }],
  [{ PUBLIC_URL: "https://example.com" }, { publicUrl: "https://example.com" }],
  [{ PROXY_HOPS: "2" }, { proxyHops: 2 }],
  [{ OTEL_DENO: "true" }, { telemetry: true }],
  [{ OTEL_DENO: "1" }, { telemetry: true }],
  [{ OTEL_DENO: "false" }, {}],
  [{ SECURITY_HEADERS: "true" }, { securityHeaders: true }],
  [{ HOME_PAGE: "true" }, { homePage: true }],
  [{ APP_MODE: "development", HOME_PAGE: "false" }, {
    appMode: "development",
    allowedOrigins: ["http://127.0.0.1:8000"],
  }],
  [{ API_TOKENS: HASH }, { apiTokens: [HASH], allowedHosts: ["*"] }],
  [{ API_TOKENS: ` ${HASH} ,${HASH},` }, {
    apiTokens: [HASH, HASH],
    allowedHosts: ["*"],
  }],
  // Deploy needs every address, and has a database attached.
  [{ DENO_DEPLOYMENT_ID: "abc" }, {
    host: "0.0.0.0",
    allowedHosts: ["*"],
    kvPath: undefined,
    telemetry: true,
  }],
  [{ DENO_DEPLOYMENT_ID: "abc", HOST: "::1", KV_PATH: ":memory:" }, {
    host: "::1",
    kvPath: ":memory:",
    telemetry: true,
  }],
];

for (const [set, differs] of READ) {
  Deno.test(`readConfig() reads ${shown(set)}`, () => {
    assertEquals(read(set), { ...DEFAULTS, ...differs });
  });
}

const NUMBERS: [name: string, range: string][] = [
  ["PORT", "0 to 65535"],
  ["BODY_LIMIT", "1 to 1073741824"],
  ["REQUEST_TIMEOUT_MS", "1 to 3600000"],
  ["STORE_TIMEOUT_MS", "1 to 3600000"],
  ["PROXY_HOPS", "0 to 10"],
  ["CORS_MAX_AGE", "0 to 86400"],
];

const NO_NUMBERS = [
  "80a",
  "-1",
  "1.5",
  "1e3",
  "0x10",
  "١",
  "NaN",
  "9999999999",
  "9".repeat(400),
];

for (const [name, range] of NUMBERS) {
  for (const value of NO_NUMBERS) {
    Deno.test(`readConfig() rejects ${name}=${value.slice(0, 20)}`, () => {
      assertEquals(problemsOf({ [name]: value }), [
        `${name} is "${value}": write a whole number from ${range}`,
      ]);
    });
  }
}

const ORIGINS = "ALLOWED_ORIGINS: Cannot allow origin";
const TOKENS =
  'API_TOKENS: write SHA-256 of tokens, each 64 lower-case hex digits, as "deno task token" prints them';

const REJECTED: [set: Variables, problems: string[]][] = [
  [{ BODY_LIMIT: "0" }, [
    'BODY_LIMIT is "0": write a whole number from 1 to 1073741824',
  ]],
  [{ APP_NAME: "a\nb" }, [
    String.raw`APP_NAME is "a\nb": write printable ASCII, since it is a header`,
  ]],
  [{ APP_CONTACT: "kim" }, [
    'APP_CONTACT is "kim": write a URL or an e-mail address',
  ]],
  [{ APP_VERSION: "…" }, [
    'APP_VERSION is "…": write printable ASCII, since it is a header',
  ]],
  [{ APP_MODE: "dev" }, [
    'APP_MODE is "dev": write production or development',
  ]],
  [{ CORS_CREDENTIALS: "yes" }, [
    'CORS_CREDENTIALS is "yes": write true or false',
  ]],
  [{ LOG_LEVEL: "INFO" }, [
    'LOG_LEVEL is "INFO": write debug, info, warn or error',
  ]],
  [{ LOG_FORMAT: "xml" }, ['LOG_FORMAT is "xml": write text or json']],
  ...["100", "100/0", "0/60", "1/60s", "1.5/60", "-1/60", "1/2/3"].map((
    value,
  ): [Variables, string[]] => [{ RATE_LIMIT: value }, [
    `RATE_LIMIT is "${value}": write requests/seconds, such as "100/60"`,
  ]]),
  ...["https://a.example", "a.example:8000", "a/b", "*a", "::1"].map((
    value,
  ): [Variables, string[]] => [{ ALLOWED_HOSTS: value }, [
    `ALLOWED_HOSTS is "${value}": write names without a port, such as "api.example.com"`,
  ]]),
  [{ API_TOKENS: "," }, [TOKENS]],
  ...["/api", "example.com/api", "https://a/?b", "https://u:secret@a/", "a:b"]
    .concat([
      "https://例え.jp",
      "https://ü.example",
      "https://a/<b>",
      'http://a/"',
    ])
    .map((value): [Variables, string[]] => [{ PUBLIC_URL: value }, [
      'PUBLIC_URL: write an address such as "https://example.com/api"',
    ]]),
  ...[
    "a,b",
    "postgres://h/db",
    "ws://a",
    "file:///x",
    "HTTP://a",
    "https://",
    "http://user:secret@h",
    "http://user:sec/ret@h",
    "https://user:sec?r#e t@h/x",
    "http://secret@h",
    "https://h/?token=secret",
    "https://h/#secret",
    "HTTP://user:secret@h",
    "postgres://u:secret@h/db",
    "//user:secret@h",
    "u:secret,@h",
  ].map((value): [Variables, string[]] => [{ KV_PATH: value }, [
    "KV_PATH: write a path without a comma, :memory:, or the http(s) URL of a KV Connect server, without user and query: a token goes into DENO_KV_ACCESS_TOKEN",
  ]]),
  // The value can be a secret, so it is not repeated.
  [{ API_TOKENS: `hunter2,${HASH},${HASH.toUpperCase()}` }, [TOKENS]],
];

for (const [set, problems] of REJECTED) {
  Deno.test(`readConfig() rejects ${shown(set)}`, () => {
    assertEquals(problemsOf(set), problems);
  });
}

const REJECTED_ORIGINS: [set: Variables, beginnings: string[]][] = [
  [{ ALLOWED_ORIGINS: "https://a.example/" }, [
    `${ORIGINS} "https://a.example/"`,
  ]],
  [{ ALLOWED_ORIGINS: "null,a.example" }, [
    `${ORIGINS} "null"`,
    `${ORIGINS} "a.example"`,
  ]],
  [{ ALLOWED_ORIGINS: "*", CORS_CREDENTIALS: "true" }, [`${ORIGINS} "*"`]],
  [{ ALLOWED_ORIGINS: "http://a.example", CORS_CREDENTIALS: "true" }, [
    `${ORIGINS} "http://a.example": use https, or set dangerouslyAllowInsecureOrigins in server/cors_policy.ts`,
  ]],
  [{ ALLOWED_ORIGINS: "*,https://a.example" }, [`${ORIGINS} "*"`]],
  [{ CORS_METHODS: "PUT,patch" }, [
    'CORS_METHODS: Cannot allow method "patch": write "PATCH"',
  ]],
  [{ CORS_HEADERS: "Cookie", CORS_EXPOSE_HEADERS: "Set-Cookie" }, [
    'CORS_HEADERS: Cannot allow request header "Cookie"',
    'CORS_EXPOSE_HEADERS: Cannot expose response header "Set-Cookie"',
  ]],
  [{ CORS_METHODS: "*", CORS_CREDENTIALS: "true" }, [
    'CORS_METHODS: Cannot allow method "*"',
  ]],
];

for (const [set, beginnings] of REJECTED_ORIGINS) {
  Deno.test(`readConfig() rejects ${shown(set)}, in the words of cors()`, () => {
    const problems = problemsOf(set);

    assertEquals(
      problems.map((each, index) => each.slice(0, beginnings[index]?.length)),
      beginnings,
    );
  });
}

Deno.test("readConfig() reports every problem in one message", () => {
  const set = {
    PORT: "80a",
    LOG_LEVEL: "loud",
    ALLOWED_ORIGINS: "null",
    API_TOKENS: "hunter2",
  };

  const error = assertThrows(() => read(set), AggregateError);

  assertEquals(
    error.message.split("\n").map((line) => line.trim().split(/[ :]/, 1)[0]),
    ["Invalid", "PORT", "API_TOKENS", "LOG_LEVEL", "ALLOWED_ORIGINS"],
  );
  assert(!error.message.includes("hunter2"));
});

Deno.test("readConfig() treats an empty value as unset", () => {
  const set = Object.fromEntries(namesRead().map((name) => [name, " "]));
  delete set["DENO_DEPLOYMENT_ID"];

  assertEquals(read(set), DEFAULTS);
});

Deno.test("readConfig() returns a frozen object", () => {
  assert(Object.isFrozen(read({})));
});

Deno.test("readConfig() passes other errors on", () => {
  assertThrows(
    () =>
      readConfig(() => {
        throw new RangeError("no environment");
      }),
    RangeError,
    "no environment",
  );
});

// Deploy sets DENO_DEPLOYMENT_ID; Deno.openKv() reads DENO_KV_ACCESS_TOKEN.
const NAMES = new Set([...namesRead(), "DENO_KV_ACCESS_TOKEN"])
  .difference(new Set(["DENO_DEPLOYMENT_ID"]));

/** Variables in `.env.example`, set or in a comment. */
const EXAMPLE = [...envExample.matchAll(/^(?:# )?([A-Z][A-Z_]*)=(.*)$/gm)]
  .map(([, name, value]): [string, string] => [name!, value!]);

/** Variables without a default value: `.env.example` shows an example. */
const WITHOUT_DEFAULT = [
  "APP_CONTACT",
  "ALLOWED_HOSTS",
  "ALLOWED_ORIGINS",
  "CORS_METHODS",
  "CORS_HEADERS",
  "CORS_EXPOSE_HEADERS",
  "LOG_FORMAT",
  "RATE_LIMIT",
];

Deno.test(".env.example lists every variable that readConfig() reads, once", () => {
  assertEquals(EXAMPLE.map(([name]) => name).sort(), [...NAMES].sort());
});

Deno.test(".env.example has valid values", () => {
  read(Object.fromEntries(EXAMPLE));
});

for (const [name, value] of EXAMPLE) {
  if (WITHOUT_DEFAULT.includes(name)) continue;

  Deno.test(`.env.example shows the default of ${name}`, () => {
    assertEquals(read({ [name]: value }), DEFAULTS);
  });
}

Deno.test("deno task start has permission for the variables that readConfig() reads", () => {
  const [, names] =
    /--allow-env=(HOST[\w,]+)/.exec(JSON.stringify(permissions)) ??
      [];

  assertEquals(
    names?.split(",").sort(),
    [...NAMES, "DENO_DEPLOYMENT_ID"].sort(),
  );
});

Deno.test("deno task start runs no module that deno.lock does not have", () => {
  assertMatch(JSON.stringify(permissions), / --frozen /);
});

/** Names of the variables that readConfig() looks up. */
function namesRead(): string[] {
  const env = spy((_name: string): string | undefined => undefined);
  readConfig(env);
  assertSpyCalls(env, new Set(env.calls.map(({ args }) => args[0])).size);
  return env.calls.map(({ args }) => args[0]);
}

function read(set: Variables): Config {
  const variables = new Map(Object.entries(set));
  return readConfig((name) => variables.get(name));
}

function problemsOf(set: Variables): readonly string[] {
  return assertThrows(() => read(set), AggregateError).errors;
}

function shown(set: Variables): string {
  const pairs = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  return JSON.stringify(pairs.join(" ").slice(0, 60));
}
