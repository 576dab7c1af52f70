import { Controller } from '@nestjs/common';
import { EdgeTrunksV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import { TellEdgeTrunks } from './tell-edge-trunks.js';

/** Answers ari-gateway, which lets Twilio's rail in by digest. */
@Controller()
export class EdgeTrunksResponder {
  constructor(private readonly trunks: TellEdgeTrunks) {}

  @HandlesCommand(EdgeTrunksV1)
  async answer(_request: object): ReturnType<TellEdgeTrunks['run']> {
    return this.trunks.run();
  }
}
