import { replaceMethod } from "./_replace_method.ts";
import type {
  GetParametersFromProp,
  GetReturnFromProp,
  Stub,
} from "./types.ts";

/**
 * Puts a function that does nothing in the place of a method, until the stub is
 * restored.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCalls, stub } from "@std/testing/mock";
 *
 * using error = stub(console, "error");
 * console.error("This is not printed");
 * assertSpyCalls(error, 1);
 * ```
 *
 * @typeParam Self The type of the object.
 * @typeParam Prop The name of the method.
 * @param self The object.
 * @param property The name of the method.
 * @returns The stub.
 * @throws {MockError} If the property is no method, is spied on already, or
 * cannot be changed.
 */
export function stub<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
): Stub<Self, GetParametersFromProp<Self, Prop>, GetReturnFromProp<Self, Prop>>;
/**
 * Puts another function in the place of a method, until the stub is restored.
 *
 * @example Usage
 * ```ts
 * import { stub } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * using _random = stub(Math, "random", () => 0.5);
 * assertEquals(Math.random(), 0.5);
 * ```
 *
 * @typeParam Self The type of the object.
 * @typeParam Prop The name of the method.
 * @param self The object.
 * @param property The name of the method.
 * @param func The function to run in place of the method.
 * @returns The stub.
 * @throws {MockError} If the property is no method, is spied on already, or
 * cannot be changed.
 */
export function stub<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
  func: (
    this: Self,
    ...args: GetParametersFromProp<Self, Prop>
  ) => GetReturnFromProp<Self, Prop>,
): Stub<Self, GetParametersFromProp<Self, Prop>, GetReturnFromProp<Self, Prop>>;
export function stub<Self, Args extends unknown[], Return>(
  self: Self,
  property: keyof Self,
  fake = (() => {}) as unknown as (this: Self, ...args: Args) => Return,
): Stub<Self, Args, Return> {
  const spy = replaceMethod(self, property, "stub", fake);
  return Object.defineProperty(spy, "fake", {
    enumerable: true,
    value: fake,
  }) as Stub<Self, Args, Return>;
}
