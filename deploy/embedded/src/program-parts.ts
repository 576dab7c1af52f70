import { ensurePart, PartUnavailableError, type AsteriskPart, type EspeakPart, type NatsPart, type PartName, type PartByName, type PostgresPart } from '@troncal/parts';
import type { StartOptions } from './options.js';
import type { Terminal } from './terminal.js';

/** The programs at hand, and what is missing. */
export interface ProgramParts {
  readonly postgres: PostgresPart;
  readonly nats: NatsPart;
  readonly asterisk: AsteriskPart | null;
  readonly espeak: EspeakPart | null;
  /** `choice` counts as ready, `unavailable` doesn't. */
  readonly edgeLeftOut: 'choice' | 'unavailable' | null;
  readonly leftOut: readonly { readonly part: string; readonly reason: string }[];
}

/**
 * Finds or fetches the programs. Nothing works without PostgreSQL and NATS, so their absence is an error; Asterisk and
 * espeak-ng are told and gone without.
 * @throws PartUnavailableError
 */
export async function gatherPrograms(options: StartOptions, terminal: Terminal): Promise<ProgramParts> {
  const ensure = <N extends PartName>(name: N): Promise<PartByName[N]> =>
    ensurePart(name, { onProgress: (line) => terminal.step(line) });
  const leftOut: { part: string; reason: string }[] = [];
  const optional = async <N extends PartName>(name: N, loss: string): Promise<PartByName[N] | null> => {
    try {
      return await ensure(name);
    } catch (error) {
      if (!(error instanceof PartUnavailableError)) throw error;
      leftOut.push({ part: name, reason: error.message });
      terminal.warn(error.message);
      terminal.warn(`going on without it: ${loss}`);
      return null;
    }
  };

  const postgres = await ensure('postgres');
  const nats = await ensure('nats');
  if (options.withoutAsterisk) leftOut.push({ part: 'asterisk', reason: 'left out by --without-asterisk' });
  const asterisk = options.withoutAsterisk ? null : await optional('asterisk', 'the API, the bus and all services work, but no call can be made, and /health/ready says so');
  const espeak = await optional('espeak', 'prompts of routes are not said, and the simulated agent speaks in tones');
  return { postgres, nats, asterisk, espeak, leftOut, edgeLeftOut: options.withoutAsterisk ? 'choice' : asterisk ? null : 'unavailable' };
}
