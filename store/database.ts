import type { Database } from "./collection.ts";
export function openDatabase(
  _path: string | undefined,
  _options?: { timeoutMs?: number; report?: (message: string) => void },
): Promise<Database> {
  throw new Error();
}
