import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { textUpTo } from '@troncal/kernel';
import type { ProvisioningConfig } from '../config.js';
import type { Environment } from '../environments/environment.js';
import type { Subaccount } from '../subaccounts/subaccount.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import { voiceUrlsOf } from '../voice/voice-urls.js';
import { selfRequest, type SelfSigner } from '../voice/webhooks/self-request.js';
import type { VoiceUrlAnswer } from './tenant-health.js';

/** As long as Twilio waits for an answer. */
const PATIENCE_MS = 15_000;
const LONGEST_ANSWER = 64 * 1024;
/** Names that are nobody's (RFC 2606): the public URL of a Troncal that only the simulator asks. */
const NOBODYS = /(^|\.)(invalid|test|example|example\.(com|net|org))$/;

/** Asks our own voice URLs as Twilio would, through the public URL. Never throws. */
@Injectable()
export class AskVoiceUrl {
  constructor(
    private readonly accounts: TenantAccounts,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
  ) {}

  /** @param subaccount whose calls are asked about there; null: the platform's */
  async run({ publicUrl }: Environment, subaccount: Subaccount | null): Promise<VoiceUrlAnswer[]> {
    const { number, phone } = voiceUrlsOf(publicUrl);
    const signer = this.signer(subaccount);
    return Promise.all([number, phone].map((url) => this.ask(url, signer)));
  }

  private signer(subaccount: Subaccount | null): SelfSigner | undefined {
    if (subaccount !== null) return subaccount.opened === null ? undefined : { sid: subaccount.opened.sid, token: this.accounts.tokenOf(subaccount) };
    const [token] = this.accounts.tokens;
    return token === undefined ? undefined : { sid: this.config.TWILIO_ACCOUNT_SID ?? '', token };
  }

  private async ask(url: string, signer: SelfSigner | undefined): Promise<VoiceUrlAnswer> {
    const isNobodys = NOBODYS.test(new URL(url).hostname);
    const via = this.config.PUBLIC_URL;
    if (signer === undefined) return { url, outcome: 'not-asked', says: 'Not asked: there is no Twilio account to sign for.' };
    if (isNobodys && via === undefined) return { url, outcome: 'not-asked', says: 'Not asked: that name is nobody’s, the simulator alone asks there, and PUBLIC_URL names no other way.' };
    // The signature is over what Twilio was told, wherever it is asked.
    const place = isNobodys && via !== undefined ? new URL(new URL(url).pathname, via).href : url;
    const through = place === url ? '' : ` Asked at ${new URL(place).origin}, as that name is nobody’s.`;
    const nonce = randomBytes(16).toString('hex');
    const began = performance.now();
    try {
      const response = await fetch(place, { method: 'POST', ...selfRequest(url, signer, nonce), redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await textUpTo(response.body ?? [], LONGEST_ANSWER);
      if (response.status === 200 && text.includes(nonce)) return { url, outcome: 'answered', says: `A signed request through the public URL was answered after ${Math.round(performance.now() - began)} ms.${through}` };
      return { url, outcome: 'failed', says: `${said(response.status)}${through}` };
    } catch (error) {
      return { url, outcome: 'failed', says: `It does not answer: ${reasonOf(error)}.${through}` };
    }
  }
}

function said(status: number): string {
  if (status === 403) return 'It refuses what is signed with our token (403): host or path are changed on the way, or somebody else answers.';
  if (status === 200) return 'Somebody else answers there: status 200, and not our document.';
  return `It answers with status ${status}.`;
}

function reasonOf(error: unknown): string {
  const { cause, message, name } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError') return `nothing came within ${PATIENCE_MS / 1_000} s`;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code || (cause instanceof Error ? cause.message : message);
}
