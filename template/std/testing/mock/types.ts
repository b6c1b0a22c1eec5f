/**
 * Shapes of spies and stubs.
 *
 * @module
 */

// deno-lint-ignore-file no-explicit-any

/** One call of a spy. */
export interface SpyCall<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> {
  /** The arguments of the call. */
  args: Args;
  /** What the call returned, unless it threw. */
  returned?: Return;
  /** What the call threw, if it did. */
  error?: Error;
  /** What `this` was, if the call was one of a method. */
  self?: Self;
}

/** A function that remembers its calls. */
export interface Spy<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> {
  /** Calls the function. */
  (this: Self, ...args: Args): Return;
  /** The function that is spied on. */
  original: (this: Self, ...args: Args) => Return;
  /** The calls, in the order in which they ended. */
  calls: SpyCall<Self, Args, Return>[];
  /** Whether the spied method is back in its place. */
  restored: boolean;
  /** Puts the spied method back. A function that is no method cannot be. */
  restore(): void;
}

/** A method that remembers its calls, until it is disposed of. */
export interface MethodSpy<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> extends Spy<Self, Args, Return>, Disposable {}

/** A class that remembers its constructions. */
export interface ConstructorSpy<
  Self = any,
  Args extends unknown[] = any[],
> {
  /** Constructs an instance. */
  new (...args: Args): Self;
  /** The class that is spied on. */
  original: new (...args: Args) => Self;
  /** The constructions, in the order in which they ended. */
  calls: SpyCall<Self, Args, Self>[];
  /** Always `false`. */
  restored: boolean;
  /** Always throws, since a class cannot be put back. */
  restore(): void;
}

/** A spy of any kind. */
export type SpyLike<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> = Spy<Self, Args, Return> | ConstructorSpy<Self, Args>;

/** A stand-in for a method, which remembers its calls. */
export interface Stub<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> extends MethodSpy<Self, Args, Return> {
  /** The function that runs in place of the method. */
  fake: (this: Self, ...args: Args) => Return;
}

/** The parameters of a method. */
export type GetParametersFromProp<Self, Prop extends keyof Self> =
  Self[Prop] extends (...args: infer Args) => unknown ? Args : unknown[];

/** What a method returns. */
export type GetReturnFromProp<Self, Prop extends keyof Self> =
  Self[Prop] extends (...args: any[]) => infer Return ? Return : unknown;

/** What a call of a spy should have been. What is left out may be anything. */
export interface ExpectedSpyCall<
  Self = any,
  Args extends unknown[] = any[],
  Return = any,
> {
  /** The arguments of the call. */
  args?: [...Args, ...unknown[]];
  /** What `this` should have been. */
  self?: Self;
  /** What the call should have returned, or its promise resolved to. */
  returned?: Return;
  /** What the call should have thrown, or its promise rejected with. */
  error?: {
    /** The class of the error. */
    Class?: new (...args: any[]) => Error;
    /** What the message of the error should include. */
    msgIncludes?: string;
  };
}
