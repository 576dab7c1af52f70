import type { putTrunkSchema } from '@troncal/contracts';
import type { z } from 'zod';
import type { TrunkFacts } from '../tenant-directory/directory-facts.js';

export type PutTrunk = z.output<typeof putTrunkSchema>;

/** Where trunks are kept; their passwords are read by Asterisk and by nobody else. */
export interface TrunkRepository {
  all(): Promise<TrunkFacts[]>;
  /** Declares a trunk, whole; the password stays when none is given for the same user. A name keeps its tenant. */
  put(name: string, trunk: PutTrunk): Promise<TrunkFacts>;
  remove(name: string): Promise<boolean>;
}

export const TRUNK_REPOSITORY = Symbol('TrunkRepository');
