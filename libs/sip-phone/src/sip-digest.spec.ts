import { describe, expect, it } from 'vitest';
import { challengeOf, digestHeader, digestResponse, minExpiresOf, type DigestChallenge } from './sip-digest.js';
import type { SipResponse } from './sip-message.js';

const challenge = (parts: Partial<DigestChallenge>): DigestChallenge => ({ realm: '', nonce: '', opaque: undefined, algorithm: undefined, qop: 'auth', stale: false, ...parts });
const response = (status: number, ...fields: (readonly [string, string])[]): SipResponse => ({ kind: 'response', status, reason: '', headers: fields, body: '' });

describe('digest vectors', () => {
  it('RFC 2617, 3.5: MD5 with qop=auth', () => {
    const given = challenge({ realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' });
    expect(digestResponse(given, { user: 'Mufasa', password: 'Circle Of Life' }, { method: 'GET', uri: '/dir/index.html', cnonce: '0a4f113b', count: 1 })).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('RFC 7616, 3.9.1: MD5 and SHA-256 of the same request', () => {
    const parts = { realm: 'http-auth@example.org', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v' };
    const request = { method: 'GET', uri: '/dir/index.html', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ', count: 1 };
    const credentials = { user: 'Mufasa', password: 'Circle of Life' };
    expect(digestResponse(challenge({ ...parts, algorithm: 'MD5' }), credentials, request)).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(digestResponse(challenge({ ...parts, algorithm: 'SHA-256' }), credentials, request)).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
  });

  it('RFC 2069 form, without qop', () => {
    const given = challenge({ realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', qop: undefined });
    // The RFC's own example, with the erratum's corrected value.
    expect(digestResponse(given, { user: 'Mufasa', password: 'CircleOfLife' }, { method: 'GET', uri: '/dir/index.html', cnonce: '', count: 1 })).toBe('1949323746fe6a43ef61f9606e7febea');
  });
});

describe('challenges', () => {
  it('takes the first one that it can answer, from the header that belongs to the status', () => {
    const given = response(401, ['WWW-Authenticate', 'Digest realm="r", nonce="n1", algorithm=SHA3-999'], ['www-authenticate', 'Digest  realm = "r, \\"x\\"" ,nonce="n2",qop="auth-int, auth",stale=TRUE, opaque="o"']);
    expect(challengeOf(given)).toEqual({ answerHeader: 'Authorization', challenge: { realm: 'r, "x"', nonce: 'n2', opaque: 'o', algorithm: undefined, qop: 'auth', stale: true } });
    expect(challengeOf(response(407, ['Proxy-Authenticate', 'Digest realm="r",nonce="n"']))?.answerHeader).toBe('Proxy-Authorization');
  });

  it.each([
    ['another scheme', response(401, ['WWW-Authenticate', 'Basic realm="r"'])],
    ['integrity only', response(401, ['WWW-Authenticate', 'Digest realm="r",nonce="n",qop="auth-int"'])],
    ['no nonce', response(401, ['WWW-Authenticate', 'Digest realm="r"'])],
    ['the wrong header', response(401, ['Proxy-Authenticate', 'Digest realm="r",nonce="n"'])],
    ['another status', response(403, ['WWW-Authenticate', 'Digest realm="r",nonce="n"'])],
  ])('has no answer to %s', (_what, given) => {
    expect(challengeOf(given)).toBeUndefined();
    expect(digestHeader(given, { user: 'u', password: 'p' }, 'REGISTER', 'sip:h')).toBeUndefined();
  });

  it('writes what it answered, quotes escaped, and no qop to a server that knows none', () => {
    const [name, value] = digestHeader(response(401, ['WWW-Authenticate', 'Digest realm="a\\"b",nonce="n",opaque="o",algorithm=MD5,qop="auth"']), { user: 'u', password: 'p' }, 'REGISTER', 'sip:h') ?? ['', ''];
    expect(name).toBe('Authorization');
    expect(value).toMatch(/^Digest username="u", realm="a\\"b", nonce="n", uri="sip:h", response="[0-9a-f]{32}", algorithm=MD5, opaque="o", cnonce="[0-9a-f]{16}", qop=auth, nc=00000001$/);
    expect(digestHeader(response(401, ['WWW-Authenticate', 'Digest realm="r",nonce="n"']), { user: 'u', password: 'p' }, 'REGISTER', 'sip:h')?.[1]).not.toMatch(/qop|cnonce/);
  });

  it('reads Min-Expires of a 423 only', () => {
    expect(minExpiresOf(response(423, ['Min-Expires', '60']))).toBe(60);
    expect(minExpiresOf(response(423))).toBeUndefined();
    expect(minExpiresOf(response(200, ['Min-Expires', '60']))).toBeUndefined();
  });
});
