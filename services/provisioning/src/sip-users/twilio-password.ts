import { randomInt } from 'node:crypto';
import { newSipPassword } from '../credentials/sip-password.js';

const DIGITS = '23456789';

/**
 * A new password as Twilio wants it: at least 12 characters, upper and lower case and a digit (docs/voice/sip/api/sip-credential-resource). The letters of our own
 * passwords, two of them replaced by digits at random places, until both cases are there: 24 characters, more than 120 bits.
 */
export function newTwilioPassword(): string {
  for (;;) {
    const letters = newSipPassword().split('');
    for (let placed = 0; placed < 2; placed += 1) letters[randomInt(letters.length)] = DIGITS.charAt(randomInt(DIGITS.length));
    const password = letters.join('');
    if (/[a-z]/.test(password) && /[A-Z]/.test(password)) return password;
  }
}
