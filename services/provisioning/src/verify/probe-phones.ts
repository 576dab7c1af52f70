import { Injectable } from '@nestjs/common';
import { errorText, pause } from '@troncal/kernel';
import type { Twilio } from 'twilio';
import { RailAccounts } from '../rail-calls/rail-accounts.js';
import { sipUri } from '../voice/twiml/sip-uri.js';
import type { Probe } from './tenant-health.js';

/** Twilio counts from the start of the call, and adds some seconds of its own. */
const RINGS_S = 5;
const LOOK_MS = 250;
const PATIENCE_MS = 20_000;
/** Should somebody be quicker than we are. */
const GOODBYE = '<Response><Hangup/></Response>';

/**
 * Calls phones by REST and gives up as soon as they ring: the only way to be told now that one is registered. It may ring for a moment, and Twilio bills its
 * SIP leg. It has no status callback, so it is no call of the tenant's; it goes to the tenant's own phones alone, so there is nothing for the dial guard to judge.
 */
@Injectable()
export class ProbePhones {
  constructor(private readonly accounts: RailAccounts) {}

  /** One after the other: Twilio begins one call a second. @param from what the phones show */
  async run({ environment, tenant, domain }: { readonly environment: string; readonly tenant: string; readonly domain: string }, usernames: readonly string[], from: string): Promise<Probe[]> {
    const client = await this.accounts.clientOf(environment, tenant);
    if (client === undefined) return [];
    const probes: Probe[] = [];
    for (const username of usernames) probes.push(await this.probe(client, sipUri(username, domain), username, from));
    return probes;
  }

  private async probe(client: Twilio, to: string, username: string, from: string): Promise<Probe> {
    try {
      const { sid } = await client.calls.create({ to, from, twiml: GOODBYE, timeout: RINGS_S });
      const began = performance.now();
      const status = await this.outcome(client, sid);
      return { username, ...judged(status, performance.now() - began) };
    } catch (error) {
      return { username, outcome: 'silent', says: `The probe could not be made: ${errorText(error)}` };
    }
  }

  /** How far it came; whatever it is, it is over then. */
  private async outcome(client: Twilio, sid: string): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    try {
      for (;;) {
        const { status } = await client.calls(sid).fetch();
        if (!['queued', 'initiated'].includes(status) || performance.now() > deadline) return status;
        await pause(LOOK_MS);
      }
    } finally {
      // Refused for one that is over already, which is what is wanted.
      await client.calls(sid).update({ status: 'completed' }).catch(() => undefined);
    }
  }
}

function judged(status: string, tookMs: number): Omit<Probe, 'username'> {
  switch (status) {
    case 'ringing':
      return { outcome: 'rang', says: 'It rang, and the call was given up.' };
    case 'in-progress':
    case 'completed':
      return { outcome: 'rang', says: 'It was answered, and hung up.' };
    case 'busy':
      return { outcome: 'rang', says: 'It is registered and busy.' };
    case 'failed':
      return { outcome: 'unreachable', says: 'Twilio could not reach it: it is not registered.' };
    case 'no-answer':
      // Before the time was up, and without having rung: SIP 480, of which Twilio makes this status.
      if (tookMs < RINGS_S * 1_000) return { outcome: 'unreachable', says: 'Twilio gave it up at once: it is not registered.' };
      return { outcome: 'silent', says: `It did not ring within ${RINGS_S} s.` };
    default:
      return { outcome: 'silent', says: `It did not ring within ${RINGS_S} s (${status}).` };
  }
}
