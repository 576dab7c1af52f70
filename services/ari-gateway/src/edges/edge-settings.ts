import { isIPv4 } from 'node:net';
import type { EdgeSettings } from '@troncal/contracts';
import type { GatewayConfig } from '../config.js';
import type { DeclaredEdge } from './edge-declarations.js';

/** What every edge of this installation is started with, from the gateway's settings. */
export interface EdgeDefaults {
  readonly environment: Readonly<Record<string, string>>;
  /** Of the role as which Asterisk reads the database. */
  readonly readerPassword: string | undefined;
}

export function edgeDefaults({ EDGE_ENVIRONMENT: environment, EDGE_READER_PASSWORD: readerPassword }: GatewayConfig): EdgeDefaults {
  return { environment, readerPassword };
}

/** What an Asterisk has to be told and no declaration holds; a setting of the gateway can. */
const NEEDED: Readonly<Record<string, string>> = {
  MEDIA_URL: 'where the edge reaches realtime-voice: ws://host:port/media',
  POSTGRES_HOST: 'where the edge reaches PostgreSQL',
};
const PRIVATE_NETS: readonly (readonly [RegExp, string])[] = [
  [/^10\./, '10.0.0.0/8'],
  [/^172\.(1[6-9]|2\d|3[01])\./, '172.16.0.0/12'],
  [/^192\.168\./, '192.168.0.0/16'],
];

/**
 * All that an Asterisk is started with to be this edge, as deploy/docker's `edge.js` reads it, and what is missing because only a person knows it.
 * @param tell whether the secrets are part of it
 */
export function settingsOf({ view, ariPassword, amiPassword }: DeclaredEdge, { environment: common, readerPassword }: EdgeDefaults, tell: boolean): EdgeSettings {
  const { hostname, port } = new URL(view.ari.url);
  const environment: Record<string, string> = {
    ...doors(hostname),
    // What the installation says stands: it knows its networks.
    ...common,
    EDGE_ID: view.edgeId,
    ARI_PORT: port === '' ? '80' : port,
    ARI_USER: view.ari.user,
    AMI_PORT: String(view.ami.port),
    AMI_USER: view.ami.user,
    ...(view.audiosocketAddress === null ? {} : { AUDIOSOCKET_ADDRESS: view.audiosocketAddress }),
  };
  const missing = Object.entries(NEEDED).flatMap(([name, what]) => (name in environment ? [] : [{ name, what }]));
  if (view.media === 'audiosocket' && !('AUDIOSOCKET_ADDRESS' in environment)) missing.push({ name: 'AUDIOSOCKET_ADDRESS', what: 'where the edge reaches realtime-voice’s AudioSocket: host:port' });
  if (!isLoopback(hostname) && !('AMI_PERMIT' in environment)) missing.push({ name: 'AMI_PERMIT', what: 'the network of the gateways, like 10.0.0.0/8: Asterisk lets nobody else into AMI' });
  if (readerPassword === undefined) missing.push({ name: 'secret asterisk-reader-password', what: 'the same as at the other edges of this database' });
  const reader = readerPassword === undefined ? {} : { 'asterisk-reader-password': readerPassword };
  return { environment, secrets: tell ? { 'ari-password': ariPassword, 'ami-password': amiPassword, ...reader } : {}, missing };
}

/** Where Asterisk must listen so that the gateways reach it: on loopback when they are on its machine, else everywhere, because in a container its own address is another one. */
function doors(hostname: string): Record<string, string> {
  if (isLoopback(hostname)) return { ARI_BIND: '127.0.0.1', AMI_BIND: '127.0.0.1' };
  const net = isIPv4(hostname) ? PRIVATE_NETS.find(([addresses]) => addresses.test(hostname))?.[1] : undefined;
  return { ARI_BIND: '0.0.0.0', AMI_BIND: '0.0.0.0', ...(net === undefined ? {} : { AMI_PERMIT: net }) };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.');
}
