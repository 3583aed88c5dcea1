import type { WebSocket } from 'ws';
import { malform, strike } from './faults.ts';
import type { Envelope } from './wire-types.ts';
import type { World } from './world.ts';

/** A held-back frame goes out at the latest after this, real ms, even when no other frame overtakes it. */
const REORDER_LIMIT_MS = 1_000;

/** One socket's way out, where the faults of the event side lie in wait. */
export interface FrameSender {
  event: (envelope: Envelope) => void;
  /** Heartbeats, pongs and system messages: only `silence` stops them. */
  control: (envelope: Envelope) => void;
  answer: (body: object) => void;
  raw: (text: string) => void;
  stop: () => void;
}

export function createFrameSender(world: World, socket: WebSocket): FrameSender {
  const timers = new Set<NodeJS.Timeout>();
  let heldBack: string | null = null;

  function write(text: string): void {
    if (socket.readyState === socket.OPEN) socket.send(text);
  }

  function later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  }

  function releaseHeldBack(): void {
    if (heldBack === null) return;
    const text = heldBack;
    heldBack = null;
    write(text);
  }

  function event(envelope: Envelope): void {
    const occasion = { on: 'event', path: envelope.topicName } as const;
    const strikes = (kind: Parameters<typeof strike>[1][number]) => strike(world, [kind], occasion);
    if (strikes('silence') || strikes('drop')) return;
    if (strikes('garbage')) write('{"topicName":"v2.users.');
    const body = strikes('malformed') ? malform(world, envelope.eventBody) : envelope.eventBody;
    const text = JSON.stringify({ ...envelope, eventBody: body });
    const copies = strikes('duplicate') ? 2 : 1;
    const delay = strikes('delay');
    const reorder = strikes('reorder');
    for (let copy = 0; copy < copies; copy += 1) {
      if (delay) later(delay.ms ?? 1000, () => write(text));
      else if (reorder && heldBack === null && copy === 0) {
        heldBack = text;
        later(REORDER_LIMIT_MS, releaseHeldBack);
      } else {
        write(text);
        releaseHeldBack();
      }
    }
  }

  const sayUnlessSilent = (topic: string, body: object): void => {
    if (!strike(world, ['silence'], { on: 'event', path: topic })) write(JSON.stringify(body));
  };

  return {
    event,
    control: (envelope) => sayUnlessSilent(envelope.topicName, envelope),
    answer: (body) => sayUnlessSilent('channel.metadata', body),
    raw: write,
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
