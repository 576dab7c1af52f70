import { decodeUlaw } from '@troncal/audio';
import type { StackState } from '@troncal/contracts';
import { errorText, pause } from '@troncal/kernel';
import { SipPhone, SipRejectedError, type HeardFrame, type Played, type SipCall } from '@troncal/sip-phone';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { Account } from './accounts.js';
import { Ear } from './ear.js';
import type { Line, Phone, RingingCall, Sent } from './phone.js';

/** A password that was made a moment ago needs this long at most to reach the exchange. */
const REGISTER_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 20_000;
const RING_WITHIN_MS = 120_000;

/** A headless telephone on a UDP port of its own, with the account's user and password. */
export async function openPhone(account: Account, sip: NonNullable<StackState['sip']>): Promise<Phone> {
  const local = /^(127\.|::1$)/.test(sip.host);
  const phone = await SipPhone.open({ bindAddress: local ? sip.host : '0.0.0.0', user: account.sipUser, password: account.password, registrar: { host: sip.host, port: sip.port }, displayName: `Lab ${account.extension}` });
  return {
    extension: account.extension,
    register: () => register(phone, account, performance.now() + REGISTER_WITHIN_MS),
    dial: (target) => dial(phone, account, target),
    nextCall: () => nextCall(phone),
    close: () => phone.close().catch(() => {}),
  };
}

async function register(phone: SipPhone, account: Account, until: number): Promise<void> {
  for (;;) {
    try {
      await phone.register();
      return;
    } catch (error) {
      const refused = error instanceof SipRejectedError;
      if (refused && performance.now() < until && (await pause(250))) continue;
      const remedy = refused ? `Give it a new password: troncal endpoints rotate ${account.extension}, then npm run reset and npm start` : 'Look at the log of Asterisk.';
      throw new CliError(EXIT.failed, `phone ${account.extension} can’t register: ${errorText(error)}`, remedy);
    }
  }
}

async function dial(phone: SipPhone, account: Account, target: string): Promise<Awaited<ReturnType<Phone['dial']>>> {
  const call = await phone.call(target);
  try {
    const { atMs } = await call.answered({ timeoutMs: ANSWER_WITHIN_MS });
    return { ...lineOf(call), invitedAt: call.times.invitedAtMs, answeredAt: atMs };
  } catch (error) {
    throw new CliError(EXIT.failed, `the call from ${account.extension} to ${target} was not answered: ${errorText(error)}`, 'Look at the logs of ari-gateway and of Asterisk.');
  }
}

async function nextCall(phone: SipPhone): Promise<RingingCall> {
  const call = await phone.nextCall({ timeoutMs: RING_WITHIN_MS });
  return {
    ringingAt: call.times.ringingAtMs ?? performance.now(),
    answer: async () => {
      await call.answer();
      return { ...lineOf(call), answeredAt: call.times.answeredAtMs ?? performance.now() };
    },
  };
}

const sent = async (playing: Promise<Played>): Promise<Sent> => {
  const { startedAtMs, endedAtMs } = await playing;
  return { from: startedAtMs, to: endedAtMs };
};

function lineOf(call: SipCall): Line {
  const over = new AbortController();
  const ended = new Promise<number>((resolve) => {
    const end = ({ by, reason, atMs }: { readonly by: string; readonly reason: string; readonly atMs: number }): void => {
      over.abort(new CliError(EXIT.failed, `the call is over (${by === 'remote' ? 'the other side hung up' : reason})`, 'Look at its timeline above, and at the logs.'));
      resolve(atMs);
    };
    call.onEvent((event) => (event.kind === 'ended' ? end(event) : undefined));
    if (call.callEnd !== undefined) end(call.callEnd);
  });
  return {
    ear: earOf(call),
    speak: (samples) => sent(call.play(samples)),
    press: (digit) => sent(call.sendDigits(digit)),
    hangUp: async () => void (await call.hangup()),
    ended,
    over: over.signal,
  };
}

/** What the call heard, taken over whenever the ear is asked. */
function earOf(call: SipCall): Ear {
  const taken = new Set<HeardFrame>();
  let from = -Infinity;
  return new Ear(() => performance.now(), (ear) => {
    for (const frame of call.heard.between(from)) {
      if (taken.has(frame)) continue;
      taken.add(frame);
      from = Math.max(from, frame.atMs);
      ear.hear(decodeUlaw(frame.ulaw), frame.atMs);
    }
  });
}
