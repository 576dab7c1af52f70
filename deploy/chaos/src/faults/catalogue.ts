import type { Fault, FaultCode } from './fault.js';
import { F1 } from './f01-crash-labels.js';
import { F2 } from './f02-nats-killed.js';
import { F4 } from './f04-control-plane.js';
import { F5 } from './f05-gateway-down.js';
import { F6 } from './f06-partition.js';
import { F7 } from './f07-frozen-voice.js';
import { F10 } from './f10-slow-consumer.js';
import { F14 } from './f14-poison.js';
import { F17 } from './f17-disorder.js';

/** Every fault, in the order of the list. */
export const FAULTS: readonly Fault[] = [F1, F2, F4, F5, F6, F7, F10, F14, F17];

export const FAULT_CODES: readonly FaultCode[] = FAULTS.map((fault) => fault.code);
