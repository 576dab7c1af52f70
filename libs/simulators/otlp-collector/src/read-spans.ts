import type { Attributes, AttributeValue, ReceivedSpan } from './received-span.js';
import { readFields } from './wire-reader.js';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** A message's fields by number. */
class Message {
  private readonly fields = new Map<number, (bigint | Uint8Array)[]>();

  constructor(bytes: Uint8Array) {
    for (const { number, value } of readFields(bytes)) this.fields.set(number, [...(this.fields.get(number) ?? []), value]);
  }

  bytes(number: number): Uint8Array[] {
    return (this.fields.get(number) ?? []).filter((value) => typeof value !== 'bigint');
  }

  messages(number: number): Message[] {
    return this.bytes(number).map((bytes) => new Message(bytes));
  }

  text(number: number): string {
    return Buffer.from(this.bytes(number).at(-1) ?? []).toString('utf8');
  }

  hex(number: number): string {
    return Buffer.from(this.bytes(number).at(-1) ?? []).toString('hex');
  }

  has(number: number): boolean {
    return this.fields.has(number);
  }

  integer(number: number): bigint {
    const value = this.fields.get(number)?.at(-1);
    return typeof value === 'bigint' ? value : 0n;
  }
}

/** The spans of an ExportTraceServiceRequest (opentelemetry-proto 1.x). @throws Error when it is none */
export function readSpans(body: Uint8Array): ReceivedSpan[] {
  return new Message(body).messages(1).flatMap((resourceSpans) => {
    const resource = attributes(resourceSpans.messages(1).flatMap((each) => each.messages(1)));
    return resourceSpans.messages(2).flatMap((scope) => scope.messages(2).map((span) => spanOf(span, resource)));
  });
}

function spanOf(span: Message, resource: Attributes): ReceivedSpan {
  const [status] = span.messages(15);
  return {
    service: String(resource['service.name'] ?? ''),
    resource,
    traceId: span.hex(1),
    spanId: span.hex(2),
    parentSpanId: span.hex(4) || undefined,
    name: span.text(5),
    kind: KINDS[Number(span.integer(6))] ?? 'unspecified',
    start: ms(span.integer(7)),
    end: ms(span.integer(8)),
    attributes: attributes(span.messages(9)),
    events: span.messages(11).map((event) => ({ name: event.text(2), at: ms(event.integer(1)), attributes: attributes(event.messages(3)) })),
    links: span.messages(13).map((link) => ({ traceId: link.hex(1), spanId: link.hex(2) })),
    failed: status?.integer(3) === 2n,
    message: status?.text(2) ?? '',
  };
}

function attributes(pairs: readonly Message[]): Attributes {
  return Object.fromEntries(pairs.map((pair) => [pair.text(1), pair.messages(2).map(valueOf)[0] ?? '']));
}

/** AnyValue: string 1, bool 2, int 3, double 4, array 5. */
function valueOf(value: Message): AttributeValue {
  if (value.has(2)) return value.integer(2) === 1n;
  if (value.has(3)) return Number(BigInt.asIntN(64, value.integer(3)));
  if (value.has(4)) return double(value.integer(4));
  if (value.has(5)) return value.messages(5).flatMap((list) => list.messages(1).map(valueOf));
  return value.text(1);
}

function double(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function ms(nanos: bigint): number {
  return Number(nanos / 1_000n) / 1_000;
}
