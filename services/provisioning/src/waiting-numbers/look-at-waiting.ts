import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import { isRunUnderWay } from '../runs/runs.errors.js';
import { StartRun } from '../runs/start-run.js';
import type { BundleState, PortState } from '../twilio/account/papers/papers.js';
import type { TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import { PaperStateRepository } from './paper-states.repository.js';
import { SeeWaiting, type SeenNumber } from './see-waiting.js';
import { WaitingPublisher } from './waiting.publisher.js';

/** Undoes the beginning of a run that would do nothing. */
class NothingNew extends Error {}

/**
 * Looks at all that the numbers of an environment wait for: bundles under review, numbers that are being ported or brought here by hand. What people have decided is told once, with who has to do what;
 * where nothing stands in the way any more, a run of those tenants is begun. Found again by the next look whatever moment it is cut off in.
 */
@Injectable()
export class LookAtWaiting {
  constructor(
    private readonly db: Database,
    private readonly see: SeeWaiting,
    private readonly numbers: TwilioNumberRepository,
    private readonly states: PaperStateRepository,
    private readonly publisher: WaitingPublisher,
    private readonly start: StartRun,
  ) {}

  /** @returns the run that was begun, if one was @throws as SeeWaiting */
  async run(environment: string): Promise<string | undefined> {
    const seen = await this.see.run(environment);
    if (seen.length === 0) return undefined;
    await this.db.transaction(async (tx) => {
      await this.noteNumbers(tx, seen);
      await this.tellPapers(tx, environment, seen);
    });
    return this.resume(environment, seen.filter(({ verdict }) => verdict.free));
  }

  private async noteNumbers(tx: Tx, seen: readonly SeenNumber[]): Promise<void> {
    const changed = seen.filter(({ row, verdict: { why, who } }) => row.why !== why || row.who !== who);
    const now = new Map((await this.numbers.lockAll(tx, changed.map(({ row }) => row.e164))).map((row) => [row.e164, row]));
    await this.numbers.save(tx, ...changed.flatMap(({ row, verdict: { why, who } }): TwilioNumber[] => {
      // A run may have gone on with it meanwhile, or another tenant got it.
      const number = now.get(row.e164);
      return number?.state === 'waiting' && number.tenant === row.tenant ? [{ ...number, why, who }] : [];
    }));
  }

  private async tellPapers(tx: Tx, environment: string, seen: readonly SeenNumber[]): Promise<void> {
    const known = new Map<string, boolean>();
    const isNew = async ({ sid, status, reason }: BundleState | PortState): Promise<boolean> => {
      const is = known.get(sid) ?? (await this.states.note(tx, { environment, paper: sid, status, reason }));
      known.set(sid, is);
      return is;
    };
    for (const { row, bundle, port, verdict } of seen) {
      if (bundle !== undefined && (await isNew(bundle))) await this.publisher.bundleReviewed(tx, row, bundle, verdict);
      if (port !== undefined && (await isNew(port))) await this.publisher.portInChanged(tx, row, port, verdict);
    }
  }

  private async resume(environment: string, free: readonly SeenNumber[]): Promise<string | undefined> {
    if (free.length === 0) return undefined;
    try {
      return await this.start.run(environment, 'apply', async (tx) => {
        const papers = await this.states.resume(tx, environment, free.flatMap(({ there, bundle }) => (there || bundle === undefined ? [] : [bundle.sid])));
        const tenants = new Set(free.filter(({ there, bundle }) => there || (bundle !== undefined && papers.has(bundle.sid))).map(({ row }) => row.tenant));
        if (tenants.size === 0) throw new NothingNew();
        return [...tenants];
      });
    } catch (error) {
      // Another run is at work: the next look finds it again.
      if (error instanceof NothingNew || isRunUnderWay(error)) return undefined;
      throw error;
    }
  }
}
