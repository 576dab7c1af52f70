import { Injectable } from '@nestjs/common';
import { DeviceSheetIssuedV1, DeviceSheetTakenV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { IssuedSheet, TakenBy } from './issued-sheet.js';

/** States that a link was made and that it was used. Never the link, never what it handed over. */
@Injectable()
export class SheetPublisher {
  constructor(private readonly outbox: Outbox) {}

  async issued(tx: Tx, sheet: IssuedSheet): Promise<void> {
    const { issuedBy, expiresAt } = sheet;
    const data = { ...about(sheet), issuedBy, expiresAt: expiresAt.toISOString() };
    await this.outbox.emit(tx, DeviceSheetIssuedV1, { tenant: sheet.tenant, subject: sheet.id, data });
  }

  async taken(tx: Tx, sheet: IssuedSheet, by: 'person' | 'device', { from, userAgent }: TakenBy): Promise<void> {
    await this.outbox.emit(tx, DeviceSheetTakenV1, { tenant: sheet.tenant, subject: sheet.id, data: { ...about(sheet), by, from, userAgent } });
  }
}

function about({ environment, kind, extensions }: IssuedSheet): Pick<IssuedSheet, 'environment' | 'kind'> & { extensions: string[] } {
  return { environment, kind, extensions: [...extensions] };
}
