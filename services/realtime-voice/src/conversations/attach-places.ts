import { LiveConversations } from './live-conversations.js';
import { PreparedLegs } from './prepared-legs.js';

/** What this process holds of calls, and what it will serve them with. */
export class AttachPlaces {
  constructor(
    readonly live: LiveConversations,
    readonly prepared: PreparedLegs,
    readonly engine: string,
    readonly simulated: boolean,
  ) {}
}
