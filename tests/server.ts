import permissions from "../server/permissions.json" with { type: "json" };

const ROOT = `${import.meta.dirname}/..`;
const MAIN = `${ROOT}/main.ts`;

/** Every setting, unset: neither those of this process count, nor those of `.env`. */
export const UNSET: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    /--allow-env=(HOST,[\w,]+)/.exec(permissions.tasks.serve)![1]!.split(",")
      .map((name) => [name, ""]),
  ),
  // Deno warns of an empty one.
  OTEL_DENO: "false",
};

/** A line of the log. */
export type Line = { msg: string } & Record<string, unknown>;

/** How a program is started, if not as usual. */
export interface Start {
  /** Maximum number of open handles. */
  handles?: number;
  /** Working directory. */
  cwd?: string;
  /** Arguments of Deno. */
  args?: string[];
  /** Whether its environment is no more than what is given, so that `.env` counts. */
  clearEnv?: boolean;
}

/** The program in its own process, on a free port. */
export class Server implements AsyncDisposable {
  /** The line of the log with its URLs. */
  listening: Line = { msg: "" };
  readonly #child: Deno.ChildProcess;
  readonly #awaited = new Map<string, (line: Line) => void>();
  readonly #ended: Promise<void>;
  readonly #errors: Promise<string>;

  private constructor(
    env: Record<string, string>,
    command: string[],
    { cwd = ROOT, clearEnv = false }: Start,
  ) {
    const [program, ...args] = command;
    const usual = { ...UNSET, KV_PATH: ":memory:" };
    this.#child = new Deno.Command(program!, {
      args,
      cwd,
      clearEnv,
      env: {
        ...(!clearEnv && usual),
        PORT: "0",
        LOG_FORMAT: "json",
        ...env,
      },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#errors = new Response(this.#child.stderr).text();
    this.#ended = this.#read();
  }

  /** Starts it, and waits until it listens. */
  static async start(
    env: Record<string, string>,
    start: Start = {},
  ): Promise<Server> {
    const { handles, args = ["run", "-A", "--no-prompt", MAIN, "serve"] } =
      start;
    const command = [Deno.execPath(), ...args];
    return await Server.#start(
      env,
      handles === undefined
        ? command
        : ["sh", "-c", `ulimit -n ${handles}; exec "$@"`, "sh", ...command],
      start,
    );
  }

  /** Starts it with the permissions of `deno task start`. */
  static async startTask(
    env: Record<string, string> & { KV_PATH: string },
  ): Promise<Server> {
    const script = permissions.tasks.serve.replaceAll("deno run", '"$0" run')
      .replace("&& ", "&& exec ");
    return await Server.#start({ RELOAD: "", ...env }, [
      "sh",
      "-c",
      script,
      Deno.execPath(),
    ]);
  }

  static async #start(
    env: Record<string, string>,
    command: string[],
    start: Start = {},
  ): Promise<Server> {
    const server = new Server(env, command, start);
    server.listening = await server.line("listening");
    return server;
  }

  /** Its URL. */
  get url(): string {
    return this.listening["url"] as string;
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Its port. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Waits for the next line of the log with this message. */
  async line(msg: string): Promise<Line> {
    const { promise, resolve } = Promise.withResolvers<Line>();
    this.#awaited.set(msg, resolve);
    const ended = this.#ended.then(async () => {
      throw new Error(`No line "${msg}": ${await this.#errors}`);
    });
    return await Promise.race([promise, ended]);
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Resolves to its exit status once it has ended. */
  async status(): Promise<number> {
    await this.#ended;
    return (await this.#child.status).code;
  }

  /** Resolves to what it printed to stderr, once it has ended. */
  errors(): Promise<string> {
    return this.#errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has already ended.
    }
    await this.status();
    await this.#errors;
  }

  // Every line is read: a full pipe would block the program.
  async #read(): Promise<void> {
    const lines = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(linesOf());
    for await (const text of lines) {
      if (this.#awaited.size === 0) continue;
      const line = JSON.parse(text) as Line;
      this.#awaited.get(line.msg)?.(line);
      this.#awaited.delete(line.msg);
    }
  }
}

function linesOf(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, controller): void {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}
