export { chooseBases, type Bases, type BasesWanted } from './bases.js';
export { ComposeProject } from './compose-project.js';
export { findEngine, NoEngineError, type Engine } from './engine.js';
export { mustDocker, runDocker, type DockerEnv, type DockerOptions, type DockerRun } from './run-docker.js';
