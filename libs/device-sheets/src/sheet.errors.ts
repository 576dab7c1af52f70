import { PermanentError } from '@troncal/kernel';

/** A device's format has no way to write this value. The value itself is never shown. */
export function cannotHold(device: string, what: string, why: string): PermanentError {
  return new PermanentError('sheet_cannot_hold', `A file for ${device} cannot hold this ${what}: ${why}.`, {
    remedy: 'A credential: rotate it, or enter it on the device by hand. A setting of your own: give it without that.',
  });
}

/** A setting of a deployment's own that the device has no such name for. */
export function badSetting(name: string, device: string, example: string): PermanentError {
  return new PermanentError('bad_sheet_setting', `"${name}" is no setting of ${device}.`, { remedy: `Write it as ${device} does, such as ${example}.` });
}
