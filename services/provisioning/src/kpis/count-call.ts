import { Injectable } from '@nestjs/common';
import { Telemetry } from '@troncal/observability';
import type { Tx } from '@troncal/persistence';
import type { CallSoFar } from '../rail-calls/call-so-far.js';
import type { RailEvent } from '../rail-calls/rail-event.js';
import { RegistrationWaits } from '../registrations/registration-waits.repository.js';
import { KpiRepository } from './kpi.repository.js';
import { measureCall, sightingsOf } from './measure-call.js';

/** A call, as whoever tells of it has it. */
export interface CountedCall {
  readonly tenant: string;
  readonly call: CallSoFar;
  /** Its last event, when that is stated now. */
  readonly last: RailEvent | undefined;
  /** Keys of what was stated and counted before. */
  readonly stated: ReadonlySet<string>;
}

const COUNTERS = ['troncal_rail_calls_total', 'troncal_rail_calls_recovered_total', 'troncal_rail_calls_unconnected_total', 'troncal_rail_refusals_total', 'troncal_kpis_missed_total'] as const;

/** Adds a call to the figures of its tenant, once: in the transaction that states its end. What it costs comes later, each price once. */
@Injectable()
export class CountCall {
  constructor(
    private readonly kpis: KpiRepository,
    private readonly waits: RegistrationWaits,
    private readonly telemetry: Telemetry,
  ) {
    // There from the start: a figure that is not exposed yet reads like one that nobody measures.
    for (const name of COUNTERS) telemetry.metrics.counter(name);
    telemetry.metrics.histogram('troncal_rail_ring_seconds');
  }

  /** @returns keys of what was counted now, to be kept with those of what was stated */
  async within(tx: Tx, { tenant, call, last, stated }: CountedCall): Promise<string[]> {
    const at = new Date(call.beginning?.at ?? last?.at ?? Date.now());
    if (last) {
      const counts = measureCall(call, last);
      const sightings = sightingsOf(call);
      await this.kpis.sight(tx, tenant, sightings);
      for (const { extension, seenAt } of sightings) if (seenAt) await this.waits.end(tx, { tenant, extension, at: seenAt, by: 'sign' });
      await this.kpis.add(tx, tenant, at, counts);
      const { metrics } = this.telemetry;
      tx.onCommit(() => {
        if (last.name === 'CallRefused') return metrics.counter('troncal_rail_refusals_total').inc({ direction: last.data.direction, reason: last.data.reason });
        if (last.name !== 'CallEnded') return;
        metrics.counter('troncal_rail_calls_total').inc({ direction: last.data.direction, disposition: last.data.disposition });
        if (last.data.recovered) metrics.counter('troncal_rail_calls_recovered_total').inc();
        if (counts.rung > 0) metrics.histogram('troncal_rail_ring_seconds').observe(counts.ringMs / 1_000);
        if (counts.failed > 0) metrics.counter('troncal_rail_calls_unconnected_total').inc();
      });
    }
    const counted: string[] = [];
    for (const { fact } of call.all('cost')) {
      const key = `counted:${fact.key}`;
      if (stated.has(key)) continue;
      await this.kpis.addCost(tx, tenant, at, { currency: fact.currency, micros: fact.priceMicros });
      counted.push(key);
    }
    return counted;
  }
}
