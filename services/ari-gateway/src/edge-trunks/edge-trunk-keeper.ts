import type { OnModuleInit } from '@nestjs/common';
import { EdgeTrunksV1 } from '@troncal/contracts';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import type { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { ReplicaSignals } from '../replicas/replica-signals.js';
import type { EdgeIdentifiers } from '../trunks/edge-identifiers.js';
import type { EdgeTrunkRepository } from './edge-trunk.repository.js';

const TOPIC = 'edge-trunks';
const RETRY: Backoff = { firstMs: 250, maxMs: 10_000 };

export interface EdgeTrunkPorts {
  readonly commands: Pick<CommandClient, 'ask'>;
  readonly signals: Pick<ReplicaSignals, 'on' | 'tell'>;
  readonly identifiers: Pick<EdgeIdentifiers, 'readAnew'>;
  readonly logger: Logger;
}

/** Keeps what Asterisk knows Twilio's rail by as provisioning has it: asked for at the start, and at each word of a change, as often as it takes. */
export class EdgeTrunkKeeper implements OnModuleInit {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private wanted = false;

  constructor(
    private readonly repository: EdgeTrunkRepository,
    private readonly ports: EdgeTrunkPorts,
  ) {}

  /** Another replica may store a change: each tells the edges in its own hands. */
  onModuleInit(): void {
    this.ports.signals.on(TOPIC, () => this.ports.identifiers.readAnew());
  }

  /** Something may have changed: ask. */
  wake(): void {
    this.wanted = true;
    this.running ??= this.ask();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async ask(): Promise<void> {
    for (let failures = 0; this.wanted && !this.stopping.signal.aborted; ) {
      this.wanted = false;
      try {
        await this.replace();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.wanted = true;
        this.ports.logger[failures < 10 ? 'debug' : 'warn']({ reason: errorText(error), failures }, 'as whom Twilio’s rail calls could not be had yet');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
    // In the same turn as the last look at `wanted`: a word that came between the two would be heard by nobody.
    this.running = undefined;
  }

  private async replace(): Promise<void> {
    const { trunks } = await this.ports.commands.ask(EdgeTrunksV1, {});
    if (!(await this.repository.replace(trunks))) return;
    this.ports.signals.tell(TOPIC);
    await this.ports.identifiers.readAnew();
    this.ports.logger.info({ environments: trunks.map(({ environment }) => environment) }, 'Twilio’s rail is let in at the edges for these environments');
  }
}
