import { writeFileSync } from 'node:fs';
import type { EdgeView } from '@troncal/contracts';
import { facts } from '../output/table.js';
import { show, type Session } from '../session.js';

/** Shows an edge as the API answered it. The settings of its container, which the API tells once, go to `settingsFile` when one is named. */
export function showEdge(session: Session, edge: EdgeView, settingsFile: string | undefined): void {
  const { settings, ...rest } = edge;
  const toFile = settings !== undefined && settingsFile !== undefined;
  // 'wx': an existing file would keep its own mode, and might be read by others.
  if (toFile) writeFileSync(settingsFile, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  show(session, toFile ? rest : edge, () =>
    facts([
      ['edge', edge.edgeId],
      ['ARI', `${edge.ari.user} at ${edge.ari.url}`],
      ['AMI', `${edge.ami.user} at ${edge.ami.host}:${edge.ami.port}`],
      ['media', edge.audiosocketAddress === null ? edge.media : `${edge.media}, realtime-voice at ${edge.audiosocketAddress}`],
      ...(edge.recordingsDir === null ? [] : [['recordings', edge.recordingsDir] as const]),
      ['revision', edge.revision],
      ...(settings === undefined ? [] : toFile ? [['settings', `in ${settingsFile}`] as const] : told(settings)),
    ]),
  );
}

function told({ environment, secrets }: NonNullable<EdgeView['settings']>): (readonly [string, string])[] {
  return [
    ...Object.entries(environment).map(([name, value]) => [name, value] as const),
    ...Object.entries(secrets).map(([name, value]) => [`secret ${name}`, `${value}   (shown only now)`] as const),
  ];
}
