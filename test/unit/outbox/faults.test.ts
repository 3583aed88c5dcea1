import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../../domain/feed.ts';
import type { Wrapup } from '../../../domain/model/screenshare.ts';
import { timeoutWrapupCode } from '../../../domain/model/values.ts';
import { reading } from '../domain/known.ts';
import { at, ended, one, type Told } from '../domain/wire.ts';
import { runs } from '../size.ts';
import { createRig, refused, settled, unreachable, type Rig } from './rig.ts';

/**
 * A server that keeps one wrap-up, behind a network that loses requests and answers. `applied` counts the
 * requests that changed something: saying the same again changes nothing.
 */
interface Server {
  wrapup: Wrapup | null;
  isClosed: boolean;
  applied: number;
  received: number;
}

const faults = [
  'none',
  'lost',
  // A time-out or a 5xx after the server has done it.
  'answer lost',
  // 429, or 503 with Retry-After.
  'later',
  // 403, 404.
  'refused',
  'conflicting',
  // 202, and then nothing.
  'ignored',
  'broken',
] as const;
type Fault = (typeof faults)[number];
type Step =
  | { readonly kind: 'send'; readonly fault: Fault }
  | { readonly kind: 'ring' }
  | { readonly kind: 'event' }
  /** What was said `ago` changes ago arrives now: late, out of order, and often once more. */
  | { readonly kind: 'late'; readonly ago: number }
  | { readonly kind: 'clock'; readonly jump: number }
  | { readonly kind: 'link'; readonly live: boolean }
  | { readonly kind: 'unreadable'; readonly on: boolean }
  | { readonly kind: 'memory'; readonly full: boolean }
  /** By the server's time, or by the agent in another program. */
  | { readonly kind: 'closed'; readonly code: string }
  | { readonly kind: 'save'; readonly code: string }
  | { readonly kind: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ kind: 'ring' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      fault: fc.constantFrom(...faults),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'event' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('late' as const), ago: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), jump: fc.integer({ min: -300, max: 300 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('link' as const), live: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unreadable' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('memory' as const), full: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('closed' as const),
      code: fc.constantFrom(timeoutWrapupCode, 'code-2', 'code-3'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('save' as const), code: fc.constantFrom('code-1', 'code-2') }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
);

const conflicting: SendResult = {
  kind: 'refused',
  status: 409,
  code: 'conflict',
  reason: 'Something else is under way.',
};

const due = one({ leg: ended });
const key = due.key;

function factOf({ wrapup, isClosed }: Server): Told {
  const afterCallWork = isClosed
    ? { state: 'complete', endTime: at(40) }
    : { state: 'pending', startTime: at(15) };
  return { leg: { ...ended, afterCallWork, ...(wrapup ? { wrapup } : {}) } };
}

/** Plays a history and then lets the world be well again for as long as anything goes on. */
async function play(history: readonly Step[]): Promise<{ rig: Rig; server: Server }> {
  const server: Server = { wrapup: null, isClosed: false, applied: 0, received: 0 };
  const toCome: Fault[] = [];
  let unreadable = false;
  /** Everything the server ever had to say, in order. */
  const said: Told[] = [factOf(server)];

  function change(wrapup: Wrapup): void {
    server.wrapup = wrapup;
    server.isClosed = true;
    said.push(factOf(server));
  }

  function receive(fault: Fault, wrapup: Wrapup): SendResult {
    if (fault === 'broken') throw new Error('broken');
    if (fault === 'lost') return unreachable(true);
    if (fault === 'later') return { kind: 'later', retryAfterMs: 1000, reason: 'Too often.' };
    if (fault === 'refused') return refused;
    if (fault === 'conflicting') return conflicting;
    server.received += 1;
    if (fault === 'ignored') return { kind: 'accepted' };
    if (server.isClosed && server.wrapup?.code === wrapup.code) return { kind: 'accepted' };
    change(wrapup);
    server.applied += 1;
    return fault === 'answer lost' ? unreachable(true) : { kind: 'accepted' };
  }

  function connect(rig: Rig): Rig {
    rig.onReread = () => {
      if (unreadable) return false;
      rig.fact(factOf(server), 50);
      return true;
    };
    for (let tries = 0; tries < 200; tries += 1)
      rig.answers.push(() => {
        const { command } = rig.sent.at(-1) ?? {};
        if (command?.kind !== 'wrapUp') throw new Error('only wrap-ups are sent here');
        return receive(toCome.shift() ?? 'none', { code: command.code, notes: command.notes });
      });
    return rig;
  }

  let rig = connect(createRig([due]));
  await rig.write(key);
  await rig.outbox.submit(key);
  for (const one of history) {
    if (one.kind === 'send') toCome.push(one.fault);
    if (one.kind === 'ring') rig.schedule.ring();
    if (one.kind === 'event') rig.fact(factOf(server), 50);
    if (one.kind === 'unreadable') unreadable = one.on;
    if (one.kind === 'memory') rig.notebook.trouble = one.full ? 'full' : 'none';
    if (one.kind === 'link') {
      const link = one.live ? ({ kind: 'live' } as const) : ({ kind: 'stale' } as const);
      rig.store.update(() => ({ link }));
    }
    if (one.kind === 'late') rig.fact(said.at(-1 - one.ago) ?? factOf(server), 50);
    if (one.kind === 'clock') rig.now += one.jump;
    if (one.kind === 'closed' && !server.isClosed) change({ code: one.code });
    if (one.kind === 'save') {
      await rig.write(key, { code: one.code });
      await rig.outbox.submit(key);
    }
    if (one.kind === 'restart' && rig.notebook.trouble === 'none') {
      rig.schedule.ring('catch-up');
      await settled();
      rig.outbox.stop();
      rig.store.stop();
      const { decisions, drafts } = await rig.notebook.recollect();
      const { communications, link } = rig.store.model.getState();
      const notebook = rig.notebook;
      // What was still on its way to the old connection never reaches the new one.
      said.splice(0, said.length, factOf(server));
      rig = connect(
        createRig(
          Object.values(communications),
          { decisions, link, drafts: Object.fromEntries(drafts.map((draft) => [draft.key, draft])) },
          notebook,
        ),
      );
    }
    await settled();
  }
  toCome.length = 0;
  unreadable = false;
  rig.notebook.trouble = 'none';
  rig.store.update(() => ({ link: { kind: 'live' } }));
  for (let turn = 0; turn < 8; turn += 1) {
    rig.schedule.ring();
    await settled();
  }
  return { rig, server };
}

describe('whatever goes wrong on the way', () => {
  it('a decision takes effect once, or ends where the agent sees it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (history) => {
        const { rig, server } = await play(history);
        const decisions = [...rig.notebook.decisions.values()];
        const last = decisions.at(-1);
        const visible = reading(rig.store.model.getState(), 60).outbox.items.map(({ state }) => state);
        if (last?.state === 'confirmed') {
          expect(server.wrapup?.code).toBe(last.code);
          expect(visible).toEqual([]);
        } else {
          expect(['conflict', 'failed']).toContain(last?.state);
          expect(visible).toEqual([last?.state]);
        }
        // Earlier ones are out of the way, and nothing changed the server twice.
        for (const earlier of decisions.slice(0, -1))
          expect(['confirmed', 'dropped']).toContain(earlier.state);
        expect(server.applied).toBeLessThanOrEqual(decisions.length);
        // What is at hand and what is in the memory say the same.
        for (const { id, state, order } of rig.decisions())
          expect(rig.notebook.decisions.get(id)).toMatchObject({ state, order });
        expect(rig.store.model.getState().memory.health).toBe('ok');
        rig.outbox.stop();
        // It would go on looking at the clock, with all it holds.
        rig.store.stop();
      }),
      runs('HISTORIES', 150),
    );
  });

  it('a decision that nothing stands in the way of is confirmed by one request', async () => {
    const { rig, server } = await play([]);
    expect(rig.states()).toEqual(['confirmed']);
    expect(server).toMatchObject({ received: 1, applied: 1, wrapup: { code: 'code-1', notes: 'a note' } });
  });
});
