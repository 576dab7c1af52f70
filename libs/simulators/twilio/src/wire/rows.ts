import { newSid } from './sid.js';

export type Attribute = string | boolean | null | Readonly<Record<string, boolean>>;
export type Attributes = Readonly<Record<string, Attribute>>;

/** One thing of an account. `attributes` are named as in Twilio's JSON. */
export interface Row {
  readonly sid: string;
  readonly createdAt: Date;
  updatedAt: Date;
  attributes: Attributes;
}

/** The things of one kind that an account has, in the order of their making. */
export class Rows {
  private readonly bySid = new Map<string, Row>();

  /**
   * @param prefix of their identifiers
   * @param hiddenMs how long a new one isn't to be seen by whoever reads: Twilio's reads run behind its writes at times
   */
  constructor(
    private readonly prefix: string,
    private readonly hiddenMs: () => number,
  ) {}

  get size(): number {
    return this.bySid.size;
  }

  add(attributes: Attributes, sid = newSid(this.prefix)): Row {
    const now = new Date();
    const row = { sid, createdAt: now, updatedAt: now, attributes };
    this.bySid.set(sid, row);
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
    row.attributes = { ...row.attributes, ...attributes };
    row.updatedAt = new Date();
  }

  remove(sid: string): boolean {
    return this.bySid.delete(sid);
  }

  private isSeen(row: Row): boolean {
    return Date.now() - row.createdAt.getTime() >= this.hiddenMs();
  }
}
