import type { Clock } from '@troncal/kernel';
import type { CommandClient } from '@troncal/messaging';
import type { Logger, Telemetry } from '@troncal/observability';
import type { CallQualities } from '../calls/call-qualities.js';
import type { CallRefusals } from '../calls/call-refusals.js';
import type { CallRegistry } from '../calls/call-registry.js';
import type { CallRepository } from '../calls/call.repository.js';
import type { LateWrites } from '../calls/late-writes.js';
import type { DialDecisions } from '../originate/dial-decisions.js';
import type { RecordingRepository } from '../recordings/recording.repository.js';
import type { SpeechFiles } from '../speech/speech-files.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { EdgesPublisher } from './edges.publisher.js';
import type { EdgeRepository } from './edge.repository.js';

/** What there is once in a gateway, however many edges it holds. */
export interface GatewayParts {
  readonly registry: CallRegistry;
  readonly calls: CallRepository;
  readonly recordings: RecordingRepository;
  readonly refusals: CallRefusals;
  readonly qualities: CallQualities;
  readonly decisions: DialDecisions;
  readonly directory: TenantDirectory;
  readonly speech: SpeechFiles;
  readonly commands: CommandClient;
  readonly edges: EdgeRepository;
  readonly events: EdgesPublisher;
  readonly late: LateWrites;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}
