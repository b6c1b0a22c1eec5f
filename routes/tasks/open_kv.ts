/**
 * Opens Deno KV, or says in one sentence why not and what to do.
 *
 * @module
 */

/** An open database. */
export interface KvHandles extends Disposable {
  /** To read and to watch. */
  readonly read: Deno.Kv;
  /** To write. */
  readonly write: Deno.Kv;
  /** Whether other processes write without a watch of this one being told. */
  readonly polls: boolean;
}

export async function openKv(path: string | undefined): Promise<KvHandles> {
  const kv = await Deno.openKv(path);
  return {
    read: kv,
    write: kv,
    polls: false,
    [Symbol.dispose]: () => kv.close(),
  };
}
