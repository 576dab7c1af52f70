import type { Catalogue } from './declaration.js';

const BY = 'provisioning';

/** What provisioning tells of calls on Twilio's rail. */
export const TWILIO_METRICS = {
  troncal_twilio_webhooks_total: { kind: 'counter', by: BY, help: 'Webhooks by whether their signature was right.', labels: { outcome: 'taken, refused' } },
  troncal_twilio_answers_total: {
    kind: 'counter', by: BY, help: 'Answers to Twilio in the middle of calls (excused: something of ours was wrong, and the caller heard an excuse).',
    labels: { step: 'number, phone, flow, outbound, refer', outcome: 'served, refused, excused' },
  },
  troncal_usage_triggers_fired_total: { kind: 'counter', by: BY, help: 'Usage triggers that fired: an account has used as much as one watches for.', labels: { by: 'price, usage, count' }, alert: 'TroncalUsageTriggerFired' },
  troncal_twilio_errors_total: { kind: 'counter', by: BY, help: 'Errors that Twilio told us of.', labels: { level: 'error, warning' } },
} as const satisfies Catalogue;
