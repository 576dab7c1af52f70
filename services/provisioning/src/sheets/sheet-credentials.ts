import type { SheetFacts } from '@troncal/device-sheets';

/** What a phone has to be told, and which telephone it is where that is declared. */
export interface PhoneFacts extends SheetFacts {
  /** MAC address, in any way of writing one. */
  readonly mac?: string | undefined;
}

/** Tells all that the phones of a tenant have to know, passwords included, as it holds now. The only way to a password that a sheet has. */
export abstract class SheetCredentials {
  /**
   * In order of extension; what is disabled is left out.
   * @returns undefined when there is no such environment, or no such tenant in it
   * @throws PermanentError when the environment lacks what a sheet needs, saying what to set
   */
  abstract load(environment: string, tenant: string): Promise<readonly PhoneFacts[] | undefined>;
}

/** The environment of our own Asterisk. */
export const ASTERISK_ENVIRONMENT = 'asterisk';

/** Of several places, the one that knows the environment. */
export class AllSheetCredentials extends SheetCredentials {
  constructor(private readonly places: readonly SheetCredentials[]) {
    super();
  }

  async load(environment: string, tenant: string): Promise<readonly PhoneFacts[] | undefined> {
    for (const place of this.places) {
      const found = await place.load(environment, tenant);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
