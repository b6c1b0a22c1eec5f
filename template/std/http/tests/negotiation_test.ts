import { assertEquals } from "@std/assert";
import {
  accepts,
  acceptsEncodings,
  acceptsLanguages,
} from "@std/http/negotiation";

/** A header, what is offered, and the answer. */
type Row = readonly [
  header: string,
  offers: readonly string[],
  answer: string | string[] | undefined,
];

function table(
  name: string,
  header: string,
  negotiate: typeof accepts,
  rows: readonly Row[],
): void {
  Deno.test(name, () => {
    for (const [value, offers, answer] of rows) {
      const headers = new Headers(value ? { [header]: value } : {});
      assertEquals(negotiate({ headers }, ...offers), answer, value);
    }
  });
}

table("accepts() lists media types, best first", "Accept", accepts, [
  ["", [], ["*/*"]],
  ["text/csv", [], ["text/csv"]],
  ["a/b;q=0.1, c/d, e/f;q=0.5, g/h", [], ["c/d", "g/h", "e/f", "a/b"]],
  ["a/b;q=0, c/d;q=x", [], []],
  ["nonsense, a/b;level=1;", [], ["a/b"]],
]);

table("accepts() chooses a media type", "Accept", accepts, [
  ["", ["a/b", "c/d"], "a/b"],
  ["a/b, c/d", ["c/d", "a/b"], "c/d"],
  ["a/b;q=0.5, c/d", ["a/b", "c/d"], "c/d"],
  ["*/*", ["a/b"], "a/b"],
  ["a/*", ["c/d", "a/b"], "a/b"],
  ["A/B", ["a/b"], "a/b"],
  ["a/b", ["c/d"], undefined],
  ["a/c", ["a/b"], undefined],
  ["a/b;q=0, */*", ["a/b"], undefined],
  ["a/*;q=0.9, a/b;q=0.1, */*;q=0.5", ["a/b", "c/d"], "c/d"],
  ["a/b;q=0.2, a/b;q=0.8, c/d;q=0.5", ["c/d", "a/b"], "a/b"],
  ["*/*, a/b", ["c/d", "a/b"], "a/b"],
  ["a/b;v=1", ["a/b", "a/b;v=2", "a/b;v=1"], "a/b;v=1"],
  ['a/b;V="X";q=1;ignored=1', ["a/b;v=x"], "a/b;v=x"],
  ["a/b;v", ["a/b"], "a/b"],
  ['a/b;q="0.1", c/d;Q=0.2', ["a/b", "c/d"], "c/d"],
  ["a/b", ["nonsense", "a/b"], "a/b"],
]);

table(
  "acceptsEncodings() lists encodings, and identity",
  "Accept-Encoding",
  acceptsEncodings,
  [
    ["", [], ["*"]],
    ["gzip", [], ["gzip", "identity"]],
    ["gzip;q=0.5, br", [], ["br", "gzip", "identity"]],
    ["gzip;q=0", [], ["identity"]],
    ["gzip, identity;q=0", [], ["gzip"]],
    ["gzip;q=0.5, *;q=0.1", [], ["gzip", "*"]],
    ["not one, br", [], ["br", "identity"]],
  ],
);

table(
  "acceptsEncodings() chooses an encoding",
  "Accept-Encoding",
  acceptsEncodings,
  [
    ["", ["br", "gzip"], "br"],
    ["gzip, br", ["br", "gzip"], "gzip"],
    ["gzip;q=0.5, br", ["gzip", "br"], "br"],
    ["GZIP", ["gzip"], "gzip"],
    ["gzip", ["br", "identity"], "identity"],
    ["gzip", ["br"], undefined],
    ["*;q=0", ["br", "identity"], undefined],
    ["br;q=0, *", ["br", "zstd"], "zstd"],
  ],
);

table(
  "acceptsLanguages() lists languages, best first",
  "Accept-Language",
  acceptsLanguages,
  [
    ["", [], ["*"]],
    ["fr;q=0.5, de-CH, *;q=0.1", [], ["de-CH", "fr", "*"]],
    ["de-, fr", [], ["fr"]],
  ],
);

table(
  "acceptsLanguages() chooses a language, by region or not",
  "Accept-Language",
  acceptsLanguages,
  [
    ["", ["de", "fr"], "de"],
    ["de-ch, fr;q=0.5", ["fr", "de-CH", "de"], "de-CH"],
    ["de-CH, fr;q=0.5", ["fr", "de"], "de"],
    ["de", ["de-CH"], "de-CH"],
    ["fr, de", ["de", "fr"], "fr"],
    ["fr", ["de"], undefined],
    ["de-CH, fr-FR, de-AT", ["de", "fr"], "fr"],
    ["fr, *;q=0.1", ["de", "it"], "de"],
  ],
);
