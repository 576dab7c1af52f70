import { z } from 'zod';

/** The services that speak on the bus. `front-door` has no bus user and owns nothing. */
export const SERVICE_NAMES = ['provisioning', 'ari-gateway', 'realtime-voice', 'collections-dialer', 'ticketing', 'pbx-adapters'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];
export const serviceNameSchema = z.enum(SERVICE_NAMES);

/** The domains of events: one JetStream stream each. */
export const DOMAINS = ['tenants', 'calls', 'voice', 'collections', 'tickets', 'extensions'] as const;
export type Domain = (typeof DOMAINS)[number];
