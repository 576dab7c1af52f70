import { readFileSync } from 'node:fs';
import type { StackState } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import type { ApiAddress } from '../api/api-client.js';
import { CliError, usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readState, stateFileIn } from './state-file.js';

/** What the command line says about where to go. */
export interface Whereabouts {
  readonly url?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly state?: string | undefined;
}

/** How to read the bus. */
export interface BusAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Which Troncal a command speaks to: what the command line says, else the environment, else the `npm start` of this clone.
 * Everything is looked up when it is first needed, so that help and completion work with nothing there.
 */
export class Context {
  private cached: StackState | undefined;

  constructor(
    private readonly where: Whereabouts,
    private readonly env: Env,
  ) {}

  /** The state of the `npm start` in question; throws a {@link CliError} when there is none. */
  state(): StackState {
    return (this.cached ??= readState(this.where.state ?? stateFileIn(this.setting('TRONCAL_STATE_DIR'))));
  }

  /** Where the API is. A key is never sent to an address that it was not made for. */
  api(): ApiAddress {
    const given = this.where.url ?? this.setting('TRONCAL_URL');
    if (given !== undefined && !/^https?:$/.test(URL.parse(given)?.protocol ?? '')) throw usageError(`${JSON.stringify(given)} is no address of an API`, 'Give it as http://HOST:PORT, with --url or TRONCAL_URL.');
    return { url: () => given ?? this.state().http.url, key: () => this.key(given) };
  }

  /** The bus, as an observer that may only read events. */
  bus(): BusAddress {
    const url = this.setting('TRONCAL_NATS_URL');
    if (url === undefined) {
      const { nats } = this.state();
      return { url: nats.url, user: nats.observer.user, password: nats.observer.password };
    }
    const passwordFile = this.setting('TRONCAL_NATS_PASSWORD_FILE');
    if (passwordFile === undefined) throw usageError('TRONCAL_NATS_URL is set, but not TRONCAL_NATS_PASSWORD_FILE', 'Give the file with the observer’s password, and TRONCAL_NATS_USER if it is not “observer”.');
    return { url, user: this.setting('TRONCAL_NATS_USER') ?? 'observer', password: secretFrom(passwordFile) };
  }

  /** The tenant a verb works on: the option, TRONCAL_TENANT, else the demonstration tenant of `npm start`. */
  tenant(option: string | undefined): string {
    const given = option ?? this.setting('TRONCAL_TENANT') ?? (this.where.url ?? this.setting('TRONCAL_URL') ? undefined : this.state().demo?.tenant);
    if (given === undefined) throw usageError('which tenant?', 'Give it with --tenant or TRONCAL_TENANT; see: troncal tenants list');
    return given.toLowerCase();
  }

  private key(url: string | undefined): string {
    const file = this.where.keyFile ?? this.setting('TRONCAL_API_KEY_FILE');
    if (file !== undefined) return secretFrom(file);
    if (url !== undefined && this.urlOfState() !== new URL(url).origin)
      throw new CliError(EXIT.refused, `no API key for ${url}`, 'Give the file that holds it: --key-file FILE or TRONCAL_API_KEY_FILE.');
    return secretFrom(this.state().http.apiKeyFile);
  }

  private urlOfState(): string | undefined {
    try {
      return new URL(this.state().http.url).origin;
    } catch {
      return undefined;
    }
  }

  private setting(name: string): string | undefined {
    const value = this.env[name];
    return value === '' ? undefined : value;
  }
}

function secretFrom(file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(EXIT.refused, `the secret can’t be read: ${errorText(error)}`, 'Name a file that exists and that you may read.');
  }
  // Header values and NATS passwords hold no line breaks: a wrong file is told before it is sent anywhere.
  if (secret === '' || /[^\x21-\x7e]/.test(secret)) throw new CliError(EXIT.refused, `${file} holds no secret (one word, nothing else)`, 'Name the file that npm start wrote.');
  return secret;
}
