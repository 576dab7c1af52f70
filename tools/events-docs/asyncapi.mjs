import { z } from 'zod';

/** A JSON Schema (draft 7) of a zod object, without the keywords that the AsyncAPI parser refuses. */
function jsonSchema(schema) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'output', unrepresentable: 'any' });
  return rest;
}

const channelOf = (event) => event.type.replace('.', '_');

/**
 * The AsyncAPI 3 document of the whole bus: a channel per event, a send operation per producer, a receive operation per consumer.
 * Commands are request/reply between our own services and stand in CATALOGUE.md only.
 *
 * @param {typeof import('@troncal/contracts')} contracts
 */
export function asyncApiDocument({ EVENTS, envelopeSchema }) {
  const envelope = jsonSchema(envelopeSchema.omit({ data: true }));
  const channels = {};
  const operations = {};
  const messages = {};
  const schemas = { Envelope: { ...envelope, additionalProperties: true } };
  for (const event of EVENTS) {
    const id = channelOf(event);
    schemas[id] = jsonSchema(event.schema);
    messages[id] = {
      name: event.type,
      title: event.name,
      summary: event.summary,
      contentType: 'application/json',
      payload: { allOf: [{ $ref: '#/components/schemas/Envelope' }, { type: 'object', required: ['data'], properties: { data: { $ref: `#/components/schemas/${id}` } } }] },
      examples: [{ name: 'example', payload: exampleOf(event) }],
    };
    channels[id] = {
      address: `evt.{tenant}.${event.domain}.${event.type}`,
      description: event.summary,
      parameters: { tenant: { description: 'Tenant code, lower-cased, or "_" for the platform.' } },
      messages: { [id]: { $ref: `#/components/messages/${id}` } },
    };
    const message = [{ $ref: `#/channels/${id}/messages/${id}` }];
    for (const service of event.producers) operations[`${service}_sends_${id}`] = { action: 'send', channel: { $ref: `#/channels/${id}` }, messages: message, tags: [{ name: service }] };
    for (const service of event.consumers) operations[`${service}_receives_${id}`] = { action: 'receive', channel: { $ref: `#/channels/${id}` }, messages: message, tags: [{ name: service }] };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Troncal events',
      version: '1.0.0',
      description: 'Facts on NATS JetStream: CloudEvents 1.0, structured JSON, one stream per domain. Consume tolerantly: fields may be added inside a version.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas },
  };
}

/** The event’s example in its envelope. */
export function exampleOf(event) {
  const subject = String(event.example.callId ?? event.example.conversationId ?? event.example.sipUser ?? event.example.code ?? event.example.ticketId ?? event.example.edgeId ?? 'demo');
  return {
    specversion: '1.0',
    id: '01K9ZQ4W2M6T8N0B3C5D7E9F1G',
    type: event.type,
    source: event.producers[0],
    time: '2026-11-21T10:00:00.000Z',
    subject,
    sequence: 1,
    tenantid: event.name.startsWith('Edge') ? '_' : 'demo',
    correlationid: subject,
    datacontenttype: 'application/json',
    data: event.example,
  };
}
