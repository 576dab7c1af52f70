import type { AgentProfile } from '../agents/agent-profile.js';
import type { G711 } from '../engine/voice-engine.js';
import { EchoGuard } from './echo-guard.js';

/** What to do with the agent's voice when the caller is heard. */
export type BargeInVerdict = 'interrupt' | 'pause' | 'ignore';

/** Decides whether the caller's voice silences the agent: at once, after a confirmation, or not, as the profile says. Times in monotonic ms. */
export class BargeIn {
  private readonly echo: EchoGuard;
  private confirmAt: number | undefined;

  constructor(
    private readonly settings: AgentProfile['bargeIn'],
    format: G711,
  ) {
    this.echo = new EchoGuard(settings.echoGuardDb, format);
  }

  agentSaid(audio: Uint8Array): void {
    this.echo.agentSaid(audio);
  }

  callerSaid(frame: Uint8Array): void {
    this.echo.callerSaid(frame);
  }

  /** The caller is heard while the agent speaks. `pause`: hold the agent, `due` tells when it is certain. */
  callerStarted(now: number, duringGreeting: boolean): BargeInVerdict {
    const { enabled, greeting, confirmMs } = this.settings;
    if (!enabled || (duringGreeting && !greeting) || this.echo.isEcho()) return 'ignore';
    if (confirmMs === 0) return 'interrupt';
    this.confirmAt = now + confirmMs;
    return 'pause';
  }

  /** The caller is silent again; true when the agent was held and may go on. */
  callerStopped(): boolean {
    const held = this.confirmAt !== undefined;
    this.confirmAt = undefined;
    return held;
  }

  /** True once when a held agent is to be silenced: the voice has lasted. */
  due(now: number): boolean {
    if (this.confirmAt === undefined || now < this.confirmAt) return false;
    this.confirmAt = undefined;
    return true;
  }
}
