export type Indexed = string | number | boolean | null;
export interface Meta {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}
export type Value<Fields> = Fields & Meta;
export interface Stored<Fields> {
  readonly value: Value<Fields>;
  readonly version: string;
}
export interface Page<Fields> {
  readonly items: readonly Value<Fields>[];
  readonly next: string | null;
}
export interface PageRange {
  readonly limit: number;
  readonly before?: string | undefined;
}
export type Filter = Readonly<Record<string, Indexed>>;
export interface Once {
  readonly key: string;
  readonly bodyHash: string;
}
export type Precondition = (version: string) => boolean;
export type Change<Fields> =
  & { readonly id: string }
  & ({ event: "created" | "updated"; value: Value<Fields> } | {
    event: "deleted";
    valueId: string;
  } | { event: "reset" });
export interface Changes<Fields> extends AsyncIterable<Change<Fields>> {
  readonly from: string;
}
export const CHANGE_ID: RegExp = /^[0-9a-f]{20}(?:[0-9a-f]{2})?$/;
export interface Collection<Fields extends object> {
  create(
    fields: Fields,
    once?: Once,
    signal?: AbortSignal,
  ): Promise<Stored<Fields>>;
  get(id: string): Promise<Stored<Fields> | null>;
  list(filter: Filter, range: PageRange): Promise<Page<Fields>>;
  update(
    id: string,
    change: (
      value: Value<Fields>,
    ) => Fields | undefined | Promise<Fields | undefined>,
    precondition?: Precondition,
    signal?: AbortSignal,
  ): Promise<Stored<Fields> | null>;
  delete(
    id: string,
    precondition?: Precondition,
    signal?: AbortSignal,
  ): Promise<boolean>;
  changes(
    options: { after?: string | undefined; signal: AbortSignal },
  ): Promise<Changes<Fields>>;
}
export interface CollectionDeclaration {
  readonly name: string;
  readonly indexes: readonly string[];
  readonly defaults?: Readonly<Record<string, unknown>>;
}
export interface Database extends AsyncDisposable {
  collection<Fields extends object>(
    declaration: CollectionDeclaration,
  ): Promise<Collection<Fields>>;
  ping(): Promise<void>;
  sweep(): Promise<number>;
}
