import { createHash, randomBytes } from 'node:crypto';
import { parseKeyRing } from '@troncal/persistence';
import { describe, expect, it } from 'vitest';
import { CredentialVault } from './credential-vault.js';
import { sipDigest } from './sip-digest.js';
import { newSipPassword } from './sip-password.js';

const old = randomBytes(32);
const fresh = randomBytes(32);
const owner = { tenant: 'demo', extension: '202' };

describe('the credential vault', () => {
  const vault = new CredentialVault(parseKeyRing(old.toString('hex')));

  it('opens what it sealed, and never seals the same way twice', () => {
    const one = vault.seal(owner, 'correct horse');
    const two = vault.seal(owner, 'correct horse');
    expect(vault.open(owner, one)).toBe('correct horse');
    expect(one.sealed.equals(two.sealed)).toBe(false);
    expect(one.sealed.includes('horse')).toBe(false);
  });

  it.each([
    ['another extension', { tenant: 'demo', extension: '203' }],
    ['another tenant', { tenant: 'demo2', extension: '02' }],
  ])('does not open for %s', (_case, other) => {
    expect(() => vault.open(other, vault.seal(owner, 'x'))).toThrow(expect.objectContaining({ code: 'credential_damaged' }));
  });

  it('notices every changed byte', () => {
    const { keyId, sealed } = vault.seal(owner, 'secret');
    for (let at = 0; at < sealed.length; at += 1) {
      const bent = Buffer.from(sealed);
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(() => vault.open(owner, { keyId, sealed: bent })).toThrow(expect.objectContaining({ code: 'credential_damaged' }));
    }
    expect(() => vault.open(owner, { keyId, sealed: Buffer.alloc(3) })).toThrow(expect.objectContaining({ code: 'credential_damaged' }));
  });

  it('opens with the old key and seals with the new one', () => {
    const before = vault.seal(owner, 'secret');
    const after = new CredentialVault(parseKeyRing(`# new since May\n${fresh.toString('base64')}\n\n${old.toString('hex')}\n`));
    expect(after.open(owner, before)).toBe('secret');
    expect(after.seal(owner, 'secret').keyId).toBe(after.activeKeyId);
    expect(after.activeKeyId).not.toBe(before.keyId);
    const without = new CredentialVault(parseKeyRing(fresh.toString('base64url')));
    expect(without.activeKeyId).toBe(after.activeKeyId);
    expect(() => without.open(owner, before)).toThrow(`sealed with the key ${before.keyId}`);
  });
});

describe('the key file', () => {
  it.each([
    ['nothing', '# only a comment\n', 'holds no key'],
    ['a short key', `${fresh.toString('hex')}\n${randomBytes(16).toString('hex')}`, 'line 2'],
    ['words', 'changeme\n\npassword password password password pass', 'line 1, 3'],
  ])('is refused with %s', (_case, text, said) => {
    expect(() => parseKeyRing(text)).toThrow(said);
  });
});

describe('a SIP password', () => {
  it('is long, of letters that are hard to confuse, and never the same', () => {
    const many = Array.from({ length: 2_000 }, newSipPassword);
    expect(new Set(many).size).toBe(many.length);
    expect(many.every((password) => /^[A-HJ-NP-Za-km-np-z]{24}$/.test(password))).toBe(true);
    // Every letter of the alphabet comes up: 48 of them.
    expect(new Set(many.join('')).size).toBe(48);
  });
});

describe('the SIP digest', () => {
  it('is HA1 of RFC 2617 section 3.5', () => {
    expect(sipDigest('Mufasa', 'testrealm@host.com', 'Circle Of Life')).toBe('939e7578ed9e3c518a452acee763bce9');
    expect(sipDigest('demo_202', 'troncal', 'x')).toBe(createHash('md5').update('demo_202:troncal:x').digest('hex'));
  });
});
