import { record } from "./_record.ts";
import { replaceMethod } from "./_replace_method.ts";
import { MockError } from "./mock_error.ts";
import type {
  ConstructorSpy,
  GetParametersFromProp,
  GetReturnFromProp,
  MethodSpy,
  Spy,
  SpyCall,
  SpyLike,
} from "./types.ts";

/**
 * Creates a function that does nothing but remember its calls.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCall, spy } from "@std/testing/mock";
 *
 * const report = spy();
 * [7].forEach((value) => report(value));
 * assertSpyCall(report, 0, { args: [7], returned: undefined });
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @returns The spy.
 */
export function spy<
  // deno-lint-ignore no-explicit-any
  Self = any,
  // deno-lint-ignore no-explicit-any
  Args extends unknown[] = any[],
  Return = undefined,
>(): Spy<Self, Args, Return>;
/**
 * Wraps a function so that it remembers its calls.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCall, spy } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const double = spy((n: number) => n * 2);
 * assertEquals(double(4), 8);
 * assertSpyCall(double, 0, { args: [4], returned: 8 });
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @param func The function to wrap.
 * @returns The spy.
 */
export function spy<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Return,
): Spy<Self, Args, Return>;
/**
 * Extends a class so that it remembers its constructions.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCall, spy } from "@std/testing/mock";
 * import { assertInstanceOf } from "@std/assert";
 *
 * class Task {
 *   constructor(readonly id: number) {}
 * }
 * const TaskSpy = spy(Task);
 * const task = new TaskSpy(7);
 * assertInstanceOf(task, Task);
 * assertSpyCall(TaskSpy, 0, { args: [7], returned: task });
 * ```
 *
 * @typeParam Self The type of the instances.
 * @typeParam Args The types of the arguments.
 * @param constructor The class to extend.
 * @returns The spy.
 */
export function spy<Self, Args extends unknown[]>(
  constructor: new (...args: Args) => Self,
): ConstructorSpy<Self, Args>;
/**
 * Makes a method remember its calls, until the spy is restored.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCall, spy } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ Accept: "*" });
 * using get = spy(headers, "get");
 * assertEquals(headers.get("Accept"), "*");
 * assertSpyCall(get, 0, { self: headers, args: ["Accept"], returned: "*" });
 * ```
 *
 * @typeParam Self The type of the object.
 * @typeParam Prop The name of the method.
 * @param self The object.
 * @param property The name of the method.
 * @returns The spy.
 * @throws {MockError} If the property is no method, is spied on already, or
 * cannot be changed.
 */
export function spy<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
): MethodSpy<
  Self,
  GetParametersFromProp<Self, Prop>,
  GetReturnFromProp<Self, Prop>
>;
export function spy<Self, Args extends unknown[], Return>(
  target?:
    | ((this: Self, ...args: Args) => Return)
    | (new (...args: Args) => Self)
    | Self,
  property?: keyof Self,
): SpyLike<Self, Args, Return> {
  if (target && property !== undefined) {
    return replaceMethod<Self, Args, Return>(target as Self, property, "spy");
  }
  return target?.toString().startsWith("class")
    ? spyOnClass(target as new (...args: Args) => Self)
    : spyOnFunction(target as (this: Self, ...args: Args) => Return);
}

function spyOnFunction<Self, Args extends unknown[], Return>(
  original = (() => {}) as unknown as (this: Self, ...args: Args) => Return,
): Spy<Self, Args, Return> {
  const calls: SpyCall<Self, Args, Return>[] = [];
  return Object.defineProperties(record(original, calls), {
    original: { enumerable: true, value: original },
    calls: { enumerable: true, value: calls },
    restored: { enumerable: true, value: false },
    restore: { enumerable: true, value: () => refuseToRestore("function") },
  }) as Spy<Self, Args, Return>;
}

function spyOnClass<Self, Args extends unknown[]>(
  original: new (...args: Args) => Self,
): ConstructorSpy<Self, Args> {
  const calls: SpyCall<Self, Args, Self>[] = [];
  const Original = original as unknown as new (...args: Args) => object;
  return class extends Original {
    static override readonly name = original.name;
    static readonly original = original;
    static readonly calls = calls;
    static readonly restored = false;
    static restore(): void {
      refuseToRestore("constructor");
    }

    // deno-lint-ignore constructor-super -- it is called inside the try
    constructor(...args: Args) {
      const call: SpyCall<Self, Args, Self> = { args };
      try {
        super(...args);
        call.returned = this as unknown as Self;
      } catch (error) {
        call.error = error as Error;
        throw error;
      } finally {
        calls.push(call);
      }
    }
  } as unknown as ConstructorSpy<Self, Args>;
}

function refuseToRestore(what: string): never {
  throw new MockError(`Cannot restore: ${what} cannot be restored`);
}
