// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Checks the version of Deno, before a task does something that an old one has not.
 *
 * @module
 */

if (import.meta.main) {
  const version = Deno.version.deno;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 9)) {
    console.error(
      `Deno ${version} is too old: get 2.9 or later with "deno upgrade", or with "npx --yes deno@2.9.6" in place of "deno"`,
    );
    Deno.exit(1);
  }
}
