export { judge } from './judge/judge.js';
export type { Evidence, Finding } from './judge/evidence.js';
