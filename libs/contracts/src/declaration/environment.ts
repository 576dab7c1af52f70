import { z } from 'zod';
import { allowedAddressesSchema } from './allowed-addresses.js';
import { usageTriggersSchema } from './usage-trigger.js';

/** `dev`, `prod`: where tenants are declared; each has its own SIP domain, numbers and public URL. */
export const environmentNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected a lower-case word, e.g. prod');

const pattern = (of: string): z.ZodString => z.string().regex(/^([A-Za-z0-9+._-]|\{(CODE|code|number|role|extension)\})+$/, `expected letters, digits, + . _ - and {CODE}, {code}${of}`);
const accountPattern = z.string().regex(/^([A-Za-z0-9+._-]|\{(CODE|code|environment)\})+$/, 'expected letters, digits, + . _ - and {CODE}, {code}, {environment}');

/** How things are called at Twilio. */
export const namingSchema = z.strictObject({
  list: pattern('').refine((text) => /\{code\}/i.test(text), 'needs {CODE} or {code}: each tenant has a list of its own').default('{CODE}_Credentials'),
  user: pattern(', {number}, {role}, {extension}').refine((text) => /\{(role|extension)\}/.test(text), 'needs {role} or {extension}: each phone has a user of its own').default('{number}-{role}'),
  account: accountPattern
    .refine((text) => /\{code\}/i.test(text) && text.includes('{environment}'), 'needs {environment} and {CODE} or {code}: all environments share one parent account, and a subaccount is found again by its name')
    .default('{environment}-{code}'),
});
export type Naming = z.output<typeof namingSchema>;

/** A SIP domain at Twilio. */
export const sipDomainSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.sip\.twilio\.com$/, 'expected NAME.sip.twilio.com, of letters, digits and -');

/**
 * Where a tenant's SIP users are: in a credential list of its own or in shared ones, both in the platform's account; or in a Twilio subaccount of its own, with its own SIP domain, numbers,
 * token, dialing permissions and bill. Lists are chosen anew at any time; to or from a subaccount nobody is moved, since every phone would lose its domain.
 */
export const placementSchema = z.enum(['dedicated', 'pooled', 'subaccount']);
export type Placement = z.output<typeof placementSchema>;

/** Where Twilio reaches our Asterisk. */
export const edgeAddressSchema = z.strictObject({
  host: z.string().max(200).regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/, 'expected a host name in lower case, or an IPv4 address'),
  port: z.int().min(1).max(65_535).optional().describe('5061 with tls, else 5060, when left out.'),
  transport: z.enum(['tls', 'tcp', 'udp']).default('tls').describe('tls alone keeps the caller’s number and the call’s id from those on the way.'),
});
export type EdgeAddress = z.output<typeof edgeAddressSchema>;

/** PUT /api/environments/{name} */
export const putEnvironmentSchema = z.strictObject({
  domain: sipDomainSchema.describe('The SIP domain of all its tenants that are not in a subaccount of their own. Every phone has it, so it never changes.'),
  publicUrl: z.url({ protocol: /^https?$/, error: 'expected https://HOST, where Twilio reaches this Troncal' }).transform((url) => new URL(url).origin),
  fallbackUrl: z.url({ protocol: /^https?$/ }).optional().describe('Asked when the public URL does not answer.'),
  naming: namingSchema.prefault({}),
  placement: placementSchema.default('dedicated').describe('Of its tenants that don’t say; subaccount: each of them has one.'),
  secure: z.boolean().default(false).describe('Phones have to use TLS and SRTP.'),
  enhancedSip: z.boolean().default(false).describe('Twilio rings several phones at once: the account has Enhanced Programmable SIP Features.'),
  repair: z.enum(['on-request', 'automatic']).default('on-request').describe('What becomes of drift.'),
  edge: edgeAddressSchema.optional().describe('The SIP address of our Asterisk as Twilio reaches it: routes ring phones there, and hand calls over to it. Of the primary environment alone. The password is ours to make.'),
  dialingPermissions: z.enum(['add', 'exact']).default('add').describe('The account may call the countries that tenants declare; exact: and no others, whoever permitted them.'),
  allowedAddresses: allowedAddressesSchema.optional().describe('Calls into the SIP domain pass only from these, and with a SIP user’s password as well. Left out: from everywhere, and what the account has of address lists is not looked at.'),
  usageTriggers: usageTriggersSchema.optional().describe('What the account may use before somebody is told. Left out: none, and what the account has of triggers is not looked at.'),
});
export type PutEnvironment = z.output<typeof putEnvironmentSchema>;
export const environmentViewSchema = putEnvironmentSchema.extend({ name: environmentNameSchema, primary: z.boolean().describe('Its tenants are also those of the Asterisk rail.'), publicUrl: z.string(), naming: namingSchema, tenants: z.int(), revision: z.int() });
export type EnvironmentView = z.output<typeof environmentViewSchema>;
export const environmentListSchema = z.object({ environments: z.array(environmentViewSchema) });
