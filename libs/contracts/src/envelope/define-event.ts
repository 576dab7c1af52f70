import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ContractError, faultsOf, unknownPaths } from './contract-error.js';
import { envelopeSchema, type Envelope, type EventOf } from './envelope.js';
import type { Domain, ServiceName } from './service-name.js';

export interface EventSpec<TSchema extends z.ZodObject> {
  readonly name: string;
  readonly version: number;
  readonly domain: Domain;
  /** Who may state this fact. */
  readonly producers: readonly ServiceName[];
  /** Which of our own services act on it; compared with their `@ConsumesEvent` by a test. */
  readonly consumers: readonly ServiceName[];
  /** One sentence: when it is said and what it guarantees. */
  readonly summary: string;
  /** What `subject` and `sequence` of the envelope count: `call`, `tenant`, `conversation`, … */
  readonly aggregate: string;
  readonly data: TSchema;
  /** A whole, valid example; a test parses it and the catalogue shows it. */
  readonly example: z.input<TSchema>;
}

/** An event as one value: its type, subject, validator, documentation and permissions all come from here. */
export interface EventDefinition<TData = unknown> {
  readonly type: string;
  readonly name: string;
  readonly version: number;
  readonly domain: Domain;
  readonly producers: readonly ServiceName[];
  readonly consumers: readonly ServiceName[];
  readonly summary: string;
  readonly aggregate: string;
  readonly schema: z.ZodObject;
  readonly example: unknown;
  /** The NATS subject for one tenant, e.g. `evt.demo.calls.CallStarted.v1`. */
  subjectFor(tenant: string): string;
  /** The filter over all tenants, e.g. `evt.*.calls.CallStarted.v1`. */
  readonly filter: string;
  /** Strict: unknown or wrong fields are a {@link ContractError} that names each of them. For publishers. */
  encode(data: TData): TData;
  /** Tolerant: fields that this version does not know are dropped. For consumers. Throws {@link ContractError}. */
  read(envelope: Envelope): EventOf<TData>;
}

/** What an event of this definition carries. */
export type DataOf<D> = D extends EventDefinition<infer TData> ? TData : never;

/** Defines an event of the catalogue. Inside one version only optional fields may be added. */
export function defineEvent<TSchema extends z.ZodObject>(spec: EventSpec<TSchema>): EventDefinition<z.infer<TSchema>> {
  const type = `${spec.name}.v${spec.version}`;
  const encode = (data: z.infer<TSchema>): z.infer<TSchema> => {
    const result = spec.data.safeParse(data);
    if (!result.success) throw new ContractError(type, faultsOf(result.error));
    const wire = JSON.parse(JSON.stringify(data)) as unknown;
    const known = JSON.parse(JSON.stringify(result.data)) as unknown;
    if (!isDeepStrictEqual(wire, known)) {
      const unknown = unknownPaths(wire, known);
      if (unknown.length > 0) throw new ContractError(type, unknown.map((path) => `${path}: not part of ${type}`));
    }
    return result.data;
  };
  return {
    type,
    name: spec.name,
    version: spec.version,
    domain: spec.domain,
    producers: spec.producers,
    consumers: spec.consumers,
    summary: spec.summary,
    aggregate: spec.aggregate,
    schema: spec.data,
    example: spec.example,
    filter: `evt.*.${spec.domain}.${type}`,
    subjectFor: (tenant) => `evt.${tenant}.${spec.domain}.${type}`,
    encode,
    read(envelope) {
      const outer = envelopeSchema.safeParse(envelope);
      if (!outer.success) throw new ContractError('envelope', faultsOf(outer.error));
      if (outer.data.type !== type) throw new ContractError(type, [`type: expected ${type}, got ${outer.data.type}`]);
      const inner = spec.data.safeParse(outer.data.data);
      if (!inner.success) throw new ContractError(type, faultsOf(inner.error));
      return { ...outer.data, data: inner.data };
    },
  };
}
