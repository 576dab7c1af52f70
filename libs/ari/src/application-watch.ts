import { AriError } from './ari-error.js';

/**
 * Asks again and again, while started, whether Asterisk still has the application. A socket can be open and its application gone: an older socket of the
 * same name that Asterisk finds closed in the moment in which the new one registers takes the application with it (22.10: one in some hundred such
 * meetings). No event comes then, no caller enters, and nobody is told.
 */
export class ApplicationWatch {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ask: () => Promise<unknown>,
    private readonly onMissing: () => void,
    private readonly everyMs: number,
  ) {}

  start(): void {
    this.stop();
    const timer = setInterval(() => {
      this.ask().catch((error: unknown) => {
        // Whatever else goes wrong the socket's own watch finds out.
        if (error instanceof AriError && error.ariStatus === 404 && this.timer === timer) this.onMissing();
      });
    }, this.everyMs);
    this.timer = timer;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
