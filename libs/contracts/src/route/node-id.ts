import { z } from 'zod';

export const nodeIdSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'a node id is a lower-case word');
