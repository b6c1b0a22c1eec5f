/** Writes one line of JSON to the standard output, whole. */
export function tell(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}
