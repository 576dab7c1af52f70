import type { VoiceEngine } from './voice-engine.js';

/** Nobody sits there: between two attempts to connect. What is asked of it is done by whoever comes next. */
export class AbsentEngine implements VoiceEngine {
  /** @param kind as whom the engine it stands for is known */
  constructor(
    readonly kind: VoiceEngine['kind'],
    readonly simulated: boolean,
  ) {}

  listen(): void {}
  hear(): void {}
  note(): void {}
  respond(): void {}
  truncate(): void {}
  forget(): void {}
  cancel(): void {}
  toolResult(): void {}
  retellTool(): void {}
  digit(): void {}
  close(): void {}

  summarise(): Promise<string> {
    return Promise.reject(new Error('the provider is not connected'));
  }
}
