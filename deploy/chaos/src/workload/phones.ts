import { SipPhone } from '@troncal/sip-phone';
import { eventually, TenantFixture, type ApiClient } from '@troncal/testing';
import type { StackState } from '@troncal/contracts';
import { ROUTES } from './places.js';

/** How many accounts are made at a time: each asks the database and the edge. */
const AT_ONCE = 6;

/** The tenant of a run with its routes, and its registered telephones by extension. */
export class Phones {
  private readonly phones = new Map<string, SipPhone>();

  private constructor(
    readonly tenant: TenantFixture,
    private readonly state: StackState,
  ) {}

  static async open(api: ApiClient, state: StackState): Promise<Phones> {
    const tenant = await TenantFixture.create(api, 'chaos-');
    for (const [code, route] of Object.entries(ROUTES)) await tenant.route(code, route);
    return new Phones(tenant, state);
  }

  /** Makes accounts and registers a telephone for each. */
  async add(extensions: readonly string[], queues: readonly string[] = []): Promise<void> {
    const waiting = [...extensions];
    const work = async (): Promise<void> => {
      for (let extension = waiting.shift(); extension !== undefined; extension = waiting.shift()) await this.register(extension, queues);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  of(extension: string): SipPhone {
    const phone = this.phones.get(extension);
    if (!phone) throw new Error(`there is no phone ${extension}`);
    return phone;
  }

  async close(): Promise<void> {
    await Promise.all([...this.phones.values()].map((phone) => phone.close()));
  }

  private async register(extension: string, queues: readonly string[]): Promise<void> {
    const { sip } = this.state;
    if (!sip) throw new Error('this Troncal runs without Asterisk');
    // A client tries again what was answered with 503; the load is built up, and nothing is judged yet.
    const account = await eventually(`${extension} is made`, () => this.tenant.endpoint(extension, queues), 20_000);
    const phone = await SipPhone.open({ bindAddress: '127.0.0.1', user: account.sipUser, password: account.password, registrar: { host: sip.host, port: sip.port } });
    this.phones.set(extension, phone);
    await eventually(`${extension} registers`, async () => (await phone.register({ expiresS: 600 })).expiresS > 0, 20_000);
  }
}
