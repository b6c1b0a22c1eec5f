import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type CorsOptions,
  readOptions,
} from "../../../middleware/cors/options.ts";
import {
  CorsConfigError,
  type CorsIssue,
} from "../../../middleware/cors/error.ts";

function issuesOf(options: unknown): readonly CorsIssue[] {
  try {
    readOptions(options as CorsOptions);
    return [];
  } catch (error) {
    return (error as CorsConfigError).issues;
  }
}

const O = { origins: ["https://a.test"] };
const SECRET = { ...O, credentials: true };
const INSECURE = { dangerouslyAllowInsecureOrigins: true };
const SUBDOMAINS = { dangerouslyAllowSubdomainsWithCredentials: true };
const SUFFIXES = { dangerouslyAllowPublicSuffixes: true };

const TABLE: [options: unknown, issues: string][] = [
  [O, ""],
  [{ origins: [] }, ""],
  [{ origins: "*", methods: "*", headers: "*", exposeHeaders: "*" }, ""],
  [
    { origins: ["*"], methods: ["*"], headers: ["*"], exposeHeaders: ["*"] },
    "",
  ],
  [{ ...O, methods: undefined, maxAge: undefined, onReject: undefined }, ""],
  [{ ...O, onReject: () => {}, debug: true }, ""],
  // The object itself.
  [undefined, "options type"],
  [null, "options type"],
  ["*", "options type"],
  // Origins.
  [{}, "origins type"],
  [{ origins: null }, "origins type"],
  [{ origins: true }, "origins type"],
  [{ origins: "https://a.test" }, "origins type"],
  [{ origins: /a/ }, "origins type"],
  [{ origins: [/a/, {}] }, "origins.0 type, origins.1 type"],
  [{ origins: ["*", "https://a.test"] }, "origins.0 wildcard"],
  [{ origins: ["https://a.test", "null"] }, "origins.1 forbidden"],
  [{ origins: ["*", "*"] }, ""],
  // deno-lint-ignore no-sparse-arrays
  [{ origins: ["https://a.test", , null] }, "origins.1 type, origins.2 type"],
  // Methods.
  [{ ...O, methods: "PUT" }, "methods type"],
  [{ ...O, methods: null }, "methods type"],
  [
    { ...O, methods: ["", "CONNECT", "patch", "put"] },
    "methods.0 syntax, methods.1 forbidden, methods.2 case",
  ],
  [{ ...O, methods: ["PUT", "*"] }, "methods.1 wildcard"],
  // Request headers.
  [{ ...O, headers: "X-A" }, "headers type"],
  [
    { ...O, headers: ["Cookie", "x a", "ok"] },
    "headers.0 forbidden, headers.1 syntax",
  ],
  [{ ...O, headers: ["*", "AUTHORIZATION"] }, ""],
  [{ ...O, headers: ["*", "X-A"] }, "headers.1 wildcard"],
  [{ ...O, headers: ["X-A", "*", "authorization"] }, "headers.0 wildcard"],
  // Response headers.
  [{ ...O, exposeHeaders: {} }, "exposeHeaders type"],
  [
    { ...O, exposeHeaders: ["set-cookie", "", "*"] },
    "exposeHeaders.0 forbidden, exposeHeaders.1 syntax, exposeHeaders.2 wildcard",
  ],
  // Credentials.
  [SECRET, ""],
  [{ ...O, credentials: "false" }, "credentials type"],
  [{ origins: "*", credentials: "true" }, "credentials type"],
  [{ origins: "*", credentials: false }, ""],
  [{ origins: "*", credentials: true }, "origins credentials"],
  [{ origins: ["*"], credentials: true }, "origins.0 credentials"],
  [{ ...SECRET, methods: "*" }, "methods credentials"],
  [{ ...SECRET, headers: "*" }, "headers credentials"],
  [{ ...SECRET, headers: ["*", "authorization"] }, "headers.0 credentials"],
  [{ ...SECRET, exposeHeaders: ["*"] }, "exposeHeaders.0 credentials"],
  [{ origins: ["http://a.test"], credentials: true }, "origins.0 credentials"],
  [{ origins: ["http://a.test"], credentials: true, ...INSECURE }, ""],
  [
    { origins: ["http://a.test"], credentials: true, ...SUBDOMAINS },
    "origins.0 credentials",
  ],
  [{ origins: ["http://localhost:*"], credentials: true }, ""],
  [
    { origins: ["https://*.a.test"], credentials: true },
    "origins.0 credentials",
  ],
  [{ origins: ["https://*.a.test"], credentials: true, ...SUBDOMAINS }, ""],
  [
    { origins: ["http://*.a.test"], credentials: true },
    "origins.0 credentials, origins.0 credentials",
  ],
  [{
    origins: ["http://*.a.test"],
    credentials: true,
    ...SUBDOMAINS,
    ...INSECURE,
  }, ""],
  [{ origins: ["moz-extension://*"] }, ""],
  [
    { origins: ["moz-extension://*"], credentials: true, ...INSECURE },
    "origins.0 credentials",
  ],
  [{ origins: ["capacitor://a", "moz-extension://a"], credentials: true }, ""],
  // Public suffixes.
  [{ origins: ["https://*.vercel.app"] }, "origins.0 suffix"],
  [{ origins: ["https://*.vercel.app"], ...SUFFIXES }, ""],
  [
    { origins: ["https://*.vercel.app"], credentials: true, ...SUBDOMAINS },
    "origins.0 suffix",
  ],
  [
    { origins: ["https://*.vercel.app"], credentials: true, ...SUFFIXES },
    "origins.0 credentials",
  ],
  // Plain values.
  [{ ...O, maxAge: 0 }, ""],
  [{ ...O, maxAge: 86400 }, ""],
  [{ ...O, maxAge: 86401 }, "maxAge type"],
  [{ ...O, maxAge: -1 }, "maxAge type"],
  [{ ...O, maxAge: 1.5 }, "maxAge type"],
  [{ ...O, maxAge: NaN }, "maxAge type"],
  [{ ...O, maxAge: Infinity }, "maxAge type"],
  [{ ...O, maxAge: "600" }, "maxAge type"],
  [{ ...O, maxAge: null }, "maxAge type"],
  [{ ...O, debug: "yes" }, "debug type"],
  [{ ...O, onReject: "log" }, "onReject type"],
  [
    { ...O, dangerouslyAllowInsecureOrigins: 1 },
    "dangerouslyAllowInsecureOrigins type",
  ],
  [
    { ...O, dangerouslyAllowSubdomainsWithCredentials: "yes" },
    "dangerouslyAllowSubdomainsWithCredentials type",
  ],
  // Names.
  [{ ...O, origin: "*" }, "origin unknown"],
  [{ ...O, [Symbol("origins")]: "*" }, ""],
  [
    { ...O, constructor: 1, max_age: 1 },
    "constructor unknown, max_age unknown",
  ],
  // All of them.
  [
    {
      origins: ["https://a.test/", "null"],
      methods: ["CONNECT", "r\u00e9sum\u00e9"],
      headers: ["r\u00e9sum\u00e9", "Cookie"],
      exposeHeaders: ["Set-Cookie"],
      maxAge: 86401,
      credential: true,
    },
    "origins.0 syntax, origins.1 forbidden, methods.0 forbidden, methods.1 syntax, headers.0 syntax, headers.1 forbidden, exposeHeaders.0 forbidden, maxAge type, credential unknown",
  ],
];

for (const [options, expected] of TABLE) {
  Deno.test(`readOptions() finds "${expected}" in ${Deno.inspect(options, { breakLength: Infinity })}`, () => {
    const issues = issuesOf(options);

    assertEquals(
      issues.map(({ path, code }) => `${path} ${code}`).join(", "),
      expected,
    );
  });
}

const MESSAGES: [options: unknown, message: string, hint?: string][] = [
  [
    { origins: ["https://a.test/"] },
    'Cannot allow origin "https://a.test/": write "https://a.test"',
    "https://a.test",
  ],
  [
    { origins: "https://a.test" },
    'Cannot allow origin "https://a.test": expected "*" or an array',
  ],
  [
    { ...O, methods: ["patch"] },
    'Cannot allow method "patch": write "PATCH"',
    "PATCH",
  ],
  [
    { ...O, headers: ["Access-Control-Request-Private-Network"] },
    'Cannot allow request header "Access-Control-Request-Private-Network": remove it: no page can set it',
  ],
  [
    { ...O, headers: ["Cookie"] },
    'Cannot allow request header "Cookie": remove it: no page can',
  ],
  [
    { ...O, exposeHeaders: ["Set-Cookie"] },
    'Cannot expose response header "Set-Cookie": remove it: no page can',
  ],
  [
    { ...O, maxAge: "600" },
    'Cannot set maxAge "600": expected an integer from 0 to 86400',
  ],
  [
    { ...O, credentials: "false" },
    'Cannot set credentials "false": expected a boolean',
  ],
  [
    { ...O, credential: true },
    "Cannot set credential true: write credentials",
    "credentials",
  ],
  [{ ...O, origin: "*" }, 'Cannot set origin "*": write origins', "origins"],
  [{ ...O, colour: 1 }, "Cannot set colour 1: write one of origins, methods"],
];

for (const [options, message, hint] of MESSAGES) {
  Deno.test(`readOptions() writes: ${message}`, () => {
    const [issue] = issuesOf(options);

    assertStringIncludes(issue?.message ?? "", message);
    assertEquals(issue?.hint, hint ?? issue?.message.split(/: (.*)/)[1]);
  });
}

Deno.test("readOptions() reads each option once, and uses what it has checked", () => {
  const reads: string[] = [];
  const values = ["https://a.test"];
  const options = new Proxy({ origins: values, credentials: true }, {
    get(target, name): unknown {
      reads.push(String(name));
      return Reflect.get(target, name);
    },
  });

  const read = readOptions(options);
  values[0] = "null";

  assertEquals(reads.toSorted(), ["credentials", "origins"]);
  assertEquals(read, { origins: ["https://a.test"], credentials: true });
});

Deno.test("readOptions() is not misled by a list that iterates over something else", () => {
  const origins = Object.assign(["null"], {
    [Symbol.iterator]: () => ["https://a.test"].values(),
  });

  assertEquals(readOptions({ origins }).origins, ["https://a.test"]);
});

Deno.test("readOptions() reads options that are inherited", () => {
  class Options {
    get origins(): string[] {
      return ["https://a.test"];
    }
  }

  assertEquals(readOptions(new Options()).origins, ["https://a.test"]);
});

Deno.test("readOptions() throws every error in the options", () => {
  for (const options of [null, "*", { origins: ["null"] }]) {
    assertThrows(() => readOptions(options as CorsOptions), CorsConfigError);
  }
});
