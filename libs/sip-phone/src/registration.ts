import { randomBytes } from 'node:crypto';
import { fromValue, USER_AGENT, type CallHost } from './call-host.js';
import { parseNameAddress, splitList, type HostPort } from './sip-address.js';
import { minExpiresOf } from './sip-digest.js';
import { header, headers, type SipHeader, type SipRequest, type SipResponse } from './sip-message.js';
import { SipRejectedError } from './sip-phone.errors.js';

/** Whether incoming calls find the phone. */
export type RegistrationState =
  | { readonly state: 'none' }
  | { readonly state: 'registered'; readonly expiresS: number; readonly atMs: number }
  /** A refresh failed; it is tried again every few seconds. */
  | { readonly state: 'lost'; readonly error: Error };

const RETRY_MS = 5000;
/** Refreshed when this share of the time has passed. */
const REFRESH_AT = 0.8;

/** The phone's binding at its registrar, kept fresh until it is given up. */
export class Registration {
  state: RegistrationState = { state: 'none' };
  private readonly callId = randomBytes(12).toString('hex');
  private readonly tag = randomBytes(6).toString('hex');
  private number = 0;
  private wantedS = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Raised by each register and stop, so that one that was overtaken keeps nothing up. */
  private generation = 0;

  constructor(
    private readonly host: CallHost,
    private readonly registrar: HostPort,
  ) {}

  /** Registers and keeps registered. Rejects with SipRejectedError (wrong password: 401 or 403) or SipTimeoutError; then nothing is kept up. */
  async register(expiresS: number): Promise<{ readonly expiresS: number }> {
    this.stop();
    const { generation } = this;
    this.wantedS = expiresS;
    let response = await this.send(expiresS);
    const atLeast = minExpiresOf(response);
    if (atLeast !== undefined) {
      this.wantedS = atLeast;
      response = await this.send(atLeast);
    }
    if (response.status >= 300) {
      this.state = { state: 'none' };
      throw this.refusal('REGISTER', response);
    }
    const granted = this.grantedS(response);
    this.state = { state: 'registered', expiresS: granted, atMs: performance.now() };
    if (generation === this.generation) this.schedule(granted * 1000 * REFRESH_AT);
    return { expiresS: granted };
  }

  /** Removes the binding. Rejects like `register`; nothing is refreshed any more in any case. */
  async unregister(): Promise<void> {
    this.stop();
    if (this.state.state === 'none') return;
    this.state = { state: 'none' };
    const response = await this.send(0);
    if (response.status >= 300) throw this.refusal('REGISTER (removing the binding)', response);
  }

  /** Lets the binding run out. */
  stop(): void {
    this.generation += 1;
    clearTimeout(this.timer);
  }

  private refusal(what: string, response: SipResponse): SipRejectedError {
    const { user } = this.host.identity.credentials;
    const remedy = response.status === 401 || response.status === 403 || response.status === 407 ? `check user ${user} and its password` : undefined;
    return new SipRejectedError(`${what} of ${user}`, response.status, response.reason, remedy);
  }

  private schedule(inMs: number): void {
    this.timer = setTimeout(() => {
      const refreshing = this.generation + 1;
      this.register(this.wantedS).catch((error: unknown) => {
        if (refreshing !== this.generation) return;
        this.state = { state: 'lost', error: error instanceof Error ? error : new Error(String(error)) };
        this.schedule(RETRY_MS);
      });
    }, inMs);
    // A registration alone is no reason for a process to live on.
    this.timer.unref();
  }

  private async send(expiresS: number): Promise<SipResponse> {
    const { response } = await this.host.transactions.request((authorization) => this.request(expiresS, authorization), this.registrar, this.host.identity.credentials);
    return response;
  }

  private request(expiresS: number, authorization: readonly SipHeader[]): SipRequest {
    const { identity } = this.host;
    this.number += 1;
    return {
      kind: 'request',
      method: 'REGISTER',
      uri: `sip:${identity.domain}`,
      headers: [
        ['Max-Forwards', '70'],
        ['From', `${fromValue(identity)};tag=${this.tag}`],
        ['To', fromValue(identity)],
        ['Call-ID', this.callId],
        ['CSeq', `${this.number} REGISTER`],
        ['Contact', `<${identity.contact}>;expires=${expiresS}`],
        ['Expires', String(expiresS)],
        USER_AGENT,
        ...authorization,
      ],
      body: '',
    };
  }

  /** What the registrar granted to our contact, which may be less than was asked for. */
  private grantedS(response: SipResponse): number {
    const ours = splitList(headers(response, 'Contact'))
      .map(parseNameAddress)
      .find((contact) => contact?.uri === this.host.identity.contact);
    const granted = Number(ours?.params.get('expires') ?? header(response, 'Expires') ?? this.wantedS);
    return Number.isFinite(granted) && granted > 0 ? granted : this.wantedS;
  }
}
