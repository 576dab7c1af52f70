import type { TenantHealth } from '../../src/verify/tenant-health.js';

export const NOW = new Date('2026-11-30T15:00:00.000Z');
export const TENANT = 'oficina_principal';
export const LIST = 'OFICINA_PRINCIPAL_Credentials';
export const OFFICE_USER = '+56229145248-office';
const NUMBER = '+56229145248';
const ours = (of: string): { friendlyName: string; voiceUrl: string; voiceFallbackUrl: string; statusCallback: string } => ({
  friendlyName: 'ours', voiceUrl: `https://voice.example/twilio/voice/${of}`, voiceFallbackUrl: 'https://voice.example/twilio/voice/fallback', statusCallback: 'https://voice.example/twilio/status',
});

/** A tenant with one phone and one number, whose telephones work. */
export function healthOf(change: Partial<TenantHealth> = {}): TenantHealth {
  return {
    now: NOW, tenant: TENANT, asFound: false, suspended: false,
    desired: {
      domain: { name: 'communities.sip.twilio.com', secure: false, ...ours('phone') },
      lists: [{ name: LIST, usernames: [OFFICE_USER], unsure: [], ways: ['calls', 'registrations'] }],
      numbers: [{ e164: NUMBER, bundleSid: null, addressSid: null, whenMissing: 'buy', ...ours('number') }],
      gone: { lists: [], numbers: [] },
      permissions: { countries: [], exact: false },
    },
    observed: {
      domain: { sid: 'SD', name: 'communities.sip.twilio.com', secure: false, sipRegistration: true, ...ours('phone') },
      lists: [{ sid: 'CL', name: LIST, users: [{ sid: 'CR', username: OFFICE_USER }], calls: true, registers: true }],
      numbers: [{ sid: 'PN', e164: NUMBER, answeredBy: 'url', ...ours('number') }],
      permissions: new Map(),
      counts: { domains: 1, lists: 1 },
    },
    phones: [{ extension: '201', username: OFFICE_USER, list: LIST, password: 'ours', seenAt: new Date(NOW.getTime() - 3_600_000), unreachableAt: undefined, device: undefined }],
    numbers: [{ number: NUMBER, waiting: undefined, answeredFor: TENANT }],
    codecs: ['PCMU', 'PCMA'],
    voiceUrls: [{ url: 'https://voice.example/twilio/voice/number', outcome: 'answered', says: 'It answered.' }],
    lastGoodCall: new Date(NOW.getTime() - 7_200_000), alerts: [], failures: [], probes: [],
    ...change,
  };
}
