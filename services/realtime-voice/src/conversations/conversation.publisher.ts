import { Injectable } from '@nestjs/common';
import {
  AgentInterruptedV1,
  ConversationEndedV1,
  ConversationStartedV1,
  EngineChangedV1,
  HandoffRequestedV1,
  ToolCalledV1,
  ToolCompletedV1,
  TurnCompletedV1,
  type EventDefinition,
} from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { EngineChange } from '../dialogue/engine-seat.js';
import type { EndReason, ToolOutcome } from '../dialogue/journal.js';
import type { Turn } from '../dialogue/transcript.js';

/** What every fact of a conversation has in common. */
export interface Subject {
  readonly conversationId: string;
  readonly callId: string;
  readonly tenant: string;
}

/** States the facts of conversations, each in the transaction that stores it. `at` is when it happened, which may be long before. */
@Injectable()
export class ConversationPublisher {
  constructor(private readonly outbox: Outbox) {}

  started(tx: Tx, of: Subject, at: Date, data: { legId: string; agent: { code: string; version: number }; engine: string; simulated: boolean; language: string; resumed: boolean }): Promise<unknown> {
    return this.emit(tx, ConversationStartedV1, of, at, data);
  }

  engineChanged(tx: Tx, of: Subject, at: Date, data: EngineChange & { engine: string; simulated: boolean }): Promise<unknown> {
    return this.emit(tx, EngineChangedV1, of, at, { how: data.how, engine: data.engine, simulated: data.simulated, reason: data.reason, silentMs: data.silentMs, attempts: data.attempts });
  }

  turn(tx: Tx, of: Subject, at: Date, turn: Readonly<Turn>): Promise<unknown> {
    return this.emit(tx, TurnCompletedV1, of, at, {
      turn: turn.number,
      role: turn.role,
      text: turn.text.slice(0, 20_000),
      ...(turn.heard === undefined ? {} : { heard: turn.heard.slice(0, 20_000) }),
      interrupted: turn.interrupted,
      tookMs: turn.tookMs,
      ...(turn.latencyMs === undefined ? {} : { latencyMs: turn.latencyMs }),
    });
  }

  interrupted(tx: Tx, of: Subject, at: Date, data: { turn: number; heardMs: number; toSilenceMs: number }): Promise<unknown> {
    return this.emit(tx, AgentInterruptedV1, of, at, data);
  }

  toolCalled(tx: Tx, of: Subject, at: Date, data: { toolRunId: string; tool: string; arguments: Record<string, unknown> }): Promise<unknown> {
    return this.emit(tx, ToolCalledV1, of, at, data);
  }

  toolCompleted(tx: Tx, of: Subject, at: Date, data: { toolRunId: string; tool: string; outcome: ToolOutcome; tookMs: number; detail: string }): Promise<unknown> {
    return this.emit(tx, ToolCompletedV1, of, at, data);
  }

  handoffRequested(tx: Tx, of: Subject, at: Date, data: { reason: string; summary: string | undefined }): Promise<unknown> {
    return this.emit(tx, HandoffRequestedV1, of, at, { reason: data.reason, ...(data.summary === undefined ? {} : { summary: data.summary }) });
  }

  ended(tx: Tx, of: Subject, at: Date, data: { reason: EndReason; engine: string; turns: number; durationMs: number }): Promise<unknown> {
    return this.emit(tx, ConversationEndedV1, of, at, data);
  }

  private emit<Data extends { conversationId: string; callId: string }>(tx: Tx, definition: EventDefinition<Data>, of: Subject, time: Date, data: Omit<Data, 'conversationId' | 'callId'>): Promise<unknown> {
    const whole = { conversationId: of.conversationId, callId: of.callId, ...data } as unknown as Data;
    return this.outbox.emit(tx, definition, { tenant: of.tenant, subject: of.conversationId, correlationId: of.callId, time, data: whole });
  }
}
