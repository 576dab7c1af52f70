import type { EdgeSettings, EdgeState, EdgeView } from '@troncal/contracts';
import { facts } from '../output/table.js';
import { show, type Session } from '../session.js';
import { writeFolder } from './edge-folder.js';

type Facts = (readonly [string, string | number])[];

/** An edge as it was declared. */
export function declarationFacts(edge: EdgeView): Facts {
  return [
    ['edge', edge.edgeId],
    ['ARI', `${edge.ari.user} at ${edge.ari.url}`],
    ['AMI', `${edge.ami.user} at ${edge.ami.host}:${edge.ami.port}`],
    ['media', edge.audiosocketAddress === null ? edge.media : `${edge.media}, realtime-voice at ${edge.audiosocketAddress}`],
    ...(edge.recordingsDir === null ? [] : [['recordings', edge.recordingsDir] as const]),
    ['revision', edge.revision],
  ];
}

/** An edge as it is now. */
export function stateFacts({ state, reason, holder, epoch, liveCalls, version }: EdgeState): Facts {
  return [
    ['state', stateText({ state, reason })],
    ['owner', holder === null ? '' : `${holder}, epoch ${epoch}`],
    ['calls', liveCalls],
    ['Asterisk', version ?? ''],
  ];
}

export function stateText({ state, reason }: Pick<EdgeState, 'state' | 'reason'>): string {
  return reason === null ? state : `${state} (${reason})`;
}

/** Shows an edge that was just declared or given new passwords, and what it is started with; in `folder`, which npm run edge reads, when one is named. */
export function showDeclared(session: Session, edge: EdgeView, folder: string | undefined): void {
  const { settings, ...rest } = edge;
  if (settings !== undefined && folder !== undefined) writeFolder(folder, settings);
  show(session, folder === undefined ? edge : { ...rest, folder }, () => {
    const next = settings === undefined ? '' : folder === undefined ? told(settings) : `\nWhat it is started with is in ${folder}. Start it here:\n  npm run edge -- --folder ${folder}\n`;
    return `${facts(declarationFacts(edge))}${next}${settings === undefined ? '' : missingText(settings, folder)}`;
  });
}

function told({ environment, secrets }: EdgeSettings): string {
  const names = Object.keys(secrets);
  return [
    '\nIts environment:\n',
    ...Object.entries(environment).map(([name, value]) => `  ${name}=${value}\n`),
    names.length === 0 ? '\nIts secrets were told when they were made; new ones: troncal edges rotate\n' : '\nIts secrets, one file each in SECRETS_DIR, shown only now:\n',
    facts(Object.entries(secrets), '  '),
  ].join('');
}

function missingText({ missing }: EdgeSettings, folder: string | undefined): string {
  if (missing.length === 0) return '';
  return `\nIt needs more, which this Troncal was not told (EDGE_ENVIRONMENT of ari-gateway)${folder === undefined ? '' : `; put it into ${folder}`}:\n${facts(missing.map(({ name, what }) => [name, what]), '  ')}`;
}
