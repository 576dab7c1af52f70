import type { Account } from '../accounts/account.js';
import { newSid } from '../wire/sid.js';

/** What Twilio's debugger shows. */
export interface VoiceAlert {
  readonly sid: string;
  readonly at: Date;
  readonly accountSid: string;
  /** Twilio's error code. */
  readonly code: number;
  readonly level: 'error' | 'warning';
  readonly text: string;
  /** The call, or another resource that it is about. */
  readonly resourceSid: string | null;
  readonly url: string | null;
}

/** Which are warnings, by Twilio's error catalogue: these, and what is wrong with a verb (13…) but for a few. The others are errors. */
const WARNINGS = [12200, 31930, 31931, 31950, 31951, 32002, 32007, 32008, 32009, 32212, 32214];
const VERB_ERRORS = new Set([13201, 13247, 13338, 13420, 13801, 13802]);
const isWarning = (code: number): boolean => WARNINGS.includes(code) || (code >= 13200 && code <= 13999 && !VERB_ERRORS.has(code));

/** Keeps the alerts of all accounts, and hands each on to whoever serves them. */
export class Alerts {
  readonly all: VoiceAlert[] = [];
  onAlert: (alert: VoiceAlert) => void = () => undefined;

  note(account: Account, code: number, text: string, about: { readonly resourceSid?: string; readonly url?: string } = {}): void {
    const alert: VoiceAlert = {
      sid: newSid('NO'),
      at: new Date(),
      accountSid: account.sid,
      code,
      level: isWarning(code) ? 'warning' : 'error',
      text,
      resourceSid: about.resourceSid ?? null,
      url: about.url ?? null,
    };
    this.all.push(alert);
    this.onAlert(alert);
  }
}
