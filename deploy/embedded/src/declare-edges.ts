import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writePrivateFile } from './private-file.js';
import { AMI_USER, amiPassword, ARI_USER, ariPassword, audioSocketAddress, type ServicePlan } from './service-plan.js';
import type { EdgePlace } from './edge-places.js';
import type { Terminal } from './terminal.js';

/** Where edges are declared, and by whose key. */
export interface EdgesApi {
  readonly url: string;
  readonly key: string;
  /** Remembers which edges were declared by us: others' are left alone. */
  readonly declaredFile: string;
}

const WITHIN_MS = 30_000;

/**
 * Declares the edges beyond the first, as a person would by `troncal edges add`, and removes those of an earlier start that had more. What can't be
 * done is said; the rest of Troncal does not depend on it.
 */
export async function declareEdges(plan: ServicePlan, api: EdgesApi, terminal: Terminal, stopping: () => boolean): Promise<void> {
  const [, ...further] = plan.edges;
  const before = (readJsonFile(api.declaredFile) ?? []) as readonly string[];
  const superfluous = before.filter((edgeId) => !further.some((place) => place.edgeId === edgeId));
  if (further.length + superfluous.length === 0) return;
  if (!(await gatewayReady(api, stopping))) return terminal.warn('the further edges are not declared: ari-gateway is not ready');
  writePrivateFile(api.declaredFile, JSON.stringify([...new Set([...before, ...further.map((place) => place.edgeId)])]));
  for (const place of further) {
    const fault = await declare(plan, place, api);
    if (fault !== null) terminal.warn(`the edge ${place.edgeId} could not be declared: ${fault}`);
  }
  const left: string[] = [];
  for (const edgeId of superfluous) {
    const { status, body } = await ask(api, 'DELETE', edgeId);
    if (status === 204 || status === 404) continue;
    left.push(edgeId);
    terminal.warn(`the edge ${edgeId} of an earlier start could not be removed: ${body}`);
  }
  writePrivateFile(api.declaredFile, JSON.stringify([...further.map((place) => place.edgeId), ...left]));
}

/** Declares one unless it is already as it should be: each change has its owner let go of it once. @returns why not */
async function declare(plan: ServicePlan, place: EdgePlace, api: EdgesApi): Promise<string | null> {
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

async function gatewayReady({ url }: EdgesApi, stopping: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline && !stopping(); await sleep(50)) {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.status === 200) return true;
  }
  return false;
}

async function ask({ url, key }: EdgesApi, method: string, edgeId: string, body?: object): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(`${url}/api/edges/${edgeId}`, {
      method, headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }), signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: 0, body: (error as Error).message };
  }
}
