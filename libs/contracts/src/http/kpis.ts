import { z } from 'zod';
import { languageSchema } from '../route/prompt.js';

const day = z.iso.date();

/** GET /api/tenants/{code}/kpis and /api/kpis: days of the tenant's own time zone, both included; the last seven when absent. */
export const kpiQuerySchema = z
  .strictObject({ from: day.optional(), to: day.optional(), format: z.enum(['json', 'text', 'csv']).default('json'), language: languageSchema.optional().describe('Of texts; the tenant’s own when absent.') })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, { message: '"from" must not be after "to"', path: ['from'] });
export type KpiQuery = z.output<typeof kpiQuerySchema>;

const count = z.int().nonnegative();

/** What calls added up to. Shares are 0 to 1; null where there was nothing to reckon them from. */
export const kpiFiguresSchema = z.object({
  calls: count.describe('Calls that began; refused ones are beside them.'),
  answered: count,
  failed: count.describe('Calls that technically reached nobody: not those that nobody took.'),
  refused: count,
  sip4xx: count.describe('Legs that SIP refused with 4xx, other than busy and no answer.'),
  sip5xx: count.describe('Legs that SIP refused with 5xx or 6xx, other than busy and declined.'),
  connection: z.number().nullable().describe('Share of the calls that did not fail.'),
  averageRingMs: count.nullable().describe('From the first ringing to the answer of whoever took the call.'),
  averageAnsweredMs: count.nullable(),
  minutes: count.describe('Begun minutes of answered calls.'),
  questions: count.describe('What Twilio asked us in the middle of calls, answered or not.'),
  questionsFailed: count.describe('Of those: not answered rightly and in time, whoever noticed it.'),
  measuredLegs: count.describe('Legs of calls whose audio was measured, on either rail.'),
  poorLegs: count.describe('Of those: with an estimated MOS below 3.6.'),
  averageMos: z.number().nullable().describe('Estimated by the E-model (ITU-T G.107).'),
  packetLoss: z.number().nullable().describe('Share of RTP packets that did not come.'),
  averageJitterMs: z.number().nullable(),
  complaints: count,
  cost: z.array(z.object({ currency: z.string(), micros: count })).describe('What Twilio has priced so far.'),
});
export type KpiFigures = z.infer<typeof kpiFiguresSchema>;

export const kpiTargetSchema = z.object({
  kpi: z.enum(['connection', 'setup', 'registration', 'registration_time', 'availability', 'audio', 'complaints']),
  target: z.string().describe('In words: "> 95 %".'),
  value: z.string().nullable().describe('In words; null while it is not known.'),
  met: z.boolean().nullable().describe('null while too little was seen to tell.'),
  basis: z.enum(['measured', 'inferred', 'not_measured']).describe('inferred: from signs, as nobody tells the thing itself; not_measured: nothing was seen, and nothing is said.'),
  observations: count.describe('How many things it is reckoned from.'),
  detail: z.string().describe('What it is reckoned from.'),
});
export type KpiTarget = z.infer<typeof kpiTargetSchema>;

export const tenantKpisSchema = z.object({
  tenant: z.string(),
  from: day,
  to: day,
  figures: kpiFiguresSchema,
  days: z.array(kpiFiguresSchema.extend({ day })),
  targets: z.array(kpiTargetSchema),
  endpoints: z
    .array(z.object({ extension: z.string(), seenAt: z.iso.datetime().nullable(), unreachableAt: z.iso.datetime().nullable() }))
    .describe('When each phone last rang or called, and was last dialled in vain. Twilio tells nobody who is registered.'),
});
export type TenantKpis = z.infer<typeof tenantKpisSchema>;

/** Whether Twilio got answers in an environment: its own questions, and ours to our own public address. */
export const environmentAvailabilitySchema = z.object({
  environment: z.string(),
  questions: count,
  questionsFailed: count,
  probes: count.describe('Requests of our own through the public URL, signed as Twilio’s are: two each minute.'),
  probesFailed: count,
  share: z.number().nullable().describe('0 to 1, of questions and probes; null where there was neither.'),
});
export type EnvironmentAvailability = z.infer<typeof environmentAvailabilitySchema>;

export const platformKpisSchema = z.object({
  from: day,
  to: day,
  figures: kpiFiguresSchema,
  tenants: z.array(kpiFiguresSchema.extend({ tenant: z.string() })),
  environments: z.array(environmentAvailabilitySchema).describe('Days in UTC.'),
});
export type PlatformKpis = z.infer<typeof platformKpisSchema>;
