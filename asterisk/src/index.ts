export * from './edge-database.js';
export * from './edge-process.js';
export * from './edge-values.js';
export { renderEdge } from './render-edge.js';
