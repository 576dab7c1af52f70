import { routeSchema, type Language, type Prompt, type Route } from '@troncal/contracts';

/** Where a call is sent from outside a route. */
export type FlowTarget =
  /** `announce`: the caller is told when nobody answers (its leg is up already); else the call ends with the phone's own cause. */
  | { readonly kind: 'extension'; readonly extension: string; readonly announce: boolean; readonly timeoutMs?: number }
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'agent'; readonly agent: string };

const NOBODY: Prompt = {
  say: {
    es: 'Lo sentimos, en este momento nadie puede atenderle. Le llamaremos en cuanto sea posible.',
    en: 'We are sorry, nobody can take your call right now. We will call you back as soon as possible.',
  },
};

/** The queue of people that an agent's caller is handed to where no route says which. */
export const DEFAULT_QUEUE = 'people';

/**
 * The route of a call that is sent to one target: a transfer by API, an originated call to an agent, an extension dialled directly.
 * With an agent, digit 0 and its own wish lead to the queue `people`; where nobody answers the caller is told so.
 */
export function routeTo(target: FlowTarget, language: Language): Route {
  const end = { nobody: { kind: 'hangup', prompt: NOBODY, cause: 'normal' } } as const;
  const base = { name: `to ${target.kind}`, language, start: 'target' };
  switch (target.kind) {
    case 'extension':
      return routeSchema.parse({ ...base, nodes: { target: { kind: 'ring', extensions: [target.extension], onNoAnswer: 'nobody', ...(target.timeoutMs === undefined ? {} : { timeoutMs: target.timeoutMs }) }, ...(target.announce ? end : { nobody: { kind: 'hangup' } }) } });
    case 'queue':
      return routeSchema.parse({ ...base, nodes: { target: { kind: 'queue', queue: target.queue, onTimeout: 'nobody' }, ...end } });
    case 'agent':
      return routeSchema.parse({
        ...base,
        nodes: {
          target: { kind: 'agent', agent: target.agent, digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
          people: { kind: 'queue', queue: DEFAULT_QUEUE, onTimeout: 'nobody' },
          ...end,
        },
      });
  }
}
