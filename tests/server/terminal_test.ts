import { assertEquals } from "@std/assert";
import { type Output, paint, progress, write } from "../../server/terminal.ts";

/** An output that keeps what it gets, a few bytes at a time. */
class Paper implements Output {
  text = "";
  readonly #isTerminal: boolean;

  constructor(isTerminal: boolean) {
    this.#isTerminal = isTerminal;
  }

  isTerminal(): boolean {
    return this.#isTerminal;
  }

  writeSync(bytes: Uint8Array): number {
    const part = bytes.subarray(0, 3);
    this.text += new TextDecoder().decode(part);
    return part.length;
  }
}

Deno.test("write() writes all, however little is taken at once", () => {
  const paper = new Paper(false);

  write(paper, "a longer line\n");

  assertEquals(paper.text, "a longer line\n");
});

for (
  const [isTerminal, noColor, text] of [
    [true, false, "\x1b[32mok\x1b[0m"],
    [true, true, "ok"],
    [false, false, "ok"],
  ] as const
) {
  Deno.test(`paint() gives ${JSON.stringify(text)} for terminal ${isTerminal}, NO_COLOR ${noColor}`, () => {
    assertEquals(paint(new Paper(isTerminal), "green", "ok", noColor), text);
  });
}

Deno.test("progress() is silent for a second, then tells, then wipes its line", () => {
  const to = new Paper(true);
  let time = 0;
  const step = progress("Reading", 3, { to, now: () => time });

  step();
  assertEquals(to.text, "");
  time = 1000;
  step();
  assertEquals(to.text, "\rReading 2 of 3");
  step();
  assertEquals(to.text, "\rReading 2 of 3\r\x1b[K");
});

Deno.test("progress() is silent where no person looks, and where it was quick", () => {
  const file = new Paper(false);
  const screen = new Paper(true);

  progress("Reading", 2, { to: file, now: () => 5000 })();
  progress("Reading", 1, { to: screen })();

  assertEquals([file.text, screen.text], ["", ""]);
});
