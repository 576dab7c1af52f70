/** A statement that each connection has parsed and planned once, under its name: for hot paths. A name stands for one text for ever. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** The statement as the driver takes it. */
export const asQuery = (text: string | Prepared, values: readonly unknown[]): { readonly text: string; readonly name?: string; values: unknown[] } => ({
  ...(typeof text === 'string' ? { text } : text),
  values: [...values],
});

/** What can run SQL: a pool, or one transaction. */
export interface Queryable {
  /** Rows of a query. Values ride as parameters ($1 …), never inside the text. bigint comes as number, timestamptz as Date, date as text. */
  query<Row extends object>(text: string | Prepared, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement; how many rows it touched. */
  run(text: string | Prepared, values?: readonly unknown[]): Promise<number>;
}

/** An open transaction. It's over when the function that got it has returned or thrown, and then takes no statement any more; keep no reference to it. */
export interface Tx extends Queryable {
  /** Called once after the commit, never after a rollback. Must not throw; not awaited. For wake-ups, not for effects: a crash skips it. */
  onCommit(after: () => void): void;
}
