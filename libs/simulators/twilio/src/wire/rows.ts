import { newSid } from './sid.js';

export type Attribute = string | number | boolean | null | readonly Attribute[] | { readonly [name: string]: Attribute };
export type Attributes = Readonly<Record<string, Attribute>>;

/** One thing of an account. `attributes` are named as in Twilio's JSON. */
export interface Row {
  readonly sid: string;
  readonly createdAt: Date;
  updatedAt: Date;
  attributes: Attributes;
}

/** What became of a thing. `before` is what it was until then, of one that was changed. */
export interface RowChange {
  readonly what: 'created' | 'updated' | 'deleted';
  readonly row: Row;
  readonly before?: Attributes;
}

/** The things of one kind that an account has, in the order of their making. */
export class Rows {
  private readonly bySid = new Map<string, Row>();

  /**
   * @param prefix of their identifiers
   * @param hiddenMs how long a new one isn't to be seen by whoever reads: Twilio's reads run behind its writes at times
   * @param changed is told of every change
   */
  constructor(
    private readonly prefix: string,
    private readonly hiddenMs: () => number,
    private readonly changed: (change: RowChange) => void = () => {},
  ) {}

  get size(): number {
    return this.bySid.size;
  }

  add(attributes: Attributes, sid = newSid(this.prefix)): Row {
    const now = new Date();
    const row = { sid, createdAt: now, updatedAt: now, attributes };
    this.bySid.set(sid, row);
    this.changed({ what: 'created', row });
    return row;
  }

  /** As Twilio knows it itself, whoever may see it. */
  get(sid: string): Row | undefined {
    return this.bySid.get(sid);
  }

  all(): Row[] {
    return [...this.bySid.values()];
  }

  /** The one with this attribute, by Twilio's own knowledge: names are taken from the moment of their making. */
  having(name: string, value: Attribute): Row | undefined {
    return this.all().find(({ attributes }) => attributes[name] === value);
  }

  /** As a reader sees it. */
  seen(sid: string): Row | undefined {
    const row = this.bySid.get(sid);
    return row !== undefined && this.isSeen(row) ? row : undefined;
  }

  allSeen(): Row[] {
    return this.all().filter((row) => this.isSeen(row));
  }

  change(row: Row, attributes: Attributes): void {
    const before = row.attributes;
    row.attributes = { ...before, ...attributes };
    row.updatedAt = new Date();
    this.changed({ what: 'updated', row, before });
  }

  remove(sid: string): boolean {
    const row = this.bySid.get(sid);
    if (row === undefined) return false;
    this.bySid.delete(sid);
    this.changed({ what: 'deleted', row });
    return true;
  }

  private isSeen(row: Row): boolean {
    return Date.now() - row.createdAt.getTime() >= this.hiddenMs();
  }
}
