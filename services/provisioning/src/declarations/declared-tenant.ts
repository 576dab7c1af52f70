import type { TenantDeclaration } from '@troncal/contracts';

/** What a tenant has to be in an environment. */
export interface DeclaredTenant {
  readonly environment: string;
  readonly tenant: string;
  readonly state: 'declared' | 'leaving';
  /** Its list and numbers are as they were found at Twilio, until it is cut over. */
  readonly asFound: boolean;
  readonly declaration: TenantDeclaration;
  readonly revision: number;
}
