import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { Database } from '@troncal/persistence';
import { hashOf, isFileOf, stateOf, type IssuedSheet, type TakenBy } from './issued-sheet.js';
import { sheetFile, type SheetFile } from './sheet-file.js';
import { SheetCredentials } from './sheet-credentials.js';
import { sheetEndpointsGone, sheetGone, unknownSheet } from './sheets.errors.js';
import { RegistrationWaits } from '../registrations/registration-waits.repository.js';
import { SheetPublisher } from './sheets.publisher.js';
import { SheetRepository } from './sheets.repository.js';

/** Who asks for a sheet, and how. */
export interface Taker extends Omit<TakenBy, 'at'> {
  /** The file that a device asks for; undefined for a person at the page. */
  readonly file?: string;
}

/**
 * Hands a sheet over by its link, once: of any number of takers at once one gets it. It is written from what holds now, so that it is right
 * after a rotation too, before the link is used up: whatever goes wrong until then leaves it good.
 */
@Injectable()
export class TakeSheet {
  constructor(
    private readonly db: Database,
    private readonly credentials: SheetCredentials,
    private readonly sheets: SheetRepository,
    private readonly publisher: SheetPublisher,
    private readonly waits: RegistrationWaits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * What is behind a link that is still good, without using it up. @throws PermanentError `unknown_sheet` (404), `sheet_taken`,
   * `sheet_expired`, `sheet_revoked` (410)
   */
  async look(token: string): Promise<IssuedSheet> {
    const hash = hashOf(token);
    const sheet = hash && (await this.sheets.findByToken(hash));
    if (!sheet) throw unknownSheet();
    const state = stateOf(sheet, this.clock.date());
    if (state !== 'open') throw sheetGone(state);
    return sheet;
  }

  /** The file that a device may have by this link, without using it up. @throws PermanentError as {@link look}, `sheet_endpoints_gone` (410) */
  async peek(token: string, file?: string): Promise<{ readonly sheet: IssuedSheet; readonly content: SheetFile }> {
    const sheet = await this.look(token);
    const all = (await this.credentials.load(sheet.environment, sheet.tenant)) ?? [];
    const missing = sheet.extensions.filter((extension) => !all.some((facts) => facts.extension === extension));
    if (missing.length > 0) throw sheetEndpointsGone(missing);
    const content = sheetFile(sheet, all.filter(({ extension }) => sheet.extensions.includes(extension)));
    if (file !== undefined && !isFileOf(sheet, content.fileName, file)) throw unknownSheet();
    return { sheet, content };
  }

  /** @throws PermanentError as {@link peek} */
  async run(token: string, { file, from, userAgent }: Taker): Promise<SheetFile> {
    const { sheet, content } = await this.peek(token, file);
    const by = { at: this.clock.date(), from, userAgent };
    const taken = await this.db.transaction(async (tx) => {
      if (!(await this.sheets.take(tx, sheet.id, by))) return false;
      const takenBy = file === undefined ? 'person' : 'device';
      await this.waits.begin(tx, sheet.tenant, sheet.extensions.map((extension) => ({ environment: sheet.environment, extension, since: by.at, takenBy })));
      await this.publisher.taken(tx, sheet, takenBy, by);
      return true;
    });
    // Somebody was quicker: which of the ends it came to is read again.
    if (!taken) {
      await this.look(token);
      throw sheetGone('expired');
    }
    return content;
  }
}
