import { z } from 'zod';
import { nodeIdSchema } from './node-id.js';
import { extensionSchema, routeNodeSchema, type RouteNode } from './node.js';
import { languageSchema, localeSchema, promptSchema, speaks } from './prompt.js';

export const routeCodeSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);

const routeFieldsSchema = z.object({
  name: z.string().trim().min(1).max(120),
  extension: extensionSchema.optional().describe('The internal number that reaches this route.'),
  language: languageSchema.default('es'),
  locale: localeSchema.optional().describe('How the language is spoken; as the tenant’s country speaks it if left out.'),
  recording: z
    .object({
      enabled: z.boolean(),
      announcement: promptSchema.optional().describe('Said to the caller before anything is recorded.'),
    })
    .default({ enabled: false }),
  start: nodeIdSchema,
  nodes: z.record(nodeIdSchema, routeNodeSchema),
});

/** The nodes that a node names as leading on. A `back` names none: it leads to menus, which others lead to. */
export function targetsOf(node: RouteNode): string[] {
  switch (node.kind) {
    case 'announce':
    case 'language':
      return [node.next];
    case 'schedule':
      return [node.onOpen, node.onClosed, ...(node.onHoliday ? [node.onHoliday] : [])];
    case 'voicemail':
      return [node.next, ...(node.onNothing ? [node.onNothing] : [])];
    case 'menu':
      return [...Object.values(node.digits), node.onTimeout, ...(node.onInvalid ? [node.onInvalid] : [])];
    case 'ring':
      return [node.onNoAnswer];
    case 'queue':
      return [node.onTimeout, ...(node.onNoMembers ? [node.onNoMembers] : [])];
    case 'agent':
      return [...Object.values(node.digits), node.onHandoff, node.onFailed];
    case 'hangup':
    case 'back':
      return [];
  }
}

function reachable(start: string, nodes: Readonly<Record<string, RouteNode>>): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = nodes[id];
    if (seen.has(id) || !node) continue;
    seen.add(id);
    open.push(...targetsOf(node));
  }
  return seen;
}

/**
 * What happens to a call, as pure data: run by `libs/callflow` on every rail. Valid means: every node that is led to exists,
 * every node can be reached from `start`, and a locale is one of the language that it stands beside.
 */
export const routeSchema = routeFieldsSchema.superRefine((route, context) => {
  const ids = new Set(Object.keys(route.nodes));
  const foreign = ({ language, locale }: Pick<Route, 'language' | 'locale'>): boolean => locale !== undefined && !speaks(locale, language);
  if (foreign(route)) context.addIssue({ code: 'custom', path: ['locale'], message: `"${route.locale}" is not a way to speak "${route.language}"` });
  if (route.nodes[route.start]?.kind === 'back') context.addIssue({ code: 'custom', path: ['start'], message: 'a route cannot begin by going back' });
  if (!ids.has(route.start)) context.addIssue({ code: 'custom', path: ['start'], message: `no node "${route.start}"` });
  for (const [id, node] of Object.entries(route.nodes)) {
    if (node.kind === 'language' && foreign(node)) context.addIssue({ code: 'custom', path: ['nodes', id, 'locale'], message: `"${node.locale}" is not a way to speak "${node.language}"` });
    for (const target of targetsOf(node)) if (!ids.has(target)) context.addIssue({ code: 'custom', path: ['nodes', id], message: `leads to "${target}", which is no node` });
  }
  const seen = reachable(route.start, route.nodes);
  for (const id of ids) if (!seen.has(id)) context.addIssue({ code: 'custom', path: ['nodes', id], message: 'cannot be reached from the start' });
});
export type Route = z.infer<typeof routeSchema>;
export type RouteInput = z.input<typeof routeSchema>;
