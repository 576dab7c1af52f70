import type { CallView, Envelope } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { styleFor } from '../output/style.js';
import { delaysOf, isSlow } from './delays.js';
import { describeStory } from './describe-story.js';
import { findingsOf } from './findings.js';
import { inCausalOrder, type Story } from './story.js';

const CALL = '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c';
const LEG = '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f';
const START = Date.parse('2026-11-21T14:02:11.000Z');
const LATER = START + 3_600_000;
let count = 0;

const event = (type: string, afterMs: number, data: object = {}, more: Partial<Envelope> = {}): Envelope => ({
  specversion: '1.0', id: `e${(count += 1)}`, type: `${type}.v1`, source: 'ari-gateway', time: new Date(START + afterMs).toISOString(), subject: CALL, sequence: count, tenantid: 'demo', correlationid: CALL,
  datacontenttype: 'application/json', data: { callId: CALL, ...data }, ...more,
});
const started = (data: object = {}): Envelope => event('CallStarted', 0, { legId: LEG, direction: 'inbound', from: '+56225550101', to: '100', edgeId: 'edge-1', rail: 'asterisk', ...data });
const ended = (afterMs: number, data: object = {}): Envelope => event('CallEnded', afterMs, { from: '+56225550101', to: '100', direction: 'inbound', disposition: 'answered', endedBy: 'caller', cause: 16, durationMs: afterMs, answeredMs: afterMs, ...data });
const turn = (afterMs: number, role: string, data: object = {}): Envelope => event('TurnCompleted', afterMs, { conversationId: 'c', turn: 1, role, text: 'x', interrupted: false, tookMs: 1_000, ...data });
const story = (events: readonly Envelope[], more: Partial<Story> = {}): Story => ({ callId: CALL, call: undefined, events, busRead: true, apiTrouble: undefined, ...more });
const live = { callId: CALL, state: 'answered', at: 'agent', recordings: [] } as unknown as CallView;
const codes = (of: Story): string[] => findingsOf(of, LATER).map((finding) => finding.code);

describe('the order of a story', () => {
  it('has causes before effects and each source in its own order, whatever the clocks say', () => {
    const left = event('QueueLeft', 900, { queue: 'people', outcome: 'timeout', waitedMs: 1, from: '' }, { id: 'cause', sequence: 7 });
    const ticket = event('TicketOpened', 100, {}, { source: 'ticketing', subject: 't', sequence: 1, causationid: 'cause' });
    const first = event('CallQueued', 950, {}, { sequence: 6 });
    expect(inCausalOrder([ticket, left, first]).map((each) => each.type)).toEqual(['CallQueued.v1', 'QueueLeft.v1', 'TicketOpened.v1']);
  });
});

describe('the delays of a story', () => {
  const events = [
    started(), event('CallAnswered', 40, { legId: LEG, by: 'route', answeredBy: 'main' }), turn(1_310, 'agent'), turn(3_000, 'agent', { turn: 3, latencyMs: 700 }),
    event('AgentInterrupted', 3_100, { conversationId: 'c', turn: 3, heardMs: 400, toSilenceMs: 35 }), event('CallTransferred', 5_000, { kind: 'queue', target: 'people', requestedBy: 'caller' }),
    event('CallQueued', 5_001, { queue: 'people', reason: 'digit' }), event('QueueLeft', 8_000, { queue: 'people', outcome: 'connected', waitedMs: 2_999, from: '' }),
    event('AgentConnected', 8_000, { legId: LEG, extension: '201', queue: 'people', waitedMs: 2_999 }), ended(20_000), event('RecordingReady', 20_400, { recordingId: 'r' }),
  ];

  it('are those between its events, and what is over its budget is slow', () => {
    expect(delaysOf({ events }).map(({ name, ms }) => [name, ms])).toEqual([
      ['arrival_to_answer', 40], ['arrival_to_agent', 310], ['answer_to_agent', 270], ['question_to_answer', 700], ['interruption_to_silence', 35], ['queue', 2_999], ['waiting_to_person', 3_000], ['recording_to_file', 400],
    ]);
    expect(delaysOf({ events }).filter(isSlow).map((delay) => delay.name)).toEqual(['arrival_to_agent', 'interruption_to_silence']);
  });

  it('are told in both languages', () => {
    const style = styleFor(false);
    expect(describeStory(story(events), 'en', style, LATER)).toMatch(/310 ms {2}arrival → the agent’s first word \(at most 250 ms\) SLOW\n/);
    expect(describeStory(story(events), 'es', style, LATER)).toMatch(/310 ms {2}llegada → primera palabra del agente \(a lo más 250 ms\) LENTO\n/);
    expect(describeStory(story(events), 'es', style, LATER)).toContain('contestada; la terminó quien llama tras 20.0 s; causa: normal (16)');
    expect(describeStory(story(events), 'en', style, LATER)).toContain(`trace ${CALL.replaceAll('-', '')}`);
    expect(describeStory(story(events), 'en', style, LATER)).not.toContain('+56225550101');
  });
});

describe('what is noted about a story', () => {
  it.each([
    ['nothing, when nothing is missing', story([started(), ended(5_000)]), []],
    ['a call that goes on', story([started()], { call: live }), ['still_live']],
    ['a call whose gateway is away', story([started()], { apiTrouble: 'nothing answers' }), ['end_unknown', 'api_away']],
    ['an end found afterwards', story([started(), ended(5_000, { recovered: true })]), ['gateway_was_away']],
    ['a gap in the middle', story([started(), event('EdgeLost', 1_000, { edgeId: 'edge-1', reason: 'silent' }), event('EdgeConnected', 4_000, { edgeId: 'edge-1', version: '22', reownedCalls: 1, endedCalls: 0 }), ended(9_000)]), ['edge_gap']],
    ['the fallback', story([started({ viaFallback: true }), ended(1)]), ['served_by_fallback']],
    ['a recording that never came', story([started(), event('RecordingStarted', 1, { recordingId: 'r', announced: true }), ended(5_000)]), ['recording_missing']],
    ['nothing of a message in which nothing was said', story([started(), event('RecordingStarted', 1, { recordingId: 'r', announced: true, purpose: 'voicemail', mailbox: '201' }), ended(5_000)]), []],
    ['a conversation that was replaced, given up and has no end', story([started(), event('ConversationStarted', 1, { resumed: false }), event('ConversationStarted', 2, { resumed: true }), event('EngineChanged', 3, { how: 'gave_up', reason: 'x', silentMs: 1 }), ended(9)]), ['voice_was_replaced', 'provider_given_up', 'conversation_open']],
    ['a tool that failed and one that never came back', story([started(), event('ToolCalled', 1, { toolRunId: 'a', tool: 'hang_up' }), event('ToolCalled', 1, { toolRunId: 'b', tool: 'transfer_to_person' }), event('ToolCompleted', 2, { toolRunId: 'a', tool: 'hang_up', outcome: 'timeout', tookMs: 1 }), ended(9)]), ['tool_failed', 'tool_open']],
    ['a caller nobody took and no ticket for it', story([started(), event('CallQueued', 1, { queue: 'people' }), event('QueueLeft', 2, { queue: 'people', outcome: 'timeout', waitedMs: 1 }), ended(9)]), ['no_ticket']],
    ['a queue that was never left', story([started(), event('CallQueued', 1, { queue: 'people' }), ended(9)]), ['queue_open']],
    ['an end that has not been told', story([started()], { call: { ...live, state: 'ended' } }), ['end_not_told']],
    ['a beginning that is kept no longer', story([ended(9)]), ['no_beginning']],
    ['a bus that was not read', story([started(), ended(9)], { busRead: false }), ['bus_not_read']],
  ] as const)('%s', (_, of, expected) => {
    expect(codes(of)).toEqual(expected);
    for (const language of ['en', 'es'] as const) expect(describeStory(of, language, styleFor(false), LATER)).not.toMatch(/undefined|NaN|\[object/);
  });

  it('waits a while for what follows an end', () => {
    const events = [started(), event('RecordingStarted', 1, { recordingId: 'r', announced: true }), ended(5_000)];
    expect(findingsOf(story(events), START + 6_000)).toEqual([]);
  });
});
