import { accountRoutes } from './accounts/accounts.resource.js';
import { authTokenRoutes } from './accounts/auth-tokens.resource.js';
import { addressRoutes } from './addresses/addresses.resource.js';
import { applicationRoutes } from './applications/applications.resource.js';
import { callerIdRoutes } from './caller-ids/caller-ids.resource.js';
import { listRoutes } from './credential-lists/credential-lists.resource.js';
import { credentialRoutes } from './credential-lists/credentials.resource.js';
import { dialingPermissionRoutes } from './dialing-permissions/dialing-permissions.resource.js';
import { addressListRoutes } from './ip-access-control-lists/ip-access-control-lists.resource.js';
import { ipAddressRoutes } from './ip-access-control-lists/ip-addresses.resource.js';
import { eventRoutes } from './monitor/events.resource.js';
import { availableNumberRoutes } from './phone-numbers/available-numbers.resource.js';
import { incomingNumberRoutes } from './phone-numbers/incoming-numbers.resource.js';
import { portInRoutes } from './porting/port-ins.resource.js';
import { pricingRoutes } from './pricing/pricing.resource.js';
import { bundlePartRoutes } from './regulatory/bundle-parts.resource.js';
import { bundleRoutes } from './regulatory/bundles.resource.js';
import { customerRoutes } from './regulatory/customers.resource.js';
import { regulationRoutes } from './regulatory/regulations.resource.js';
import { mappingRoutes } from './sip-domains/mappings.resource.js';
import { domainRoutes } from './sip-domains/sip-domains.resource.js';
import { customerProfileRoutes } from './trust-hub/customer-profiles.resource.js';
import { usageRecordRoutes } from './usage/usage-records.resource.js';
import { usageTriggerRoutes } from './usage/usage-triggers.resource.js';
import type { Route } from './wire/router.js';

/** Of all that accounts have; calls and what belongs to them come besides. */
export const ROUTES: readonly Route[] = [
  ...accountRoutes, ...authTokenRoutes, ...domainRoutes, ...mappingRoutes, ...listRoutes, ...credentialRoutes, ...addressListRoutes, ...ipAddressRoutes, ...incomingNumberRoutes, ...availableNumberRoutes, ...eventRoutes,
  ...pricingRoutes, ...dialingPermissionRoutes, ...addressRoutes, ...applicationRoutes, ...callerIdRoutes,
  ...regulationRoutes, ...customerRoutes, ...bundleRoutes, ...bundlePartRoutes, ...usageRecordRoutes, ...usageTriggerRoutes, ...customerProfileRoutes, ...portInRoutes,
];

