// @ts-check
// `npm run sounds`: writes assets/sounds from the recipes below; the same recipe, the same bytes.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ROOT } from './paths.mjs';
import { run, say } from './say.mjs';

/** Enough for what is below 4 kHz, and small. Samples a second. */
const RATE = 22_050;
/** Of full scale: room for a loud headset not to clip. */
const PEAK = 0.8;

/**
 * One strike of something that rings: partials that fade, the higher the faster.
 * @typedef {object} Strike
 * @property {number} at seconds from the beginning
 * @property {number} hertz of the lowest partial
 * @property {number} fade seconds until it is a third as loud
 * @property {readonly (readonly [ratio: number, level: number])[]} partials
 */

/** A struck bar: two clear notes, rising. @type {readonly Strike[]} */
const CHIME = [659.25, 987.77].map((hertz, index) => ({
  at: index * 0.18,
  hertz,
  fade: 0.22,
  partials: [
    [1, 1],
    [2, 0.25],
    [3.93, 0.12],
  ],
}));

/** A small bell: partials that are no multiples of each other. @type {readonly Strike[]} */
const BELL = [
  {
    at: 0,
    hertz: 523.25,
    fade: 0.35,
    partials: [
      [1, 0.6],
      [2.0, 1],
      [2.4, 0.5],
      [3.0, 0.3],
      [4.5, 0.2],
      [5.33, 0.12],
    ],
  },
];

/** Three short dry beats, heard through other sounds. @type {readonly Strike[]} */
const PULSE = [0, 0.16, 0.32].map((at) => ({
  at,
  hertz: 740,
  fade: 0.045,
  partials: [
    [1, 1],
    [2, 0.5],
    [3, 0.25],
  ],
}));

/** @type {Readonly<Record<string, { seconds: number, strikes: readonly Strike[] }>>} */
export const SOUNDS = {
  chime: { seconds: 1.1, strikes: CHIME },
  bell: { seconds: 1.5, strikes: BELL },
  pulse: { seconds: 0.6, strikes: PULSE },
};

/**
 * @param {{ seconds: number, strikes: readonly Strike[] }} sound
 * @returns {Buffer} a WAV file: PCM, 16 bits, one channel
 */
export function synthesise({ seconds, strikes }) {
  const length = Math.round(seconds * RATE);
  const samples = Array.from({ length }, (_, index) => {
    const time = index / RATE;
    // The last tenth of a second fades to nothing: a cut would click.
    const tail = Math.min(1, (seconds - time) / 0.1);
    return tail * strikes.reduce((sum, strike) => sum + loudness(strike, time - strike.at), 0);
  });
  const highest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  const data = Buffer.alloc(length * 2);
  samples.forEach((sample, index) => {
    data.writeInt16LE(Math.round((sample / highest) * PEAK * 32_767), index * 2);
  });
  return Buffer.concat([header(data.length), data]);
}

/**
 * @param {Strike} strike
 * @param {number} time seconds since it was struck
 */
function loudness({ hertz, fade, partials }, time) {
  if (time < 0) return 0;
  // A few milliseconds to begin with, for the same reason as the tail.
  const attack = Math.min(1, time / 0.004);
  return partials.reduce(
    (sum, [ratio, level]) =>
      sum +
      attack *
        level *
        Math.exp((-time * Math.sqrt(ratio)) / fade) *
        Math.sin(2 * Math.PI * hertz * ratio * time),
    0,
  );
}

/** @param {number} bytes of samples */
function header(bytes) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await run(async () => {
    for (const [name, sound] of Object.entries(SOUNDS)) {
      writeFileSync(path.join(ROOT, `assets/sounds/${name}.wav`), synthesise(sound));
    }
    say('Sounds made.');
    return 0;
  });
}
