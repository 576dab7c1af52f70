import type { ServiceName } from '../envelope/service-name.js';

/** Which service answers `/api/<segment>`: the front door routes by it, and so does an Ingress. */
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
};
