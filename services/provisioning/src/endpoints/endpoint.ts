import { isDeepStrictEqual } from 'node:util';

/** A phone or softphone of a tenant. Both revisions grow and never fall, not even when the extension is removed and declared again. */
export interface Endpoint {
  readonly tenant: string;
  readonly extension: string;
  readonly displayName: string;
  readonly role: string;
  /** Queues it is a member of: sorted, each once. */
  readonly queues: readonly string[];
  readonly enabled: boolean;
  readonly revision: number;
  /** Counts passwords. */
  readonly credentialRevision: number;
}

/** What a declaration says about an endpoint. */
export type EndpointParticulars = Pick<Endpoint, 'displayName' | 'role' | 'queues' | 'enabled'>;

/** What the last endpoint of this extension had reached before it was removed; zeros when there was none. */
export interface EndpointPast {
  readonly revision: number;
  readonly credentialRevision: number;
}

/** `<tenant>_<extension>`: an extension holds no `_`, so no two endpoints share a user. */
export const sipUserOf = (tenant: string, extension: string): string => `${tenant}_${extension}`;

/** A new endpoint, whose first password is its next one. */
export function newEndpoint(tenant: string, extension: string, wanted: EndpointParticulars, past: EndpointPast): Endpoint {
  return { tenant, extension, ...orderly(wanted), revision: past.revision + 1, credentialRevision: past.credentialRevision + 1 };
}

/** The endpoint as declared, or undefined when it is so already. */
export function changeEndpoint(current: Endpoint, wanted: EndpointParticulars): Endpoint | undefined {
  const { displayName, role, queues, enabled } = current;
  const asked = orderly(wanted);
  if (isDeepStrictEqual({ displayName, role, queues: [...queues], enabled }, asked)) return undefined;
  return { ...current, ...asked, revision: current.revision + 1 };
}

/** The endpoint with its next password. Its own revision stays: nothing that is shown of it has changed. */
export function rotateCredential(current: Endpoint): Endpoint {
  return { ...current, credentialRevision: current.credentialRevision + 1 };
}

function orderly(wanted: EndpointParticulars): EndpointParticulars {
  const { displayName, role, queues, enabled } = wanted;
  return { displayName, role, queues: [...new Set(queues)].sort(), enabled };
}
