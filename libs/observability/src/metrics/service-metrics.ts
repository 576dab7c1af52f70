import type { Catalogue } from './declaration.js';

const EVERY = 'every service';

/** What every service tells: requests, commands, events, its database and its bus. */
export const SERVICE_METRICS = {
  troncal_http_request_seconds: {
    kind: 'histogram', by: EVERY, help: 'Time from request to answer.', labels: { method: 'of HTTP', route: 'the pattern, `/api/calls/:id`', status: 'of HTTP' }, alert: 'TroncalHttpErrors',
  },
  troncal_outbox_age_seconds: { kind: 'gauge', by: EVERY, help: 'Age of the oldest event not yet on the bus; 0 when none waits.', labels: {}, alert: 'TroncalOutboxStuck' },
  troncal_outbox_waiting_count: { kind: 'gauge', by: EVERY, help: 'Events stated and not yet on the bus.', labels: {} },
  troncal_events_consumed_total: {
    kind: 'counter', by: EVERY, help: 'Deliveries by handler and how they ended (dead: given up to the dead-letter stream; passed: of a service whose events it doesn’t take).',
    labels: { handler: 'of the event', outcome: 'done, duplicate, passed, early, retried, dead' }, alert: 'TroncalHandlerFails',
  },
  troncal_consumer_lag_count: { kind: 'gauge', by: EVERY, help: 'Events not yet delivered to the handler.', labels: { handler: 'of the event', stream: 'of the domain' }, alert: 'TroncalConsumerLag' },
  troncal_consumer_unsettled_count: { kind: 'gauge', by: EVERY, help: 'Events delivered and not yet settled.', labels: { handler: 'of the event', stream: 'of the domain' } },
  troncal_consumer_redelivered_count: { kind: 'gauge', by: EVERY, help: 'Of those, events delivered more than once.', labels: { handler: 'of the event', stream: 'of the domain' } },
  troncal_consumer_oldest_age_seconds: {
    kind: 'gauge', by: EVERY, help: 'Age of the oldest event that this replica was given and has not settled; 0 when there is none.', labels: { handler: 'of the event', stream: 'of the domain' },
  },
  troncal_consumer_late_state: {
    kind: 'gauge', by: EVERY, help: '1 while that age is beyond CONSUMER_LATE_SECONDS, else 0.', labels: { handler: 'of the event', stream: 'of the domain' }, alert: 'TroncalConsumerLag',
  },
  troncal_dead_letters_count: { kind: 'gauge', by: EVERY, help: 'Dead letters waiting for a person to redrive or discard them.', labels: { handler: 'that gave them up' }, alert: 'TroncalDeadLetters' },
  troncal_dead_letter_age_seconds: { kind: 'gauge', by: EVERY, help: 'How long the oldest waiting dead letter has waited.', labels: { handler: 'that gave it up' } },
  troncal_event_handling_seconds: { kind: 'histogram', by: EVERY, help: 'Time one delivery took, its transaction included.', labels: { handler: 'of the event' } },
  troncal_command_seconds: { kind: 'histogram', by: EVERY, help: 'Time from asking another service to its answer.', labels: { command: 'its subject', outcome: '`ok`, or the code of the error' }, alert: 'TroncalCommandsFail' },
  troncal_database_connections_count: { kind: 'gauge', by: EVERY, help: 'Connections of the pool.', labels: { state: 'idle, busy' } },
  troncal_database_waiting_count: { kind: 'gauge', by: EVERY, help: 'Work that waits for a connection.', labels: {}, alert: 'TroncalDatabasePoolExhausted' },
  troncal_bus_connected_state: { kind: 'gauge', by: EVERY, help: '1 while NATS is connected, else 0.', labels: {}, alert: 'TroncalBusAway' },
  troncal_trace_spans_total: { kind: 'counter', by: `${EVERY}, while tracing is on`, help: 'Spans by what became of them.', labels: { outcome: 'sent, failed (the collector did not take them), dropped (the queue was full)' }, alert: 'TroncalTracesLost' },
} as const satisfies Catalogue;
