import { z } from 'zod';
import { readForm } from '../../wire/form.js';
import { pageOf, rfc2822 } from '../../wire/page.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../../wire/router.js';
import { notFound, TwilioError } from '../../wire/twilio-error.js';
import { callOf } from '../calls/calls.resource.js';
import type { VoicePlane } from '../voice-plane.js';
import { wishOf } from '../webhooks/status-callbacks.js';
import type { Recording } from './recording.js';

const method = z.enum(['GET', 'POST']);
const newRecording = z.strictObject({
  RecordingStatusCallback: z.string().optional(),
  RecordingStatusCallbackMethod: method.default('POST'),
  RecordingStatusCallbackEvent: z.string().default('completed'),
  RecordingChannels: z.enum(['mono', 'dual']).default('mono'),
  RecordingTrack: z.enum(['inbound', 'outbound', 'both']).default('both'),
  Trim: z.string().optional(),
});
const changedRecording = z.strictObject({ Status: z.enum(['stopped', 'paused', 'in-progress']), PauseBehavior: z.string().optional() });

/** Recordings, of the account and of one call, with their audio as WAV. */
export function recordingRoutes(plane: VoicePlane): readonly Route[] {
  const one = (asked: Asked): Recording => recordingOf(plane, asked);
  const drop = (asked: Asked): ReturnType<typeof gone> => {
    plane.recordings.drop(one(asked));
    return gone();
  };
  const ofCall = `${ACCOUNT}/Calls/{CallSid}/Recordings`;
  return [
    { method: 'GET', template: `${ACCOUNT}/Recordings.json`, handle: (asked) => ok(listed(plane, asked, asked.query.get('CallSid'))) },
    { method: 'GET', template: `${ACCOUNT}/Recordings/{RecordingSid}.json`, handle: (asked) => ok(view(one(asked))) },
    { method: 'GET', template: `${ACCOUNT}/Recordings/{RecordingSid}.wav`, handle: (asked) => audio(one(asked)) },
    { method: 'GET', template: `${ACCOUNT}/Recordings/{RecordingSid}`, handle: (asked) => audio(one(asked)) },
    { method: 'DELETE', template: `${ACCOUNT}/Recordings/{RecordingSid}.json`, handle: drop },
    { method: 'GET', template: `${ofCall}.json`, handle: (asked) => ok(listed(plane, asked, callOf(plane, asked).sid)) },
    { method: 'POST', template: `${ofCall}.json`, handle: (asked) => created(view(start(plane, asked))) },
    { method: 'GET', template: `${ofCall}/{RecordingSid}.json`, handle: (asked) => ok(view(one(asked))) },
    {
      method: 'POST',
      template: `${ofCall}/{RecordingSid}.json`,
      handle: (asked) => {
        const { Status } = readForm(changedRecording, asked.form, 21220);
        const recording = one(asked);
        if (Status === 'stopped') recording.stop();
        return ok(view(recording));
      },
    },
    { method: 'DELETE', template: `${ofCall}/{RecordingSid}.json`, handle: drop },
  ];
}

function recordingOf(plane: VoicePlane, { account, params, path }: Asked): Recording {
  const recording = plane.recordings.get(account, params['RecordingSid'] ?? '');
  if (recording === undefined || (params['CallSid'] !== undefined && recording.call.sid !== params['CallSid'])) throw notFound(path);
  return recording;
}

function start(plane: VoicePlane, asked: Asked): Recording {
  const call = callOf(plane, asked);
  const form = readForm(newRecording, asked.form, 21220);
  const { RecordingStatusCallback: url, RecordingStatusCallbackMethod: how, RecordingStatusCallbackEvent: events, RecordingTrack: track } = form;
  if (!call.isAnswered || call.isOver) throw new TwilioError(400, 21220, 'Requested resource is not eligible for recording');
  return plane.recordings.start(call, {
    source: 'StartCallRecordingAPI',
    channels: form.RecordingChannels === 'dual' ? 2 : 1,
    track,
    ...(url === undefined ? {} : { callback: wishOf(url, how, events.split(/[\s,]+/)) }),
  });
}

function audio(recording: Recording): ReturnType<typeof ok> {
  if (recording.status !== 'completed') throw notFound(`/Recordings/${recording.sid}.wav`);
  return { status: 200, file: { type: 'audio/x-wav', bytes: recording.wav() } };
}

function listed(plane: VoicePlane, { account, query, path }: Asked, callSid: string | null): unknown {
  const rows = plane.recordings
    .of(account)
    .filter(({ call }) => callSid === null || call.sid === callSid)
    .toReversed();
  return pageOf('recordings', path, query, rows, view);
}

function view({ sid, account, call, wish, status, startedAt, durationS, url }: Recording): Readonly<Record<string, unknown>> {
  return {
    sid,
    account_sid: account.sid,
    call_sid: call.sid,
    conference_sid: null,
    api_version: '2010-04-01',
    channels: wish.channels,
    date_created: rfc2822(startedAt),
    date_updated: rfc2822(startedAt),
    start_time: rfc2822(startedAt),
    duration: status === 'completed' ? String(durationS) : '-1',
    price: null,
    price_unit: 'USD',
    status,
    source: wish.source,
    error_code: null,
    encryption_details: null,
    media_url: url,
    uri: `/2010-04-01/Accounts/${account.sid}/Recordings/${sid}.json`,
    subresource_uris: {},
  };
}
