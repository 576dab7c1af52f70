import type { EngineEvent } from './voice-engine.js';

/** Delivers an engine's events to its one listener, and keeps those that come before there is one. After `lost` nothing follows. */
export class EventPort {
  private listener: ((event: EngineEvent) => void) | undefined;
  private early: EngineEvent[] = [];
  private lost = false;

  listen(listener: (event: EngineEvent) => void): void {
    this.listener = listener;
    for (const event of this.early.splice(0)) listener(event);
  }

  emit(event: EngineEvent): void {
    if (this.lost) return;
    if (event.type === 'lost') this.lost = true;
    if (this.listener === undefined) this.early.push(event);
    else this.listener(event);
  }
}
