import { SERVICE_NAMES, type ServiceName } from '../envelope/service-name.js';

/** Which service answers `/api/<segment>`, or what is below it: the front door routes by it, and so does an Ingress. Each service answers for its own dead letters. */
export const API_SEGMENTS: Readonly<Record<string, ServiceName>> = {
  tenants: 'provisioning',
  environments: 'provisioning',
  runs: 'provisioning',
  kpis: 'provisioning',
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

/**
 * What the world reaches without an API key, because the service itself checks who asks: Twilio's webhooks by their signature, device sheets by the token in
 * their address. The front door passes `/<segment>/…` on as it came, byte for byte, and so does an Ingress.
 */
export const OPEN_SEGMENTS: Readonly<Record<string, ServiceName>> = { twilio: 'provisioning', sheets: 'provisioning' };

/** Where Twilio's Media Streams arrive: WebSockets, let in by the leg's id. */
export const TWILIO_MEDIA_PATH = '/media/twilio';

/** WebSockets that the world reaches without an API key: path, and which service takes them. */
export const STREAM_PATHS: Readonly<Record<string, ServiceName>> = { [TWILIO_MEDIA_PATH]: 'realtime-voice' };
