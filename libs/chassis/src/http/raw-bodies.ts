import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Hands the bodies of these paths to their controllers as bytes (a Buffer), whatever their type says: what a signature covers must not have been through a
 * parser, nor may a parser answer before the signature was looked at. All other paths are parsed as ever. Call it before the application is initialised.
 */
export function keepRawBodies(app: NestFastifyApplication, bodyLimit: number, isRaw: (path: string) => boolean): void {
  const fastify = app.getHttpAdapter().getInstance();
  const json = fastify.getDefaultJsonParser('error', 'error');
  const parsers: Readonly<Record<string, (request: FastifyRequest, body: Buffer, done: Done) => void>> = {
    'application/json': (request, body, done) => void json(request, body.toString('utf8'), done),
    'application/x-www-form-urlencoded': (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString('utf8')))),
    'text/plain': (_request, body, done) => done(null, body.toString('utf8')),
    '*': (request, _body, done) => done(unsupported(request)),
  };
  for (const [type, parse] of Object.entries(parsers)) {
    app.useBodyParser(type, { bodyLimit }, (request: FastifyRequest, body: Buffer, done: Done) => {
      if (isRaw(request.url.split('?', 1)[0] ?? '/')) done(null, body);
      else parse(request, body, done);
    });
  }
}

/** As Fastify says it itself of a type that it has no parser for. */
function unsupported(request: FastifyRequest): Error {
  return Object.assign(new Error(`Unsupported Media Type: ${request.headers['content-type'] ?? 'none'}`), { statusCode: 415, code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' });
}
