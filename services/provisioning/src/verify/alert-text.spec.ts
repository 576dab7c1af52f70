import { expect, it } from 'vitest';
import { alertMessage, decodedAlert } from './alert-text.js';
import { mentions } from './judge-tenant.js';

it.each([
  ['Msg=The+user+is+not+registered&uri=sip%3A%2B56229145248-office%40x.sip.twilio.com', 'The user is not registered'],
  ['The user is not registered: sip:%2B56229145248-office@x', 'The user is not registered: sip:+56229145248-office@x'],
  ['100% of +56229145248-office', '100% of +56229145248-office'],
  ['sourceComponent=13000&uri=%2B56229145248-office', 'sourceComponent=13000&uri=+56229145248-office'],
])('an alert’s text names its SIP user, and is a message for people: %j', (text, message) => {
  expect(mentions(decodedAlert(text), '+56229145248-office')).toBe(true);
  expect(alertMessage(text)).toBe(message);
});
