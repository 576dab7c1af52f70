import type { Twilio } from 'twilio';
import { largest, unlessMissing, type TwilioRequests } from '../twilio-requests.js';
import { Papers, type BundleState, type PortState } from './papers.js';

/** Longest text of Twilio's that is kept. */
const MAX_REASON = 500;

/** Over Twilio's own SDK. Bundles and ports are at another host than the rest, which a key may not reach. */
export class SdkPapers extends Papers {
  constructor(
    private readonly twilio: Twilio,
    private readonly requests: TwilioRequests,
  ) {
    super();
  }

  bundle(sid: string): Promise<BundleState | undefined> {
    return this.requests.ask(`a read of bundle ${sid}`, async () => {
      const there = await this.twilio.numbers.v2.regulatoryCompliance.bundles(sid).fetch().catch(unlessMissing);
      return there && { sid, status: there.status, reason: there.status === 'twilio-rejected' ? await this.reasonOf(sid) : undefined };
    });
  }

  portIn(sid: string): Promise<PortState | undefined> {
    return this.requests.ask(`a read of port-in request ${sid}`, async () => {
      const there = await this.twilio.numbers.v1.portingPortIns(sid).fetch().catch(unlessMissing);
      if (there === undefined) return undefined;
      const { portInRequestStatus: status, targetPortInDate, orderCancellationReason, phoneNumbers } = there;
      const reasons = [orderCancellationReason as string | null, ...phoneNumbers.map(({ rejectionReason }) => rejectionReason)].filter((reason) => reason !== '');
      return { sid, status, targetDate: dayOf(targetPortInDate), reason: joined(reasons) };
    });
  }

  /** A bundle doesn't say why it was rejected; its documents do. */
  private async reasonOf(bundle: string): Promise<string | undefined> {
    const { bundles, supportingDocuments } = this.twilio.numbers.v2.regulatoryCompliance;
    const items = await bundles(bundle).itemAssignments.list(largest());
    const documents = await Promise.all(items.filter(({ objectSid }) => objectSid.startsWith('RD')).map(({ objectSid }) => supportingDocuments(objectSid).fetch().catch(unlessMissing)));
    return joined(documents.flatMap((document) => (document?.status === 'rejected' && document.failureReason !== '' ? [document.failureReason as string | null] : [])));
  }
}

const joined = (reasons: readonly (string | null | undefined)[]): string | undefined => [...new Set(reasons.filter((reason) => reason !== null && reason !== undefined))].join('; ').slice(0, MAX_REASON) || undefined;

function dayOf(date: Date | string | null): string | undefined {
  const at = new Date(date ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().slice(0, 10);
}
