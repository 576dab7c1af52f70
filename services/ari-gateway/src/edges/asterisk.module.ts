import { Module } from '@nestjs/common';
import { AmiClient, AriClient, type AriFault } from '@troncal/ari';
import { CONFIG, LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import type { GatewayConfig } from '../config.js';

/** The Stasis application that the dialplan enters (asterisk/README.md). */
const APPLICATION = 'troncal';

const report = (logger: Logger, of: string) => (fault: AriFault): void => logger.warn({ of, kind: fault.kind, reason: fault.message, err: fault.cause }, 'a fault at the edge');

/** The two clients of the edge's Asterisk. */
@Module({
  providers: [
    {
      provide: AriClient,
      inject: [CONFIG, LOGGER],
      useFactory: (config: GatewayConfig, logger: Logger) => {
        const { hostname, port } = new URL(config.ARI_URL);
        return new AriClient({ app: APPLICATION, address: { host: hostname, port: Number(port === '' ? 80 : port), user: config.ARI_USER, password: config.ARI_PASSWORD }, onFault: report(logger, 'ari') });
      },
    },
    {
      provide: AmiClient,
      inject: [CONFIG, LOGGER],
      useFactory: (config: GatewayConfig, logger: Logger) =>
        new AmiClient({ address: { host: config.AMI_HOST, port: config.AMI_PORT, user: config.AMI_USER, password: config.AMI_PASSWORD }, onFault: report(logger, 'ami') }),
    },
  ],
  exports: [AriClient, AmiClient],
})
export class AsteriskModule {}
