import { saysOfAddresses } from '../twilio/account/address-list/address-list.js';
import { describeTrigger, shortName } from '../twilio/account/usage-triggers/usage-trigger.js';
import type { Action, DomainChanges, NumberChanges, PermissionChanges } from '../twilio/account/step.js';

const FIELDS: Readonly<Record<keyof (DomainChanges & NumberChanges), string>> = {
  friendlyName: 'its name', voiceUrl: 'where its calls are answered', voiceFallbackUrl: 'where they are answered when that fails', statusCallback: 'where their end is told', secure: 'whether phones have to use TLS', sipRegistration: 'that phones may register',
};

const fields = (changes: DomainChanges): string => (Object.keys(changes) as (keyof DomainChanges)[]).map((name) => FIELDS[name]).join(', ');

function permissions({ on, off, lowRiskOnly, own }: PermissionChanges): string {
  return [
    ...(own ? ['gives the subaccount dialing permissions of its own'] : []),
    ...(on.length === 0 ? [] : [`lets the account call ${on.join(', ')}`]),
    ...(off.length === 0 ? [] : [`keeps the account from calling ${off.join(', ')}`]),
    ...(lowRiskOnly.length === 0 ? [] : [`keeps it from high-risk numbers of ${lowRiskOnly.join(', ')}`]),
  ].join(', ');
}

/** A change in words. */
export function says(action: Action): string {
  switch (action.do) {
    case 'create-domain':
      return `makes the SIP domain ${action.domain.name}`;
    case 'change-domain':
      return `changes the SIP domain: ${fields(action.changes)}`;
    case 'create-list':
      return `makes the credential list ${action.list}`;
    case 'create-user':
      return `makes the SIP user ${action.username}`;
    case 'set-password':
      return `gives the SIP user ${action.username} our password`;
    case 'map-list':
      return action.way === 'calls' ? `lets the users of ${action.list} call` : `lets the users of ${action.list} register`;
    case 'buy-number':
      return `buys ${action.number.e164} and leads its calls here`;
    case 'move-number':
      return `moves ${action.number.e164} here out of ${action.from}, and leads its calls here`;
    case 'change-number':
      return `changes ${action.e164}: ${fields(action.changes)}`;
    case 'remove-user':
      return `removes the SIP user ${action.username}`;
    case 'unmap-list':
      return action.way === 'calls' ? `keeps the users of ${action.list} from calling` : `keeps the users of ${action.list} from registering`;
    case 'remove-list':
      return `removes the credential list ${action.list}`;
    case 'release-number':
      return `gives ${action.e164} back, for ever`;
    case 'permit-countries':
      return permissions(action);
    case 'open-account':
      return `opens the subaccount ${action.name}, with a SIP domain, numbers, token, permissions and bill of its own: phones register at ${action.domain}, and nobody moves out of it again`;
    case 'set-status':
      return action.status === 'suspended' ? `suspends the subaccount ${action.name}: nothing in it works` : `puts the subaccount ${action.name} to work again`;
    case 'create-trigger':
      return `makes the usage trigger ${describeTrigger(action.trigger)}`;
    case 'change-trigger':
      return `changes the usage trigger ${shortName(action.trigger.name)}: where it is told`;
    case 'remove-trigger':
      return `removes the usage trigger ${describeTrigger(action.trigger)}`;
    case 'create-address-list':
    case 'add-address':
    case 'change-address':
    case 'remove-address':
    case 'map-address-list':
    case 'unmap-address-list':
    case 'remove-address-list':
      return saysOfAddresses(action);
  }
}
