/** A writer in its own thread. */

import { openTasks } from "../../../tests/store/tasks.ts";
import { type Acknowledged, PATIENCE_MS, write } from "./_writer.ts";

// The compiler takes it for a window, where messages need a target.
const port = self as unknown as MessagePort;

self.addEventListener("message", async (event) => {
  const { path, turns } = (event as MessageEvent).data;
  const told: Acknowledged[] = [];
  {
    await using open = await openTasks(path, { timeoutMs: PATIENCE_MS });
    for (let turn = 1; turn <= turns; turn++) {
      await write(open, turn, (line) => told.push(line));
    }
  }
  port.postMessage(told);
});
