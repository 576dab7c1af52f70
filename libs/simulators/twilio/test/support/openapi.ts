import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Exchange } from './sdk-client.js';

/** Twilio's own OpenAPI documents, which are not in this repository: beside it on the machines of whoever has them. */
const FOLDER = join(import.meta.dirname, '../../../../../../shared/twilio-openapi');
/** By host and version. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'api.twilio.com/2010-04-01': 'api_v2010.json',
  'accounts.twilio.com/v1': 'accounts_v1.json',
  'insights.twilio.com/v1': 'insights_v1.json',
  'monitor.twilio.com/v1': 'monitor_v1.json',
  'numbers.twilio.com/v1': 'numbers_v1.json',
  'numbers.twilio.com/v2': 'numbers_v2.json',
  'pricing.twilio.com/v1': 'pricing_v1.json',
  'pricing.twilio.com/v2': 'pricing_v2.json',
  'voice.twilio.com/v1': 'voice_v1.json',
};

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly properties?: Readonly<Record<string, unknown>>; readonly required?: readonly string[] } }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: unknown;
}

export const haveDocuments = existsSync(FOLDER);

/** Where an exchange departs from what Twilio publishes of its API: unknown operations and parameters, missing ones, answers of another shape. */
export class PublishedApi {
  private readonly documents = new Map<string, Document>();
  private readonly ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  departures({ request, answer }: Exchange): string[] {
    const { hostname, pathname } = new URL(request.uri);
    const document = this.document(`${hostname}/${pathname.split('/')[1]}`);
    const template = Object.keys(document.paths)
      .filter((path) => new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
      .toSorted((one, other) => one.split('{').length - other.split('{').length)[0];
    const operation = template === undefined ? undefined : document.paths[template]?.[request.method];
    const what = `${request.method} ${template ?? pathname}`;
    if (operation === undefined) return [`${what}: not published`];
    return [...this.ofForm(operation, request.data), ...(answer.statusCode < 400 ? this.ofAnswer(operation, answer, document) : [])].map((fault) => `${what}: ${fault}`);
  }

  private ofForm({ requestBody }: Operation, data: unknown): string[] {
    if (requestBody === undefined) return [];
    const { properties = {}, required = [] } = requestBody.content['application/x-www-form-urlencoded']?.schema ?? {};
    const given = Object.keys((data as object | undefined) ?? {});
    return [...given.filter((name) => !(name in properties)).map((name) => `parameter ${name} is not published`), ...required.filter((name) => !given.includes(name)).map((name) => `parameter ${name} is missing`)];
  }

  private ofAnswer({ responses }: Operation, { statusCode, body }: Exchange['answer'], document: Document): string[] {
    const response = responses[String(statusCode)];
    if (response === undefined) return [`status ${statusCode} is not published`];
    const schema = response.content?.['application/json']?.schema;
    if (schema === undefined) return [];
    const validate = this.ajv.compile({ ...(nullable(schema) as object), components: nullable(document.components) });
    const parsed: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    return validate(parsed) ? [] : (validate.errors ?? []).filter(({ instancePath }) => !CONTRADICTED.test(instancePath)).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  }

  private document(api: string): Document {
    const there = this.documents.get(api);
    if (there !== undefined) return there;
    const file = DOCUMENTS[api];
    if (file === undefined) throw new Error(`No document is named for ${api}`);
    const read = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Document;
    this.documents.set(api, read);
    return read;
  }
}

/** Where Twilio’s pages and the examples in its own documents contradict the schema: an actor is a user or, by the API, an account; a price that there isn’t has null in each part. */
const CONTRADICTED = /\/(actor_sid|inbound_call_price(\/\w+)?)$/;

/** OpenAPI 3.0's `nullable` as JSON Schema says it. Amounts that are called numbers are decimal texts in all of Twilio's examples. */
function nullable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(nullable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable: may, ...rest } = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, nullable(value)]));
  if (rest['type'] === 'number') rest['type'] = ['number', 'string'];
  return may === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}
