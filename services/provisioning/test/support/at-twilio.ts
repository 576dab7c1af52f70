import { randomBytes } from 'node:crypto';
import type { PlanView, RunView, TenantDeclarationInput } from '@troncal/contracts';
import type { RunningService } from '@troncal/chassis';
import { Database } from '@troncal/persistence';
import { startTwilioSimulator, type Settings, type TwilioSimulator } from '@troncal/simulator-twilio';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import twilio, { type Twilio } from 'twilio';
import { startService } from '../../src/index.js';
import { TwilioHttp } from '../../src/twilio/http/twilio-http.js';

export const DOMAIN = 'communities.sip.twilio.com';
export const NUMBER = '+56229145248';
const FOR_SALE: Settings = {
  stock: [NUMBER, '+56223456789', '+56234567890'].map((phoneNumber) => ({ phoneNumber, country: 'CL', type: 'Local' as const })),
};

/** What passwords are sealed with at first. */
export const FIRST_KEY = randomBytes(32).toString('hex');

/** The first community of the owner's document. */
export const OFFICE: TenantDeclarationInput = {
  tenant: 'OFICINA_PRINCIPAL',
  name: 'Oficina Principal',
  country: 'CL',
  timeZone: 'America/Santiago',
  numbers: [{ have: 'buy', e164: NUMBER }],
  endpoints: [
    { extension: '201', role: 'office', displayName: 'Oficina' },
    { extension: '202', role: 'security', displayName: 'Conserjería' },
  ],
  routes: {
    main: {
      name: 'Main',
      start: 'menu',
      nodes: {
        menu: { kind: 'menu', prompt: { say: { es: 'Para oficina presione 1, para conserjería 2.' } }, digits: { 1: 'office', 2: 'security' }, onTimeout: 'bye' },
        office: { kind: 'ring', extensions: ['201'], onNoAnswer: 'security' },
        security: { kind: 'ring', extensions: ['202'], onNoAnswer: 'bye' },
        bye: { kind: 'hangup', prompt: { say: { es: 'Adiós.' } } },
      },
    },
  },
  emergency: { acknowledged: true },
};

/** provisioning with a simulated Twilio of its own, and the environment `prod`. */
export class AtTwilio {
  private constructor(
    readonly twilio: TwilioSimulator,
    readonly under: ServiceUnderTest,
    /** The running service, for what only it can do. */
    readonly service: () => RunningService,
  ) {}

  /** The running service's own, for what takes a month. */
  get database(): Database {
    return this.service().get(Database);
  }

  /** @param env further settings of provisioning */
  static async start(settings: Settings = {}, env: Readonly<Record<string, string>> = {}): Promise<AtTwilio> {
    const twilio = await startTwilioSimulator({ settings: { ...FOR_SALE, ...settings } });
    let running: RunningService | undefined;
    const under = await startUnderTest('provisioning', async (settings) => (running = await startService(settings)), {
      env: { TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_API_URL: twilio.url, CREDENTIALS_KEY: FIRST_KEY, ...env },
    });
    const at = new AtTwilio(twilio, under, () => {
      if (!running) throw new Error('not started yet');
      return running;
    });
    await at.environment('prod', DOMAIN);
    return at;
  }

  /** An account as somebody beside us uses it; the platform's unless another is named. */
  byHand({ sid, authToken }: { readonly sid: string; readonly authToken: string } = this.twilio.world.main.identity): Twilio {
    return twilio(sid, authToken, { httpClient: new TwilioHttp({ base: this.twilio.url }) });
  }

  async stop(): Promise<void> {
    await this.under.stop();
    await this.twilio.close();
  }

  async environment(name: string, domain: string, more: object = {}): Promise<void> {
    await this.under.api.expect('PUT', `/api/environments/${name}`, { domain, publicUrl: `https://${name}.example.com`, ...more });
  }

  path(what: string, environment = 'prod'): string {
    return `/api/environments/${environment}/${what}`;
  }

  plan(declarations: readonly unknown[], environment = 'prod'): Promise<PlanView> {
    return this.under.api.expect<PlanView>('POST', this.path('plan', environment), { declarations });
  }

  /** Asks for what begins a run, and waits for its end. */
  async run(method: 'POST' | 'DELETE', what: string, body?: object, environment = 'prod'): Promise<RunView> {
    const { run } = await this.under.api.expect<{ run: string }>(method, this.path(what, environment), body);
    return this.ended(run);
  }

  apply(declarations: readonly unknown[], environment = 'prod'): Promise<RunView> {
    return this.run('POST', 'apply', { declarations }, environment);
  }

  ended(run: string): Promise<RunView> {
    return eventually(`run ${run} has ended`, async () => {
      const view = await this.under.api.expect<RunView>('GET', `/api/runs/${run}`);
      return view.state === 'running' ? undefined : view;
    }, 20_000);
  }

  /** Changes that were asked of the account since the log was forgotten. */
  changes(): string[] {
    return this.twilio.requests().filter(({ method }) => method !== 'GET').map(({ method, place }) => `${method} ${place.split('/').at(-1)}`);
  }
}
