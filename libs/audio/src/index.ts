export { ALAW_SILENCE, alawToUlaw, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, ULAW_SILENCE, ulawToAlaw } from './g711.js';
export { concatBytes, concatSamples, FRAME_BYTES, FRAME_MS, FrameSplitter, msOfSamples, samplesOfMs, splitFrames, TELEPHONE_RATE } from './frames.js';
export { dbfs, dbfsOfRms, peak, rms, SILENCE_DBFS, sineAmplitude } from './level.js';
export { DTMF_FREQUENCIES, dtmfTones, silence, tone, type DtmfOptions, type ToneOptions } from './tones.js';
export { detectTone, findTone, goertzelPower, hearsTone, samplesOf, type Stretch, type ToneInput, type ToneSearch } from './goertzel.js';
export { detectDtmf, DtmfDetector, type DtmfHeard } from './dtmf-detector.js';
export { VoiceActivity, type ActivityChange, type VoiceActivityOptions } from './voice-activity.js';
export { resample, Resampler } from './resample.js';
export { readWav, WavError, writeUlawWav, writeWav, type WavAudio } from './wav.js';
