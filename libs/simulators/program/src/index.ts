export { bodyOf, json } from './http.js';
export { answerControl, type ControlRoutes } from './control-routes.js';
export { listen, type Listening, type ListenOptions } from './listen.js';
export { listeningHost, runProgram, type RunningSimulator } from './run-program.js';
export { FaultBoard, faultSchema } from './faults.js';
