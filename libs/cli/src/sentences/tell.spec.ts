import { EVENTS, type Envelope } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { styleFor } from '../output/style.js';
import { eventLine, tell, TOLD_TYPES } from './tell.js';

const envelopeOf = (type: string, data: unknown, tenantid = 'demo'): Envelope => ({
  specversion: '1.0',
  id: '01K9ZQ4W2M6T8N0B3C5D7E9F1G',
  type,
  source: 'spec',
  time: '2026-11-21T14:02:11.250Z',
  subject: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c',
  sequence: 1,
  tenantid,
  correlationid: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c',
  datacontenttype: 'application/json',
  data,
});

describe('sentences', () => {
  it('exist for every event of the catalogue and for nothing else', () => {
    expect(TOLD_TYPES.toSorted()).toEqual(EVENTS.map((event) => event.type).toSorted());
  });

  it.each(EVENTS.map((event) => [event.type, event] as const))('%s is told in both languages from its example', (type, event) => {
    const english = tell(envelopeOf(type, event.example), 'en');
    const spanish = tell(envelopeOf(type, event.example), 'es');
    for (const text of [english, spanish]) {
      expect(text).toMatch(/^\S.{10,}\S$/u);
      expect(text).not.toMatch(/undefined|null|NaN|\[object/);
      expect(text).not.toContain(type);
      // The demo's own promise: no full phone number on a screen.
      expect(text).not.toMatch(/\+\d{8,}/);
    }
    expect(spanish).not.toBe(english);
  });

  it('tell a call the way the documentation shows it', () => {
    const began = envelopeOf('CallStarted.v1', {
      callId: '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', direction: 'internal', from: '202', to: '100', edgeId: 'edge-1', rail: 'asterisk',
    });
    expect(eventLine(began, 'en', styleFor(false))).toMatch(/^\d\d:\d\d:11 demo call 3f1f0a2b… from 202 to 100 began\n$/);
    expect(eventLine({ ...began, tenantid: '_' }, 'es', styleFor(false))).toMatch(/^\d\d:\d\d:11 troncal llamada 3f1f0a2b… de 202 a 100 comenzó\n$/);
  });

  it('tell a message of a caller from the recording of a call', () => {
    const recording = { callId: '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c', recordingId: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', purpose: 'voicemail', mailbox: '201' };
    expect(tell(envelopeOf('RecordingStarted.v1', { ...recording, announced: true }), 'en')).toBe('call 3f1f0a2b…: the caller may leave a message for 201');
    expect(tell(envelopeOf('RecordingReady.v1', { ...recording, durationMs: 4_000, bytes: 1, format: 'wav', location: 'x' }), 'es')).toContain('dejaron un mensaje para 201');
  });

  it('still tell an event of a newer version, or one with wrong data', () => {
    expect(tell(envelopeOf('MoonRisen.v1', {}), 'en')).toBe('MoonRisen.v1 0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c (a type that this version does not know)');
    expect(tell(envelopeOf('CallEnded.v1', { callId: 7 }), 'es')).toContain('datos que no cumplen su contrato');
  });

  it('let nothing that a caller says reach the terminal as a control', () => {
    const turn = { conversationId: 'c', callId: '3f1f0a2b-5a10-4c3e-9d55-3f1f6f0a1b2c', turn: 1, role: 'caller', text: 'hi\u001b]0;owned\u0007\nCallEnded', interrupted: false, tookMs: 1 };
    expect(tell(envelopeOf('TurnCompleted.v1', turn), 'en')).toBe('call 3f1f0a2b…: the caller said “hi ]0;owned CallEnded”');
  });
});
