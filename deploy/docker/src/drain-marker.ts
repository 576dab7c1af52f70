import path from 'node:path';

/** The file that is there while an edge drains, beside its rendered configuration; a new container begins without it. */
export const drainMarker = (etcDir = '/run/troncal/etc'): string => path.join(path.dirname(etcDir), 'draining');
