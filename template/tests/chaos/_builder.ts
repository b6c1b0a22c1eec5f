/** Opens the tasks of a file, which builds their indexes, and reports when it begins and ends. */

import { openTasks } from "../../../tests/store/tasks.ts";
import { tell } from "./_tell.ts";

const [path = ""] = Deno.args;
tell("opening");
await using _open = await openTasks(path, { timeoutMs: 60_000 });
tell("opened");
