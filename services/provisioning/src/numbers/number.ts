/** A number that callers dial, in E.164. It belongs to one tenant at a time; `revision` counts over all of them. */
export interface AssignedNumber {
  readonly number: string;
  readonly tenant: string;
  /** Code of the route it leads to. */
  readonly route: string;
  readonly revision: number;
}
