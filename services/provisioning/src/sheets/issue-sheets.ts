import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { IssueSheets as Request, SheetKindName } from '@troncal/contracts';
import { newId, type Clock } from '@troncal/kernel';
import { Database } from '@troncal/persistence';
import { hashOf, newToken, type IssuedSheet } from './issued-sheet.js';
import { sheetFile } from './sheet-file.js';
import { SheetCredentials, type PhoneFacts } from './sheet-credentials.js';
import { noEndpoints, unknownEnvironment, unknownExtensions } from './sheets.errors.js';
import { SheetPublisher } from './sheets.publisher.js';
import { SheetRepository } from './sheets.repository.js';

/** A link with its token, which is told this once. */
export interface NewSheet {
  readonly sheet: IssuedSheet;
  readonly token: string;
  readonly fileName: string;
}

/** How long it can be looked up what became of a link. */
const REMEMBER_DAYS = 90;

/**
 * Makes one-time links to the sheets of endpoints: one per endpoint and kind, one for all of them in a `csv`. Each is written once for
 * trial, so that a link that could hand nothing over is refused here and not on the phone. All of them or none.
 * @throws PermanentError `unknown_environment`, `unknown_endpoint`, `no_endpoints`, or as writeSheet does
 */
@Injectable()
export class IssueSheets {
  constructor(
    private readonly db: Database,
    private readonly credentials: SheetCredentials,
    private readonly sheets: SheetRepository,
    private readonly publisher: SheetPublisher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(tenant: string, request: Request, issuedBy: string): Promise<NewSheet[]> {
    const facts = await this.chosen(tenant, request);
    const issuedAt = this.clock.date();
    const common = {
      environment: request.environment,
      tenant,
      issuedBy,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + request.ttlMinutes * 60_000),
      revokedAt: null,
      taken: null,
    };
    const issue = (kind: SheetKindName, of: readonly PhoneFacts[], mac: string | null): NewSheet => {
      const sheet: IssuedSheet = { id: newId(), kind, extensions: of.map(({ extension }) => extension), mac, language: of[0]?.language ?? 'es', ...common };
      return { sheet, token: newToken(), fileName: sheetFile(sheet, of).fileName };
    };
    const kinds = [...new Set(request.kinds)];
    const made = kinds.flatMap((kind) => {
      return kind === 'csv' ? [issue(kind, facts, null)] : facts.map((each) => issue(kind, [each], plainMac(request.macs?.[each.extension] ?? each.mac)));
    });
    await this.db.transaction(async (tx) => {
      await this.sheets.forget(tx, tenant, REMEMBER_DAYS);
      for (const { sheet, token } of made) {
        const hash = hashOf(token);
        if (hash) await this.sheets.insert(tx, sheet, hash);
        await this.publisher.issued(tx, sheet);
      }
    });
    return made;
  }

  private async chosen(tenant: string, { environment, endpoints }: Request): Promise<readonly PhoneFacts[]> {
    const all = await this.credentials.load(environment, tenant);
    if (!all) throw unknownEnvironment(environment, tenant);
    if (endpoints === undefined) {
      if (all.length === 0) throw noEndpoints(tenant);
      return all;
    }
    const missing = endpoints.filter((extension) => !all.some((facts) => facts.extension === extension));
    if (missing.length > 0) throw unknownExtensions(missing, tenant);
    return all.filter(({ extension }) => endpoints.includes(extension));
  }
}

const plainMac = (mac: string | undefined): string | null => mac?.toLowerCase().replaceAll(/[:.-]/g, '') ?? null;
