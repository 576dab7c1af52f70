import type { Route } from '../wire/router.js';
import { alertRoutes } from './alerts.resource.js';
import { callRoutes } from './calls/calls.resource.js';
import { insightsRoutes } from './insights/insights.resource.js';
import { queueRoutes } from './queues/queues.resource.js';
import { recordingRoutes } from './recordings/recordings.resource.js';
import type { VoicePlane } from './voice-plane.js';

/** The REST resources of voice. */
export const voiceRoutes = (plane: VoicePlane): readonly Route[] => [
  ...callRoutes(plane), ...recordingRoutes(plane), ...queueRoutes(plane), ...alertRoutes(plane.alerts), ...insightsRoutes(plane),
];
