import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFromTwilio, type RawWebhook } from './signed-request.js';

const facts = { publicUrl: 'https://voice.example.com', tokens: ['primary'] };
const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

/** As Twilio documents it, and by nobody's library: each name with its value behind the URL, in the order of the names. */
const sign = (url: string, parameters: readonly (readonly [string, string])[] = [], token = 'primary'): string =>
  createHmac('sha1', token)
    .update(url + parameters.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([name, value]) => name + value).join(''))
    .digest('base64');

function encoded(parameters: readonly (readonly [string, string])[]): Buffer {
  const form = new URLSearchParams();
  for (const [name, value] of parameters) form.append(name, value);
  return Buffer.from(form.toString());
}

function form(parameters: readonly (readonly [string, string])[], { target = '/twilio/voice?env=prod', token = 'primary' } = {}): RawWebhook {
  return { method: 'POST', target, contentType: FORM, body: encoded(parameters), signature: sign(facts.publicUrl + target, parameters, token) };
}
function json(body: string, target = '/twilio/events'): RawWebhook {
  const signed = `${target}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  return { method: 'POST', target: signed, contentType: 'application/json', body: Buffer.from(body), signature: sign(facts.publicUrl + signed) };
}
const get = (target: string): RawWebhook => ({ method: 'GET', target, contentType: undefined, body: Buffer.alloc(0), signature: sign(facts.publicUrl + target) });

const call = [['CallSid', 'CA1'], ['From', '+56912345678'], ['CallerName', ''], ['Digits', '1']] as const;
const good = form(call);

describe('a webhook’s signature', () => {
  it('is the one that Twilio’s documentation gives as its example', () => {
    const parameters = [['CallSid', 'CA1234567890ABCDE'], ['Caller', '+14158675309'], ['Digits', '1234'], ['From', '+14158675309'], ['To', '+18005551212']] as const;
    const request = { method: 'POST', target: '/myapp.php?foo=1&bar=2', contentType: FORM, body: encoded(parameters), signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' };
    expect(isFromTwilio(request, { publicUrl: 'https://mycompany.com', tokens: ['12345'] })).toBe(true);
  });

  it.each<readonly [string, RawWebhook]>([
    ['a form with an empty parameter', good],
    ['a form with a repeated parameter', form([['To', 'b'], ['To', 'c']])],
    ['a form of another script', form([['CallerName', 'Conserjería 門衛 🛎️'], ['SpeechResult', 'sí & no = 100 % + más']])],
    ['an empty form', form([])],
    ['a GET', get('/twilio/voice?To=%2B56&x=a%20b')],
    ['JSON', json('{"b": 1,\n "a": "ñ"}')],
  ])('is taken on %s', (_, request) => {
    expect(isFromTwilio(request, facts)).toBe(true);
  });

  it('is taken by either token while one is being replaced', () => {
    const both = { ...facts, tokens: ['primary', 'secondary'] };
    expect([form(call), form(call, { token: 'secondary' }), form(call, { token: 'old' })].map((request) => isFromTwilio(request, both))).toEqual([true, true, false]);
  });

  const wrong: readonly (readonly [string, RawWebhook])[] = [
    ['no signature', { ...good, signature: undefined }],
    ['an empty signature', { ...good, signature: '' }],
    ['another account’s token', form(call, { token: 'theirs' })],
    ['another path', { ...good, target: '/twilio/status?env=prod' }],
    ['a stray question mark', { ...form(call, { target: '/twilio/voice' }), target: '/twilio/voice?' }],
    ['a form without its empty parameter', { ...good, body: form(call.filter(([, value]) => value !== '')).body }],
    ['a form with one more parameter', { ...good, body: Buffer.concat([good.body, Buffer.from('&SipUsername=other')]) }],
    ['a truncated form', { ...good, body: good.body.subarray(0, -1) }],
    ['a form said to be JSON', { ...good, contentType: 'application/json' }],
    ['a form said to be something else', { ...good, contentType: 'text/plain' }],
    ['re-encoded JSON', { ...json('{"b": 1}'), body: Buffer.from('{"b":1}') }],
    ['JSON without the digest of its body', { ...get('/twilio/events'), method: 'POST', contentType: 'application/json', body: Buffer.from('{}') }],
    ['JSON with two digests', { ...json('{}'), target: `${json('{}').target}&bodySHA256=0` }],
    ['a GET’s signature on a POST of a form', { ...get('/twilio/voice'), method: 'POST', contentType: FORM, body: Buffer.from('Digits=1') }],
    ['a GET with a body', { ...get('/twilio/voice'), body: Buffer.from('Digits=1') }],
    ['another method', { ...get('/twilio/voice'), method: 'PUT' }],
  ];
  it.each(wrong)('is refused with %s', (_, request) => {
    expect(isFromTwilio(request, facts)).toBe(false);
  });

  it('is taken on any parameters, and refused when any one of them is another', () => {
    const parameters = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })), { selector: ([name]) => name, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parameters, fc.nat(), (given, at) => {
        const request = form(given);
        expect(isFromTwilio(request, facts)).toBe(true);
        const changed = given.map(([name, value], index): [string, string] => [name, index === at % given.length ? `${value}x` : value]);
        expect(isFromTwilio({ ...request, body: form(changed).body }, facts)).toBe(false);
      }),
    );
  });
});
