import { AriError, type AriClientOptions } from '@troncal/ari';
import { inSpan, type Telemetry } from '@troncal/observability';

/** Measures every command to an Asterisk, and makes those that belong to a call steps of its trace. */
export function ariSensor({ metrics }: Telemetry): NonNullable<AriClientOptions['around']> {
  const took = metrics.histogram('troncal_ari_command_seconds');
  return ({ operation }, send) =>
    inSpan(`ari ${operation}`, { kind: 'client', attributes: { 'troncal.ari.operation': operation } }, async (span) => {
      const done = took.startTimer({ operation });
      try {
        const answer = await send();
        done({ outcome: 'ok' });
        return answer;
      } catch (error) {
        const status = error instanceof AriError ? error.ariStatus : null;
        done({ outcome: status === null ? 'unreachable' : 'refused' });
        if (status !== null) span.set({ 'troncal.ari.status': status });
        throw error;
      }
    });
}
