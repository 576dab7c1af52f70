import { describe, expect, it } from 'vitest';
import { acceptsAsterisk } from './asterisk.js';
import { ASTERISK_MODULES } from './asterisk-modules.js';
import { acceptsNats } from './nats.js';
import { parsePlan } from './private-apt.js';
import { parseLoaderList } from './slim-root.js';

describe('accepted versions', () => {
  it.each([['2.9.10', false], ['2.10.0', true], ['2.15.1', true], ['v2.10.27', true], ['3.0.0', true], ['unknown', false]])('nats-server %s: %s', (version, accepted) => {
    expect(acceptsNats(version)).toBe(accepted);
  });
  it.each([['22.8.2', false], ['22.9.0', true], ['22.10.1', true], ['22.11.0-rc1', true], ['20.12.0', false], ['23.0.0', false], ['', false]])('Asterisk %s: %s', (version, accepted) => {
    expect(acceptsAsterisk(version)).toBe(accepted);
  });
});

describe('the slim root', () => {
  it('leaves out what froze the PBX and what lets guests in', () => {
    expect(ASTERISK_MODULES).not.toContain('chan_audiosocket.so');
    expect(ASTERISK_MODULES).not.toContain('res_pjsip_endpoint_identifier_anonymous.so');
    expect(new Set(ASTERISK_MODULES).size).toBe(ASTERISK_MODULES.length);
  });

  it('reads what the loader finds, and notices what it does not', () => {
    const list = '\tlinux-vdso.so.1 (0x1)\n\tlibssl.so.3 => /r/libssl.so.3 (0x2)\n\tlibgone.so.1 => not found\n\t/r/ld-linux-x86-64.so.2 => /r/ld.so (0x3)\n';
    expect([...parseLoaderList(list)]).toEqual([['libssl.so.3', '/r/libssl.so.3'], ['libgone.so.1', null], ['ld-linux-x86-64.so.2', '/r/ld.so']]);
  });

  it('reads apt\'s plan', () => {
    const plan = "'http://archive.example/a_1%3a2_amd64.deb' asterisk_1%3a2_amd64.deb 2534041 SHA256:00\nnoise\n";
    expect(parsePlan(plan)).toEqual([{ name: 'asterisk', file: 'asterisk_1%3a2_amd64.deb', bytes: 2_534_041 }]);
  });
});
