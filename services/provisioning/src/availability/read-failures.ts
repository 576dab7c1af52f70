import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { Environment } from '../environments/environment.js';
import { CallLookup } from '../rail-calls/call-lookup.js';
import { RailAccounts, type RailAccount } from '../rail-calls/rail-accounts.js';
import { CallSigns } from '../verify/call-signs.repository.js';
import { alertMessage } from '../verify/alert-text.js';
import { NOBODY } from '../voice/flow/call-facts-of.js';
import { questionOf } from '../voice/questions/question.js';
import { CallOwners } from '../voice/status/call-owners.js';
import { addressOf } from '../voice/voice-urls.js';
import { CALL_SID } from '../voice/webhooks/webhook.js';
import { AvailabilityRepository } from './availability.repository.js';

/** What Twilio says when an answer could not be had, or not be used: HTTP, TLS, redirects, size, and documents that are no TwiML. Warnings (12200) it goes on with. */
const NO_ANSWER = /^11\d{3}$|^12100$|^12300$/;
const VOICE = '/twilio/voice/';
const MOST = 1_000;
/** Alerts come late, and nobody reads them while we are away; each counts once, however often it is read. */
const BACK_MS = 86_400_000;

/**
 * Questions of Twilio's that it had no use of our answer to, by its debugger: also those that never came here. Whose they were is told by what is known of the call,
 * by what rides in the address, or by the call's own parties, which Twilio is asked for.
 */
@Injectable()
export class ReadFailures {
  constructor(
    private readonly accounts: RailAccounts,
    private readonly signs: CallSigns,
    private readonly owners: CallOwners,
    private readonly calls: CallLookup,
    private readonly availability: AvailabilityRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Keeps those of the last day, of all accounts of the environment. Rejects while Twilio does not answer for one of them. */
  async run(environment: Environment): Promise<void> {
    const failed: unknown[] = [];
    // One after the other: with many accounts these are many requests, and no hurry.
    for (const account of await this.accounts.all(environment.name)) await this.read(environment, account).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  }

  private async read({ name, publicUrl }: Environment, { client, owner }: RailAccount): Promise<void> {
    const since = new Date(this.clock.now() - BACK_MS);
    const { origin } = new URL(publicUrl);
    const listed = (await client.monitor.v1.alerts.list({ logLevel: 'error', startDate: since, limit: MOST, pageSize: MOST })).flatMap(({ requestUrl, errorCode: code, resourceSid: callSid, dateGenerated: at, alertText: text }) => {
      const address = requestUrl?.startsWith(`${origin}/`) ? addressOf(requestUrl) : undefined;
      return address?.path.startsWith(VOICE) && NO_ANSWER.test(code) && CALL_SID.test(callSid ?? '') ? [{ address, code, callSid, at, text, question: questionOf(callSid, address.path, address.query) }] : [];
    });
    const kept = await this.availability.kept(name, listed.map(({ question }) => question));
    const alerts = listed.filter(({ question }) => !kept.has(question));
    const known = await this.signs.owners(alerts.map(({ callSid }) => callSid));
    const failures = await Promise.all(alerts.map(async ({ address, code, callSid, at, text, question }) => ({
      environment: name, question, at, witness: 'alert' as const,
      tenant: known.get(callSid)?.tenant ?? await this.tenantOf(name, owner, callSid, address.query), detail: `Twilio’s error ${code} at ${address.path}: ${alertMessage(text ?? '')}`.slice(0, 200),
    })));
    if (failures.length > 0) await this.availability.keep([], failures);
  }

  private async tenantOf(environment: string, owner: string, callSid: string, query: URLSearchParams): Promise<string> {
    const signers = [{ environment, tenant: owner === NOBODY ? null : owner }];
    const told = this.owners.of({ signers, parameters: new URLSearchParams() }, query).tenant;
    if (told !== NOBODY) return told;
    const call = await this.calls.find({ environment, tenant: owner, callSid });
    return call === undefined ? NOBODY : this.owners.of({ signers, parameters: new URLSearchParams({ From: call.from, To: call.to }) }).tenant;
  }
}
