import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationOf, parseNameAddress, parseUri, splitList } from './sip-address.js';
import { cseqOf, formatSipMessage, header, headers, parseSipMessage, tagOfFrom, tagOfTo, topViaOf, type SipMessage } from './sip-message.js';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
const parsed = (...lines: string[]): SipMessage => {
  const message = parseSipMessage(bytes(...lines));
  if (message.kind === 'fault') throw new Error(message.fault);
  return message;
};
const fault = (...lines: string[]): string | undefined => {
  const message = parseSipMessage(bytes(...lines));
  return message.kind === 'fault' ? message.fault : undefined;
};

const COMMON = ['Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKabc', 'From: <sip:a@x>;tag=f1', 'To: <sip:b@y>', 'Call-ID: c1', 'CSeq: 7 OPTIONS'];
const options = (...extra: string[]): string[] => ['OPTIONS sip:b@y SIP/2.0', ...COMMON, ...extra, '', ''];

// After RFC 4475, each case re-typed for what a phone must make of it.
describe('valid but tortuous messages (RFC 4475, 3.1.1)', () => {
  it('takes folding, compact names, odd case and spacing: wsinv', () => {
    const message = parsed(
      'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
      'TO :',
      ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
      'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
      '  ;',
      '  tag = 98asjd8',
      'MaX-fOrWaRdS: 0068',
      'Call-ID: wsinv.ndaksdj@192.0.2.1',
      'cseq: 0009',
      '  INVITE',
      'Via  : SIP  /   2.0',
      ' /UDP',
      '    192.0.2.2;branch=390skdjuw',
      's :',
      'NewFangledHeader:   newfangled value',
      ' continued newfangled value',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
      '  branch  =   z9hG4bK9ikj8  ,',
      ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
      ' z9hG4bK30239',
      'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
      '      newvalue ;',
      '  secondparam ; q = 0.33',
      'l: 4',
      '',
      'v=0\n',
    );
    expect(cseqOf(message)).toEqual({ number: 9, method: 'INVITE' });
    expect([tagOfFrom(message), tagOfTo(message)]).toEqual(['98asjd8', '1918181833n']);
    expect(topViaOf(message)).toMatchObject({ sentBy: { host: '192.0.2.2', port: 5060 } });
    expect(splitList(headers(message, 'Via'))).toHaveLength(3);
    expect(parseNameAddress(header(message, 'Contact') ?? '')).toMatchObject({ displayName: 'Quoted string ""', uri: 'sip:jdrosen@example.com' });
    expect(header(message, 'NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(message.body).toBe('v=0\n');
  });

  it('takes an odd method name, escaped and unusual characters: intmeth, esc01', () => {
    const message = parsed(
      "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0",
      'Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bK-.!%66*_+`\'~',
      'To: "BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007f" <sip:1_unusual.URI~(to-be!sure)@example.com>',
      "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"работающий\";tag=_token~1'+`*%!-.",
      'Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
      "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~",
      '',
      '',
    );
    expect(message).toMatchObject({ kind: 'request', method: "!interesting-Method0123456789_*+`.%indeed'~" });
    expect(tagOfFrom(message)).toBe("_token~1'+`*%!-.");
    expect(parseNameAddress(header(message, 'From') ?? '')?.params.get("fromparam''~+*_!.-%")).toBe('работающий');
  });

  it('takes addresses with no space before <, and commas and semicolons inside quotes: lwsdisp', () => {
    expect(parseNameAddress('caller<sip:caller@example.com>;tag=323')).toMatchObject({ displayName: 'caller', uri: 'sip:caller@example.com' });
    const list = splitList(['"a, b; c" <sip:x@h;p=1,2>;q=1, <sip:y@h>', 'sip:z@h']);
    expect(list.map((value) => parseNameAddress(value)?.uri)).toEqual(['sip:x@h;p=1,2', 'sip:y@h', 'sip:z@h']);
  });

  it('drops what follows the body, and takes a message with no Content-Length: dblreq, unreason', () => {
    expect(parsed(...options('Content-Length: 3').slice(0, -1), 'abcINVITE sip:x@y SIP/2.0', '').body).toBe('abc');
    expect(parsed(...options('Content-Type: text/plain').slice(0, -1), 'all of it').body).toBe('all of it');
    expect(parsed('SIP/2.0 100 ', ...COMMON, '', '')).toMatchObject({ kind: 'response', status: 100, reason: '' });
    expect(parsed('SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять', ...COMMON, '', '')).toMatchObject({ reason: '= 2**3 * 5**2 но сто девяносто девять' });
  });

  it('takes very long values: longreq', () => {
    const long = 'x'.repeat(20_000);
    expect(header(parsed(...options(`Subject: ${long}`)), 'subject')).toBe(long);
  });
});

describe('invalid messages (RFC 4475, 3.1.2 and 3.3)', () => {
  it.each([
    ['a body shorter than said: clerr', options('Content-Length: 9999'), /Content-Length 9999, but the body has 0/],
    ['a negative length: ncl', options('Content-Length: -999'), /bad Content-Length '-999'/],
    ['a number that overflows: scalar02', [...options().slice(0, 5), 'CSeq: 36893488147419103232 OPTIONS', '', ''], /bad CSeq/],
    ['a number of 2**31', [...options().slice(0, 5), 'CSeq: 2147483648 OPTIONS', '', ''], /bad CSeq/],
    ['an overlarge status: bigcode', ['SIP/2.0 4294967301 better not break', ...COMMON, '', ''], /no SIP start line/],
    ['an unterminated quote in To: quotbal', [...options().slice(0, 3), 'To: "Mr. J. User <sip:j.user@example.com>', 'Call-ID: c', 'CSeq: 1 OPTIONS', '', ''], /bad To/],
    ['a URI in brackets: ltgtruri', ['OPTIONS <sip:b@y> SIP/2.0', ...COMMON, '', ''], /no SIP start line/],
    ['spaces in the URI: lwsruri', ['OPTIONS sip:b@y; lr SIP/2.0', ...COMMON, '', ''], /no SIP start line/],
    ['two spaces in the start line: lwsstart', ['OPTIONS  sip:b@y  SIP/2.0', ...COMMON, '', ''], /no SIP start line/],
    ['spaces after the start line: trws', ['OPTIONS sip:b@y SIP/2.0  ', ...COMMON, '', ''], /no SIP start line/],
    ['another protocol version: badvers', ['OPTIONS sip:b@y SIP/7.0', ...COMMON, '', ''], /no SIP start line/],
    ['a method that is not that of CSeq: mismatch01', ['MESSAGE sip:b@y SIP/2.0', ...COMMON, '', ''], /CSeq says OPTIONS, the request MESSAGE/],
    ['required fields missing: insuf', ['OPTIONS sip:b@y SIP/2.0', 'CSeq: 1 OPTIONS', '', ''], /missing Via, From, To, Call-ID/],
    ['a Via that is none', ['OPTIONS sip:b@y SIP/2.0', 'Via: SIP/2.0/UDP', ...COMMON.slice(1), '', ''], /bad Via/],
    ['a port that is none', ['OPTIONS sip:b@y SIP/2.0', 'Via: SIP/2.0/UDP h:99999;branch=z9hG4bK1', ...COMMON.slice(1), '', ''], /bad Via/],
    ['a line that is no field', options('hello'), /no header field: "hello"/],
    ['no end of the header', ['OPTIONS sip:b@y SIP/2.0', ...COMMON], /no end of the header/],
  ])('says what is wrong with %s', (_what, lines, expected) => {
    expect(fault(...lines)).toMatch(expected);
  });

  it('never throws, whatever arrives, and what it takes it can write again', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('\r\n', '\n', ' ', ':', '<', '>', '"', ';', '=', 'SIP/2.0 200 OK\r\n', 'Via: ', ...COMMON.map((line) => `${line}\r\n`)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.array(piece, { maxLength: 30 }).map((pieces) => new TextEncoder().encode(pieces.join('')))), (datagram) => {
        const message = parseSipMessage(datagram);
        const again = message.kind === 'fault' ? 'fault' : parseSipMessage(formatSipMessage(message)).kind;
        expect(again).toBe(message.kind);
      }),
      { numRuns: 500 },
    );
  });

  it('survives any single damage to a good message', () => {
    const good = bytes(...options('Contact: "A \\" B" <sip:a@[2001:db8::1]:5070;transport=udp>;expires=5', 'Content-Length: 0'));
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const damaged = Buffer.from(good);
        damaged[at] = value;
        expect(['request', 'response', 'fault']).toContain(parseSipMessage(damaged).kind);
      }),
    );
  });
});

describe('addresses', () => {
  it('reads sip URIs with all their parts', () => {
    expect(parseUri('sip:alice:secret@[2001:db8::9]:5070;Transport=UDP;lr?subject=x')).toMatchObject({ user: 'alice', host: '2001:db8::9', port: 5070 });
    expect(parseUri('sip:h;lr')).toMatchObject({ user: undefined, host: 'h', port: undefined });
    expect(parseUri('SIPS:%2343@h')).toMatchObject({ scheme: 'sips', user: '%2343' });
    for (const bad of ['tel:+34600', 'sip:', 'sip:@h', 'sip:a b@h', 'sip:a@h:70000', 'x']) expect(parseUri(bad)).toBeUndefined();
  });

  it('knows where requests go', () => {
    expect(destinationOf('sip:b@192.0.2.7')).toEqual({ host: '192.0.2.7', port: 5060 });
    expect(destinationOf('sip:b@192.0.2.7:5080;maddr=192.0.2.9')).toEqual({ host: '192.0.2.9', port: 5080 });
    expect(destinationOf('mailto:b@h')).toBeUndefined();
  });

  it('writes lengths in bytes, not letters', () => {
    const text = formatSipMessage({ kind: 'response', status: 200, reason: 'OK', headers: [['Via', 'SIP/2.0/UDP h'], ['Content-Length', '99']], body: 'ñandú' }).toString();
    expect(text).toContain('Content-Length: 7\r\n\r\nñandú');
    expect(text).not.toContain('99');
  });
});
