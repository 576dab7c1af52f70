import type { Catalogue } from './declaration.js';

const BY = 'ari-gateway';
const DIRECTION = { direction: 'inbound, outbound, internal' };

/** What the gateway tells of calls, edges and dialling. */
export const CALL_METRICS = {
  troncal_calls_started_total: { kind: 'counter', by: BY, help: 'Calls begun.', labels: DIRECTION },
  troncal_calls_total: { kind: 'counter', by: BY, help: 'Calls ended.', labels: { ...DIRECTION, disposition: 'answered, no_answer, busy, failed, abandoned, rejected' }, alert: 'TroncalCallsFail' },
  troncal_calls_recovered_total: { kind: 'counter', by: BY, help: 'Calls whose end was found afterwards: nobody was looking when it came.', labels: {} },
  troncal_calls_refused_total: { kind: 'counter', by: BY, help: 'Calls that never became one.', labels: { ...DIRECTION, reason: 'of CallRefused' }, alert: 'TroncalCallsRefused' },
  troncal_call_setup_seconds: { kind: 'histogram', by: BY, help: 'From the arrival at the gateway to the answer.', labels: DIRECTION, buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60], alert: 'TroncalSetupSlow' },
  troncal_call_answered_seconds: { kind: 'histogram', by: BY, help: 'From the answer to the end.', labels: DIRECTION, buckets: [1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600] },
  troncal_calls_live_count: { kind: 'gauge', by: BY, help: 'Calls in this gateway’s hands.', labels: DIRECTION },
  troncal_legs_live_count: { kind: 'gauge', by: BY, help: 'Legs of live calls that have not ended.', labels: { kind: 'caller, endpoint, trunk, queue, media' } },
  troncal_call_step_seconds: { kind: 'histogram', by: BY, help: 'Time from taking a message of a call to its step being stored.', labels: {}, alert: 'TroncalStepsSlow' },
  troncal_queue_wait_seconds: { kind: 'histogram', by: BY, help: 'Time in a queue.', labels: { outcome: 'connected, abandoned, timeout, no_members' }, buckets: [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600], alert: 'TroncalQueueUnanswered' },
  troncal_agent_attach_seconds: { kind: 'histogram', by: BY, help: 'From asking for an AI agent to its leg being in the bridge.', labels: {}, alert: 'TroncalAgentSlow' },
  troncal_agent_attach_failures_total: { kind: 'counter', by: BY, help: 'Attempts to have an agent that failed, and agents lost in mid-call.', labels: { kind: 'retried, hopeless' }, alert: 'TroncalAgentsAway' },
  troncal_recordings_total: { kind: 'counter', by: BY, help: 'Recordings by what became of them.', labels: { outcome: 'ready, failed' }, alert: 'TroncalRecordingsFail' },
  troncal_dial_decisions_total: { kind: 'counter', by: 'ari-gateway, provisioning', help: 'Decisions of the dial guard.', labels: { allowed: 'true, false', reason: 'of the decision' } },
  troncal_edge_connected_state: { kind: 'gauge', by: BY, help: '1 while this gateway is connected to the edge and its calls are reconciled, else 0.', labels: { edge: 'id of the edge' }, alert: 'TroncalEdgeAway' },
  troncal_ari_command_seconds: { kind: 'histogram', by: BY, help: 'Time from a command to Asterisk’s answer.', labels: { operation: '`channels.answer`', outcome: 'ok, refused, unreachable' }, alert: 'TroncalAriSlow' },
  troncal_journal_waiting_count: { kind: 'gauge', by: BY, help: 'Steps of calls on the disk that the database does not have yet.', labels: {}, alert: 'TroncalJournalWaits' },
  troncal_late_writes_waiting_count: { kind: 'gauge', by: BY, help: 'Writes in memory that wait for the database; lost with the process.', labels: {} },
} as const satisfies Catalogue;
