import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import { chooseDevicesSchema, tenantCodeSchema, type ChooseDevices as Choice, type DeviceListView, type DeviceOutcomesView } from '@troncal/contracts';
import type { z } from 'zod';
import { environmentPath } from '../environments/environments.controller.js';
import { requirePlatform } from '../tenants/own-tenant.js';
import { AddDevices } from './add-devices.js';
import { RebootDevices } from './reboot-devices.js';
import { ShowDevices } from './show-devices.js';

const tenantPath = environmentPath.extend({ tenant: tenantCodeSchema });
type Path = z.output<typeof tenantPath>;

const WHOSE = 'Telephones in their makers’ clouds';

/** The telephones of a tenant at Grandstream's GDMS. */
@Controller('api/environments/:environment/tenants/:tenant/devices')
export class DevicesController {
  constructor(
    private readonly showDevices: ShowDevices,
    private readonly addDevices: AddDevices,
    private readonly rebootDevices: RebootDevices,
  ) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: Path): Promise<DeviceListView> {
    requirePlatform(caller, WHOSE);
    return this.showDevices.run(environment, tenant);
  }

  @Post('add')
  @HttpCode(200)
  async add(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: Path, @Body(chooseDevicesSchema) { macs }: Choice): Promise<DeviceOutcomesView> {
    requirePlatform(caller, WHOSE);
    return this.addDevices.run(environment, tenant, macs, caller.keyId);
  }

  /** Calls at these telephones may end. */
  @Post('reboot')
  @HttpCode(200)
  async reboot(@Caller() caller: CallerFacts, @Params(tenantPath) { environment, tenant }: Path, @Body(chooseDevicesSchema) { macs }: Choice): Promise<DeviceOutcomesView> {
    requirePlatform(caller, WHOSE);
    return this.rebootDevices.run(environment, tenant, macs, caller.keyId);
  }
}
