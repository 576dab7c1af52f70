import { SERVICE_NAMES, type ServiceName } from '../envelope/service-name.js';

/** Which service answers `/api/<segment>`, or what is below it: the front door routes by it, and so does an Ingress. Each service answers for its own dead letters. */
export const API_SEGMENTS: Readonly<Record<string, ServiceName>> = {
  tenants: 'provisioning',
  calls: 'ari-gateway',
  recordings: 'ari-gateway',
  edges: 'ari-gateway',
  trunks: 'ari-gateway',
  conversations: 'realtime-voice',
  agents: 'realtime-voice',
  tickets: 'ticketing',
  contacts: 'collections-dialer',
  ...Object.fromEntries(SERVICE_NAMES.map((service) => [`dead-letters/${service}`, service])),
};
