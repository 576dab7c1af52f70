export interface Category {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly countUnit: string;
}

const calls = (name: string, description: string): Category => ({ name, description, unit: 'minutes', countUnit: 'calls' });

/** Those of Twilio's categories that voice makes. One takes in those whose names go on from its own: `calls` has `calls-inbound`, which has `calls-inbound-local`. */
export const CATEGORIES: readonly Category[] = [
  calls('calls', 'Voice Minutes'),
  calls('calls-inbound', 'Inbound Voice Minutes'),
  calls('calls-inbound-local', 'Inbound Local Calls'),
  calls('calls-inbound-mobile', 'Inbound Mobile Calls'),
  calls('calls-inbound-tollfree', 'Inbound Toll Free Calls'),
  calls('calls-outbound', 'Outbound Voice Minutes'),
  calls('calls-sip', 'SIP Minutes'),
  calls('calls-sip-inbound', 'Inbound SIP Minutes'),
  calls('calls-sip-outbound', 'Outbound SIP Minutes'),
  { name: 'phonenumbers', description: 'Phone Numbers', unit: 'numbers', countUnit: 'numbers' },
  { name: 'phonenumbers-local', description: 'Local PhoneNumbers', unit: 'numbers', countUnit: 'numbers' },
  { name: 'recordings', description: 'Recordings', unit: 'minutes', countUnit: 'recordings' },
  { name: 'totalprice', description: 'Total Price', unit: 'usd', countUnit: '' },
];

export const isCategory = (name: string): boolean => CATEGORIES.some((each) => each.name === name);

export const takesIn = (category: string, of: string): boolean => category === 'totalprice' || category === of || of.startsWith(`${category}-`);
