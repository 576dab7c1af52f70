import { edgeOfSettings } from './edge-record.js';
import { EdgeSession } from './edge-session.js';
import type { EdgeSessions } from './edge-sessions.js';
import type { GatewayConfig } from '../config.js';
import type { GatewayParts } from './gateway-parts.js';

/** Takes edges into this process's hands and lets them go. */
export class EdgeKeeper {
  constructor(
    private readonly sessions: EdgeSessions,
    private readonly parts: GatewayParts,
    private readonly config: GatewayConfig,
  ) {}

  async start(): Promise<void> {
    if (this.sessions.leftOut !== undefined) return;
    const session = new EdgeSession(edgeOfSettings(this.config), this.parts);
    this.sessions.add(session);
    await session.start();
  }

  stop(): void {
    for (const session of this.sessions.all()) session.stop();
  }
}
