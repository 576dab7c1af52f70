import type { Rows } from '../wire/rows.js';

/** What an account has told of its customers, and the bundles made of it. */
export class Regulatory {
  readonly endUsers: Rows;
  readonly documents: Rows;
  readonly bundles: Rows;
  private readonly parts = new Map<string, { readonly items: Rows; readonly evaluations: Rows }>();

  /** @param rows new ones, with that prefix */
  constructor(private readonly rows: (prefix: string) => Rows) {
    this.endUsers = rows('IT');
    this.documents = rows('RD');
    this.bundles = rows('BU');
  }

  partsOf(bundleSid: string): { readonly items: Rows; readonly evaluations: Rows } {
    const there = this.parts.get(bundleSid);
    if (there !== undefined) return there;
    const made = { items: this.rows('BV'), evaluations: this.rows('EL') };
    this.parts.set(bundleSid, made);
    return made;
  }

  /** The bundle that something is assigned to, if any. */
  assignedTo(objectSid: string): string | undefined {
    return this.bundles.all().find(({ sid }) => this.partsOf(sid).items.having('object_sid', objectSid) !== undefined)?.sid;
  }
}
