import { z } from 'zod';
import { readForm } from '../../wire/form.js';
import { pageOf, rfc2822 } from '../../wire/page.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../../wire/router.js';
import { notFound, TwilioError } from '../../wire/twilio-error.js';
import type { Instruction } from '../flow/instruction.js';
import { readTwiml, TwimlError } from '../twiml/document.js';
import type { VoicePlane } from '../voice-plane.js';
import { wishOf } from '../webhooks/status-callbacks.js';
import type { Call } from './call.js';

const CALLS = `${ACCOUNT}/Calls.json`;
const CALL = `${ACCOUNT}/Calls/{CallSid}.json`;
const method = z.enum(['GET', 'POST']);
const text = z.string().optional();

const newCall = z.strictObject({
  To: z.string().min(1),
  From: z.string().min(1),
  Url: text,
  Twiml: text,
  Method: method.default('POST'),
  FallbackUrl: text,
  FallbackMethod: method.default('POST'),
  StatusCallback: text,
  StatusCallbackEvent: text,
  StatusCallbackMethod: method.default('POST'),
  SendDigits: text,
  Timeout: z.coerce.number().int().min(1).max(600).default(60),
  TimeLimit: z.coerce.number().int().min(1).max(14_400).default(14_400),
  Record: text,
  RecordingChannels: text,
  RecordingStatusCallback: text,
  RecordingStatusCallbackMethod: method.default('POST'),
  RecordingStatusCallbackEvent: text,
  RecordingTrack: text,
  Trim: text,
  CallerId: text,
  CallReason: text,
  SipAuthUsername: text,
  SipAuthPassword: text,
  MachineDetection: text,
});
const changedCall = z.strictObject({
  Url: text,
  Twiml: text,
  Method: method.default('POST'),
  Status: z.enum(['canceled', 'completed']).optional(),
  FallbackUrl: text,
  FallbackMethod: text,
  StatusCallback: text,
  StatusCallbackMethod: text,
  TimeLimit: text,
});

/** Calls: made, listed, ended and sent elsewhere. */
export function callRoutes(plane: VoicePlane): readonly Route[] {
  return [
    { method: 'POST', template: CALLS, handle: (asked) => created(view(asked, make(plane, asked))) },
    { method: 'GET', template: CALLS, handle: (asked) => ok(listed(plane, asked)) },
    { method: 'GET', template: CALL, handle: (asked) => ok(view(asked, callOf(plane, asked))) },
    { method: 'POST', template: CALL, handle: (asked) => ok(view(asked, change(plane, asked))) },
    {
      method: 'DELETE',
      template: CALL,
      handle: (asked) => {
        if (!callOf(plane, asked).isOver) throw new TwilioError(400, 20009, 'A call that is under way can’t be deleted');
        return gone();
      },
    },
  ];
}

/** @throws TwilioError 404 */
export function callOf(plane: VoicePlane, { account, params, path }: Asked): Call {
  const call = plane.calls.get(params['CallSid'] ?? '');
  if (call?.facts.account !== account) throw notFound(path);
  return call;
}

function make(plane: VoicePlane, { account, form: given }: Asked): Call {
  // The event's parameter comes several times, once for each.
  const events = given.getAll('StatusCallbackEvent').flatMap((value) => value.split(/[\s,]+/));
  const form = readForm(newCall, given, 21200);
  const { To, From, Url, Twiml } = form;
  if (Url === undefined && Twiml === undefined) throw new TwilioError(400, 21205, 'Url parameter is required');
  if (!/^\+[1-9]\d{6,14}$|^sips?:/.test(To)) throw new TwilioError(400, 21211, `The phone number you are attempting to call, ${To}, is not valid.`);
  refuseCaller(plane, account, From, To);
  const first = instructionOf(Url, Twiml, form.Method);
  const { SipAuthUsername: user, SipAuthPassword: password } = form;
  const call = plane.dialer.outbound(account, From, To, user === undefined || password === undefined ? undefined : { user, password });
  if (form.StatusCallback !== undefined) plane.callbacks.follow(call, wishOf(form.StatusCallback, form.StatusCallbackMethod, events));
  const noAnswer = setTimeout(() => call.hangUp('no-answer'), form.Timeout * plane.settings.secondMs);
  const tooLong = setTimeout(() => call.hangUp(), Math.min(form.TimeLimit * plane.settings.secondMs, 2 ** 31 - 1));
  call.over.addEventListener('abort', () => [noAnswer, tooLong].forEach((timer) => clearTimeout(timer)), { once: true });
  call.onProgress((progress) => {
    if (progress !== 'answered') return;
    clearTimeout(noAnswer);
    for (const digit of (form.SendDigits ?? '').replaceAll(/[^\d*#]/g, '')) call.line.press(digit);
    plane.run(call, first);
  });
  // Twilio answers first, and calls then.
  setImmediate(() => {
    call.begin();
    plane.dialer.start(call);
  });
  return call;
}

function refuseCaller(plane: VoicePlane, account: Asked['account'], from: string, to: string): void {
  if (/^sips?:/.test(from)) throw new TwilioError(400, 21212, `The 'From' number ${from} is not a valid phone number or client name`);
  if (/^sips?:/.test(to)) return;
  if (plane.settings.dialingPermissions && !account.dialing.allows(to)) {
    throw new TwilioError(400, 21215, `Account not authorized to call ${to}. Perhaps you need to enable some international permissions.`);
  }
  if (!plane.mayShow(account, from)) {
    throw new TwilioError(400, 21210, `The source phone number provided, ${from}, is not yet verified for your account.`);
  }
}

function instructionOf(url: string | undefined, twiml: string | undefined, how: 'GET' | 'POST'): Instruction {
  if (twiml === undefined) {
    if (url === undefined || !/^https?:\/\//.test(url)) throw new TwilioError(400, 21205, `Url is not a valid URL: ${url}`);
    return { url, method: how, why: 'voice' };
  }
  try {
    readTwiml(twiml);
  } catch (error) {
    if (error instanceof TwimlError) throw new TwilioError(400, error.code, error.message);
    throw error;
  }
  return { twiml, base: 'https://api.twilio.com/' };
}

function change(plane: VoicePlane, asked: Asked): Call {
  const call = callOf(plane, asked);
  const { Status, Url, Twiml, Method } = readForm(changedCall, asked.form, 21200);
  if (call.isOver) throw new TwilioError(400, 21220, 'Call is not in-progress. Cannot redirect.');
  if (Status === 'canceled' && call.isAnswered) throw new TwilioError(400, 21220, 'Call is in-progress and can’t be canceled');
  if (Status !== undefined) call.hangUp(Status);
  else if (Url !== undefined || Twiml !== undefined) {
    if (!call.isAnswered && call.facts.direction !== 'inbound') throw new TwilioError(400, 21220, 'Call is not in-progress. Cannot redirect.');
    plane.redirect(call, instructionOf(Url, Twiml, Method));
  }
  return call;
}

const DAY_MS = 86_400_000;

function listed(plane: VoicePlane, asked: Asked): unknown {
  const { account, query, path } = asked;
  const wanted = (name: string, value: string | undefined): boolean => query.get(name) === null || query.get(name) === value;
  const timeOf = (name: string): number | undefined => (query.get(name) === null ? undefined : Date.parse(query.get(name)!));
  const during = (name: string, time: Date | undefined): boolean => {
    const [from, to, day] = [timeOf(`${name}>`), timeOf(`${name}<`), timeOf(name)];
    if (from === undefined && to === undefined && day === undefined) return true;
    if (time === undefined) return false;
    const at = time.getTime();
    const isThatDay = day === undefined || Math.floor(at / DAY_MS) === Math.floor(day / DAY_MS);
    return isThatDay && (from === undefined || at >= from) && (to === undefined || at <= to);
  };
  const calls = plane.calls.of(account).filter(
    (call) =>
      wanted('To', call.facts.to) &&
      wanted('From', call.facts.from) &&
      wanted('Status', shownStatus(call)) &&
      wanted('ParentCallSid', call.facts.parent?.sid) &&
      during('StartTime', call.answeredAt ?? call.createdAt) &&
      during('EndTime', call.endedAt),
  );
  return pageOf('calls', path, query, calls.toReversed(), (call) => view(asked, call));
}

const shownStatus = ({ status }: Call): string => (status === 'initiated' ? 'queued' : status);
const timeOf = (time: Date | undefined): string | null => (time === undefined ? null : rfc2822(time));

function view({ account }: Asked, call: Call): Readonly<Record<string, unknown>> {
  const { facts, sid } = call;
  const base = `/2010-04-01/Accounts/${account.sid}/Calls/${sid}`;
  return {
    sid,
    account_sid: account.sid,
    parent_call_sid: facts.parent?.sid ?? null,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.endedAt ?? call.answeredAt ?? call.createdAt),
    to: facts.to,
    to_formatted: facts.to,
    from: facts.from,
    from_formatted: facts.from,
    phone_number_sid: facts.phoneNumberSid ?? null,
    status: shownStatus(call),
    start_time: timeOf(call.answeredAt ?? call.createdAt),
    end_time: timeOf(call.endedAt),
    duration: call.endedAt === undefined ? null : String(call.durationS),
    price: call.price,
    price_unit: 'USD',
    direction: facts.direction,
    answered_by: null,
    api_version: '2010-04-01',
    forwarded_from: facts.extra?.['ForwardedFrom'] ?? null,
    group_sid: null,
    caller_name: facts.extra?.['CallerName'] ?? null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${base}.json`,
    subresource_uris: { recordings: `${base}/Recordings.json`, notifications: `${base}/Notifications.json`, events: `${base}/Events.json` },
  };
}
