import type { GatewayReplica } from '@troncal/testing';

/** How an owner is lost, at once, and what brings the process back as a standby. */
export interface Fault {
  readonly strike: (owner: GatewayReplica) => void;
  readonly heal: (owner: GatewayReplica) => void;
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  'kill -9': { strike: (owner) => owner.signal('SIGKILL'), heal: (owner) => owner.start() },
  frozen: { strike: (owner) => owner.signal('SIGSTOP'), heal: (owner) => owner.signal('SIGCONT') },
  'cut off silently': { strike: (owner) => owner.silence(), heal: (owner) => owner.speak() },
};
