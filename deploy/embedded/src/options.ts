import path from 'node:path';
import { parseArgs } from 'node:util';

/** The kinds of media leg (docs/adr/0008-two-media-legs.md). */
export const MEDIA_KINDS = ['websocket', 'audiosocket'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What the person asked for, on the command line or by environment. */
export interface StartOptions {
  /** Absolute. Everything of this clone's running system lies below it. */
  readonly stateDir: string;
  readonly withoutAsterisk: boolean;
  /** Address that Asterisk's SIP and RTP listen on. */
  readonly sipBind: string;
  /** What phones behind a router are told instead of `sipBind`; null: nothing is told. */
  readonly externalAddress: string | null;
  /** First and last UDP port for audio; null: chosen. */
  readonly rtpRange: { readonly first: number; readonly last: number } | null;
  /** Exactly this port or an error; null: the usual one or the next free. */
  readonly httpPort: number | null;
  readonly sipPort: number | null;
  /** All ports free ones, the well-known too: for tests beside a running clone. */
  readonly ephemeralPorts: boolean;
  /** What carries callers' audio between Asterisk and realtime-voice. */
  readonly media: MediaKind;
  /** How many Asterisks, each an edge, and how many gateways that contend for them. */
  readonly edges: number;
  readonly gateways: number;
  /** Where Twilio reaches this Troncal; null: only the simulator does. */
  readonly publicUrl: string | null;
  /** No demo tenant. */
  readonly withoutDemo: boolean;
  /** Extra environment by service: `--set ari-gateway.LOG_LEVEL=debug`. */
  readonly serviceEnv: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const START_HELP = `Usage: npm start [-- options]

Starts Troncal on this machine: PostgreSQL, NATS, Asterisk and all services, and keeps
them running until Ctrl-C.

  --without-asterisk        no telephone edge: API and bus only
  --sip-bind <address>      where SIP and audio listen (default 127.0.0.1;
                            0.0.0.0 lets phones on other machines in)
  --external-address <ip>   the address that phones behind a router are told
  --rtp-range <a-b>         UDP ports for audio (default: 400 chosen ones)
  --media <kind>            what carries calls' audio to the voice agent: websocket
                            (default) or audiosocket
  --edges <n>               so many Asterisks, each an edge of its own (default 1)
  --gateways <n>            so many ari-gateways, which contend for the edges; whose
                            owner dies is taken over by another (default 1)
  --state-dir <folder>      data, keys and logs (default .troncal in the clone)
  --ephemeral-ports         all ports free ones (for tests)
  --public-url <url>        where Twilio reaches this machine's API (a tunnel's address);
                            with TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN set
  --without-demo            do not create the tenant "demo"
  --set <service>.<NAME>=<value>
                            one more environment variable for a service
  --help                    this text

Environment:
  TRONCAL_HTTP_PORT, TRONCAL_SIP_PORT   exactly this port (default 8080 and 5060, or
                                        the next free one)
  TRONCAL_CACHE                         where downloaded programs are kept
  TRONCAL_NATS_SERVER, TRONCAL_ASTERISK_ROOT, TRONCAL_POSTGRES_BIN, TRONCAL_ESPEAK
                                        programs to use instead of fetched ones
  TRONCAL_DEBIAN_ARCHIVE, TRONCAL_DEBIAN_KEYRING
                                        where to fetch from, and its key
  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN the real Twilio instead of the simulator
  GDMS_API_ID, GDMS_SECRET_KEY, GDMS_USERNAME, GDMS_PASSWORD, GDMS_REGION
                                        Grandstream's real GDMS instead of the simulator
  OPENAI_API_KEY                        the real voice provider instead of the simulator

Next: npm run call | npm run events | npm run reset
`;

/** A wrong option; `message` says which and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the options.
 * @returns null when help was asked for
 * @throws UsageError
 */
export function parseStartOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>, cloneDir: string): StartOptions | null {
  const { values } = parse(args);
  if (values.help) return null;
  const edges = howMany('--edges', values.edges);
  if (edges > 1 && values['without-asterisk']) throw new UsageError('--edges and --without-asterisk contradict each other');
  return {
    stateDir: path.resolve(cloneDir, values['state-dir'] ?? env['TRONCAL_STATE_DIR'] ?? '.troncal'),
    withoutAsterisk: values['without-asterisk'] ?? false,
    sipBind: address('--sip-bind', values['sip-bind'] ?? '127.0.0.1'),
    externalAddress: values['external-address'] === undefined ? null : address('--external-address', values['external-address']),
    rtpRange: values['rtp-range'] === undefined ? null : rtpRange(values['rtp-range'], edges),
    httpPort: portOf('TRONCAL_HTTP_PORT', env),
    sipPort: portOf('TRONCAL_SIP_PORT', env),
    ephemeralPorts: values['ephemeral-ports'] ?? false,
    media: mediaKind(values.media ?? 'websocket'),
    edges,
    gateways: howMany('--gateways', values.gateways),
    publicUrl: values['public-url'] === undefined ? null : publicUrl(values['public-url']),
    withoutDemo: values['without-demo'] ?? false,
    serviceEnv: serviceEnv(values.set ?? []),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    'without-asterisk': flag, 'ephemeral-ports': flag, 'without-demo': flag, help: { ...flag, short: 'h' },
    'sip-bind': text, 'external-address': text, 'rtp-range': text, 'state-dir': text, media: text, 'public-url': text, edges: text, gateways: text, set: { ...text, multiple: true },
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true });
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message.split('. ')[0] ?? ''}. See npm start -- --help`, { cause });
  }
}

/** More would not run on one machine. */
const MOST = 9;

function howMany(option: string, value = '1'): number {
  if (!/^[1-9]$/.test(value)) throw new UsageError(`${option} wants a number from 1 to ${MOST}, not ${JSON.stringify(value)}`);
  return Number(value);
}

function mediaKind(value: string): MediaKind {
  const kind = MEDIA_KINDS.find((each) => each === value);
  if (kind === undefined) throw new UsageError(`--media wants ${MEDIA_KINDS.join(' or ')}, not ${JSON.stringify(value)}`);
  return kind;
}

function address(option: string, value: string): string {
  if (!/^[0-9a-fA-F.:]{2,45}$/.test(value)) throw new UsageError(`${option} wants an IP address, not ${JSON.stringify(value)}`);
  return value;
}

function publicUrl(value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/') throw new UsageError(`--public-url wants https://HOST, not ${JSON.stringify(value)}`);
  return url.origin;
}

function rtpRange(value: string, edges: number): { first: number; last: number } {
  const [, first, last] = (/^(\d+)-(\d+)$/.exec(value) ?? []).map(Number);
  if (!first || !last || first < 1024 || last > 65_535 || last - first + 1 < 10 * edges) throw new UsageError(`--rtp-range wants two ports at least ${10 * edges} apart, such as 10000-10399, not ${JSON.stringify(value)}`);
  return { first, last };
}

function portOf(name: string, env: Readonly<Record<string, string | undefined>>): number | null {
  const value = env[name];
  if (value === undefined || value === '') return null;
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65_535) throw new UsageError(`${name} wants a port from 1 to 65535, not ${JSON.stringify(value)}`);
  return port;
}

function serviceEnv(settings: readonly string[]): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  for (const setting of settings) {
    const [, service, name, value] = /^([a-z-]+)\.([A-Z][A-Z0-9_]*)=(.*)$/s.exec(setting) ?? [];
    if (!service || !name) throw new UsageError(`--set wants <service>.<NAME>=<value>, not ${JSON.stringify(setting)}`);
    (result[service] ??= {})[name] = value ?? '';
  }
  return result;
}
