/** Keeps a database from being written to for some milliseconds. */

import { DatabaseSync } from "node:sqlite";
import { tell } from "./_tell.ts";

const [path = "", ms = ""] = Deno.args;
using db = new DatabaseSync(path, { timeout: 5000 });
db.exec("begin immediate");
tell("locked");
await new Promise((resolve) => setTimeout(resolve, Number(ms)));
db.exec("rollback");
