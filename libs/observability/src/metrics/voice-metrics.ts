import type { Catalogue } from './declaration.js';

const BY = 'realtime-voice';
const TURN = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10];

/** What the voice tells: conversations, turns, providers, tools. */
export const VOICE_METRICS = {
  troncal_voice_live_count: { kind: 'gauge', by: BY, help: 'Conversations whose media leg is connected to this process.', labels: {} },
  troncal_conversations_total: { kind: 'counter', by: BY, help: 'Conversations ended.', labels: { reason: 'of ConversationEnded', engine: 'openai-realtime, scripted' } },
  troncal_voice_first_audio_seconds: { kind: 'histogram', by: BY, help: 'From the media socket to the first frame of the agent’s voice.', labels: {}, buckets: TURN },
  troncal_voice_turn_latency_seconds: {
    kind: 'histogram', by: BY, help: 'From the end of the caller’s words, by stage.',
    labels: { stage: 'response (the provider began), audio (its first audio came), total (its first frame left for the caller)' }, buckets: TURN, alert: 'TroncalTurnsSlow',
  },
  troncal_voice_interruptions_total: { kind: 'counter', by: BY, help: 'Times a caller spoke over the agent, who fell silent.', labels: {} },
  troncal_voice_held_back_seconds_total: { kind: 'counter', by: BY, help: 'Audio over AudioSocket that callers heard later, because this process did not get its turn within 60 ms: it wants more CPU. Of all legs together.', labels: {} },
  troncal_voice_silence_seconds: { kind: 'histogram', by: BY, help: 'From knowing that the caller speaks to the order to fall silent.', labels: {}, buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05] },
  troncal_voice_provider_connect_seconds: { kind: 'histogram', by: BY, help: 'From dialling the provider to a session that is ready, or to its loss.', labels: { outcome: 'ready, lost' } },
  troncal_voice_provider_changes_total: { kind: 'counter', by: BY, help: 'Sessions of the provider that another one took the place of in mid-call.', labels: { how: 'rolled_over (grew old), reconnected (was lost), gave_up (scripted from there on)' }, alert: 'TroncalProviderLost' },
  troncal_tool_run_seconds: { kind: 'histogram', by: BY, help: 'Time a tool took, waiting for the agent’s words to end included.', labels: { tool: 'its name; `unknown` for one that does not exist', outcome: 'ok, error, timeout, cancelled, refused' } },
} as const satisfies Catalogue;
