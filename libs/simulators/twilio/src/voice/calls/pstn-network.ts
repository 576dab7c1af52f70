import { z } from 'zod';
import { CallerScript, scriptSchema } from '../lines/caller-script.js';
import { PstnLine } from '../lines/pstn-line.js';
import type { VoicePlane } from '../voice-plane.js';
import type { Call } from './call.js';
import { numberNamed, placesOf, takeIn } from './inbound.js';

/** Somebody calls a number from the telephone network. */
export const pstnCallSchema = z.strictObject({
  /** As the network shows it; E.164, or `anonymous`. */
  from: z.string().min(1),
  to: z.string().min(1),
  callerName: z.string().optional(),
  forwardedFrom: z.string().optional(),
  stirVerstat: z.string().optional(),
  script: scriptSchema.default([]),
});
export type PstnCallWish = z.input<typeof pstnCallSchema>;

/** Nobody at Twilio has this number. */
export class NumberNotInService extends Error {
  override readonly name = 'NumberNotInService';
}

export interface PstnCall {
  readonly call: Call;
  readonly script: CallerScript;
  readonly line: PstnLine;
}

/** @throws NumberNotInService; ZodError */
export function callFromPstn(plane: VoicePlane, wish: PstnCallWish): PstnCall {
  const { from, to, callerName, forwardedFrom, stirVerstat, script } = pstnCallSchema.parse(wish);
  const number = numberNamed(plane.world, to);
  if (number === undefined) throw new NumberNotInService(`No account has the number ${to}: buy it first`);
  const line = new PstnLine();
  const call = takeIn(plane, {
    ...number,
    from,
    to,
    line,
    extra: {
      ...placesOf(from, to),
      ...(callerName === undefined ? {} : { CallerName: callerName }),
      ...(forwardedFrom === undefined ? {} : { ForwardedFrom: forwardedFrom }),
      ...(stirVerstat === undefined ? {} : { StirVerstat: stirVerstat }),
    },
  });
  return { call, line, script: new CallerScript(line, call, script) };
}
