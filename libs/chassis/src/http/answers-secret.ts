import 'reflect-metadata';

const SECRET = Symbol('answers a secret');

/**
 * The method's answer holds a secret: it's marked `no-store`, and never kept for replays, so an Idempotency-Key has no effect here. For methods
 * that may be asked twice by their nature.
 */
export function AnswersSecret(): MethodDecorator {
  return (_target, _key, descriptor) => Reflect.defineMetadata(SECRET, true, descriptor.value as object);
}

/** True for a controller's method marked so. */
export function answersSecret(method: object): boolean {
  return Reflect.hasMetadata(SECRET, method);
}
