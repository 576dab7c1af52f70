import { z } from 'zod';

/** An error as Twilio reports it. */
export interface ReportedError {
  readonly errorId: string;
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  /** ISO 8601. */
  readonly at: string | undefined;
  readonly resourceId: string | undefined;
  /** Parameters of our webhook that it was about. */
  readonly parameters: URLSearchParams;
  /** Our own address that it was about. */
  readonly url: string | undefined;
}

const text = z.union([z.string(), z.number()]).transform(String);
const details = z.looseObject({
  error_code: text.optional(),
  resource_sid: z.string().nullish(),
  level: z.string().nullish(),
  sid: z.string().nullish(),
  more_info: z.looseObject({}).nullish(),
  webhook: z.looseObject({ request: z.looseObject({ url: z.string().nullish(), parameters: z.union([z.record(z.string(), z.unknown()), z.string()]).nullish() }).nullish() }).nullish(),
});
/** Event streams: CloudEvents in a list (twilio.com/docs/events/event-types/error-logs). */
const streamed = z.array(z.looseObject({ id: z.string(), type: z.string(), time: z.string().nullish(), data: z.unknown() }));

/** The debugger's webhook: a form whose `Payload` is JSON (twilio.com/docs/usage/troubleshooting/debugging-event-webhooks). */
export function debuggerError(form: URLSearchParams): ReportedError | undefined {
  const sid = form.get('Sid');
  const payload = jsonOf(form.get('Payload') ?? '');
  return sid === null || sid === '' ? undefined : errorOf(sid, form.get('Level') ?? '', form.get('Timestamp') ?? '', payload);
}

/** A batch of Twilio's event streams; what isn't an error is passed over. */
export function streamedErrors(body: Uint8Array): ReportedError[] {
  const events = streamed.safeParse(jsonOf(Buffer.from(body).toString('utf8'))).data ?? [];
  return events.filter(({ type }) => type.startsWith('com.twilio.error-logs.')).flatMap(({ id, time, data }) => errorOf(id, '', time ?? '', data) ?? []);
}

function errorOf(id: string, level: string, time: string, payload: unknown): ReportedError | undefined {
  const read = details.safeParse(payload).data;
  if (!read) return undefined;
  const { more_info: more = null, webhook } = read;
  const said = more && ['Msg', 'msg', 'message', 'parserMessage'].map((name) => more[name]).find((one) => typeof one === 'string');
  const { parameters, url } = webhook?.request ?? {};
  return {
    errorId: (read.sid ?? id).slice(0, 64),
    code: (read.error_code ?? '').slice(0, 16),
    level: /^warn/i.test(level || (read.level ?? '')) ? 'warning' : 'error',
    message: (said || `Twilio’s error ${read.error_code ?? ''}`).slice(0, 500),
    at: Number.isNaN(Date.parse(time)) ? undefined : new Date(time).toISOString(),
    resourceId: read.resource_sid?.slice(0, 64),
    parameters: parametersOf(parameters),
    url: url ?? undefined,
  };
}

function parametersOf(given: string | Readonly<Record<string, unknown>> | null | undefined): URLSearchParams {
  if (typeof given === 'string') return new URLSearchParams(given);
  return new URLSearchParams(Object.entries(given ?? {}).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
