import { nameBy, type Environment } from '../environments/environment.js';

/** Twilio's limits: lists of an account, and users of a list. */
const MOST_LISTS = 100;
const MOST_USERS = 1_000;
/** Dedicated lists of all environments beyond which further tenants share pools: what's left is for the pools. */
const DEDICATED_AT_MOST = MOST_LISTS - 10;

/** Users of a tenant that need places. */
export interface PlacesWanted {
  readonly tenant: string;
  readonly placement: Exclude<Environment['placement'], 'subaccount'>;
  /** The list that it has users in already. */
  readonly beside: string | undefined;
  readonly users: number;
}

/** What lists are called by. */
interface PlacesNamed extends Pick<Environment, 'name'> {
  readonly naming: Pick<Environment['naming'], 'list'>;
}

/** Where in the account's lists there are places left: filled to the last one, since each list more is a read more at every look. */
export class ListPlaces {
  private readonly fill: Map<string, number>;

  /** @param fill users of each list, of all environments */
  constructor(fill: ReadonlyMap<string, number>) {
    this.fill = new Map(fill);
  }

  /** The list that these users go into; their places are taken. Beside the tenant's others while there is room, else in another one: the domain lets in the users of all its lists. */
  take(environment: PlacesNamed, wanted: PlacesWanted): string {
    const list = this.choose(environment, wanted);
    this.fill.set(list, (this.fill.get(list) ?? 0) + wanted.users);
    return list;
  }

  private choose({ name, naming }: PlacesNamed, { tenant, placement, beside, users }: PlacesWanted): string {
    if (beside !== undefined && this.hasRoom(beside, users)) return beside;
    const own = nameBy(naming.list, { code: tenant }) ?? tenant;
    if (placement === 'dedicated' && this.hasRoom(own, users) && (this.fill.has(own) || [...this.fill.keys()].filter((list) => !isPool(list)).length < DEDICATED_AT_MOST)) return own;
    for (let pool = 1; ; pool += 1) {
      const list = `${name.toUpperCase()}_Pool_${pool}`;
      if (this.hasRoom(list, users)) return list;
    }
  }

  private hasRoom(list: string, users: number): boolean {
    return (this.fill.get(list) ?? 0) + users <= MOST_USERS;
  }
}

const isPool = (list: string): boolean => /^[A-Z0-9-]+_Pool_\d+$/.test(list);
