import dgram from 'node:dgram';
import fs from 'node:fs';
import net from 'node:net';
import { readJsonFile, writePrivateFile } from './private-file.js';
import { UsageError } from './options.js';

/** Ports by use. */
export const PORT_NAMES = [
  'http', 'sip', 'postgres', 'nats', 'ari', 'ami', 'media', 'audiosocket', 'ari-gateway', 'realtime-voice',
  'provisioning', 'ticketing', 'collections-dialer', 'pbx-adapters', 'simulator', 'twilio', 'twilio-sip', 'twilio-trunk', 'gdms', 'rtp',
] as const;
type Use = (typeof PORT_NAMES)[number];
/** What each further edge, and each further gateway, needs of its own. */
const OF_EDGE = ['sip', 'ari', 'ami', 'rtp'] as const;
export type GatewayName = 'ari-gateway' | `ari-gateway-${number}`;
export type PortName = Use | GatewayName | `${(typeof OF_EDGE)[number]}-${number}`;
export type Ports = Readonly<Record<Use, number>> & Readonly<Partial<Record<PortName, number>>>;

export interface PortWishes {
  readonly httpPort: number | null;
  readonly sipPort: number | null;
  readonly sipBind: string;
  readonly ephemeralPorts: boolean;
  /** How many of them; at least one. */
  readonly edges: number;
  readonly gateways: number;
}

/** Uses that need the port for UDP as well. */
const ON_UDP: ReadonlySet<string> = new Set(['sip', 'rtp', 'twilio-sip', 'twilio-trunk']);

/** How many UDP ports audio gets from `rtp` on when no range was given. */
export const RTP_PORTS = 400;

/**
 * Below what the kernel gives to outgoing connections (32768 by default): a client that keeps dialling a port where its
 * server is just restarting can otherwise be given that very port as its own, connect to itself and block the server.
 */
const LOWEST = 20_000;
const HIGHEST = 29_999;
const RTP_LOWEST = 10_000;
const RTP_HIGHEST = 19_600;

/**
 * Chooses a port for every use: exactly the wished one, else the one of the last start, else the usual one or the next free
 * one, else any free one. Remembers the choice in `file`.
 * @throws UsageError when a port that was given exactly is taken
 */
export async function choosePorts(wishes: PortWishes, file: string): Promise<Ports> {
  const remembered = (readJsonFile(file) ?? {}) as Partial<Record<PortName, number>>;
  const taken = new Set<number>();
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of namesFor(wishes)) {
    const port = await choosePort(name, wishes, remembered[name], taken);
    taken.add(port);
    ports[name] = port;
  }
  writePrivateFile(file, `${JSON.stringify(ports, null, 2)}\n`);
  return ports as Ports;
}

function namesFor({ edges, gateways }: PortWishes): PortName[] {
  const further = (count: number): number[] => Array.from({ length: count - 1 }, (_, index) => index + 2);
  return [...PORT_NAMES, ...further(edges).flatMap((number) => OF_EDGE.map((use) => `${use}-${number}` as const)), ...further(gateways).map((number) => `ari-gateway-${number}` as const)];
}

/** The ports of an edge, counted from 1. */
export function portsOf(ports: Ports, edge: number): Readonly<Record<(typeof OF_EDGE)[number], number>> {
  const of = (use: (typeof OF_EDGE)[number]): number => portNamed(ports, numbered(use, edge));
  return { sip: of('sip'), ari: of('ari'), ami: of('ami'), rtp: of('rtp') };
}

/** `asterisk`, `asterisk-2`, …: the first of several has the name that it has alone. */
export const numbered = <N extends string>(name: N, number: number): N | `${N}-${number}` => (number === 1 ? name : `${name}-${number}`);

/** @throws when no port was chosen for it */
export function portNamed(ports: Ports, name: PortName): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`No port was chosen for ${name}.`);
  return port;
}

async function choosePort(name: PortName, wishes: PortWishes, remembered: number | undefined, taken: ReadonlySet<number>): Promise<number> {
  const use = name.replace(/-\d+$/, '');
  const bind = use === 'sip' ? wishes.sipBind : '127.0.0.1';
  const free = async (port: number): Promise<boolean> => !taken.has(port) && (await (ON_UDP.has(use) ? isFree(port, bind, 'both') : isFree(port, bind, 'tcp')));
  // A further edge's telephones come to the next free port after the usual one.
  const known = { http: [wishes.httpPort, 8080, 'TRONCAL_HTTP_PORT'] as const, sip: [name === 'sip' ? wishes.sipPort : null, 5060, 'TRONCAL_SIP_PORT'] as const };
  const [exact, usual, variable] = known[use as 'http' | 'sip'] ?? [null, null, ''];
  if (exact !== null) {
    if (await free(exact)) return exact;
    throw new UsageError(`${variable} is ${exact}, but that port of ${bind} is taken${whoListens(exact)}. Stop what uses it, or unset ${variable} to take the next free one.`);
  }
  // The usual port comes before the remembered one: a clone that once had to dodge goes back when it can.
  if (usual !== null && !wishes.ephemeralPorts) {
    for (let port = usual; port < usual + 200; port++) if (await free(port)) return port;
  }
  if (remembered !== undefined && (await free(remembered))) return remembered;
  const [lowest, highest, step] = use === 'rtp' ? [RTP_LOWEST, RTP_HIGHEST - RTP_PORTS, RTP_PORTS] : [LOWEST, HIGHEST, 1];
  const slots = Math.floor((highest - lowest) / step);
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = lowest + step * Math.floor(Math.random() * slots);
    if (await free(port)) return port;
  }
  throw new Error(`No free port found for ${name} between ${lowest} and ${highest}.`);
}

/** Whether a port can be bound now; `both` means TCP and UDP. */
async function isFree(port: number, address: string, protocol: 'tcp' | 'both'): Promise<boolean> {
  return (await tcpFree(port, address)) && (protocol === 'tcp' || (await udpFree(port, address)));
}

function tcpFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function udpFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** Names the process behind a TCP port if it is ours to see; an empty text otherwise. */
function whoListens(port: number): string {
  try {
    const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rows = ['tcp', 'tcp6'].flatMap((file) => fs.readFileSync(`/proc/net/${file}`, 'latin1').split('\n').slice(1));
    const inode = rows.map((row) => row.trim().split(/\s+/)).find((fields) => fields[1]?.endsWith(wanted) && fields[3] === '0A')?.[9];
    if (!inode) return '';
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const links = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
        if (links.includes(`socket:[${inode}]`)) return ` by ${fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
      } catch {
        // Another user's process.
      }
    }
  } catch {
    // No /proc.
  }
  return '';
}
