import { z } from 'zod';
import { e164Schema } from '../http/provisioning.js';
import { routeCodeSchema } from '../route/route.js';

const sid = (prefix: string, what: string): z.ZodString => z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `expected the SID of ${what}: ${prefix} and 32 hexadecimal digits`);

const papers = {
  bundle: sid('BU', 'an approved regulatory bundle').optional().describe('Without it a number that needs one waits: people at Twilio have to approve it first.'),
  address: sid('AD', 'an address of the account').optional(),
};
const leadsTo = { route: routeCodeSchema.default('main').describe('The route that its callers meet.') };

/** There already: in the account, or to be brought there by hand. */
const owned = z.strictObject({ have: z.literal('owned'), e164: e164Schema, ...leadsTo, ...papers });
/** To be bought: this one, or the first that fits. Whichever it is, it is written down before it is bought. */
const toBuy = z.strictObject({
  have: z.literal('buy'),
  e164: e164Schema.optional().describe('This one and no other.'),
  type: z.enum(['local', 'mobile', 'national', 'toll-free']).default('local'),
  contains: z
    .string()
    .regex(/^\+?[\d*%]{2,15}\$?$/, 'expected 2 to 16 digits, with * for one digit and % for any number of them, e.g. +562*')
    .optional(),
  ...leadsTo,
  ...papers,
});
/** With another carrier still, and on its way here: somebody has to see to that. */
const portIn = z.strictObject({
  have: z.literal('port-in'),
  e164: e164Schema,
  request: sid('KW', 'a port-in request').optional().describe('Of Twilio’s Porting API (numbers of the US): how it stands is followed. Without it the port is a support ticket, and its end is seen when the number is in the account.'),
  ...leadsTo,
  ...papers,
});

/** A number of a tenant: an E.164 alone is one that is in the account already and leads to the route `main`. */
export const declaredNumberSchema = z.union([
  e164Schema.transform((e164) => owned.parse({ have: 'owned', e164 })),
  z.discriminatedUnion('have', [owned, toBuy, portIn]),
]);
export type DeclaredNumber = z.output<typeof declaredNumberSchema>;
