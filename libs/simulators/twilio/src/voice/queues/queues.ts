import type { Account } from '../../accounts/account.js';
import { newSid } from '../../wire/sid.js';
import type { Call } from '../calls/call.js';
import type { Instruction } from '../flow/instruction.js';

/** Why a caller isn't in a queue any more, as Twilio's QueueResult says it. */
export type QueueResult = 'bridged' | 'hangup' | 'leave' | 'redirected' | 'queue-full' | 'error';

export const DEFAULT_QUEUE_SIZE = 100;

/** One caller in a queue. */
export class QueueMember {
  readonly since = new Date();
  /** Where it goes on, when somebody redirected it out of the queue. */
  goesOn: Instruction | undefined;
  private settle: (result: QueueResult) => void = () => undefined;
  private free: () => void = () => undefined;
  /** Settles when it is out of the queue for good. */
  readonly out = new Promise<QueueResult>((resolve) => (this.settle = resolve));
  private readonly freed = new Promise<void>((resolve) => (this.free = resolve));

  constructor(
    readonly queue: Queue,
    readonly call: Call,
    /** Aborted when somebody takes it: what it hears while waiting ends. */
    readonly taken = new AbortController(),
  ) {}

  /** In a queue a member is known by its call. */
  get sid(): string {
    return this.call.sid;
  }

  get waitedS(): number {
    return Math.round((Date.now() - this.since.getTime()) / 1_000);
  }

  get position(): number {
    return this.queue.members.indexOf(this) + 1;
  }

  leave(result: QueueResult): void {
    this.queue.remove(this);
    this.taken.abort();
    this.settle(result);
  }

  /** Settles when what it heard while waiting has ended. */
  isFree(): Promise<void> {
    return this.freed;
  }

  markFree(): void {
    this.free();
  }
}

export class Queue {
  readonly sid = newSid('QU');
  readonly createdAt = new Date();
  updatedAt = new Date();
  readonly members: QueueMember[] = [];
  private readonly waiting: ((member: QueueMember) => void)[] = [];
  private waitedS = 0;
  private served = 0;

  constructor(
    readonly account: Account,
    public friendlyName: string,
    public maxSize: number,
  ) {}

  get averageWaitS(): number {
    return this.served === 0 ? 0 : Math.round(this.waitedS / this.served);
  }

  /** The new member; undefined when the queue is full. */
  add(call: Call, maxSize = this.maxSize): QueueMember | undefined {
    if (this.members.length >= maxSize) return undefined;
    const member = new QueueMember(this, call);
    const waiting = this.waiting.shift();
    this.members.push(member);
    if (waiting !== undefined) this.give(member, waiting);
    return member;
  }

  /** The first member, now or when one comes. */
  next(signal: AbortSignal): Promise<QueueMember> {
    return new Promise((resolve) => {
      const [first] = this.members.filter(({ taken }) => !taken.signal.aborted);
      if (first !== undefined) return this.give(first, resolve);
      this.waiting.push(resolve);
      signal.addEventListener('abort', () => {
        const at = this.waiting.indexOf(resolve);
        if (at >= 0) this.waiting.splice(at, 1);
      });
    });
  }

  remove(member: QueueMember): void {
    const at = this.members.indexOf(member);
    if (at >= 0) this.members.splice(at, 1);
  }

  /** Out of the queue and off its wait music; it leaves when what it was taken for is over. */
  private give(member: QueueMember, to: (member: QueueMember) => void): void {
    this.remove(member);
    this.served += 1;
    this.waitedS += member.waitedS;
    member.taken.abort();
    to(member);
  }
}

/** The queues of all accounts; one is made when somebody first names it. */
export class Queues {
  private readonly all = new Map<string, Queue>();

  of(account: Account): Queue[] {
    return [...this.all.values()].filter((queue) => queue.account === account);
  }

  named(account: Account, name: string): Queue {
    return this.of(account).find(({ friendlyName }) => friendlyName === name) ?? this.make(account, name, DEFAULT_QUEUE_SIZE);
  }

  make(account: Account, name: string, maxSize: number): Queue {
    const queue = new Queue(account, name, maxSize);
    this.all.set(queue.sid, queue);
    return queue;
  }

  get(account: Account, sid: string): Queue | undefined {
    const queue = this.all.get(sid);
    return queue?.account === account ? queue : undefined;
  }

  drop(queue: Queue): void {
    this.all.delete(queue.sid);
  }

  next(account: Account, name: string, signal: AbortSignal): Promise<QueueMember> {
    return this.named(account, name).next(signal);
  }
}
