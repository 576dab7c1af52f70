import { z } from 'zod';
import { extensionSchema, nodeIdSchema, routeNodeSchema, type RouteNode } from './node.js';
import { languageSchema, promptSchema } from './prompt.js';

export const routeCodeSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);

const routeFieldsSchema = z.object({
  name: z.string().trim().min(1).max(120),
  extension: extensionSchema.optional().describe('The internal number that reaches this route.'),
  language: languageSchema.default('es'),
  recording: z
    .object({
      enabled: z.boolean(),
      announcement: promptSchema.optional().describe('Said to the caller before anything is recorded.'),
    })
    .default({ enabled: false }),
  start: nodeIdSchema,
  nodes: z.record(nodeIdSchema, routeNodeSchema),
});

/** The nodes that a node may lead to. */
export function targetsOf(node: RouteNode): string[] {
  switch (node.kind) {
    case 'announce':
      return [node.next];
    case 'menu':
      return [...Object.values(node.digits), node.onTimeout, ...(node.onInvalid ? [node.onInvalid] : [])];
    case 'ring':
      return [node.onNoAnswer];
    case 'queue':
      return [node.onTimeout, ...(node.onNoMembers ? [node.onNoMembers] : [])];
    case 'agent':
      return [...Object.values(node.digits), node.onHandoff, node.onFailed];
    case 'hangup':
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
 * What happens to a call, as pure data: run by `libs/callflow` on every rail. Valid means: every node that is led to exists, and
 * every node can be reached from `start`.
 */
export const routeSchema = routeFieldsSchema.superRefine((route, context) => {
  const ids = new Set(Object.keys(route.nodes));
  if (!ids.has(route.start)) context.addIssue({ code: 'custom', path: ['start'], message: `no node "${route.start}"` });
  for (const [id, node] of Object.entries(route.nodes))
    for (const target of targetsOf(node)) if (!ids.has(target)) context.addIssue({ code: 'custom', path: ['nodes', id], message: `leads to "${target}", which is no node` });
  const seen = reachable(route.start, route.nodes);
  for (const id of ids) if (!seen.has(id)) context.addIssue({ code: 'custom', path: ['nodes', id], message: 'cannot be reached from the start' });
});
export type Route = z.infer<typeof routeSchema>;
export type RouteInput = z.input<typeof routeSchema>;
