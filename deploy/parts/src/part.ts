/** The real programs Troncal runs or tests with; none of them is ever installed into the system. */
export const PART_NAMES = ['postgres', 'nats', 'asterisk', 'espeak', 'baresip', 'sipp', 'dahdi', 'docker-plugins'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** What every descriptor says. All paths are absolute. */
interface FoundPart {
  /** The program's own version, e.g. `22.10.1`. */
  readonly version: string;
  /** Where it was taken from, in words for the progress output: `cache`, `PATH`, `TRONCAL_NATS_SERVER`, … */
  readonly source: string;
  /** The folder the part lives in (for a program found on the machine: the program's own folder). */
  readonly root: string;
}

/** PostgreSQL server binaries; there is no psql or pg_dump among them. */
export interface PostgresPart extends FoundPart {
  readonly name: 'postgres';
  /** Holds `initdb`, `pg_ctl` and `postgres`. */
  readonly binDir: string;
  /** For LD_LIBRARY_PATH of the binaries. */
  readonly libDir: string;
  /** The ids to run as: the calling user's own, or `nobody`'s for root, because PostgreSQL refuses to run as root. */
  readonly runAs: { readonly uid: number; readonly gid: number };
}

/** nats-server, at least 2.10. */
export interface NatsPart extends FoundPart {
  readonly name: 'nats';
  /** The argv that starts it: append options. */
  readonly command: readonly string[];
}

/** Asterisk 22 in a folder of its own, run through that folder's own dynamic loader: no chroot, whatever the uid. */
export interface AsteriskPart extends FoundPart {
  readonly name: 'asterisk';
  /** The argv prefix: append `-C <asterisk.conf> -f -n`. */
  readonly command: readonly string[];
  /** For `astmoddir`. */
  readonly modulesDir: string;
  /** For `astdatadir`: documentation, rest-api, moh and sounds. */
  readonly dataDir: string;
  /** GSM files for res_musiconhold; null when the root has none. */
  readonly mohDir: string | null;
  /** Names of the modules that are there, sorted, with `.so`. */
  readonly modules: readonly string[];
}

/** espeak-ng, a separate program that speaks text into a WAV file or standard output. */
export interface EspeakPart extends FoundPart {
  readonly name: 'espeak';
  /** The argv prefix, data path included: append `-v es -w out.wav "text"`. */
  readonly command: readonly string[];
}

/** baresip, the phone that nobody here wrote; tests only. */
export interface BaresipPart extends FoundPart {
  readonly name: 'baresip';
  /** The argv prefix: append `-f <config folder>`. */
  readonly command: readonly string[];
  /** For `module_path` in its config. */
  readonly modulesDir: string;
}

/** SIPp, for load; tests and benchmarks only. */
export interface SippPart extends FoundPart {
  readonly name: 'sipp';
  readonly command: readonly string[];
}

/** What telephone cards need besides Asterisk; only the image of such an edge. */
export interface DahdiPart extends FoundPart {
  readonly name: 'dahdi';
  /** The argv of dahdi_cfg: append `-c <system.conf>`. */
  readonly command: readonly string[];
  /** chan_dahdi.so, for Asterisk's folder of modules. */
  readonly channelDriver: string;
  /** The libraries it links to, for Asterisk's folder of libraries. */
  readonly librariesDir: string;
}

/** Plug-ins of the `docker` command; only for building and testing images. */
export interface DockerPluginsPart extends FoundPart {
  readonly name: 'docker-plugins';
  /** Holds `docker-compose` and `docker-buildx`: for `cliPluginsExtraDirs`. */
  readonly pluginsDir: string;
}

export interface PartByName {
  readonly postgres: PostgresPart;
  readonly nats: NatsPart;
  readonly asterisk: AsteriskPart;
  readonly espeak: EspeakPart;
  readonly baresip: BaresipPart;
  readonly sipp: SippPart;
  readonly dahdi: DahdiPart;
  readonly 'docker-plugins': DockerPluginsPart;
}

/** One line for people about what is being fetched or done. */
export type Progress = (line: string) => void;

export interface EnsureOptions {
  /** Default: `TRONCAL_CACHE`, `$XDG_CACHE_HOME/troncal` or `~/.cache/troncal`. Shared between clones. */
  readonly cacheDir?: string;
  readonly onProgress?: Progress;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Only for root: the folder that `nobody` can enter, where PostgreSQL is copied to. Default: one under /var/tmp per cache. */
  readonly traversableDir?: string;
}

/** A part can't be had on this machine. `message` says why, `remedy` what the person can do about it. */
export class PartUnavailableError extends Error {
  override readonly name = 'PartUnavailableError';
  constructor(
    readonly part: string,
    readonly reason: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${part} is not available: ${reason}. ${remedy}`, options);
  }
}
