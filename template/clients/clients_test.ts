/**
 * Generates clients from the OpenAPI document of the running API, and makes the round
 * trip with each: create, page, change with `If-Match`, delete, read a problem.
 *
 * @module
 */

import { Server } from "../../tests/server.ts";

/** A generator, and how its client makes the round trip. */
interface Generator {
  readonly name: string;
  /** Where this is not on the machine, the test is ignored. */
  readonly tools: readonly string[];
  /** Run in the folder of generated code. `$API` is where the API listens. */
  readonly commands: readonly string[];
}

const VENV = [
  "python3 -m venv venv",
  "venv/bin/pip install --quiet -r ../requirements.txt",
];

const GENERATORS: readonly Generator[] = [
  {
    name: "npm: openapi-typescript and openapi-fetch",
    tools: [],
    commands: [
      "deno run -A openapi-typescript openapi.json -o openapi-fetch/schema.ts",
      "deno run -A --check ../openapi_fetch.ts $API",
    ],
  },
  {
    name: "npm: hey-api",
    tools: [],
    commands: [
      "deno run -A @hey-api/openapi-ts -i openapi.json -o hey-api --no-log-file",
      // Its imports have no extension.
      "deno run -A --check --unstable-sloppy-imports ../hey_api.ts $API",
    ],
  },
  {
    name: "npm: orval, with Zod",
    tools: [],
    commands: [
      "deno run -A orval -i openapi.json -o orval/client.ts --client fetch",
      "deno run -A orval -i openapi.json -o orval/zod.ts --client zod",
      // It requests paths.
      "deno run -A --check --location $API ../orval.ts",
    ],
  },
  {
    name: "PyPI: openapi-python-client",
    tools: ["python3"],
    commands: [
      ...VENV,
      "venv/bin/openapi-python-client generate --path openapi.json --output-path python-client",
      "venv/bin/pip install --quiet ./python-client",
      "venv/bin/python ../openapi_python_client.py $API",
    ],
  },
  {
    name: "PyPI: openapi-generator, Python",
    tools: ["python3", "java"],
    commands: [
      ...VENV,
      "venv/bin/openapi-generator-cli generate -g python -i openapi.json -o python",
      "venv/bin/pip install --quiet ./python",
      "venv/bin/python ../openapi_generator.py $API",
    ],
  },
  {
    name: "PyPI: openapi-generator, Go",
    tools: ["python3", "java", "go"],
    commands: [
      ...VENV,
      "venv/bin/openapi-generator-cli generate -g go -i openapi.json -o go",
      "go run -C go ../../openapi_generator.go $API",
    ],
  },
  {
    name: "PyPI: openapi-generator, Java",
    tools: ["python3", "java", "mvn"],
    commands: [
      ...VENV,
      "venv/bin/openapi-generator-cli generate -g java -i openapi.json -o java",
      "mvn --quiet --batch-mode --file java package -Dmaven.test.skip -Dmaven.javadoc.skip",
      "java -cp java/target/*:java/target/lib/* ../OpenapiGenerator.java $API",
    ],
  },
];

const GENERATED = new URL("generated/", import.meta.url);
await Deno.remove(GENERATED, { recursive: true }).catch(() => {});
await Deno.mkdir(GENERATED);

for (const { name, tools, commands } of GENERATORS) {
  const missing = tools.filter((tool) => !isThere(tool)).join(" or ");
  Deno.test({
    name: missing === "" ? name : `${name}: this machine has no ${missing}`,
    ignore: missing !== "",
    fn: () => roundTrip(commands),
  });
}

function isThere(tool: string): boolean {
  try {
    return new Deno.Command(tool, { args: ["--help"] }).outputSync() !== null;
  } catch {
    return false;
  }
}

async function roundTrip(commands: readonly string[]): Promise<void> {
  await using api = await Server.start({});
  const { body } = await fetch(`${api.url}/openapi.json`);
  await Deno.writeFile(new URL("openapi.json", GENERATED), body!);
  for (const command of commands) {
    await run(command.replace("$API", api.url).split(" "));
  }
}

async function run([program, ...args]: readonly string[]): Promise<void> {
  const output = await new Deno.Command(program!, { args, cwd: GENERATED })
    .output();
  if (output.success) return;
  const texts = [output.stdout, output.stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  throw new Error([program, ...args, ...texts].join(" "));
}
