import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PermanentError } from '@troncal/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edgeDatabaseSql, renderEdge, type EdgeValues } from './index.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'edge-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const good = (): EdgeValues => ({
  edgeId: 'edge-1',
  sip: { bind: '0.0.0.0', port: 5060, realm: 'troncal' },
  rtp: { start: 10_000, end: 10_199 },
  ari: { bind: '127.0.0.1', port: 8088, user: 'gateway', password: 'a-password' },
  ami: { bind: '127.0.0.1', port: 5038, user: 'gateway', password: 'a-password' },
  postgres: { host: '127.0.0.1', port: 5432, database: 'troncal', user: 'asterisk_reader', password: 'a-password' },
  mediaUrl: 'ws://127.0.0.1:9000/media',
  dirs: { modules: '/opt/modules', data: '/opt/data', music: '/opt/data/moh', sounds: `${folder}/sounds`, state: `${folder}/state` },
});

function faultsOf(values: EdgeValues): string[] {
  try {
    renderEdge(values, `${folder}/etc`);
  } catch (error) {
    if (error instanceof PermanentError) return error.faults.map((fault) => fault.where);
    throw error;
  }
  return [];
}

describe('the edge’s renderer', () => {
  it('leaves no place open, and every file begins by saying why it is so', () => {
    renderEdge(good(), `${folder}/etc`);
    const files = fs.readdirSync(`${folder}/etc`);
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const text = fs.readFileSync(`${folder}/etc/${file}`, 'utf8');
      expect({ file, open: text.includes('{{'), why: /^; [A-Z]/.test(text) }).toEqual({ file, open: false, why: true });
    }
    expect(fs.readFileSync(`${folder}/etc/pjsip.conf`, 'utf8')).toContain('bind = 0.0.0.0:5060');
    expect(fs.existsSync(`${folder}/state/spool/recording`)).toBe(true);
  });

  it('keeps the passwords from other users of the machine', () => {
    renderEdge(good(), `${folder}/etc`);
    for (const file of fs.readdirSync(`${folder}/etc`)) expect({ file, others: fs.statSync(`${folder}/etc/${file}`).mode & 0o007 }).toEqual({ file, others: 0 });
  });

  it('tells phones beyond a NAT the outer address, on both transports', () => {
    const values = good();
    renderEdge({ ...values, sip: { ...values.sip, externalAddress: '203.0.113.7', localNets: ['10.0.0.0/8', '192.168.0.0/16'] } }, `${folder}/etc`);
    const text = fs.readFileSync(`${folder}/etc/pjsip.conf`, 'utf8');
    expect(text.match(/external_media_address = 203\.0\.113\.7/g)).toHaveLength(2);
    expect(text.match(/local_net = 192\.168\.0\.0\/16/g)).toHaveLength(2);
  });

  it('speaks SIP over TLS where there is a certificate, and nowhere else', () => {
    const values = good();
    const pjsip = (sip: EdgeValues['sip']): string => {
      renderEdge({ ...values, sip }, `${folder}/etc`);
      return fs.readFileSync(`${folder}/etc/pjsip.conf`, 'utf8');
    };
    expect(pjsip(values.sip)).not.toContain('protocol = tls');
    const tls = { port: 5061, certificate: '/run/tls/tls.crt', key: '/run/tls/tls.key' };
    expect(pjsip({ ...values.sip, tls, externalAddress: '203.0.113.7', localNets: ['10.0.0.0/8'] })).toMatch(
      /\[transport-tls\][^[]*protocol = tls[^[]*bind = 0\.0\.0\.0:5061[^[]*cert_file = \/run\/tls\/tls\.crt[^[]*priv_key_file = \/run\/tls\/tls\.key[^[]*external_media_address = 203\.0\.113\.7/,
    );
    expect(faultsOf({ ...values, sip: { ...values.sip, tls: { port: 5060, certificate: 'tls.crt', key: '/run/a;b' } } })).toEqual(['sip.tls.port', 'sip.tls.certificate', 'sip.tls.key']);
  });

  it('names every fault at once and writes nothing', () => {
    const values = good();
    const faults = faultsOf({
      ...values,
      edgeId: 'Edge 1',
      sip: { bind: 'example.com', port: 0, realm: 'a;b', externalAddress: '1.2.3.4' },
      rtp: { start: 10_000, end: 10_001 },
      ari: { ...values.ari, user: 'general', password: 'x\n[admin]' },
      ami: { ...values.ami, password: '${SHELL(id)}', permit: 'everyone' },
      postgres: { ...values.postgres, password: 'x host=evil' },
      mediaUrl: 'http://x/media?leg=1',
      dirs: { ...values.dirs, sounds: 'relative', state: `/${'x'.repeat(120)}` },
    });
    expect(faults).toEqual([
      'edgeId', 'sip.bind', 'sip.port', 'sip.realm', 'sip.localNets', 'rtp', 'ari.user', 'ari.password', 'ami.password', 'ami.permit', 'postgres.password', 'mediaUrl', 'dirs.sounds', 'dirs.state',
    ]);
    expect(fs.existsSync(`${folder}/etc`)).toBe(false);
  });

  it.each(['a\nb', 'a\rb', 'a;b', 'a{{B}}', 'a"b', 'a b', '', '${X}', 'a\\b', 'a,b'])('refuses the password %j', (password) => {
    const values = good();
    expect(faultsOf({ ...values, ari: { ...values.ari, password } })).toEqual(['ari.password']);
  });

  it('refuses database names that would need quoting, all at once', () => {
    expect(() => edgeDatabaseSql({ database: 'a b', ownerRole: 'x"; drop', readerPassword: "it's" })).toThrow(/database: .*ownerRole: .*readerPassword: /);
  });
});
