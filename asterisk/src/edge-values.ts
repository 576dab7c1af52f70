/**
 * All that differs between one edge and another. Addresses are IPv4; directories are absolute and needn't exist yet, except modules, data and music.
 */
export interface EdgeValues {
  /** In every channel id and in the log: `[a-z0-9-]`, at most 32. */
  readonly edgeId: string;
  readonly sip: {
    /** Address to listen on, UDP and TCP; `0.0.0.0` for all. */
    readonly bind: string;
    readonly port: number;
    /** Of the digests: the HA1 in the database were made with it. */
    readonly realm: string;
    /** What phones beyond a NAT must see instead of our own address. */
    readonly externalAddress?: string;
    /** Networks (CIDR) where our own address is right. Needed with `externalAddress`. */
    readonly localNets?: readonly string[];
    /** SIP over TLS too, as Twilio should call us: the port, and PEM files of a certificate (with those between) that it believes and of its key. */
    readonly tls?: { readonly port: number; readonly certificate: string; readonly key: string };
  };
  /** UDP ports of media, both included; two per leg. */
  readonly rtp: { readonly start: number; readonly end: number };
  readonly ari: { readonly bind: string; readonly port: number; readonly user: string; readonly password: string };
  /** `permit` is the network (CIDR) that may log in; loopback when absent. */
  readonly ami: { readonly bind: string; readonly port: number; readonly user: string; readonly password: string; readonly permit?: string };
  /** As whom Asterisk reads schema `edge`: the role `asterisk_reader`. Letters, digits, `_`, `.` and `-` only: libpq gets them unquoted. */
  readonly postgres: { readonly host: string; readonly port: number; readonly database: string; readonly user: string; readonly password: string };
  /** Where realtime-voice takes media legs: `ws://host:port/media`. */
  readonly mediaUrl: string;
  /** Where it takes those over AudioSocket: `host:port`; such a leg ends at once when absent. */
  readonly audioSocket?: string;
  readonly dirs: {
    /** Asterisk's modules and data (`@troncal/parts`, or the image's own). Read only. */
    readonly modules: string;
    readonly data: string;
    /** Files for music on hold. */
    readonly music: string;
    /** Our prompts: `es/fallback.wav`, … */
    readonly sounds: string;
    /** Everything that Asterisk writes: `lib` (its SQLite with the registrations), `cache`, `spool` (recordings), `log`, `run`. */
    readonly state: string;
  };
}

/** The folders below `state`. */
export function stateDirs(values: EdgeValues): { readonly spool: string; readonly log: string; readonly run: string; readonly lib: string; readonly cache: string } {
  const { state } = values.dirs;
  return { spool: `${state}/spool`, log: `${state}/log`, run: `${state}/run`, lib: `${state}/lib`, cache: `${state}/cache` };
}
