import { writeFileSync } from 'node:fs';
import type { EndpointView } from '@troncal/contracts';
import { facts } from '../output/table.js';
import { show, type Session } from '../session.js';

/** Shows an endpoint as the API answered it. Its password, which the API tells once, goes to `passwordFile` when one is named. */
export function showEndpoint(session: Session, endpoint: EndpointView, passwordFile: string | undefined): void {
  const { password, ...rest } = endpoint;
  const told = password === undefined || passwordFile === undefined ? endpoint : rest;
  // 'wx': an existing file would keep its own mode, and might be read by others.
  if (password !== undefined && passwordFile !== undefined) writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  show(session, told, () =>
    facts([
      ['extension', endpoint.extension],
      ['name', endpoint.displayName],
      ['SIP user', endpoint.sipUser],
      ...(password === undefined ? [] : [['password', passwordFile === undefined ? `${password}   (shown only now)` : `in ${passwordFile}`] as const]),
      ['queues', endpoint.queues.join(', ')],
      ['state', endpoint.enabled ? 'enabled' : 'disabled'],
      ['revision', endpoint.revision],
    ]),
  );
}
