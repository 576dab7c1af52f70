import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../commands/catalogue.js';
import { ContractError } from '../envelope/contract-error.js';
import { SERVICE_NAMES } from '../envelope/service-name.js';
import { CallEndedV1 } from './calls/call-ended.v1.js';
import { EVENTS } from './catalogue.js';
import { RouteUpdatedV1 } from './tenants/route-updated.v1.js';

describe('the catalogue', () => {
  it.each(EVENTS.map((event) => [event.type, event] as const))('%s: its example is valid, whole and names known services', (_type, event) => {
    expect(() => event.encode(event.example)).not.toThrow();
    for (const service of [...event.producers, ...event.consumers]) expect(SERVICE_NAMES).toContain(service);
  });

  it('holds each type and each subject once', () => {
    expect(new Set(EVENTS.map((event) => event.type)).size).toBe(EVENTS.length);
    const subjects = [...EVENTS.map((event) => event.filter), ...COMMANDS.map((command) => command.subject)];
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});

describe('an event definition', () => {
  const example = CallEndedV1.example as Parameters<typeof CallEndedV1.encode>[0];
  const envelope = {
    specversion: '1.0' as const, id: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', type: 'CallEnded.v1', source: 'ari-gateway', time: '2026-11-21T10:00:00.000Z',
    subject: example.callId, sequence: 7, tenantid: 'demo', correlationid: example.callId, datacontenttype: 'application/json' as const,
  };

  it('refuses to publish fields it does not know, deep inside too', () => {
    expect(() => CallEndedV1.encode({ ...example, colour: 'red' } as typeof example)).toThrow('colour: not part of CallEnded.v1');
    const route = structuredClone(RouteUpdatedV1.example) as { route: { nodes: Record<string, Record<string, unknown>> } };
    Object.assign(route.route.nodes['bye'] ?? {}, { volume: 11 });
    expect(() => RouteUpdatedV1.encode(route as never)).toThrow('route.nodes.bye.volume');
  });

  it('names every fault at once', () => {
    expect(() => CallEndedV1.encode({ ...example, cause: 999, durationMs: -1 })).toThrow(
      expect.objectContaining({ name: ContractError.name, faults: [expect.stringMatching(/^cause:/), expect.stringMatching(/^durationMs:/)] }),
    );
  });

  it('reads tolerantly what a newer producer adds', () => {
    const read = CallEndedV1.read({ ...envelope, data: { ...example, mood: 'good' } });
    expect(read.data).toEqual(example);
  });

  it('refuses the envelope of another type', () => {
    expect(() => CallEndedV1.read({ ...envelope, type: 'CallStarted.v1', data: example })).toThrow('expected CallEnded.v1, got CallStarted.v1');
  });
});
