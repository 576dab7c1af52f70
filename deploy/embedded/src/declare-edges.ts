import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnAnswer, OwnApi } from './own-api.js';
import { readJsonFile, writePrivateFile } from './private-file.js';
import { waitUntilReady } from './readiness.js';
import { AMI_USER, amiPassword, ARI_USER, ariPassword, audioSocketAddress, serviceUrl, type ServicePlan } from './service-plan.js';
import type { EdgePlace } from './edge-places.js';
import type { Terminal } from './terminal.js';

const WITHIN_MS = 30_000;

/**
 * Declares the edges beyond the first, as a person would by `troncal edges add`, and removes those of an earlier start that had more. What can't be
 * done is said; the rest of Troncal does not depend on it.
 * @param api the gateway's own
 * @param declaredFile remembers which edges were declared by us: others' are left alone
 */
export async function declareEdges(plan: ServicePlan, api: OwnApi, declaredFile: string, terminal: Terminal, stopping: () => boolean): Promise<void> {
  const [, ...further] = plan.edges;
  const before = (readJsonFile(declaredFile) ?? []) as readonly string[];
  const superfluous = before.filter((edgeId) => !further.some((place) => place.edgeId === edgeId));
  if (further.length + superfluous.length === 0) return;
  const [gateway] = await waitUntilReady([{ name: 'ari-gateway', url: `${serviceUrl('ari-gateway', plan.ports)}/health/ready` }], WITHIN_MS, () => {}, stopping);
  if (!gateway?.ready) return terminal.warn(`the further edges are not declared, ari-gateway is not ready: ${gateway?.lastAnswer}`);
  writePrivateFile(declaredFile, JSON.stringify([...new Set([...before, ...further.map((place) => place.edgeId)])]));
  for (const place of further) {
    const fault = await declare(plan, place, api);
    if (fault !== null) terminal.warn(`the edge ${place.edgeId} could not be declared: ${fault}`);
  }
  const away = await notConnected(further.map(({ edgeId }) => edgeId), api, stopping);
  if (away.length > 0) terminal.warn(`no gateway has reached ${away.join(', ')} yet; troncal edges list tells when one has`);
  const left: string[] = [];
  for (const edgeId of superfluous) {
    const { status, body } = await ask(api, 'DELETE', edgeId);
    if (status === 204 || status === 404) continue;
    left.push(edgeId);
    terminal.warn(`the edge ${edgeId} of an earlier start could not be removed: ${body}`);
  }
  writePrivateFile(declaredFile, JSON.stringify([...further.map((place) => place.edgeId), ...left]));
}

/** Declares one unless it is already as it should be: each change has its owner let go of it once. @returns why not */
async function declare(plan: ServicePlan, place: EdgePlace, api: OwnApi): Promise<string | null> {
  const wanted = {
    ari: { url: `http://127.0.0.1:${place.ports.ari}`, user: ARI_USER },
    ami: { host: '127.0.0.1', port: place.ports.ami, user: AMI_USER },
    media: plan.media, audiosocketAddress: audioSocketAddress(plan.ports), recordingsDir: place.recordingsDir,
  };
  const present = await ask(api, 'GET', place.edgeId);
  if (present.status === 200) {
    const view = JSON.parse(present.body) as Record<string, unknown>;
    if (Object.entries(wanted).every(([name, value]) => JSON.stringify(view[name]) === JSON.stringify(value))) return null;
  }
  const { ari, ami, ...rest } = wanted;
  const body = { ...rest, ari: { ...ari, password: ariPassword(plan.secrets, place) }, ami: { ...ami, password: amiPassword(plan.secrets, place) } };
  const answer = await ask(api, 'PUT', place.edgeId, body);
  return answer.status === 200 ? null : `${answer.status} ${answer.body}`;
}

/** Waits for these edges to be connected. @returns those that aren't in time */
async function notConnected(edgeIds: readonly string[], api: OwnApi, stopping: () => boolean): Promise<string[]> {
  let away = [...edgeIds];
  for (const deadline = Date.now() + WITHIN_MS; away.length > 0 && Date.now() < deadline && !stopping(); await sleep(50)) {
    const { status, body } = await ask(api, 'GET');
    if (status !== 200) continue;
    const { edges } = JSON.parse(body) as { edges: { edgeId: string; state: string }[] };
    away = away.filter((edgeId) => !edges.some((edge) => edge.edgeId === edgeId && edge.state === 'connected'));
  }
  return away;
}

/** Of one edge, or of all. */
async function ask(api: OwnApi, method: string, edgeId?: string, body?: object): Promise<OwnAnswer> {
  try {
    return await api.ask(method, edgeId === undefined ? '/api/edges' : `/api/edges/${edgeId}`, body);
  } catch (error) {
    return { status: 0, body: (error as Error).message };
  }
}
