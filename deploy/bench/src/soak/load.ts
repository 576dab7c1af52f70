import { ShortCalls, type Target } from './short-calls.js';

/** The callers of a soak, in a process of their own so that they take no memory of the one that is watched. Told `{ place, atOnce }`, it answers `{ faults }`. */
const target = JSON.parse(process.argv[2] ?? '') as Target;
const calls = await ShortCalls.open(target);
process.on('message', ({ place, atOnce }: { place: number; atOnce: number }) => {
  void calls.place(place, atOnce).then((faults) => process.send?.({ faults }));
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: true });
