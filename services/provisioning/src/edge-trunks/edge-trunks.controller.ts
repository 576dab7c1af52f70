import { Controller, HttpCode, Post } from '@nestjs/common';
import { Caller, Params, type CallerFacts } from '@troncal/chassis';
import { environmentNameSchema } from '@troncal/contracts';
import { z } from 'zod';
import { requirePlatform } from '../tenants/own-tenant.js';
import { KeepEdgeTrunk } from './keep-edge-trunk.js';

const pathSchema = z.object({ environment: environmentNameSchema });

/** The password with which Twilio's rail calls our Asterisk: shown to nobody, since both its ends are ours. */
@Controller('api/environments/:environment/edge')
export class EdgeTrunksController {
  constructor(private readonly trunks: KeepEdgeTrunk) {}

  @Post('rotate')
  @HttpCode(200)
  async rotate(@Caller() caller: CallerFacts, @Params(pathSchema) { environment }: z.output<typeof pathSchema>): Promise<{ readonly environment: string; readonly credentialRevision: number }> {
    requirePlatform(caller, 'The way from Twilio to our Asterisk');
    return { environment, credentialRevision: await this.trunks.rotate(environment) };
  }
}
