import { Controller, Delete, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { AnswersSecret, Body, Caller, CLOCK, CONFIG, Params, type CallerFacts } from '@troncal/chassis';
import {
  issueSheetsSchema, tenantCodeSchema, type IssuedSheetView, type IssueSheets as Request, type SheetView, type issuedSheetsSchema, type sheetListSchema,
} from '@troncal/contracts';
import type { Clock } from '@troncal/kernel';
import { z } from 'zod';
import type { ProvisioningConfig } from '../config.js';
import { requireOwn } from '../tenants/own-tenant.js';
import { IssueSheets, type NewSheet } from './issue-sheets.js';
import { isFetchedByDevice, stateOf, type IssuedSheet } from './issued-sheet.js';
import { noSuchSheet } from './sheets.errors.js';
import { SheetRepository } from './sheets.repository.js';

const tenantPath = z.object({ tenant: tenantCodeSchema });
const sheetPath = tenantPath.extend({ id: z.string().max(40) });
const LISTED = 500;

/** Device sheets of a tenant over HTTP: links are made, looked after and revoked here, and shown in the one answer that made them. */
@Controller('api/tenants/:tenant/sheets')
export class SheetsController {
  constructor(
    private readonly issueSheets: IssueSheets,
    private readonly sheets: SheetRepository,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(201)
  @AnswersSecret()
  async issue(
    @Caller() caller: CallerFacts,
    @Params(tenantPath) { tenant }: z.output<typeof tenantPath>,
    @Body(issueSheetsSchema) body: Request,
  ): Promise<z.output<typeof issuedSheetsSchema>> {
    requireOwn(caller, tenant);
    const made = await this.issueSheets.run(tenant, body, caller.keyId);
    return { sheets: made.map((each) => this.linkOf(each)) };
  }

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: z.output<typeof tenantPath>): Promise<z.output<typeof sheetListSchema>> {
    requireOwn(caller, tenant);
    return { sheets: (await this.sheets.list(tenant, LISTED)).map((sheet) => this.viewOf(sheet)) };
  }

  @Delete(':id')
  @HttpCode(200)
  async revoke(@Caller() caller: CallerFacts, @Params(sheetPath) { tenant, id }: z.output<typeof sheetPath>): Promise<SheetView> {
    requireOwn(caller, tenant);
    const sheet = await this.sheets.revoke(tenant, id);
    if (!sheet) throw noSuchSheet(id);
    return this.viewOf(sheet);
  }

  private linkOf({ sheet: { id, kind, extensions, expiresAt }, token, fileName }: NewSheet): IssuedSheetView {
    const url = `${this.config.PUBLIC_URL?.replace(/\/+$/, '') ?? ''}/sheets/${token}`;
    const deviceUrl = isFetchedByDevice(kind) ? `${url}/${fileName}` : null;
    return { id, kind, extensions: [...extensions], fileName, url, deviceUrl, expiresAt: expiresAt.toISOString() };
  }

  private viewOf(sheet: IssuedSheet): SheetView {
    const { id, environment, kind, extensions, issuedBy, issuedAt, expiresAt, taken } = sheet;
    return {
      id,
      environment,
      kind,
      extensions: [...extensions],
      issuedBy,
      issuedAt: issuedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      state: stateOf(sheet, this.clock.date()),
      taken: taken && { at: taken.at.toISOString(), from: taken.from, userAgent: taken.userAgent },
    };
  }
}
