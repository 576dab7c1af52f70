import { Controller, Delete, Get, HttpCode, Inject, Put, type OnModuleInit } from '@nestjs/common';
import { Body, Caller, LOGGER, Params, requireTenant, type CallerFacts } from '@troncal/chassis';
import { putTrunkSchema } from '@troncal/contracts';
import { errorText, PermanentError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { z } from 'zod';
import type { TrunkFacts } from '../tenant-directory/directory-facts.js';
import { DirectoryKeeper } from '../tenant-directory/directory-keeper.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { ReplicaSignals } from '../replicas/replica-signals.js';
import { EdgeIdentifiers } from './edge-identifiers.js';
import { sharedAddress } from './trunk-addresses.js';
import { TRUNK_REPOSITORY, type PutTrunk, type TrunkRepository } from './trunk.repository.js';

// Becomes the name of an endpoint at Asterisk, where an underscore would look like a phone of a tenant.
const trunkPath = z.object({ name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a trunk’s name is 1 to 32 of a-z, 0-9 and "-"') });
const TOPIC = 'trunks';
interface TrunkPath {
  readonly name: string;
}

/** Trunks over HTTP. A trunk belongs to one tenant; its password is never shown. */
@Controller('api/trunks')
export class TrunksController implements OnModuleInit {
  constructor(
    @Inject(TRUNK_REPOSITORY) private readonly trunks: TrunkRepository,
    @Inject(TenantDirectory) private readonly directory: TenantDirectory,
    @Inject(EdgeIdentifiers) private readonly identifiers: EdgeIdentifiers,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(DirectoryKeeper) private readonly keeper: DirectoryKeeper,
    @Inject(ReplicaSignals) private readonly signals: ReplicaSignals,
  ) {}

  /** A tenant's trunks go with it; the edge is told here. */
  onModuleInit(): void {
    this.signals.on(TOPIC, () => this.readAnew());
    this.keeper.onChange((change) => {
      if (change.kind !== 'tenant_removed') return;
      this.changed().catch((error: unknown) => this.logger.warn({ tenant: change.tenant, reason: errorText(error) }, 'the trunks could not be read after a tenant was removed'));
    });
  }

  @Put(':name')
  @HttpCode(200)
  async put(@Params(trunkPath) { name }: TrunkPath, @Body(putTrunkSchema) body: PutTrunk, @Caller() caller: CallerFacts): Promise<TrunkFacts> {
    requireTenant(caller, body.tenant);
    const declared = await this.trunks.all();
    const known = declared.find((trunk) => trunk.name === name);
    if (known && known.tenant !== body.tenant) throw new PermanentError('trunk_taken', `The name "${name}" is taken.`, { status: 409, remedy: 'Choose another name, or remove the trunk that has it.' });
    if (!this.directory.tenant(body.tenant)) throw new PermanentError('unknown_tenant', `There is no tenant "${body.tenant}".`, { status: 422, remedy: 'Create it with POST /api/tenants.' });
    const shared = sharedAddress(body.match, declared.filter((trunk) => trunk.tenant !== body.tenant).flatMap((trunk) => trunk.match));
    if (shared !== undefined) throw new PermanentError('address_taken', `A trunk of another tenant has ${shared}.`, { status: 409, remedy: 'Ask the carrier for an address of your own: a call’s tenant is known by where it comes from.' });
    const trunk = await this.trunks.put(name, body);
    await this.changed();
    return trunk;
  }

  @Get(':name')
  async show(@Params(trunkPath) { name }: TrunkPath, @Caller() caller: CallerFacts): Promise<TrunkFacts> {
    const trunk = (await this.trunks.all()).find((each) => each.name === name);
    if (!trunk || (caller.tenant !== '*' && caller.tenant !== trunk.tenant)) throw unknown(name);
    return trunk;
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@Params(trunkPath) { name }: TrunkPath, @Caller() caller: CallerFacts): Promise<void> {
    await this.show({ name }, caller);
    await this.trunks.remove(name);
    await this.changed();
  }

  private async changed(): Promise<void> {
    await this.readAnew();
    this.signals.tell(TOPIC);
  }

  private async readAnew(): Promise<void> {
    this.directory.setTrunks(await this.trunks.all());
    await this.identifiers.readAnew();
  }
}

function unknown(name: string): PermanentError {
  return new PermanentError('unknown_trunk', `There is no trunk "${name}".`, { status: 404, remedy: 'Declare it with PUT /api/trunks/{name}.' });
}
