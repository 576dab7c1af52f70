import type { Prompt, Route, RouteNode, RouteNodeOf } from '@troncal/contracts';
import type { FlowAction, HangupCause, QueueReason } from './flow-action.js';
import type { FlowClock } from './flow-clock.js';
import type { FlowPhase, FlowState } from './flow-state.js';
import { openingAt } from './opening-hours.js';
import { spoken, type SpokenIn } from './spoken.js';

/** What a step of the interpreter gives: the state to store, then the actions to do, in order. */
export interface FlowStep {
  readonly state: FlowState;
  readonly actions: readonly FlowAction[];
}

/** Nodes that may be entered with no input from the caller in between; beyond it the call is ended with cause `loop`. */
export const MAX_HOPS = 50;

/** Digits kept for a node to come; further ones are lost. */
export const MAX_TYPED_AHEAD = 16;

/** Menus that `back` remembers; of more, the oldest are forgotten. */
export const MAX_MENUS = 16;

/** One step under construction: a mutable draft of the state and the actions so far. Used for one `advance` and thrown away. */
export class Flow {
  readonly actions: FlowAction[] = [];

  constructor(
    readonly route: Route,
    private state: FlowState,
    /** Absent where no node can be entered. */
    private readonly clock?: FlowClock,
  ) {}

  get now(): FlowState {
    return this.state;
  }

  get node(): RouteNode | undefined {
    return nodeOf(this.route, this.state.node);
  }

  /** What the caller is spoken to in. */
  get spokenIn(): SpokenIn {
    const { language = this.route.language, locale } = this.state;
    return { language, locale };
  }

  done(): FlowStep {
    return { state: this.state, actions: this.actions };
  }

  set(change: Partial<FlowState>): void {
    this.state = { ...this.state, ...change };
  }

  /** Keeps a digit for the next node that takes any. */
  typeAhead(digit: string): void {
    this.set({ typedAhead: `${this.state.typedAhead ?? ''}${digit}`.slice(0, MAX_TYPED_AHEAD) });
  }

  /** Takes the digits pressed ahead out of the state. */
  takeTypedAhead(): string {
    const { typedAhead = '', ...rest } = this.state;
    this.state = rest;
    return typedAhead;
  }

  /** Enters a node, from wherever the flow was. */
  enter(id: string, reason?: QueueReason): void {
    const hops = this.state.hops + 1;
    const from = this.state.node;
    this.set({ node: id, attempt: 0, hops, ...(reason ? { reason } : {}) });
    const node = this.node;
    if (hops > MAX_HOPS) return this.end('loop');
    if (!node) return this.end('broken');
    switch (node.kind) {
      case 'announce':
        return this.say('announce', node.prompt, true);
      case 'menu':
        return this.enterMenu(node);
      case 'ring':
        this.takeTypedAhead();
        return this.block('ring', { kind: 'ring', extensions: node.extensions, strategy: node.strategy, timeoutMs: node.timeoutMs });
      case 'queue':
        this.takeTypedAhead();
        return node.prompt ? this.say('queue_prompt', node.prompt, false) : this.queue(node);
      case 'agent':
        return this.enterAgent(node, false);
      case 'voicemail':
        this.takeTypedAhead();
        return node.prompt ? this.say('voicemail_prompt', node.prompt, false) : this.voicemail(node);
      case 'schedule':
        return this.enter(this.scheduled(node));
      case 'language':
        this.speak(node);
        return this.enter(node.next);
      case 'back':
        return this.enter(this.before(from));
      case 'hangup':
        return node.prompt ? this.say('farewell', node.prompt, false) : this.end(node.cause);
    }
  }

  /** Says a menu's prompt, once more. */
  promptMenu(node: RouteNodeOf<'menu'>): void {
    this.set({ attempt: this.state.attempt + 1 });
    this.say('menu_prompt', node.prompt, true, { timeoutMs: node.timeoutMs });
  }

  /** Acts on a digit in a menu: the choice, or another attempt, or the way out. */
  choose(node: RouteNodeOf<'menu'>, digit: string): void {
    const target = Object.hasOwn(node.digits, digit) ? node.digits[digit] : undefined;
    if (target !== undefined) {
      this.set({ hops: 0 });
      return this.enter(target, 'digit');
    }
    if (this.state.attempt >= node.attempts) return this.enter(node.onInvalid ?? node.onTimeout, 'route');
    if (node.invalidPrompt) return this.say('menu_invalid', node.invalidPrompt, true);
    this.promptMenu(node);
  }

  enterAgent(node: RouteNodeOf<'agent'>, resume: boolean): void {
    // As with digits pressed while the agent talks: those that lead nowhere are passed over.
    const ahead = this.takeTypedAhead().split('').find((digit) => Object.hasOwn(node.digits, digit));
    const target = ahead === undefined ? undefined : node.digits[ahead];
    if (target !== undefined) {
      this.set({ hops: 0 });
      return this.enter(target, 'digit');
    }
    this.block('agent', { kind: 'agent', agent: node.agent, resume, language: this.spokenIn.language });
  }

  voicemail({ maxSeconds, silenceSeconds, finishOnKey, mailbox }: RouteNodeOf<'voicemail'>): void {
    this.block('voicemail', { kind: 'voicemail', maxSeconds, silenceSeconds, ...(finishOnKey === 'none' ? {} : { finishOnKey }), beep: true, mailbox });
  }

  queue(node: RouteNodeOf<'queue'>): void {
    this.block('queue', { kind: 'queue', queue: node.queue, timeoutMs: node.timeoutMs, reason: this.state.reason });
  }

  say(phase: FlowPhase, prompt: Prompt, interruptible: boolean, gather?: { readonly timeoutMs: number }): void {
    this.block(phase, { kind: 'say', ...spoken(prompt, this.spokenIn, this.route), interruptible, ...(gather ? { gather } : {}) });
  }

  wait(timeoutMs: number): void {
    this.block('menu_wait', { kind: 'collect', timeoutMs });
  }

  /** With a person from now on. */
  talk(): void {
    this.answer();
    this.set({ phase: 'talking' });
  }

  end(cause: HangupCause): void {
    this.takeTypedAhead();
    this.set({ phase: 'ended', cause });
    this.actions.push({ kind: 'hangup', cause });
  }

  answer(): void {
    if (!this.state.answered) {
      this.set({ answered: true });
      this.actions.push({ kind: 'answer' });
    }
    // Where an announcement is due the recording begins after it, never here.
    if (this.route.recording.enabled && !this.route.recording.announcement) this.record(false);
  }

  record(announced: boolean): void {
    if (this.state.recording) return;
    this.set({ recording: true });
    this.actions.push({ kind: 'record', announced });
  }

  private scheduled(node: RouteNodeOf<'schedule'>): string {
    // Without a clock nobody could say that it is open.
    const opening = this.clock ? openingAt(node, this.clock) : 'closed';
    if (opening === 'open') return node.onOpen;
    return opening === 'holiday' ? (node.onHoliday ?? node.onClosed) : node.onClosed;
  }

  private speak({ language, locale }: RouteNodeOf<'language'>): void {
    const { locale: _before, ...rest } = this.state;
    this.state = { ...rest, language, ...(locale ? { locale } : {}) };
  }

  /** The last menu that was entered before the node `from`; without one the last menu of all, or the start. */
  private before(from: string): string {
    const menus = this.state.menus ?? [];
    const [last, parent] = menus.toReversed();
    return (last === from ? parent : undefined) ?? last ?? this.route.start;
  }

  private remember(menu: string): void {
    const menus = this.state.menus ?? [];
    const at = menus.indexOf(menu);
    this.set({ menus: at === -1 ? [...menus, menu].slice(-MAX_MENUS) : menus.slice(0, at + 1) });
  }

  private enterMenu(node: RouteNodeOf<'menu'>): void {
    this.remember(this.state.node);
    const [first, ...later] = this.takeTypedAhead();
    // A wrong digit may have been meant for something else, and so may those after it: the caller hears the menu.
    if (first === undefined || !Object.hasOwn(node.digits, first)) return this.promptMenu(node);
    for (const digit of later) this.typeAhead(digit);
    this.choose(node, first);
  }

  private block(phase: FlowPhase, action: Unnumbered): void {
    // A phone that rings needs no answered caller: the carrier charges from the answer, and the caller hears its own ringing.
    if (action.kind !== 'ring') this.answer();
    const step = this.state.step + 1;
    this.set({ phase, step });
    this.actions.push({ ...action, step });
  }
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;
type Unnumbered = DistributiveOmit<Extract<FlowAction, { kind: 'say' | 'collect' | 'ring' | 'queue' | 'agent' | 'voicemail' }>, 'step'>;

function nodeOf(route: Route, id: string): RouteNode | undefined {
  return Object.hasOwn(route.nodes, id) ? route.nodes[id] : undefined;
}
