import { AriClient, type AriAddress } from '@troncal/ari';
import { edgeOvertaken } from './edge-away.js';

/** Asterisk's own memory of who owns it (asterisk/README.md). */
const OWNER = 'TRONCAL_OWNER';
const DEADLINE_MS = 2_000;

/**
 * The fencing token in Asterisk: the epoch of the newest owner that has been here. It is read and raised before the application's socket is dialled,
 * since a second client of the application kicks the first one out. Asterisk forgets it when it restarts.
 */
export class OwnerToken {
  private readonly ari: AriClient;

  constructor(
    address: AriAddress,
    private readonly tenure: { readonly edgeId: string; readonly epoch: number },
  ) {
    // Never connected: its commands must work before there is a link, and tell a frozen process the truth when it wakes.
    this.ari = new AriClient({ app: 'troncal', address, commandDeadlineMs: DEADLINE_MS, onFault: () => {} });
  }

  /** Puts our epoch there unless it is there already. @throws PermanentError `edge_overtaken` when a newer owner has been here; AriError */
  async claim(): Promise<void> {
    const { edgeId, epoch } = this.tenure;
    const newest = Number((await this.ari.asterisk.getGlobalVar({ variable: OWNER })).value);
    if (newest > epoch) throw edgeOvertaken(edgeId, epoch);
    if (newest !== epoch) await this.ari.asterisk.setGlobalVar({ variable: OWNER, value: String(epoch) });
  }

  close(): void {
    this.ari.close();
  }
}
