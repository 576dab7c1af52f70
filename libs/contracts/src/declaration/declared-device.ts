import { z } from 'zod';

/** A MAC address in any of the usual ways of writing one, read as `00:0b:82:11:22:33`. */
export const macSchema = z
  .string()
  .regex(/^[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}$/i, 'expected a MAC address, e.g. 00:0b:82:11:22:33')
  .transform((mac) => (mac.toLowerCase().replaceAll(/[:.-]/g, '').match(/../g) ?? []).join(':'));

/** The telephone of an endpoint. Two endpoints with the same address are two lines of one telephone. */
export const declaredDeviceSchema = z.strictObject({
  model: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$/, 'expected a model as its label writes it, e.g. GRP2612').describe('Its maker is known by it.'),
  mac: macSchema,
  serial: z
    .string()
    .regex(/^[A-Za-z0-9]{6,32}$/, 'expected the serial number of its label: 6 to 32 letters and digits')
    .transform((serial) => serial.toUpperCase())
    .optional()
    .describe('What proves to the maker’s cloud that it is ours; without it a person adds it there.'),
});
export type DeclaredDevice = z.output<typeof declaredDeviceSchema>;

/** Where a tenant’s telephones go in Grandstream’s GDMS. */
export const gdmsPlaceSchema = z.strictObject({
  organization: z.int().positive().optional().describe('Its id; the account’s own when left out.'),
  site: z.int().positive().optional().describe('Its id; the account’s default site when left out.'),
});
export type GdmsPlace = z.output<typeof gdmsPlaceSchema>;
