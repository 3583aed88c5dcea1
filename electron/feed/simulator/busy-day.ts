import type { Beat, BeginOptions } from './acts.ts';
import { plan } from './agenda.ts';
import { WRAPUP_PROMPTS } from './wire-types.ts';
import { between, draw, pick } from './random.ts';
import type { World } from './world.ts';

export const BUSY_DAY_MS = 8 * 3_600_000;
const CONTACTS = 60;
const NOTES = [
  '',
  'Walked through the form together.',
  'Customer will send the missing page.',
  'Settings checked, works now.',
  'Wants a call on Friday after 16:00.',
] as const;

/** Sixty contacts spread over the day. A contact that comes while the agent is busy waits its turn. */
export function busyDay(world: World, now: number): void {
  const gap = BUSY_DAY_MS / CONTACTS;
  for (let contact = 0; contact < CONTACTS; contact += 1) {
    const at = now + Math.round(contact * gap + draw(world) * gap * 0.5);
    plan(world, at, { do: 'offer', options: oneContact(world) });
  }
}

function oneContact(world: World): BeginOptions {
  const policy = pick(world, WRAPUP_PROMPTS);
  const missed = draw(world) < 0.08;
  const alerting: Beat[] = missed ? [] : [{ afterMs: between(world, 1_500, 14_000), act: { do: 'answer' } }];
  const wrapUpAfter = between(world, 8_000, 70_000);
  return {
    policy,
    timeoutMs: between(world, 3, 9) * 10_000,
    alertingTimeoutMs: 20_000,
    media: draw(world) < 0.2 ? 'video' : 'screenshare',
    script: {
      alerting,
      connected: oneShare(world, policy === 'agentRequested'),
      // Most of the day is done by hand on another device; the rest meets its timer or, untimed, is left last.
      wrapUp:
        draw(world) < 0.85 || policy === 'mandatory' || policy === 'optional'
          ? [{ afterMs: wrapUpAfter, act: { do: 'wrapUp', notes: pick(world, NOTES) } }]
          : [],
    },
  };
}

function oneShare(world: World, mayRequest: boolean): Beat[] {
  const beats: Beat[] = [];
  let at = between(world, 2_000, 20_000);
  const add = (act: Beat['act'], lastsMs: number): void => {
    beats.push({ afterMs: at, act });
    at += lastsMs;
  };
  if (draw(world) < 0.7) add({ do: 'peerSharing', on: true }, between(world, 20_000, 120_000));
  if (draw(world) < 0.6) {
    add({ do: 'startSharing', peers: 1 }, between(world, 10_000, 60_000));
    if (draw(world) < 0.3) add({ do: 'setPeers', peers: 2 }, between(world, 10_000, 60_000));
    add({ do: 'stopSharing' }, between(world, 3_000, 30_000));
  }
  if (mayRequest && draw(world) < 0.6) add({ do: 'requestAcw', required: true }, 4_000);
  add(
    {
      do: 'disconnect',
      type: pick(world, ['peer', 'peer', 'peer', 'client', 'endpoint', 'transport.failure']),
    },
    0,
  );
  return beats;
}
