/**
 * The spies and stubs that are in place, by session. The last session is the
 * current one.
 *
 * @module
 */

/** What a session can restore. */
export interface Restorable {
  /** Puts the original back. */
  restore(): void;
}

/** All sessions. */
export const sessions: Set<Restorable>[] = [];

/**
 * Opens a session.
 *
 * @returns Its identifier.
 */
export function open(): number {
  return sessions.push(new Set()) - 1;
}

/**
 * Adds a spy to the current session.
 *
 * @param spy The spy.
 */
export function register(spy: Restorable): void {
  if (sessions.length === 0) open();
  sessions.at(-1)!.add(spy);
}

/**
 * Takes a spy out of the current session.
 *
 * @param spy The spy.
 */
export function unregister(spy: Restorable): void {
  sessions.at(-1)?.delete(spy);
}
