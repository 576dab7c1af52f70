import { Controller } from '@nestjs/common';
import { EndpointDigestV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import { TellDigest, type EndpointDigest } from './tell-digest.js';

/** Answers ari-gateway, which lets phones register by digest. */
@Controller()
export class EndpointDigestResponder {
  constructor(private readonly digests: TellDigest) {}

  @HandlesCommand(EndpointDigestV1)
  async answer(request: { readonly tenant: string; readonly extension: string }): Promise<EndpointDigest> {
    return this.digests.run(request.tenant, request.extension);
  }
}
