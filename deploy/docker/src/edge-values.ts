import { existsSync } from 'node:fs';
import { EDGE_READER, type EdgeValues } from '@troncal/asterisk';
import { readSecret, type EdgeSettings } from './settings.js';

/** Private networks, in which the edge's own address is right, when none are named. */
const PRIVATE_NETS = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Where the image's Asterisk keeps what it needs, as @troncal/parts describes it. */
export interface AsteriskFolders {
  readonly modulesDir: string;
  readonly dataDir: string;
  readonly mohDir: string | null;
}

/** What renderEdge asks for, from a container's environment and secrets. @throws Error naming a missing secret */
export function edgeValues(settings: EdgeSettings, part: AsteriskFolders): EdgeValues {
  const secret = (name: string): string => readSecret(settings.SECRETS_DIR, name);
  const { EXTERNAL_ADDRESS: externalAddress, LOCAL_NETS: nets, AMI_PERMIT: permit } = settings;
  const outside = externalAddress === undefined ? {} : { externalAddress, localNets: nets.length > 0 ? nets : PRIVATE_NETS };
  return {
    edgeId: settings.EDGE_ID,
    sip: { bind: settings.SIP_BIND, port: settings.SIP_PORT, realm: settings.SIP_REALM, ...outside, ...tlsOf(settings) },
    rtp: { start: settings.RTP_START, end: settings.RTP_END },
    ari: { bind: settings.ARI_BIND, port: settings.ARI_PORT, user: settings.ARI_USER, password: secret('ari-password') },
    ami: { bind: settings.AMI_BIND, port: settings.AMI_PORT, user: settings.AMI_USER, password: secret('ami-password'), ...(permit === undefined ? {} : { permit }) },
    postgres: { host: settings.POSTGRES_HOST, port: settings.POSTGRES_PORT, database: 'troncal', user: EDGE_READER, password: secret('asterisk-reader-password') },
    mediaUrl: settings.MEDIA_URL,
    ...(settings.AUDIOSOCKET_ADDRESS === undefined ? {} : { audioSocket: settings.AUDIOSOCKET_ADDRESS }),
    dirs: { modules: part.modulesDir, data: part.dataDir, music: part.mohDir ?? part.dataDir, sounds: settings.SOUNDS_DIR, state: settings.STATE_DIR },
  };
}

/** A certificate may be mounted or not; without its key, or the other way round, it is a mistake and no wish for less. */
export function tlsOf({ SIP_TLS_PORT: port, SIP_TLS_CERTIFICATE_PATH: certificate, SIP_TLS_KEY_PATH: key }: Pick<EdgeSettings, 'SIP_TLS_PORT' | 'SIP_TLS_CERTIFICATE_PATH' | 'SIP_TLS_KEY_PATH'>): Pick<EdgeValues['sip'], 'tls'> {
  const isThere = (file: string | undefined): file is string => file !== undefined && existsSync(file);
  if (isThere(certificate) !== isThere(key)) throw new Error(`SIP over TLS needs a certificate and its key, and ${certificate ?? 'SIP_TLS_CERTIFICATE_PATH'} or ${key ?? 'SIP_TLS_KEY_PATH'} is not there: mount both, or none.`);
  return isThere(certificate) && isThere(key) ? { tls: { port, certificate, key } } : {};
}
