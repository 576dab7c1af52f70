import { errorText } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { EdgeSessions } from '../edges/edge-sessions.js';

const MODULE = 'res_pjsip_endpoint_identifier_ip.so';

/**
 * By what edges know trunks and Twilio's rail: addresses and headers. Asterisk keeps that list whole, so that they call on with the database away; only this makes
 * it read the list anew (asterisk/etc/sorcery.conf).
 */
export class EdgeIdentifiers {
  constructor(
    private readonly sessions: EdgeSessions,
    private readonly logger: Logger,
  ) {}

  /** At the edges in this process's hands. Never rejects: an edge that can't be told learns of it at its next start or the next change, and the log says so. */
  async readAnew(): Promise<void> {
    await Promise.all(this.sessions.all().map(({ edgeId, ari }) =>
      ari.asterisk
        .reloadModule({ moduleName: MODULE })
        .catch((error: unknown) => this.logger.warn({ edge: edgeId, reason: errorText(error) }, 'the edge could not be told of who may call from outside; it learns of it at its next start or the next change')),
    ));
  }
}
