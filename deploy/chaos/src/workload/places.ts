import type { RouteInput } from '@troncal/contracts';

/** Who sits where in a run's tenant. Every caller has an extension for itself, so that its calls are found by it. */
export const PERSON = '2000';
export const AGENT_ROUTE = '100';
export const RING_ROUTE = '101';
export const RECORDED_ROUTE = '102';
export const QUEUE_ROUTE = '103';
export const QUEUE = 'people';

export const callerExtension = (index: number): string => String(1_000 + index);
export const memberExtension = (index: number): string => String(3_000 + index);
export const arrivalExtension = (index: number): string => String(4_000 + index);
/** What a client declares by command, and places calls as. */
export const declaredExtension = (index: number): string => String(70_000 + index);
export const isDeclared = (extension: string): boolean => /^7\d{4}$/.test(extension);

/** The tone that callers play, and the one that people play. */
export const CALLER_HZ = 700;
export const PERSON_HZ = 1_300;

const bye: RouteInput['nodes'] = { bye: { kind: 'hangup' } };
const ring: RouteInput['nodes'] = { ring: { kind: 'ring', extensions: [PERSON], timeoutMs: 30_000, onNoAnswer: 'bye' }, ...bye };

/** The routes of a run. */
export const ROUTES: Readonly<Record<string, RouteInput>> = {
  agent: {
    name: 'The voice agent',
    extension: AGENT_ROUTE,
    start: 'agent',
    nodes: { agent: { kind: 'agent', agent: 'default', digits: {}, onHandoff: 'bye', onFailed: 'bye' }, ...bye },
  },
  ring: { name: 'A person', extension: RING_ROUTE, start: 'ring', nodes: ring },
  recorded: { name: 'A person, recorded', extension: RECORDED_ROUTE, recording: { enabled: true }, start: 'ring', nodes: ring },
  queue: {
    name: 'A queue',
    extension: QUEUE_ROUTE,
    start: 'queue',
    nodes: { queue: { kind: 'queue', queue: QUEUE, timeoutMs: 600_000, onTimeout: 'bye' }, ...bye },
  },
};
