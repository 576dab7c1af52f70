import fs from 'node:fs';

/** How much of the machine others had in one interval, 0 to 1. */
interface Share {
  readonly atMs: number;
  readonly share: number;
}

const EVERY_MS = 1_000;
/** Of USER_HZ, which Linux fixes for /proc. */
const TICK_MS = 10;

/**
 * What other work on this machine took while a run lasted: all that was busy, without what the run's own processes used. A run that shares its
 * cores has to say so beside its figures. Needs the control group of `takePrecedence`; without it nothing is known.
 */
export class Neighbours {
  private readonly shares: Share[] = [];
  private readonly timer: NodeJS.Timeout | undefined;
  private last: { readonly busyMs: number; readonly allMs: number; readonly ownMs: number } | undefined;

  /** @param usageFile cpuacct.usage of the run's own group, ns */
  constructor(private readonly usageFile: string | undefined) {
    if (usageFile === undefined) return;
    this.look();
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  /** Stops looking, and says in a sentence what there was. */
  stop(): string {
    clearInterval(this.timer);
    const worst = this.shares.reduce<Share | undefined>((most, each) => (most && most.share >= each.share ? most : each), undefined);
    if (!worst) return 'what other work on the machine took is not known';
    const mean = this.shares.reduce((sum, { share }) => sum + share, 0) / this.shares.length;
    return `other work took ${percent(mean)} of the machine on average, ${percent(worst.share)} in the worst second (${new Date(worst.atMs).toISOString().slice(11, 19)})`;
  }

  private look(): void {
    const { last, usageFile = '' } = this;
    const [, user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0] = (fs.readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '').split(/\s+/).map(Number);
    const busyMs = (user + nice + system + irq + soft) * TICK_MS;
    const now = { busyMs, allMs: busyMs + (idle + wait) * TICK_MS, ownMs: Number(fs.readFileSync(usageFile, 'utf8')) / 1e6 };
    this.last = now;
    if (last && now.allMs > last.allMs) this.shares.push({ atMs: Date.now(), share: Math.max(0, (now.busyMs - last.busyMs - (now.ownMs - last.ownMs)) / (now.allMs - last.allMs)) });
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
