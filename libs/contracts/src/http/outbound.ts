import { z } from 'zod';
import { environmentNameSchema } from '../declaration/environment.js';
import { routeCodeSchema } from '../route/route.js';

const countrySchema = z.string().regex(/^[A-Z]{2}$/, 'expected ISO 3166-1 alpha-2, e.g. CL');

/** What a tenant's phones may call. Whatever isn't named here is refused; premium rate, satellite and the like always are. */
export const outboundPolicySchema = z.strictObject({
  countries: z.array(countrySchema).max(250).default([]).describe('Countries that may be called; none if left out. +1 809 is DO, not US: each country of a shared code stands for itself.'),
  tollFree: z.boolean().default(true).describe('Whether toll-free numbers of those countries may be called.'),
  denyPrefixes: z.array(z.string().regex(/^\+[1-9]\d{0,14}$/, 'expected the beginning of a number in E.164, e.g. +56988')).max(200).default([]).describe('Beginnings of numbers that are refused though their country is allowed.'),
  longestCallS: z.int().min(60).max(14_400).default(3_600).describe('A call is ended after this long; 4 h is Twilio’s own limit.'),
  operator: routeCodeSchema.nullable().default(null).describe('The route that answers 0.'),
  menu: routeCodeSchema.nullable().default(null).describe('The route that answers #.'),
});
export type OutboundPolicy = z.output<typeof outboundPolicySchema>;

/** How a tenant's emergency calls leave where Twilio carries none (Chile), and that the tenant knows it. */
export const emergencyPolicySchema = z.strictObject({
  acknowledged: z.boolean().default(false).describe('The tenant was told by which way its emergency calls go, or that there is none.'),
  line: z
    .strictObject({
      host: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(?::[1-9]\d{0,4})?$/, 'expected a host name or IPv4 address, with or without a port'),
      transport: z.enum(['udp', 'tcp', 'tls']).default('tls'),
    })
    .nullable()
    .default(null)
    .describe('The tenant’s own line or trunk that carries emergency calls: where it takes SIP.'),
});
export type EmergencyPolicy = z.output<typeof emergencyPolicySchema>;

const micros = z.int().min(0).max(1_000_000_000_000).nullable();
const count = (most: number): z.ZodNullable<z.ZodInt> => z.int().min(0).max(most).nullable();

/** PUT /api/tenants/{code}/caps?environment=: the whole of them; null is no cap, 0 lets nothing through. Money in millionths of the currency's unit. */
export const capsSchema = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected ISO 4217, e.g. USD').default('USD'),
  dayMicros: micros.describe('What calls of one day of the tenant’s time zone may cost.'),
  monthMicros: micros.describe('What calls of one month may cost.'),
  minutesPerDay: count(1_000_000).describe('Minutes of one day.'),
  callsPerMinute: count(10_000).describe('Calls begun within any 60 seconds.'),
  concurrentCalls: count(10_000).describe('Calls at the same time.'),
});
export type Caps = z.output<typeof capsSchema>;
export const capsQuerySchema = z.strictObject({ environment: environmentNameSchema });
export const capsViewSchema = capsSchema.extend({
  tenant: z.string(), environment: z.string(),
  declared: z.boolean().describe('False: the platform’s defaults, since nobody has set any.'),
  revision: z.int().min(0),
});
export type CapsView = z.output<typeof capsViewSchema>;

/** What of a cap is used, and what is kept for calls that run. */
const usedSchema = z.object({ limit: z.int().nullable(), used: z.int(), reserved: z.int(), left: z.int().nullable() });
/** GET /api/tenants/{code}/spend?environment= */
export const spendViewSchema = z.object({
  tenant: z.string(), environment: z.string(), currency: z.string(),
  day: z.iso.date().describe('Today in the tenant’s time zone.'),
  timeZone: z.string(),
  dayMicros: usedSchema,
  monthMicros: usedSchema,
  dayMinutes: usedSchema.describe('As they are billed: each minute begun.'),
  callsPerMinute: usedSchema,
  concurrentCalls: usedSchema,
});
export type SpendView = z.output<typeof spendViewSchema>;
