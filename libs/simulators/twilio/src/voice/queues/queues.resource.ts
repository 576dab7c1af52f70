import { z } from 'zod';
import { readForm } from '../../wire/form.js';
import { pageOf, rfc2822 } from '../../wire/page.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../../wire/router.js';
import { notFound, TwilioError } from '../../wire/twilio-error.js';
import type { VoicePlane } from '../voice-plane.js';
import { DEFAULT_QUEUE_SIZE, type Queue, type QueueMember } from './queues.js';

const QUEUES = `${ACCOUNT}/Queues.json`;
const QUEUE = `${ACCOUNT}/Queues/{QueueSid}.json`;
const MEMBERS = `${ACCOUNT}/Queues/{QueueSid}/Members.json`;
const MEMBER = `${ACCOUNT}/Queues/{QueueSid}/Members/{CallSid}.json`;
const size = z.coerce.number().int().min(1).max(5_000);
const newQueue = z.strictObject({ FriendlyName: z.string().min(1).max(64), MaxSize: size.default(DEFAULT_QUEUE_SIZE) });
const changedQueue = z.strictObject({ FriendlyName: z.string().min(1).max(64).optional(), MaxSize: size.optional() });
const redirect = z.strictObject({ Url: z.url({ protocol: /^https?$/ }), Method: z.enum(['GET', 'POST']).default('POST') });

/** Queues and who waits in them; `Front` is the one who has waited longest. */
export function queueRoutes(plane: VoicePlane): readonly Route[] {
  const one = (asked: Asked): Queue => queueOf(plane, asked);
  return [
    {
      method: 'POST',
      template: QUEUES,
      handle: ({ account, form }) => {
        const { FriendlyName, MaxSize } = readForm(newQueue, form, 20001);
        const isTaken = plane.queues.of(account).some(({ friendlyName }) => friendlyName === FriendlyName);
        if (isTaken) throw new TwilioError(400, 22003, `A queue named ${FriendlyName} exists already`);
        return created(view(plane.queues.make(account, FriendlyName, MaxSize)));
      },
    },
    { method: 'GET', template: QUEUES, handle: ({ account, path, query }) => ok(pageOf('queues', path, query, plane.queues.of(account), view)) },
    { method: 'GET', template: QUEUE, handle: (asked) => ok(view(one(asked))) },
    {
      method: 'POST',
      template: QUEUE,
      handle: (asked) => {
        const queue = one(asked);
        const { FriendlyName, MaxSize } = readForm(changedQueue, asked.form, 20001);
        queue.friendlyName = FriendlyName ?? queue.friendlyName;
        queue.maxSize = MaxSize ?? queue.maxSize;
        queue.updatedAt = new Date();
        return ok(view(queue));
      },
    },
    {
      method: 'DELETE',
      template: QUEUE,
      handle: (asked) => {
        const queue = one(asked);
        if (queue.members.length > 0) throw new TwilioError(400, 22004, `Queue ${queue.sid} isn't empty`);
        plane.queues.drop(queue);
        return gone();
      },
    },
    { method: 'GET', template: MEMBERS, handle: (asked) => ok(pageOf('queue_members', asked.path, asked.query, one(asked).members, memberView)) },
    { method: 'GET', template: MEMBER, handle: (asked) => ok(memberView(memberOf(plane, asked))) },
    {
      method: 'POST',
      template: MEMBER,
      handle: (asked) => {
        const member = memberOf(plane, asked);
        const { Url, Method } = readForm(redirect, asked.form, 21205);
        const seen = memberView(member);
        member.goesOn = { url: Url, method: Method, why: 'dequeue' };
        member.leave('redirected');
        return ok(seen);
      },
    },
  ];
}

function queueOf(plane: VoicePlane, { account, params, path }: Asked): Queue {
  const queue = plane.queues.get(account, params['QueueSid'] ?? '');
  if (queue === undefined) throw notFound(path);
  return queue;
}

function memberOf(plane: VoicePlane, asked: Asked): QueueMember {
  const sid = asked.params['CallSid'] ?? '';
  const { members } = queueOf(plane, asked);
  const member = sid === 'Front' ? members[0] : members.find(({ call }) => call.sid === sid);
  if (member === undefined) throw notFound(asked.path);
  return member;
}

function view({ sid, account, friendlyName, maxSize, members, averageWaitS, createdAt, updatedAt }: Queue): Readonly<Record<string, unknown>> {
  const base = `/2010-04-01/Accounts/${account.sid}/Queues/${sid}`;
  return {
    sid,
    account_sid: account.sid,
    friendly_name: friendlyName,
    current_size: members.length,
    average_wait_time: averageWaitS,
    max_size: maxSize,
    date_created: rfc2822(createdAt),
    date_updated: rfc2822(updatedAt),
    uri: `${base}.json`,
    subresource_uris: { members: `${base}/Members.json` },
  };
}

function memberView({ call, queue, since, position, waitedS }: QueueMember): Readonly<Record<string, unknown>> {
  return {
    call_sid: call.sid,
    queue_sid: queue.sid,
    date_enqueued: rfc2822(since),
    position,
    wait_time: waitedS,
    uri: `/2010-04-01/Accounts/${queue.account.sid}/Queues/${queue.sid}/Members/${call.sid}.json`,
  };
}
