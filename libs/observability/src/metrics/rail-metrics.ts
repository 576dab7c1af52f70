import type { Catalogue } from './declaration.js';

const BY = 'provisioning';
const DIRECTION = { direction: 'inbound, outbound, internal' };

/** What provisioning tells of how calls on Twilio's rail went. */
export const RAIL_METRICS = {
  troncal_rail_calls_total: { kind: 'counter', by: BY, help: 'Calls on Twilio’s rail that ended.', labels: { ...DIRECTION, disposition: 'answered, no_answer, busy, failed, abandoned, rejected' } },
  troncal_rail_calls_recovered_total: { kind: 'counter', by: BY, help: 'Of those, calls whose end Twilio did not tell and was asked for.', labels: {} },
  troncal_rail_calls_unconnected_total: { kind: 'counter', by: BY, help: 'Of those, calls that technically reached nobody.', labels: {} },
  troncal_rail_refusals_total: { kind: 'counter', by: BY, help: 'Calls on Twilio’s rail that never became one.', labels: { ...DIRECTION, reason: 'of CallRefused' } },
  troncal_rail_ring_seconds: { kind: 'histogram', by: BY, help: 'From the first ringing to the answer of whoever took the call.', labels: {}, buckets: [1, 2.5, 5, 10, 15, 20, 30, 45, 60, 120] },
  troncal_rail_facts_waiting_count: { kind: 'gauge', by: BY, help: 'Facts of calls in memory, and lines of them in the journal, that the database does not have yet.', labels: {} },
  troncal_kpis_missed_total: { kind: 'counter', by: BY, help: 'Figures of tenants that were not what they have to be; each once a day and tenant.', labels: { kpi: 'connection, setup, registration, registration_time, availability, audio, complaints' } },
  troncal_voice_probes_total: { kind: 'counter', by: BY, help: 'Requests of our own to the public voice URLs.', labels: { outcome: 'answered, failed' } },
} as const satisfies Catalogue;
