export { findDebianArchive, type DebianArchive } from './debian-archive.js';
export { ensurePart, ensureParts } from './ensure-part.js';
export { PART_NAMES, PartUnavailableError } from './part.js';
export type { AsteriskPart, BaresipPart, DahdiPart, DockerPluginsPart, EnsureOptions, EspeakPart, NatsPart, PartByName, PartName, PostgresPart, Progress, SippPart } from './part.js';
export { cacheDirOf } from './part-cache.js';
export { makeTraversable, sweepTraversable, traversableDirFor } from './postgres.js';
export { identifyProcess, isSameProcessAlive, type ProcessIdentity } from './process-identity.js';
export { findOnPath, isRoot } from './machine.js';
export { ProgramFailedError, runProgram } from './run-program.js';
