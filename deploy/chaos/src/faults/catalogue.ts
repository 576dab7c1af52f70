import type { Fault, FaultCode } from './fault.js';
import { F4 } from './f04-control-plane.js';

/** Every fault, in the order of the list. */
export const FAULTS: readonly Fault[] = [F4];

export const FAULT_CODES: readonly FaultCode[] = FAULTS.map((fault) => fault.code);
