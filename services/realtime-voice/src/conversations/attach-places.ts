import { Holders } from './holders.js';
import { PreparedLegs } from './prepared-legs.js';

/** Who has calls, here and elsewhere, and what this process will serve them with. */
export class AttachPlaces {
  constructor(
    readonly holders: Holders,
    readonly prepared: PreparedLegs,
    readonly engine: string,
    readonly simulated: boolean,
  ) {}
}
