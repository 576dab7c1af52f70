import { z } from 'zod';
import { createTenantSchema } from '../http/provisioning.js';
import { emergencyPolicySchema, outboundPolicySchema } from '../http/outbound.js';
import { localeSchema, promptSchema } from '../route/prompt.js';
import { routeCodeSchema, routeSchema, type Route } from '../route/route.js';
import { gdmsPlaceSchema } from './declared-device.js';
import { declaredEndpointSchema } from './declared-endpoint.js';
import { declaredNumberSchema } from './declared-number.js';
import { placementSchema, sipDomainSchema } from './environment.js';

const country = createTenantSchema.shape.country;

/** Where Twilio carries emergency calls (twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice). */
export const TWILIO_EMERGENCY_COUNTRIES: readonly string[] = ['US', 'CA', 'GB', 'AU', 'IE', 'FR', 'DE', 'AT', 'MY', 'TH', 'PH', 'NZ', 'IT'];

const fields = z.strictObject({
  tenant: createTenantSchema.shape.code.describe('Its code, e.g. OFICINA_PRINCIPAL: lower-cased with us, in capitals in names at Twilio.'),
  name: createTenantSchema.shape.name,
  country,
  language: createTenantSchema.shape.language,
  locale: localeSchema.optional(),
  timeZone: createTenantSchema.shape.timeZone,
  numbers: z.array(declaredNumberSchema).max(50).default([]),
  endpoints: z.array(declaredEndpointSchema).max(200).default([]),
  routes: z.record(routeCodeSchema, routeSchema).default({}),
  /** What a phone shows of who calls: the caller, or the tenant's own number. */
  callerId: z.enum(['caller', 'own']).default('caller'),
  emergency: emergencyPolicySchema
    .extend({ address: z.string().regex(/^AD[0-9a-fA-F]{32}$/, 'expected the SID of an address: AD and 32 hexadecimal digits').optional() })
    .prefault({}),
  recording: z
    .strictObject({ enabled: z.boolean(), announcement: promptSchema.optional() })
    .optional()
    .describe('For the routes that record nothing by themselves.'),
  outbound: outboundPolicySchema.prefault({}),
  /** What its calls may cost at most; the platform's caps when left out. */
  spend: z
    .strictObject({
      currency: z.string().regex(/^[A-Z]{3}$/, 'expected ISO 4217, e.g. USD').default('USD'),
      perDay: z.number().min(0).max(1_000_000).optional(),
      perMonth: z.number().min(0).max(1_000_000).optional(),
      minutesPerDay: z.int().min(0).max(1_000_000).optional(),
      callsPerMinute: z.int().min(0).max(10_000).optional(),
      callsAtOnce: z.int().min(0).max(10_000).optional(),
    })
    .optional(),
  /** Where its SIP users are. */
  placement: placementSchema.optional().describe('The environment’s when left out.'),
  domain: sipDomainSchema.optional().describe('The SIP domain of its subaccount, which never changes; by the environment’s domain and its code when left out.'),
  gdms: gdmsPlaceSchema.optional(),
});
type Fields = z.output<typeof fields>;
type Tell = (path: readonly (string | number)[], message: string) => void;

/**
 * A tenant, declared whole: what it's called, its numbers, phones and routes, and what it may. The same declaration again changes nothing. Valid means also that
 * every number leads to a route that is there, that no two phones share an extension or a SIP user, and that a phone shows nobody else's number.
 */
export const tenantDeclarationSchema = fields.superRefine((declaration, context) => {
  const tell: Tell = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
  checkNumbers(declaration, tell);
  checkExtensions(declaration, tell);
  checkDevices(declaration, tell);
  checkEmergency(declaration, tell);
  checkDomain(declaration, tell);
});
export type TenantDeclaration = z.output<typeof tenantDeclarationSchema>;
export type TenantDeclarationInput = z.input<typeof fields>;

/** The routes as they are performed: the tenant's recording policy stands where a route has none of its own. */
export function effectiveRoutes({ routes, recording }: Pick<TenantDeclaration, 'routes' | 'recording'>): TenantDeclaration['routes'] {
  if (recording === undefined) return routes;
  const policy: Route['recording'] = { enabled: recording.enabled, ...(recording.announcement === undefined ? {} : { announcement: recording.announcement }) };
  return Object.fromEntries(Object.entries(routes).map(([code, route]) => [code, route.recording.enabled ? route : { ...route, recording: policy }]));
}

function checkNumbers({ numbers, routes, endpoints }: Fields, tell: Tell): void {
  const known = Object.keys(routes);
  const seen = new Set<string>();
  numbers.forEach(({ e164, route }, index) => {
    if (!known.includes(route)) tell(['numbers', index], `leads to the route "${route}", which is not declared (${known.length === 0 ? 'no route is' : known.join(', ')}): add it under routes`);
    if (e164 !== undefined && seen.has(e164)) tell(['numbers', index], `${e164} stands here twice: leave one out`);
    if (e164 !== undefined) seen.add(e164);
  });
  endpoints.forEach(({ callerId }, index) => {
    if (callerId !== undefined && !seen.has(callerId)) tell(['endpoints', index, 'callerId'], `${callerId} is no number of this tenant: show one of its own`);
  });
}

function checkExtensions({ endpoints, routes }: Fields, tell: Tell): void {
  const seen = new Map<string, string>();
  const usernames = new Set<string>();
  endpoints.forEach(({ extension, username }, index) => {
    if (seen.has(extension)) tell(['endpoints', index, 'extension'], `${extension} is ${seen.get(extension)} already: choose another one`);
    seen.set(extension, `the extension of endpoint ${index + 1}`);
    if (username !== undefined && usernames.has(username)) tell(['endpoints', index, 'username'], `${username} is the SIP user of another endpoint: choose another one`);
    if (username !== undefined) usernames.add(username);
  });
  for (const [code, { extension }] of Object.entries(routes)) {
    if (extension === undefined) continue;
    if (seen.has(extension)) tell(['routes', code, 'extension'], `${extension} is ${seen.get(extension)} already: choose another one`);
    seen.set(extension, `the extension of route ${code}`);
  }
}

function checkDevices({ endpoints }: Fields, tell: Tell): void {
  const seen = new Map<string, { readonly model: string; readonly serial?: string | undefined; readonly index: number }>();
  endpoints.forEach(({ device }, index) => {
    if (device === undefined) return;
    const there = seen.get(device.mac);
    if (there !== undefined && (there.model !== device.model || there.serial !== device.serial)) tell(['endpoints', index, 'device'], `${device.mac} is the telephone of endpoint ${there.index + 1} with another model or serial number: write the same for both lines`);
    seen.set(device.mac, there ?? { ...device, index });
  });
}

function checkEmergency({ country: where, emergency, endpoints }: Fields, tell: Tell): void {
  if (endpoints.length === 0 || emergency.acknowledged || TWILIO_EMERGENCY_COUNTRIES.includes(where)) return;
  tell(['emergency'], `Twilio carries no emergency calls in ${where}: tell the tenant that these phones can't call for help, and write emergency: { acknowledged: true }`);
}

function checkDomain({ domain, placement }: Fields, tell: Tell): void {
  if (domain !== undefined && placement !== 'subaccount') tell(['domain'], 'only a tenant in a subaccount has a SIP domain of its own: write placement: subaccount, or leave it out');
}
