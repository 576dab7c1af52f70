import { EDGE_READER } from '@troncal/asterisk';
import { SERVICE_NAMES, type ServiceName } from '@troncal/contracts';
import type { EspeakPart } from '@troncal/parts';
import type { ServiceCode } from './bundle/service-code.js';
import { databaseSecret, serviceUrls } from './database-bootstrap.js';
import type { EdgePlace } from './edge-places.js';
import { natsSecret } from './nats-server.js';
import { gdmsEnv, type GdmsPlan } from './gdms-plan.js';
import type { MediaKind } from './options.js';
import { portNamed, type GatewayName, type Ports } from './ports.js';
import type { Secrets } from './secrets.js';
import type { StateLayout } from './state-layout.js';
import { twilioEnv, type TwilioPlan } from './twilio-plan.js';

/** Everything that runs Node code of ours. */
export type HostedName = ServiceName | 'front-door';

/** The services that share the process `light`, in order of start; the front door last, since it asks the others. */
export const LIGHT_SERVICES = ['provisioning', 'ticketing', 'collections-dialer', 'pbx-adapters', 'front-door'] as const satisfies readonly HostedName[];

export const SIP_REALM = 'troncal';
export const ARI_USER = 'ari-gateway';
export const AMI_USER = 'ari-gateway';

/** The passwords of an edge, which the gateways and its Asterisk share. */
export const ariPassword = (secrets: Secrets, { name }: EdgePlace): string => secrets.of(`${name}.ari`);
export const amiPassword = (secrets: Secrets, { name }: EdgePlace): string => secrets.of(`${name}.ami`);

export interface ServicePlan {
  readonly layout: StateLayout;
  readonly code: ServiceCode;
  /** The first is the edge of the gateways' settings. */
  readonly edges: readonly [EdgePlace, ...EdgePlace[]];
  /** `ari-gateway`, `ari-gateway-2`, … */
  readonly gateways: readonly GatewayName[];
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly espeak: EspeakPart | null;
  /** Why there is no Asterisk: `choice` counts as ready, `unavailable` doesn't. */
  readonly edgeLeftOut: 'choice' | 'unavailable' | null;
  /** What carries the edge's audio to realtime-voice. */
  readonly media: MediaKind;
  readonly openAi: { readonly url: string; readonly key: string; readonly model: string | undefined; readonly simulated: boolean };
  readonly twilio: TwilioPlan;
  readonly gdms: GdmsPlan;
  readonly serviceEnv: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
}

function isLight(name: HostedName): boolean {
  return (LIGHT_SERVICES as readonly HostedName[]).includes(name);
}

/** Where a service's HTTP API listens. */
export function serviceUrl(name: HostedName | GatewayName, ports: Ports): string {
  return `http://127.0.0.1:${portNamed(ports, name === 'front-door' ? 'http' : name)}`;
}

/** The whole environment of one service: what it is given and nothing of the others'. */
export function serviceEnv(name: HostedName, plan: ServicePlan): Record<string, string> {
  const { layout, ports } = plan;
  const port = name === 'front-door' ? ports.http : ports[name];
  return {
    ...basic(plan.baseEnv),
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(port),
    API_KEYS_FILE: layout.apiKeysFile,
    ...(name === 'front-door' ? { UPSTREAMS: JSON.stringify(upstreams(plan)) } : busAndDatabase(name, plan)),
    // One of those that share a process tells its CPU and memory; twice would count it twice.
    ...(isLight(name) && name !== LIGHT_SERVICES[0] ? { PROCESS_METRICS: 'false' } : {}),
    ...extras(name, plan),
    ...plan.serviceEnv[name],
  };
}

function upstreams({ ports, gateways }: ServicePlan): Record<string, string | string[]> {
  const one = Object.fromEntries(SERVICE_NAMES.map((service) => [service, serviceUrl(service, ports)]));
  return gateways.length === 1 ? one : { ...one, 'ari-gateway': gateways.map((name) => serviceUrl(name, ports)) };
}

/** One gateway of several: it holds edges by its own name and has a journal of its own. */
export function gatewayEnv(name: GatewayName, plan: ServicePlan): Record<string, string> {
  return {
    ...serviceEnv('ari-gateway', plan),
    HTTP_PORT: String(portNamed(plan.ports, name)),
    REPLICA_ID: name,
    JOURNAL_DIR: `${plan.layout.journalDir}${name.slice('ari-gateway'.length)}`,
    ...plan.serviceEnv['ari-gateway'],
  };
}

function busAndDatabase(name: ServiceName, { ports, secrets }: ServicePlan): Record<string, string> {
  const database = serviceUrls(ports.postgres, name, secrets);
  return {
    DATABASE_URL: database.app,
    DATABASE_OWNER_URL: database.owner,
    NATS_URL: `nats://127.0.0.1:${ports.nats}`,
    NATS_USER: name,
    NATS_PASSWORD: secrets.of(natsSecret(name)),
  };
}

function extras(name: HostedName, plan: ServicePlan): Record<string, string> {
  const { layout, ports, secrets, espeak, openAi } = plan;
  const [edge] = plan.edges;
  // Left out by choice counts as ready; missing against the person's will doesn't, and shows as an ARI that doesn't answer.
  const byChoice = plan.edgeLeftOut === 'choice' ? { LEFT_OUT: 'asterisk' } : {};
  const speech = espeak ? { ESPEAK_COMMAND: JSON.stringify(espeak.command) } : {};
  switch (name) {
    case 'provisioning':
      return { CREDENTIALS_KEY_FILE: layout.credentialsKeyFile, SIP_REALM, JOURNAL_DIR: `${layout.journalDir}-provisioning`, VOICE_STATE_DIR: layout.voiceDir, PUBLIC_URL: plan.twilio.simulated ? serviceUrl('front-door', ports) : plan.twilio.publicUrl, ...twilioEnv(plan.twilio), ...gdmsEnv(plan.gdms) };
    case 'ari-gateway':
      return {
        EDGE_ID: edge.edgeId,
        EDGE_MEDIA: plan.media,
        CREDENTIALS_KEY_FILE: layout.credentialsKeyFile,
        ...byChoice,
        ARI_URL: `http://127.0.0.1:${edge.ports.ari}`,
        ARI_USER,
        ARI_PASSWORD: ariPassword(secrets, edge),
        AMI_HOST: '127.0.0.1',
        AMI_PORT: String(edge.ports.ami),
        AMI_USER,
        AMI_PASSWORD: amiPassword(secrets, edge),
        RECORDINGS_DIR: layout.recordingsDir,
        SOUNDS_DIR: layout.soundsDir,
        JOURNAL_DIR: layout.journalDir,
        // For an Asterisk that a person declares and starts on this machine (`troncal edges add`, `npm run edge`).
        EDGE_ENVIRONMENT: JSON.stringify({
          POSTGRES_HOST: '127.0.0.1', POSTGRES_PORT: String(ports.postgres), MEDIA_URL: mediaUrl(ports), AUDIOSOCKET_ADDRESS: audioSocketAddress(ports), SIP_REALM, SOUNDS_DIR: layout.soundsDir,
        }),
        EDGE_READER_PASSWORD: secrets.of(databaseSecret(EDGE_READER)),
        ...speech,
      };
    case 'realtime-voice':
      return {
        MEDIA_HOST: '127.0.0.1',
        MEDIA_PORT: String(ports.media),
        AUDIOSOCKET_PORT: String(ports.audiosocket),
        OPENAI_API_KEY: openAi.key,
        OPENAI_REALTIME_URL: openAi.url,
        ...(openAi.model ? { OPENAI_REALTIME_MODEL: openAi.model } : {}),
        SIMULATED: String(openAi.simulated),
        PROMPT_CACHE_DIR: layout.promptCacheDir,
        ...speech,
      };
    case 'ticketing':
    case 'collections-dialer':
    case 'pbx-adapters':
      return {};
    case 'front-door':
      return byChoice;
  }
}

/**
 * Where a service says that it is as ready as it can be. When the edge is missing against the person's will, the gateway and the
 * front door tell so for ever, which nobody shall wait for.
 */
export function readyUrl(name: HostedName | GatewayName, { ports, edgeLeftOut }: Pick<ServicePlan, 'ports' | 'edgeLeftOut'>): string {
  const neverReady = edgeLeftOut === 'unavailable' && (name.startsWith('ari-gateway') || name === 'front-door');
  return `${serviceUrl(name, ports)}/health/${neverReady ? 'live' : 'ready'}`;
}

/** Where the AudioSocket application reaches realtime-voice. */
export function audioSocketAddress(ports: Ports): string {
  return `127.0.0.1:${ports.audiosocket}`;
}

/** Where chan_websocket reaches realtime-voice. */
export function mediaUrl(ports: Ports): string {
  return `ws://127.0.0.1:${ports.media}/media`;
}

/** What every child of ours may see of the launcher's environment: never a key or token that was meant for one of them. */
export function basic(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed = /^(PATH|HOME|USER|LANG|LC_[A-Z]+|TZ|TMPDIR|LOG_LEVEL|NODE_EXTRA_CA_CERTS|NODE_OPTIONS|NODE_ENV|HTTPS?_PROXY|NO_PROXY|ALLOWED_ORIGINS|OTEL_[A-Z_]+)$/i;
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && passed.test(entry[0])));
}
