/** What can run SQL: a pool, or one transaction. */
export interface Queryable {
  /** Rows of a query. Values ride as parameters ($1 …), never inside the text. bigint comes as number, timestamptz as Date, date as text. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement; how many rows it touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

/** An open transaction. It's over when the function that got it has returned or thrown; keep no reference to it. */
export interface Tx extends Queryable {
  /** Called once after the commit, never after a rollback. Must not throw; not awaited. For wake-ups, not for effects: a crash skips it. */
  onCommit(after: () => void): void;
}
