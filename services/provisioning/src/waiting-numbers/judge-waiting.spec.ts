import { declaredNumberSchema } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { judgeWaiting, type SeenPapers } from './judge-waiting.js';

const [BUNDLE, REQUEST] = [`BU${'1'.repeat(32)}`, `KW${'1'.repeat(32)}`];
const bought = declaredNumberSchema.parse({ have: 'buy', e164: '+56229145248', bundle: BUNDLE });
const ported = declaredNumberSchema.parse({ have: 'port-in', e164: '+15035561000', request: REQUEST });
const bundle = (status: string, reason?: string): SeenPapers => ({ there: false, bundle: { sid: BUNDLE, status, reason } });
const port = (status: string, more: { targetDate?: string; reason?: string } = {}): SeenPapers => ({ there: false, port: { sid: REQUEST, status, targetDate: more.targetDate, reason: more.reason } });

describe('a number that waits', () => {
  it.each<readonly [string, typeof bought, SeenPapers, boolean, RegExp, RegExp]>([
    ['a bundle that is looked at', bought, bundle('in-review'), false, /is in-review/, /^Twilio’s people/],
    ['a bundle that nobody handed in', bought, bundle('draft'), false, /is draft/, /^You: complete it and hand it in/],
    ['a bundle that was rejected', bought, bundle('twilio-rejected', 'the bill is old'), false, /rejected its bundle BU1+: the bill is old/, /^You: mend/],
    ['a bundle that is approved', bought, bundle('twilio-approved'), true, /is approved/, /^Nobody/],
    ['a bundle that is approved for a while', bought, bundle('provisionally-approved'), true, /is approved/, /^Nobody/],
    ['a port that is looked at', ported, port('In review'), false, /"In review"/, /^Twilio’s people/],
    ['a port that has to be signed', ported, port('Waiting for Signature'), false, /Signature/, /^The number’s owner: sign/],
    ['a port that lacks something', ported, port('Action Required', { reason: 'wrong PIN' }), false, /: wrong PIN\.$/, /^You: answer/],
    ['a port that is under way', ported, port('in-progress', { targetDate: '2026-12-15' }), false, /meant for 2026-12-15/, /^The losing carrier/],
    ['a port that is done and not here', ported, port('Completed'), false, /Completed/, /^Twilio:/],
    ['a port that came to nothing', ported, port('Canceled'), false, /Canceled/, /^You: file the port again/],
    ['a port in a state that we don’t know', ported, port('Dancing'), false, /Dancing/, /Console/],
    ['a port that isn’t there', ported, { there: false }, false, /no port-in request KW1/, /^You: name the request/],
    ['nothing but a run, since it is here', ported, { there: true }, true, /in the account now/, /^Nobody/],
  ])('for %s says so, and who has to do what', (_, number, seen, free, why, who) => {
    expect(judgeWaiting(number, seen)).toMatchObject({ free, why: expect.stringMatching(why) as string, who: expect.stringMatching(who) as string });
  });

  it('for no paper of its own isn’t judged', () => {
    expect(judgeWaiting(declaredNumberSchema.parse('+56229145248'), { there: false })).toBeUndefined();
    expect(judgeWaiting(bought, { there: false })).toBeUndefined();
  });
});
