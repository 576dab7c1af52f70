import type { XmlElement } from './xml.js';

interface Shape {
  readonly attributes: readonly string[];
  /** What may stand in it; nothing when absent. */
  readonly children?: readonly string[];
}

const SPOKEN = ['Say', 'Play', 'Pause'];
const WHISPER = ['url', 'method', 'statusCallback', 'statusCallbackEvent', 'statusCallbackMethod'];
const MACHINE = [
  'amdStatusCallback', 'amdStatusCallbackMethod', 'machineDetection', 'machineDetectionSilenceTimeout', 'machineDetectionSpeechEndThreshold',
  'machineDetectionSpeechThreshold', 'machineDetectionTimeout',
];
const RECORDING = ['recordingStatusCallback', 'recordingStatusCallbackEvent', 'recordingStatusCallbackMethod', 'trim'];

/** Verbs and nouns with their attributes, from the types of Twilio's SDK 6.2.0; what nobody here serves (conferences, payments, speech markup) isn't in it. */
const SHAPES: Readonly<Record<string, Shape>> = {
  Response: {
    attributes: [],
    children: [...SPOKEN, 'Gather', 'Dial', 'Record', 'Enqueue', 'Leave', 'Redirect', 'Reject', 'Refer', 'Hangup', 'Connect', 'Start', 'Stop'],
  },
  Say: { attributes: ['language', 'loop', 'voice'] },
  Play: { attributes: ['digits', 'loop'] },
  Pause: { attributes: ['length'] },
  Gather: {
    attributes: [
      'action', 'actionOnEmptyResult', 'bargeIn', 'debug', 'enhanced', 'finishOnKey', 'hints', 'input', 'language', 'maxSpeechTime', 'method', 'numDigits',
      'partialResultCallback', 'partialResultCallbackMethod', 'profanityFilter', 'speechModel', 'speechTimeout', 'timeout',
    ],
    children: SPOKEN,
  },
  Dial: {
    attributes: [
      'action', 'answerOnBridge', 'callerId', 'events', 'hangupOnStar', 'method', 'record', 'recordingTrack', 'referMethod', 'referUrl', 'ringTone',
      'sequential', 'timeLimit', 'timeout', ...RECORDING,
    ],
    children: ['Sip', 'Number', 'Queue'],
  },
  Number: { attributes: ['byoc', 'sendDigits', ...WHISPER, ...MACHINE] },
  Sip: { attributes: ['username', 'password', ...WHISPER, ...MACHINE] },
  Queue: { attributes: ['url', 'method', 'postWorkActivitySid', 'reservationSid'] },
  Record: { attributes: ['action', 'finishOnKey', 'maxLength', 'method', 'playBeep', 'timeout', 'transcribe', 'transcribeCallback', ...RECORDING] },
  Enqueue: { attributes: ['action', 'maxQueueSize', 'method', 'waitUrl', 'waitUrlMethod', 'workflowSid'] },
  Leave: { attributes: [] },
  Redirect: { attributes: ['method'] },
  Reject: { attributes: ['reason'] },
  Refer: { attributes: ['action', 'method'], children: ['Sip'] },
  Hangup: { attributes: [] },
  Connect: { attributes: ['action', 'method'], children: ['Stream'] },
  Start: { attributes: ['action', 'method'], children: ['Stream', 'Recording'] },
  Stop: { attributes: [], children: ['Stream', 'Recording'] },
  Stream: {
    attributes: ['audioFormat', 'connectorName', 'name', 'sampleRate', 'statusCallback', 'statusCallbackMethod', 'track', 'url'],
    children: ['Parameter'],
  },
  Recording: { attributes: ['channels', 'track', ...RECORDING] },
  Parameter: { attributes: ['name', 'value'] },
};

/** What of a document Twilio's schema doesn't know, one line each: it is warned of with 12200, and left out of what is done. */
export function schemaFaults(element: XmlElement): string[] {
  const shape = SHAPES[element.name];
  if (shape === undefined) return [`<${element.name}> is no verb or noun`];
  const children = executable(element);
  const attributes = [...element.attributes.keys()].filter((name) => !shape.attributes.includes(name));
  const misplaced = element.children.filter((child) => !children.includes(child));
  return [
    ...attributes.map((name) => `Attribute '${name}' is not allowed to appear in element '${element.name}'`),
    ...misplaced.map(({ name }) => `Invalid content was found starting with element '${name}' in element '${element.name}'`),
    ...children.flatMap(schemaFaults),
  ];
}

/** The children that Twilio executes. */
export function executable(element: XmlElement): readonly XmlElement[] {
  const known = SHAPES[element.name]?.children ?? [];
  return element.children.filter(({ name }) => known.includes(name));
}
