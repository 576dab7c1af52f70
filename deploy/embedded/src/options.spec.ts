import { describe, expect, it } from 'vitest';
import { parseStartOptions, UsageError } from './options.js';

const parse = (args: string[], env: Record<string, string> = {}) => parseStartOptions(args, env, '/clone');

describe('options of npm start', () => {
  it('without any: the clone\'s own folder, loopback only', () => {
    expect(parse([])).toMatchObject({ stateDir: '/clone/.troncal', sipBind: '127.0.0.1', withoutAsterisk: false, httpPort: null, sipPort: null, rtpRange: null });
  });

  it('takes exact ports from the environment', () => {
    expect(parse([], { TRONCAL_HTTP_PORT: '9000', TRONCAL_SIP_PORT: '5070' })).toMatchObject({ httpPort: 9000, sipPort: 5070 });
    expect(parse([], { TRONCAL_HTTP_PORT: '' })).toMatchObject({ httpPort: null });
  });

  it('reads the edge\'s addresses and the RTP range', () => {
    const options = parse(['--sip-bind', '0.0.0.0', '--external-address=203.0.113.5', '--rtp-range', '12000-12099', '--without-asterisk']);
    expect(options).toMatchObject({ sipBind: '0.0.0.0', externalAddress: '203.0.113.5', rtpRange: { first: 12_000, last: 12_099 }, withoutAsterisk: true });
  });

  it('gives a service what only it shall see', () => {
    expect(parse(['--set', 'ari-gateway.LOG_LEVEL=debug', '--set', 'ari-gateway.CRASH_AT=a:2'])?.serviceEnv).toEqual({ 'ari-gateway': { LOG_LEVEL: 'debug', CRASH_AT: 'a:2' } });
  });

  it('takes the kind of media leg', () => {
    expect(parse(['--media', 'audiosocket'])?.media).toBe('audiosocket');
    expect(parse([])?.media).toBe('websocket');
  });

  it('takes the address at which Twilio reaches this machine', () => {
    expect(parse(['--public-url', 'https://tunnel.example.com'])?.publicUrl).toBe('https://tunnel.example.com');
    expect(() => parse(['--public-url', 'tunnel.example.com'])).toThrow(/--public-url wants https:\/\/HOST/);
  });

  it('answers help with null', () => expect(parse(['--help'])).toBeNull());

  it.each([
    [['--rtp-range', '10-20'], {}],
    [['--rtp-range', '20000-20001'], {}],
    [['--sip-bind', 'everywhere'], {}],
    [['--set', 'LOG_LEVEL=debug'], {}],
    [['--media', 'rtp'], {}],
    [['--edges', '0'], {}],
    [['--gateways', 'many'], {}],
    [['--edges', '2', '--without-asterisk'], {}],
    [['--no-such-option'], {}],
    [['stray'], {}],
    [[], { TRONCAL_HTTP_PORT: '80a' }],
    [[], { TRONCAL_SIP_PORT: '70000' }],
  ])('refuses %j %j', (args, env) => expect(() => parse(args, env as Record<string, string>)).toThrow(UsageError));
});
