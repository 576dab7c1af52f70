import { TenantFixture } from '@troncal/testing';
import { openPhones, PHONES, type Phones } from './phones.js';
import { startTroncal, type RunningTroncal } from '../stack/running-troncal.js';

/** An edge with phones on it, and the processes that a call costs time in. */
export interface Edge extends Phones {
  /** Pids by name, for the columns of the table. */
  readonly processes: Readonly<Record<string, number>>;
}

/** A whole Troncal with three routes: 601 answers and says a sentence again and again, 602 rings the phone 201, 603 is an agent. */
export async function openTroncalEdge(): Promise<Edge & Pick<RunningTroncal, 'logTail'>> {
  const troncal = await startTroncal(['--rtp-range', '30000-31999']);
  const { sip } = troncal.state;
  if (!sip) throw new Error('Troncal started without Asterisk');
  const tenant = await TenantFixture.create(troncal.api, 'bench');
  const bye = { kind: 'hangup' as const };
  await tenant.route('answer', { name: 'Answer', extension: '601', start: 'say', nodes: { say: { kind: 'announce', prompt: { say: { es: 'Uno dos tres cuatro cinco seis siete ocho nueve diez.' } }, next: 'say' } } });
  await tenant.route('ring', { name: 'Ring', extension: '602', start: 'ring', nodes: { ring: { kind: 'ring', extensions: PHONES.slice(-1), onNoAnswer: 'bye' }, bye } });
  await tenant.route('agent', { name: 'Agent', extension: '603', start: 'agent', nodes: { agent: { kind: 'agent', agent: 'default', onHandoff: 'bye', onFailed: 'bye' }, bye } });
  const accounts = await Promise.all(PHONES.map((extension) => tenant.endpoint(extension)));
  const phones = await openPhones(accounts, sip);
  const names = ['asterisk', 'ari-gateway', 'realtime-voice', 'light', 'postgres', 'nats'];
  return { ...phones, logTail: troncal.logTail, processes: Object.fromEntries(names.map((name) => [name, troncal.pidOf(name)])), close: () => phones.close().then(() => troncal.close()) };
}
