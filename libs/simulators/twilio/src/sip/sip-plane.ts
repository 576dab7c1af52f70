import type { ControlRoutes } from '@troncal/simulator-program';
import { z } from 'zod';
import type { VoicePlane } from '../voice/voice-plane.js';
import { DigestGuard } from './digest-guard.js';
import { DomainCalls, TrunkCalls } from './inbound-invite.js';
import { Registrar } from './registrar.js';
import { SipLog } from './sip-log.js';
import { SipNetwork } from './sip-network.js';
import { SipServer, type SipServerOptions } from './sip-server.js';

export interface SipPlaneOptions extends Omit<SipServerOptions, 'port'> {
  /** Of the SIP domains; 0: whichever is free. */
  readonly port: number;
  /** Of the telephone network, which is trusted; 0: whichever is free. */
  readonly trunkPort: number;
}

const addressSchema = z.strictObject({ address: z.string().describe('user@domain') });

/** Twilio's SIP over UDP: the domains that phones register at and call through, and a trunk by which a SIP phone plays the telephone network. */
export class SipPlane {
  private constructor(
    private readonly domains: SipServer,
    private readonly trunk: SipServer,
    readonly registrar: Registrar,
    readonly log: SipLog,
  ) {}

  static async open(plane: VoicePlane, { host, port, trunkPort, timers }: SipPlaneOptions): Promise<SipPlane> {
    const log = new SipLog();
    const guard = new DigestGuard();
    const registrar = new Registrar(plane.world, guard, plane.alerts);
    const common = { host, ...(timers === undefined ? {} : { timers }) };
    const domains = await SipServer.open({ ...common, port }, log);
    const trunk = await SipServer.open({ ...common, port: trunkPort }, log);
    const [phones, network] = [new DomainCalls(plane, guard, (invite) => domains.ring(invite)), new TrunkCalls(plane, (invite) => trunk.ring(invite))];
    domains.handlers = { onRegister: (transaction) => registrar.receive(transaction), onInvite: (transaction) => phones.receive(transaction) };
    trunk.handlers = { ...trunk.handlers, onInvite: (transaction) => network.receive(transaction) };
    plane.dialer.sip = new SipNetwork(plane.world, registrar, plane.alerts, domains);
    return new SipPlane(domains, trunk, registrar, log);
  }

  /** `127.0.0.1:41234`: the outbound proxy of phones. */
  get address(): string {
    return this.domains.address;
  }

  /** Where a SIP phone calls from that plays the telephone network: `sip:+56…@` this. */
  get trunkAddress(): string {
    return this.trunk.address;
  }

  /** What is asked of it under /control. */
  get routes(): ControlRoutes {
    return {
      'GET /control/sip': () => ({ address: this.address, trunkAddress: this.trunkAddress, registered: this.registrar.all(), messages: this.log.messages }),
      'POST /control/sip/forget': (body) => this.registrar.forget(addressSchema.parse(JSON.parse(body)).address),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.domains.close(), this.trunk.close()]);
  }
}
