/** The service's parsed settings: `@Inject(CONFIG) config: TicketingConfig`. */
export const CONFIG = Symbol('CONFIG');

/** The service's logger: `@Inject(LOGGER) logger: Logger`. */
export const LOGGER = Symbol('LOGGER');

/** The time: `@Inject(CLOCK) clock: Clock`. */
export const CLOCK = Symbol('CLOCK');
