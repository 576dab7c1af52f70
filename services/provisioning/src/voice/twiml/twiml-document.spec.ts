import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verbsOf, type TwimlElement } from '../../../test/support/read-twiml.js';
import { callerIdOf, readSipUri, sipUri } from './sip-uri.js';
import { TwimlDocument, xmlText } from './twiml-document.js';
import { Voices } from './voices.js';

const voice = new Voices().of({ language: 'es' }, 'CL');
/** Texts of all kinds: scripts, controls, lone surrogates, and pieces of XML. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom('<', '>', '&', '"', "'", ']]>', '<![CDATA[', '<!--', '-->', '<?xml?>', '&amp;', '&#x0;', '</Say>', '</Response>', '<Dial>+1900</Dial>', '\u0000', '\uD800', '\uFFFE', '\n', 'á')).map((parts) => parts.join('')),
);
const shape = (elements: readonly TwimlElement[]): unknown[] => elements.map(({ name, children, attributes }) => [name, Object.keys(attributes).toSorted(), shape(children)]);
const action = (text: string): string => `https://voice.example.com/twilio/voice/flow?s=${encodeURIComponent(text.toWellFormed())}`;

/** A document with a hostile text wherever a text may come to stand. */
function documentOf(text: string): TwimlDocument {
  const said = { text, ...voice };
  return new TwimlDocument()
    .say(said)
    .gather(said, { action: action(text), timeoutS: 5, always: true })
    .dial([{ sip: sipUri(text, 'a.sip.twilio.com'), statusCallback: action(text) }], { action: action(text), callerId: text, referUrl: action(text), recordingCallback: action(text) })
    .dial([{ number: text, statusCallback: action(text) }], { action: action(text) })
    .stream({ url: 'wss://voice.example.com/media/twilio', leg: text, action: action(text) })
    .record({ action: action(text), recordingCallback: action(text), maxSeconds: 60, silenceSeconds: 5, finishOnKey: '#', beep: true })
    .redirect(action(text));
}
const expected = shape(verbsOf(documentOf('x').toString()));

describe('a TwiML document', () => {
  it('has the elements and attributes that it was made of, whatever the texts in it are', () => {
    fc.assert(
      fc.property(hostile.filter((text) => xmlText(text).trim() !== ''), (text) => {
        expect(shape(verbsOf(documentOf(text).toString()))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('says what it was given, but for what XML can’t hold', () => {
    fc.assert(
      fc.property(hostile.filter((text) => xmlText(text).trim() !== ''), (text) => {
        const [say] = verbsOf(new TwimlDocument().say({ text, ...voice }).toString());
        const normal = (one: string): string => one.replaceAll(/[\r\n]+/g, '\n').trim();
        expect(normal(say?.text ?? '')).toBe(normal(xmlText(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('splits what is too long for one <Say>, and loses nothing of it', () => {
    const text = `${'Una frase. '.repeat(800)}Fin.`;
    const parts = verbsOf(new TwimlDocument().say({ text, ...voice }).toString()).map((say) => say.text);
    expect(parts.every((part) => part.length <= 4_096)).toBe(true);
    expect(parts.join(' ')).toBe(text);
    for (const odd of ['x'.repeat(10_000), '🛎'.repeat(5_000)]) {
      const pieces = verbsOf(new TwimlDocument().say({ text: odd, ...voice }).toString()).map((say) => say.text);
      expect(pieces.every((piece) => piece.length <= 4_096 && piece.isWellFormed())).toBe(true);
      expect(pieces.join('')).toBe(odd);
    }
  });

  it('says nothing where there is nothing to say', () => {
    expect(verbsOf(new TwimlDocument().say({ text: ' \u0000 ', ...voice }).hangup().toString()).map(({ name }) => name)).toEqual(['Hangup']);
  });

  it('knows when it is full, well below what Twilio takes', () => {
    const document = new TwimlDocument();
    while (!document.full) document.say({ text: 'ñ&<'.repeat(600), ...voice });
    document.gather({ text: '&'.repeat(2_000), ...voice }, { action: action('x'), timeoutS: 5, always: true });
    expect(Buffer.byteLength(document.toString())).toBeLessThan(64 * 1024);
  });
});

describe('a SIP URI', () => {
  it('is read back to the very user that it was made of, and leads to no other host', () => {
    fc.assert(
      fc.property(hostile.filter((user) => user !== '' && user.length < 100), (user) => {
        const uri = sipUri(user, 'a.sip.twilio.com');
        expect(uri).toMatch(/^sip:[\w.!~*'()%+-]+@a\.sip\.twilio\.com$/);
        expect(readSipUri(uri)).toEqual({ user: user.toWellFormed(), host: 'a.sip.twilio.com' });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the plus of a number as it is', () => {
    expect(sipUri('+56229145248-office', 'X.sip.twilio.com')).toBe('sip:+56229145248-office@x.sip.twilio.com');
  });

  it.each(['', 'a b', 'x@y', 'x;y', 'x?y', 'x/../y', '-x', 'x..y', 'x\n'])('has no host that is called %j', (host) => {
    expect(() => sipUri('a', host)).toThrow(RangeError);
  });

  it('is nothing, and read soon, where a text is none', () => {
    fc.assert(fc.property(hostile, (text) => {
      expect(readSipUri(text) === undefined || /sips?:/i.test(text)).toBe(true);
    }));
    expect(readSipUri(`"${'\\'.repeat(1_020)}`)).toBeUndefined();
    expect(readSipUri(`sip:${'a'.repeat(2_000)}@b`)).toBeUndefined();
  });
});

describe('a caller ID', () => {
  it('is one that Twilio takes, or none', () => {
    fc.assert(fc.property(hostile, (text) => {
      expect(callerIdOf(text) ?? 'none').toMatch(/^[A-Za-z0-9+\-_.]{1,64}$/);
    }));
    expect(['+56912345678', 'sip:+56229145248-office@a.sip.twilio.com', '"x" <sip:101@a.b>', 'anonymous', '', 'Conserjería', 'a b'].map(callerIdOf)).toEqual(['+56912345678', '+56229145248-office', '101', 'anonymous', undefined, undefined, undefined]);
  });
});

describe('a voice', () => {
  it.each([
    [{ language: 'es' }, 'CL', undefined, 'es-MX', 'Polly.Mia-Neural'],
    [{ language: 'es' }, 'ES', undefined, 'es-ES', 'Polly.Lucia-Neural'],
    [{ language: 'es' }, 'US', undefined, 'es-US', 'Polly.Lupe-Neural'],
    [{ language: 'es' }, 'CL', 'es-US', 'es-US', 'Polly.Lupe-Neural'],
    [{ language: 'en' }, 'CL', 'es-US', 'en-US', 'Polly.Joanna-Neural'],
    [{ language: 'es', locale: 'es-ES' }, 'CL', undefined, 'es-ES', 'Polly.Lucia-Neural'],
    [{ language: 'es', voice: 'Polly.Andres-Neural' }, 'CL', undefined, 'es-MX', 'Polly.Andres-Neural'],
    [{ language: 'es', voice: 'alice' }, 'CL', undefined, 'es-MX', 'Polly.Mia-Neural'],
  ] as const)('%j in %s (%s) is %s, %s', (wish, country, usual, language, name) => {
    expect(new Voices().of(wish, country, usual)).toEqual({ language, voice: name });
  });

  it('may be another one by the settings', () => {
    expect(new Voices({ 'es-MX': 'Polly.Andres-Neural' }).of({ language: 'es' }, 'CL').voice).toBe('Polly.Andres-Neural');
  });
});
