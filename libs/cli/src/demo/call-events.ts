import { CallStartedV1, type Envelope } from '@troncal/contracts';

/** The call whose events are collected: the next one of this tenant between these two. */
export interface Awaited {
  readonly tenant: string;
  readonly from: string;
  readonly to: string;
}

const callOf = (envelope: Envelope): unknown => (typeof envelope.data === 'object' && envelope.data !== null && 'callId' in envelope.data ? envelope.data.callId : undefined);

/** The events of the lab call, found by its CallStarted, and who waits for one of them. */
export class CallEvents {
  private readonly seen: Envelope[] = [];
  private readonly waiting = new Set<() => void>();
  private found: string | undefined;

  constructor(private readonly awaited: Awaited) {}

  /** The call's id, once it has begun. */
  get callId(): string | undefined {
    return this.found;
  }

  /** Takes any event of the bus. */
  take(envelope: Envelope): void {
    if (envelope.tenantid !== this.awaited.tenant) return;
    if (this.found === undefined && envelope.type === CallStartedV1.type) {
      const { data } = CallStartedV1.read(envelope);
      if (data.from === this.awaited.from && data.to === this.awaited.to) this.found = data.callId;
    }
    this.seen.push(envelope);
    for (const look of this.waiting) look();
  }

  /** All events of the call so far, by the time of the facts. */
  ofCall(): Envelope[] {
    if (this.found === undefined) return [];
    return this.seen.filter((envelope) => callOf(envelope) === this.found).toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  }

  /** The first event of this name (without version) of the call; waits for it. Rejects with what was seen instead. */
  next(name: string, withinMs: number): Promise<Envelope> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const event = this.ofCall().find((envelope) => envelope.type.startsWith(`${name}.v`));
        if (event === undefined) return;
        end();
        resolve(event);
      };
      const timer = setTimeout(() => {
        end();
        const story = this.ofCall().map((envelope) => envelope.type).join(', ') || 'nothing of this call';
        reject(new Error(`${name} was not told on the bus within ${Math.round(withinMs / 1_000)} s; seen: ${story}`));
      }, withinMs);
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }
}
