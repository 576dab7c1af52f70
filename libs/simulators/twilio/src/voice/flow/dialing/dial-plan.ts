import { attribute, isTrue, listOf, methodOf, wholeNumber } from '../../twiml/attributes.js';
import { executable } from '../../twiml/schema.js';
import type { XmlElement } from '../../twiml/xml.js';
import { wishOf } from '../../webhooks/status-callbacks.js';
import { addressOf, type VerbContext } from '../verb.js';
import { userOf, type DialTarget } from './dial-target.js';

export interface DialPlan {
  readonly targets: readonly DialTarget[];
  readonly callerId: string;
  readonly isSequential: boolean;
  readonly answerOnBridge: boolean;
  readonly hangupOnStar: boolean;
  readonly timeoutS: number;
  readonly timeLimitS: number;
  readonly action?: { readonly url: string; readonly method: 'GET' | 'POST' };
  readonly refer?: { readonly url: string; readonly method: 'GET' | 'POST' };
}

/** The call that is dialled can't be. `code` is Twilio's. */
export interface DialFault {
  readonly code: number;
  readonly text: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const SIP = /^sips?:(?:[^@\s]+@)?[^\s@]+$/i;
const DEFAULT_TIMEOUT_S = 30;
const LONGEST_S = 14_400;
const MAX_HEADERS = 1_024;

/** What a <Dial> asks for. */
export function dialPlan(element: XmlElement, context: VerbContext): DialPlan {
  const { warn } = context;
  const action = attribute(element, 'action');
  const refer = attribute(element, 'referUrl');
  const text = element.text === '' ? [] : [{ kind: 'number', to: element.text, sendDigits: '' } as const];
  return {
    targets: [...text, ...executable(element).map((noun) => targetOf(noun, context))],
    callerId: attribute(element, 'callerId') ?? userOf(context.call.facts.from),
    isSequential: isTrue(element, 'sequential'),
    answerOnBridge: isTrue(element, 'answerOnBridge'),
    hangupOnStar: isTrue(element, 'hangupOnStar'),
    timeoutS: wholeNumber(element, 'timeout', DEFAULT_TIMEOUT_S, 1, (value) => warn(13212, `Dial: Invalid timeout value ${value}`)),
    timeLimitS: wholeNumber(element, 'timeLimit', LONGEST_S, 1, (value) => warn(13216, `Invalid timeLimit value ${value}`)),
    ...(action === undefined ? {} : { action: { url: addressOf(context, action), method: methodOf(element) } }),
    ...(refer === undefined ? {} : { refer: { url: addressOf(context, refer), method: methodOf(element, 'referMethod') } }),
  };
}

/** Why Twilio wouldn't dial it; nothing when it would. */
export function dialFault(plan: DialPlan, context: VerbContext): DialFault | undefined {
  const { targets, callerId } = plan;
  const { settings } = context.plane;
  if (targets.length === 0) return { code: 13215, text: 'Dial: nobody to dial' };
  if (targets.length > 1 && !settings.enhancedSip && targets.some(({ kind }) => kind === 'sip')) {
    return { code: 13250, text: 'Dial: Too many URIs passed: several nouns with <Sip> need Enhanced Programmable SIP Features' };
  }
  return targets.map((target) => targetFault(target, context)).find((fault) => fault !== undefined) ?? callerIdFault(targets, callerId, context);
}

function targetFault({ kind, to }: DialTarget, { plane, call }: VerbContext): DialFault | undefined {
  if (kind === 'number' && !E164.test(to)) return { code: 13223, text: `Dial->Number: Invalid phone number format ${to}` };
  if (kind === 'number' && plane.settings.dialingPermissions && !call.facts.account.dialing.allows(to)) {
    return { code: 13227, text: `Geo Permission configuration is not permitting call to ${to}` };
  }
  if (kind !== 'sip') return undefined;
  const [uri = '', headers = ''] = to.split('?');
  if (!SIP.test(uri)) return { code: 13243, text: `Dial->SIP: Invalid SIP URI ${to}` };
  return headers.length >= MAX_HEADERS ? { code: 13253, text: `Dial: Headers of ${headers.length} characters: fewer than ${MAX_HEADERS}` } : undefined;
}

function callerIdFault(targets: readonly DialTarget[], callerId: string, { plane, call }: VerbContext): DialFault | undefined {
  if (!/^[\w+\-.]+$/.test(callerId)) return { code: 13214, text: `Dial: Invalid callerId value ${callerId}` };
  if (targets.every(({ kind }) => kind !== 'number')) return undefined;
  if (!E164.test(callerId)) return { code: 13214, text: `Dial: Invalid callerId value ${callerId} for a number` };
  const { account, from } = call.facts;
  const isShowable = plane.mayShow(account, callerId) || callerId === from;
  return isShowable ? undefined : { code: 13247, text: `Dial: Invalid From number (caller ID) ${callerId}: neither the account's nor verified` };
}

function targetOf(noun: XmlElement, context: VerbContext): DialTarget {
  const kind = noun.name === 'Sip' ? 'sip' : noun.name === 'Queue' ? 'queue' : 'number';
  const whisper = attribute(noun, 'url');
  const status = attribute(noun, 'statusCallback');
  const events = listOf(noun, 'statusCallbackEvent');
  const [user, password] = [attribute(noun, 'username'), attribute(noun, 'password')];
  return {
    kind,
    to: noun.text,
    sendDigits: (attribute(noun, 'sendDigits') ?? '').replaceAll(/[^\d*#]/g, ''),
    ...(whisper === undefined ? {} : { whisper: { url: addressOf(context, whisper), method: methodOf(noun) } }),
    ...(status === undefined ? {} : { status: wishOf(addressOf(context, status), methodOf(noun, 'statusCallbackMethod'), events) }),
    ...(user === undefined || password === undefined ? {} : { credentials: { user, password } }),
  };
}
