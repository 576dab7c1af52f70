import { runInContext, startSpan, type Span, type SpanAttributes, type WorkContext } from '@troncal/observability';
import { TOOL_NAMES } from '../agents/agent-profile.js';
import type { DialogueJournal } from '../dialogue/journal.js';
import type { VoiceMeters } from './voice-meters.js';

type Fact<K extends keyof DialogueJournal> = Parameters<DialogueJournal[K]>[0];

const TOOLS: ReadonlySet<string> = new Set(TOOL_NAMES);

/** A journal whose facts are also counted, timed and put into the trace. What was said goes to the journal alone. */
export class SensedJournal implements DialogueJournal {
  private readonly running = new Map<string, Span>();

  constructor(
    private readonly journal: DialogueJournal,
    private readonly meters: VoiceMeters,
    private readonly context: Partial<WorkContext>,
    private readonly span: Span | undefined,
  ) {}

  started(fact: Fact<'started'>): void {
    this.span?.set({ 'troncal.voice.engine': fact.engine, 'troncal.voice.simulated': fact.simulated });
    this.journal.started(fact);
  }

  engineChanged(fact: Fact<'engineChanged'>): void {
    this.meters.changes.inc({ how: fact.how });
    this.span?.event(`engine ${fact.how}`, { 'troncal.voice.engine': fact.engine });
    this.journal.engineChanged(fact);
  }

  turn(turn: Fact<'turn'>): void {
    const latencyMs = turn.latencyMs ?? 0;
    if (turn.latencyMs !== undefined) this.meters.turnLatency.observe({ stage: 'total' }, latencyMs / 1_000);
    this.past(`turn ${turn.role}`, turn.tookMs + latencyMs, { 'troncal.voice.turn': turn.number, 'troncal.voice.latency_ms': turn.latencyMs, ...(turn.interrupted && { 'troncal.voice.heard_ms': turn.tookMs }) });
    this.journal.turn(turn);
  }

  interrupted(fact: Fact<'interrupted'>): void {
    this.meters.interruptions.inc();
    this.meters.silence.observe(fact.toSilenceMs / 1_000);
    this.span?.event('interrupted', { 'troncal.voice.turn': fact.turn, 'troncal.voice.heard_ms': fact.heardMs });
    this.journal.interrupted(fact);
  }

  toolCalled(fact: Fact<'toolCalled'>): void {
    const tool = known(fact.tool);
    if (this.span) {
      const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool, 'gen_ai.tool.call.id': fact.toolRunId };
      this.running.set(fact.toolRunId, runInContext(this.context, () => startSpan(`execute_tool ${tool}`, { attributes })));
    }
    this.journal.toolCalled(fact);
  }

  toolCompleted(fact: Fact<'toolCompleted'>): void {
    this.meters.tools.observe({ tool: known(fact.tool), outcome: fact.outcome }, fact.tookMs / 1_000);
    const span = this.running.get(fact.toolRunId);
    this.running.delete(fact.toolRunId);
    if (fact.outcome !== 'ok') span?.fail(new Error(fact.outcome));
    span?.end();
    this.journal.toolCompleted(fact);
  }

  handoffRequested(fact: Fact<'handoffRequested'>): void {
    this.span?.event('handoff requested');
    this.journal.handoffRequested(fact);
  }

  rested(): void {
    this.span?.event('left between two turns');
    this.journal.rested();
  }

  ended(fact: Fact<'ended'>): void {
    this.meters.conversations.inc({ reason: fact.reason, engine: fact.engine });
    this.span?.set({ 'troncal.voice.end_reason': fact.reason, 'troncal.voice.turns': fact.turns });
    this.journal.ended(fact);
  }

  private past(name: string, tookMs: number, attributes: SpanAttributes): void {
    if (this.span) runInContext(this.context, () => startSpan(name, { startedAt: Date.now() - tookMs, attributes }).end());
  }
}

/** The model may ask for a tool of any name; a metric's label must stay one of few. */
function known(tool: string): string {
  return TOOLS.has(tool) ? tool : 'unknown';
}
