import { record } from "./_record.ts";
import { MockError } from "./mock_error.ts";
import { register, unregister } from "./_sessions.ts";
import type { MethodSpy, Spy, SpyCall } from "./types.ts";

/**
 * Puts a spy in the place of a method.
 *
 * @typeParam Self The type of the object.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @param self The object.
 * @param property The name of the method.
 * @param verb What the caller does, for messages.
 * @param fake What to run in place of the method, if not the method itself.
 * @returns The spy.
 */
export function replaceMethod<Self, Args extends unknown[], Return>(
  self: Self,
  property: keyof Self,
  verb: "spy" | "stub",
  fake?: (this: Self, ...args: Args) => Return,
): MethodSpy<Self, Args, Return> {
  const original = self[property] as (this: Self, ...args: Args) => Return;
  const descriptor = Object.getOwnPropertyDescriptor(self, property);
  // A stub may also take the place of a method that is missing.
  if (typeof original !== "function" && !(fake && original === undefined)) {
    throw new MockError(`Cannot ${verb}: property is not an instance method`);
  }
  if (isSpy(original)) {
    throw new MockError(`Cannot ${verb}: already spying on instance method`);
  }
  if (descriptor && !descriptor.configurable) {
    throw new MockError(`Cannot ${verb}: non-configurable instance method`);
  }

  const calls: SpyCall<Self, Args, Return>[] = [];
  let restored = false;

  function restore(): void {
    if (restored) {
      throw new MockError("Cannot restore: instance method already restored");
    }
    if (descriptor) Object.defineProperty(self, property, descriptor);
    else delete self[property];
    restored = true;
    unregister(spy);
  }

  const spy = Object.defineProperties(record(fake ?? original, calls), {
    original: { enumerable: true, value: original },
    calls: { enumerable: true, value: calls },
    restored: { enumerable: true, get: () => restored },
    restore: { enumerable: true, value: restore },
    [Symbol.dispose]: { value: restore },
  }) as MethodSpy<Self, Args, Return>;

  Object.defineProperty(self, property, {
    configurable: true,
    enumerable: descriptor?.enumerable ?? false,
    writable: descriptor?.writable ?? false,
    value: spy,
  });
  register(spy);
  return spy;
}

function isSpy(value: unknown): boolean {
  const { original, calls, restored, restore } = Object(value) as Partial<Spy>;
  return typeof original === "function" && Array.isArray(calls) &&
    typeof restored === "boolean" && typeof restore === "function";
}
