import { emergencyPolicySchema, outboundPolicySchema } from '@troncal/contracts';
import { systemClock, type Clock } from '@troncal/kernel';
import { createLogger, Metrics } from '@troncal/observability';
import { Database, Outbox } from '@troncal/persistence';
import { DecisionLog } from '../src/outbound/decision-log.js';
import { PgDecisionRepository } from '../src/outbound/decisions.repository.pg.js';
import { GuardedOutboundDesk } from '../src/outbound/guarded-desk.js';
import type { OutboundDecision, OutboundDesk, OutboundRequest, OutboundTenant } from '../src/outbound/outbound-desk.js';
import { ReserveCall } from '../src/outbound/reserve-call.js';
import { KeepRates } from '../src/rates/keep-rates.js';
import { PriceOfCall } from '../src/rates/price-of-call.js';
import type { RateSource } from '../src/rates/rate-source.js';
import { PgRateRepository } from '../src/rates/rates.repository.pg.js';
import { RefreshRates } from '../src/rates/refresh-rates.js';
import { SettleCall } from '../src/spend/settle-call.js';
import type { SpendConfig } from '../src/spend/spend-env.js';
import { SpendPublisher } from '../src/spend/spend.publisher.js';
import { PgSpendRepository } from '../src/spend/spend.repository.pg.js';

const silent = createLogger({ service: 'spec', level: 'silent' });

/** The platform's settings in these specs: 1 cent a minute where no price is known. */
export const SETTINGS: SpendConfig = {
  OUTBOUND_CURRENCY: 'USD', OUTBOUND_DEFAULT_RATE_MICROS: 10_000, OUTBOUND_DAY_CAP_MICROS: 10_000_000, OUTBOUND_MONTH_CAP_MICROS: 100_000_000, OUTBOUND_MINUTES_PER_DAY: 600,
  OUTBOUND_CALLS_PER_MINUTE: 100, OUTBOUND_CONCURRENT_CALLS: 100,
};

/** One that doesn't give up on a machine that is busy with other specs. */
class PatientDesk extends GuardedOutboundDesk {
  protected override readonly deadlineMs = 60_000;
}

/** A desk as the service has it, on a database that is there. */
export interface OpenDesk {
  readonly desk: OutboundDesk;
  readonly log: DecisionLog;
  readonly rates: PgRateRepository;
  readonly prices: PriceOfCall;
  readonly db: Database;
  close(): Promise<void>;
}

/** @param options.databaseMs how long the database is waited for @param options.deadline the desk's own, or one that a busy machine keeps */
export function openDesk(database: { readonly appUrl: string; readonly schema: string }, options: { readonly clock?: Clock; readonly settings?: Partial<SpendConfig>; readonly source?: RateSource; readonly databaseMs?: number; readonly deadline?: 'patient' | 'real' } = {}): OpenDesk {
  const clock = options.clock ?? systemClock;
  const config = { ...SETTINGS, ...options.settings };
  const db = new Database({ url: database.appUrl, schema: database.schema, logger: silent, applicationName: 'desk', poolSize: 8, statementTimeoutMs: options.databaseMs ?? 60_000, connectTimeoutMs: options.databaseMs ?? 60_000 });
  const spend = new PgSpendRepository(db, config);
  const decisions = new PgDecisionRepository();
  const publisher = new SpendPublisher(new Outbox('provisioning'));
  const rates = new PgRateRepository(db);
  const log = new DecisionLog(db, decisions, publisher, silent);
  const prices = new PriceOfCall(rates, new KeepRates(rates, new RefreshRates(rates, clock, silent), options.source, clock), config);
  const reserve = new ReserveCall(db, spend, prices, decisions, publisher, clock);
  return {
    desk: new (options.deadline === 'real' ? GuardedOutboundDesk : PatientDesk)(reserve, new SettleCall(db, spend), log, new Metrics('provisioning'), clock, silent),
    log, rates, prices, db,
    close: async () => {
      await log.beforeApplicationShutdown();
      await db.close();
    },
  };
}

/** A community in Chile whose phones may call Chile and the United States. */
export function community(tenant: string, more: Partial<OutboundTenant> = {}): OutboundTenant {
  return {
    environment: 'prod', tenant, country: 'CL', timeZone: 'America/Santiago', suspended: false,
    numbers: [{ e164: '+56229145248' }],
    routes: [{ code: 'front', route: { extension: '100' } }, { code: 'people', route: {} }],
    endpoints: [
      { extension: '201', role: 'office', callerId: '+56229145248', enabled: true },
      { extension: '202', role: 'security', callerId: null, enabled: true },
      { extension: '203', role: 'security', callerId: null, enabled: false },
    ],
    outbound: outboundPolicySchema.parse({ countries: ['CL', 'US'], operator: 'people' }),
    emergency: emergencyPolicySchema.parse({ acknowledged: true }),
    ...more,
  };
}

/** What phone 201 dials. */
export function dials(tenant: OutboundTenant, dialled: string, key: string, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return {
    key, callId: `call-${key}`, tenant, from: '201', dialled,
    ours: (e164) => (e164 === '+56223456789' ? { environment: 'prod', tenant: 'neighbour', route: 'main' } : undefined),
    ...more,
  };
}

/** In short: where it goes, or why not. */
export const gist = (decision: OutboundDecision): string => (decision.allowed ? decision.target.kind : decision.reason);
