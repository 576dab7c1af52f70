/** Bytes of one 20 ms frame of G.711. */
export const FRAME_BYTES = 160;
const MAGIC = 0x54524e43;

const STAMP_DIGITS = 16;

/** A frame that carries when it was sent, in hexadecimal digits: bytes that G.711 keeps on the way through 16-bit linear too (µ-law's 0x7f, minus zero, it doesn't). */
export function stampFrame(): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES, 0xff);
  frame.writeUInt32BE(MAGIC, 0);
  frame.write(Math.round((performance.timeOrigin + performance.now()) * 1_000).toString(16).padStart(STAMP_DIGITS, '0'), 4, 'latin1');
  return frame;
}

/** How old each stamped frame in `audio` is, in ms. */
export function agesOf(audio: Buffer): number[] {
  const now = performance.timeOrigin + performance.now();
  const ages: number[] = [];
  for (let at = 0; at + 4 + STAMP_DIGITS <= audio.length; at += FRAME_BYTES) if (audio.readUInt32BE(at) === MAGIC) ages.push(now - Number.parseInt(audio.toString('latin1', at + 4, at + 4 + STAMP_DIGITS), 16) / 1_000);
  return ages;
}

/** Calls `tick` every 20 ms, or `turns` times within them, by absolute deadlines: `setInterval(20)` ticks at 47 Hz. */
export function everyFrame(tick: () => void, turns = 1): () => void {
  const step = 20 / turns;
  const began = performance.now();
  let ticks = 0;
  let timer: NodeJS.Timeout;
  const turn = (): void => {
    while (began + ticks * step <= performance.now()) {
      ticks++;
      tick();
    }
    timer = setTimeout(turn, Math.max(1, began + ticks * step - performance.now()));
  };
  turn();
  return () => clearTimeout(timer);
}
