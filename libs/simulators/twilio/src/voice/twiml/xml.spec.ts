import { describe, expect, it } from 'vitest';
import { parseXml } from './xml.js';

describe('XML', () => {
  it('is read with attributes, nesting, entities, CDATA and comments', () => {
    const { name, children } = parseXml(`<?xml version="1.0"?>\n<!-- a -->\n<Response>\n <Say loop='2' voice="a &quot;b&quot; &#233;">Uno &amp; dos &#x1F600; <!-- not this -->tres</Say><Pause/><Play><![CDATA[https://x/?a=1&b=<2>]]></Play>\n</Response>\n`);
    expect([name, children.map((each) => each.name)]).toEqual(['Response', ['Say', 'Pause', 'Play']]);
    expect([children[0]!.text, Object.fromEntries(children[0]!.attributes)]).toEqual(['Uno & dos 😀 tres', { loop: '2', voice: 'a "b" é' }]);
    expect(children[2]!.text).toBe('https://x/?a=1&b=<2>');
  });

  it.each([
    ['', 'no element'],
    ['hello', 'text outside the root element in line 1'],
    ['<a>', '<a> isn\'t closed'],
    ['<a>\n<b></a>', '</a> where <b> is open in line 2'],
    ['<a/><b/>', 'a second root element <b>'],
    ['<a>1 & 2</a>', 'an entity that nobody knows'],
    ['<a>&nbsp;</a>', 'an entity that nobody knows'],
    ['<a x=1/>', 'nothing that can stand there'],
    ['<a x="1" x="2"/>', 'attribute x twice'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'nothing that can stand there'],
  ])('is refused when it isn’t well-formed: %s', (text, fault) => {
    expect(() => parseXml(text)).toThrow(fault);
  });
});
