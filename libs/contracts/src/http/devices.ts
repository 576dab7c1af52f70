import { z } from 'zod';
import { macSchema } from '../declaration/declared-device.js';

/** Where Grandstream keeps an account of its GDMS. */
export const gdmsRegionSchema = z.enum(['us', 'eu']);
export type GdmsRegion = z.output<typeof gdmsRegionSchema>;

const oneLine = (most: number): z.ZodString => z.string().min(1).max(most).regex(/^[^\p{Cc}]+$/u, 'expected one line');

/** PUT /api/environments/{name}/gdms: the account at Grandstream’s GDMS that the telephones of its tenants are in. */
export const putGdmsAccountSchema = z.strictObject({
  region: gdmsRegionSchema.default('us'),
  apiId: z.string().regex(/^[\w-]{1,64}$/, 'expected the API ID of GDMS’s console'),
  secretKey: oneLine(256).describe('The Secret Key of GDMS’s console. Sealed, and never told.'),
  username: oneLine(128).describe('The account’s user name, not its mail address.'),
  password: oneLine(256).describe('The account’s password. What GDMS takes in its place is sealed, and never told.'),
  organization: z.int().positive().optional().describe('The id of the organization that devices are looked for in and added to; the account’s default when left out.'),
  site: z.int().positive().optional().describe('The id of the site that devices are added to; the default site when left out.'),
});
export type PutGdmsAccount = z.output<typeof putGdmsAccountSchema>;

/** GET and PUT /api/environments/{name}/gdms */
export const gdmsAccountViewSchema = z.object({
  environment: z.string(), region: gdmsRegionSchema, apiId: z.string(), username: z.string(), organization: z.int().nullable(), site: z.int().nullable(), revision: z.int(), changedAt: z.iso.datetime(),
});
export type GdmsAccountView = z.output<typeof gdmsAccountViewSchema>;

/** GET /api/environments/{name}/gdms/sites: also what tells whether GDMS lets this account in. */
export const gdmsSitesSchema = z.object({ sites: z.array(z.object({ id: z.int(), name: z.string(), isDefault: z.boolean() })) });
export type GdmsSitesView = z.output<typeof gdmsSitesSchema>;

/** What GDMS’s API can’t do, and a person does in its console. */
export const manualStepSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add-device'), mac: z.string(), why: z.string() }),
  z.object({ do: z.literal('move-device'), mac: z.string(), from: z.string(), to: z.string() }),
  z.object({ do: z.literal('bind-account'), mac: z.string(), extension: z.string(), username: z.string(), server: z.string() }),
  z.object({ do: z.literal('assign-template'), mac: z.string(), model: z.string() }),
]);
export type ManualStep = z.output<typeof manualStepSchema>;

const deviceFields = { mac: z.string(), model: z.string(), extensions: z.array(z.string()) };

/** A declared telephone, and what GDMS sees of it. */
export const deviceViewSchema = z.object({
  ...deviceFields,
  seen: z.enum(['online', 'offline', 'abnormal', 'unknown', 'absent', 'not-asked']).describe('absent: GDMS shows no such device to this account. not-asked: no Grandstream, no account, or GDMS did not answer.'),
  says: z.string(),
  lastSeen: z.string().nullable().describe('As GDMS writes it: neither its time zone nor what it counts from is documented.'),
  accounts: z.array(z.object({ username: z.string(), server: z.string(), registration: z.enum(['registered', 'unregistered', 'unknown']) })),
  next: z.enum(['nothing', 'add', 'by-hand']).describe('What adding would do about it.'),
  manual: z.array(manualStepSchema),
});
export type DeviceView = z.output<typeof deviceViewSchema>;

/** GET /api/environments/{name}/tenants/{code}/devices */
export const deviceListSchema = z.object({ environment: z.string(), tenant: z.string(), devices: z.array(deviceViewSchema) });
export type DeviceListView = z.output<typeof deviceListSchema>;

/** POST /api/environments/{name}/tenants/{code}/devices/add and …/devices/reboot */
export const chooseDevicesSchema = z.strictObject({ macs: z.array(macSchema).min(1).max(200).optional().describe('All of the tenant when left out.') });
export type ChooseDevices = z.output<typeof chooseDevicesSchema>;

/** What became of each. */
export const deviceOutcomesSchema = z.object({
  environment: z.string(),
  tenant: z.string(),
  outcomes: z.array(
    z.object({
      ...deviceFields,
      outcome: z.enum(['there', 'added', 'rebooted', 'refused', 'by-hand', 'not-online', 'left-alone', 'unknown']).describe('left-alone: no Grandstream. unknown: GDMS did not say what became of it.'),
      says: z.string(),
      manual: z.array(manualStepSchema),
    }),
  ),
});
export type DeviceOutcomesView = z.output<typeof deviceOutcomesSchema>;
export type DeviceOutcome = DeviceOutcomesView['outcomes'][number];
