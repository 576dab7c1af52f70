import { createReadStream } from 'node:fs';
import { Controller, Delete, Get, HttpCode, Inject, Post, StreamableFile } from '@nestjs/common';
import { Body, Caller, Params, requireScope, type CallerFacts } from '@troncal/chassis';
import { startRecordingSchema, type CallView } from '@troncal/contracts';
import { isId, PermanentError } from '@troncal/kernel';
import { z } from 'zod';
import type { AboutCall } from '../calls/control/about-call.js';
import { CallVerbs } from '../calls/control/call-verbs.js';
import { callView } from '../calls/call-view.js';
import { EdgeOwners } from '../edges/edge-owners.js';
import { EdgeSessions } from '../edges/edge-sessions.js';
import { RecordingFiles } from './recording-files.js';
import { RECORDING_REPOSITORY, type RecordingRepository, type RecordingRow } from './recording.repository.js';

const callPath = z.object({ id: z.uuid() });
const recordingPath = z.object({ id: z.string().refine(isId, 'a recording id is a ULID') });
interface Path {
  readonly id: string;
}

function about(callId: string, caller: CallerFacts): AboutCall {
  requireScope(caller, 'recordings:write');
  return { callId, tenant: caller.tenant, by: 'api' };
}

/** Recordings over HTTP: begun and ended on a call, read by their own id. */
@Controller('api')
export class RecordingsController {
  constructor(
    @Inject(CallVerbs) private readonly verbs: CallVerbs,
    @Inject(RECORDING_REPOSITORY) private readonly recordings: RecordingRepository,
    @Inject(RecordingFiles) private readonly files: RecordingFiles,
    @Inject(EdgeSessions) private readonly sessions: Pick<EdgeSessions, 'of'>,
    @Inject(EdgeOwners) private readonly owners: Pick<EdgeOwners, 'elsewhere'>,
  ) {}

  @Post('calls/:id/recording')
  async start(@Params(callPath) { id }: Path, @Body(startRecordingSchema) body: z.output<typeof startRecordingSchema>, @Caller() caller: CallerFacts): Promise<{ recordingId: string; call: CallView }> {
    const { call, recordingId } = await this.verbs.to.record.start(about(id, caller), body);
    return { recordingId, call: callView(call) };
  }

  @Delete('calls/:id/recording')
  @HttpCode(200)
  async stop(@Params(callPath) { id }: Path, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.record.stop(about(id, caller)));
  }

  @Post('calls/:id/recording/pause')
  @HttpCode(200)
  async pause(@Params(callPath) { id }: Path, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.record.pause(about(id, caller)));
  }

  @Post('calls/:id/recording/resume')
  @HttpCode(200)
  async resume(@Params(callPath) { id }: Path, @Caller() caller: CallerFacts): Promise<CallView> {
    return callView(await this.verbs.to.record.resume(about(id, caller)));
  }

  @Get('recordings/:id')
  async show(@Params(recordingPath) { id }: Path, @Caller() caller: CallerFacts): Promise<Omit<RecordingRow, 'startedAt' | 'edgeId'> & { startedAt: string; format: 'wav'; audio: string }> {
    const { edgeId: _edgeId, ...row } = await this.owned(id, caller);
    return { ...row, startedAt: row.startedAt.toISOString(), format: 'wav', audio: `/api/recordings/${id}/audio` };
  }

  /** From the folder of its edge; whoever doesn't see that has the edge's holder answer. */
  @Get('recordings/:id/audio')
  async audio(@Params(recordingPath) { id }: Path, @Caller() caller: CallerFacts): Promise<StreamableFile> {
    const row = await this.owned(id, caller);
    if (row.state === 'recording') throw new PermanentError('recording_not_ready', `Recording ${id} is still running.`, { status: 409, remedy: 'Wait for its RecordingReady.' });
    const files = this.sessions.of(row.edgeId)?.recordings ?? this.files;
    const file = await files.measure(id, row.channels);
    if (!file) throw (await this.owners.elsewhere(row.edgeId, `Recording ${id}`)) ?? new PermanentError('recording_gone', `The file of recording ${id} is not there.`, { status: 410, remedy: 'It failed, or was removed from the edge.' });
    return new StreamableFile(createReadStream(files.path(id)), { type: 'audio/wav', length: file.bytes, disposition: `inline; filename="${id}.wav"` });
  }

  private async owned(id: string, caller: CallerFacts): Promise<RecordingRow> {
    requireScope(caller, 'recordings:read');
    const row = await this.recordings.find(id);
    if (!row || (caller.tenant !== '*' && caller.tenant !== row.tenant)) throw new PermanentError('unknown_recording', `There is no recording ${id}.`, { status: 404, remedy: 'GET /api/calls/{id} names the recordings of a call.' });
    return row;
  }
}
