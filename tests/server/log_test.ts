import { assertEquals, assertNotMatch } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import {
  createLog,
  type Log,
  LOG_LEVELS,
  type LogFields,
  type LogLevel,
  type LogOptions,
} from "../../server/log.ts";

const FORMATS = ["json", "text"] as const;

const LINES: [name: string, fields: LogFields, json: string, text: string][] = [
  ["no fields", {}, "", ""],
  ["a string", { path: "/tasks" }, ',"path":"/tasks"', " path=/tasks"],
  ["a number", { status: 200 }, ',"status":200', " status=200"],
  ["a boolean", { open: false }, ',"open":false', " open=false"],
  ["undefined", { route: undefined, a: 1 }, ',"a":1', " a=1"],
  ["an empty string", { id: "" }, ',"id":""', ' id=""'],
  ["a space", { a: "b c" }, ',"a":"b c"', ' a="b c"'],
  ["an equals sign", { a: "b=c" }, ',"a":"b=c"', ' a="b=c"'],
  ["a quote", { a: '"' }, String.raw`,"a":"\""`, String.raw` a="\""`],
  [
    "a line feed",
    { a: "x\ny" },
    String.raw`,"a":"x\ny"`,
    String.raw` a="x\ny"`,
  ],
  [
    "an escape sequence",
    { a: "\x1b[2J" },
    String.raw`,"a":"\u001b[2J"`,
    String.raw` a="\u001b[2J"`,
  ],
  [
    "DEL and C1",
    { a: "\x7f\x9b" },
    String.raw`,"a":"\u007f\u009b"`,
    String.raw` a="\u007f\u009b"`,
  ],
  [
    "a change of direction",
    { a: "\u202e\u2066" },
    String.raw`,"a":"\u202e\u2066"`,
    String.raw` a="\u202e\u2066"`,
  ],
  [
    "a line separator",
    { a: "\u2028" },
    String.raw`,"a":"\u2028"`,
    String.raw` a="\u2028"`,
  ],
  [
    "a lone surrogate",
    { a: "\ud800" },
    String.raw`,"a":"\ud800"`,
    String.raw` a="\ud800"`,
  ],
  ["another script", { a: "ü" }, ',"a":"ü"', ' a="ü"'],
  ["__proto__", { ["__proto__"]: 1 }, ',"__proto__":1', " __proto__=1"],
];

for (const [name, fields, json, text] of LINES) {
  Deno.test(`createLog() writes ${name} as JSON`, () => {
    assertEquals(written("json", fields), [
      `{"time":"1970-01-01T00:00:00.001Z","level":"info","msg":"hi"${json}}\n`,
    ]);
  });

  Deno.test(`createLog() writes ${name} as text`, () => {
    assertEquals(written("text", fields), [
      `1970-01-01T00:00:00.001Z info hi${text}\n`,
    ]);
  });
}

for (const format of FORMATS) {
  Deno.test(`createLog() keeps every character on one line in ${format}`, () => {
    let text = "";
    for (let code = 0; code < 0x3000; code++) text += String.fromCharCode(code);

    const [line, ...others] = written(format, { text });

    assertEquals(others, []);
    // Unicode: controls, separators of lines, and marks of direction.
    assertNotMatch(
      line!.slice(0, -1),
      /[\p{Cc}\p{Zl}\p{Zp}]|\p{Bidi_Control}/u,
    );
  });
}

Deno.test("createLog() writes JSON that parses to what was logged", () => {
  const fields = { a: '"\\\n\u202e\x9b\ud800😀', b: 1 };

  assertEquals(JSON.parse(written("json", fields)[0]!), {
    time: "1970-01-01T00:00:00.001Z",
    level: "info",
    msg: "hi",
    ...fields,
  });
});

Deno.test("createLog() writes what JSON.stringify() and one replacement do", () => {
  const parts = ["", "a", " ", "=", '"', "\\", "/", "\n", "\x7f", "\x9b", "é"]
    .concat("\u2028", "\u202e", "\ud83d", "\ude00", "😀", "~", "[", "\x00");
  const values = [0, -0, 1.5, 1e21, NaN, -Infinity, true, false, undefined];
  const time = "1970-01-01T00:00:00.001Z";

  for (let number = 0; number < 19 ** 3; number++) {
    const digits = [1, 19, 361].map((unit) => Math.trunc(number / unit) % 19);
    const text = digits.map((digit) => parts[digit]).join("");
    const fields = { text, value: values[number % 9], [`n${number}`]: "GET" };
    const plain = JSON.stringify({ time, level: "info", msg: "hi", ...fields });

    assertEquals(written("json", fields), [
      plain.replace(
        /[\x7f-\x9f\u2028\u202e]/g,
        (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ) + "\n",
    ]);
  }
});

const WRITTEN: [lowest: LogLevel, levels: LogLevel[]][] = [
  ["debug", ["debug", "info", "warn", "error"]],
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
];

for (const [lowest, levels] of WRITTEN) {
  Deno.test(`createLog() writes ${levels.join(", ")} at level ${lowest}`, () => {
    const { log, lines } = open({ level: lowest, format: "text" });

    for (const level of LOG_LEVELS) log(level, "hi");

    assertEquals(lines.map((line) => line.split(" ")[1]), levels);
  });
}

function open(
  options: Omit<LogOptions, "write">,
): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return {
    log: createLog({ ...options, write: (line) => lines.push(line) }),
    lines,
  };
}

function written(format: LogOptions["format"], fields: LogFields): string[] {
  using _time = new FakeTime(1);
  const { log, lines } = open({ level: "info", format });
  log("info", "hi", fields);
  return lines;
}
