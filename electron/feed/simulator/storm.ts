import type { Beat } from './acts.ts';
import { plan } from './agenda.ts';
import type { Fault } from './faults.ts';
import { between, draw } from './random.ts';
import type { World } from './world.ts';

const TOGGLES = 150;
const TOGGLE_MS = 130;
const CALM_AFTER_MS = TOGGLES * TOGGLE_MS + 4_000;

const WEATHER: Fault[] = [
  { on: 'event', kind: 'duplicate', probability: 0.2 },
  { on: 'event', kind: 'reorder', probability: 0.15 },
  { on: 'event', kind: 'delay', probability: 0.1, ms: 400 },
  { on: 'event', kind: 'garbage', probability: 0.03 },
];

/** Two conversations toggle fast under bad weather; the weather clears before they end, so the end is knowable. */
export function storm(world: World, now: number): void {
  plan(world, now, { do: 'faults', faults: WEATHER });
  for (const offset of [0, 700]) {
    const script = {
      alerting: [{ afterMs: 1_000, act: { do: 'answer' } } satisfies Beat],
      connected: toggles(world),
    };
    plan(world, now + offset, { do: 'begin', options: { policy: 'timeout', timeoutMs: 30_000, script } });
  }
  plan(world, now + CALM_AFTER_MS, { do: 'faults', faults: [] });
}

function toggles(world: World): Beat[] {
  const beats: Beat[] = [];
  for (let count = 0; count < TOGGLES; count += 1) {
    const chance = draw(world);
    const act: Beat['act'] =
      chance < 0.35
        ? { do: 'startSharing', peers: between(world, 1, 3) }
        : chance < 0.7
          ? { do: 'stopSharing' }
          : chance < 0.85
            ? { do: 'peerSharing', on: draw(world) < 0.5 }
            : { do: 'setPeers', peers: between(world, 1, 4) };
    beats.push({ afterMs: count * TOGGLE_MS, act });
  }
  beats.push({ afterMs: CALM_AFTER_MS + 1_000, act: { do: 'disconnect', type: 'peer' } });
  return beats;
}
