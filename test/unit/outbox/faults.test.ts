import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../domain/submissions.ts';
import { systemCodeOf, timeoutWrapupCode } from '../../../domain/model/values.ts';
import { reading } from '../domain/known.ts';
import { runs } from '../size.ts';
import { createRig, settled, type Rig } from './rig.ts';
import {
  close,
  createShare,
  faults,
  now,
  otherNews,
  receive,
  withoutNotes,
  type Fault,
  type Share,
} from './world.ts';

/**
 * A server that keeps two shares of one conversation, behind a network that loses requests and answers, and
 * an agent who decides, skips, chooses and restarts meanwhile. `which` is the share a step is about.
 */
type Step =
  | { readonly kind: 'send'; readonly fault: Fault }
  | { readonly kind: 'ring' }
  | { readonly kind: 'event'; readonly which: number }
  /** An event that leaves notes out. */
  | { readonly kind: 'bare'; readonly which: number }
  /** An event about something else. */
  | { readonly kind: 'other'; readonly which: number }
  /** What was said `ago` changes ago arrives now: late, out of order, and often once more. */
  | { readonly kind: 'late'; readonly which: number; readonly ago: number }
  /** From now on every reading brings other news too. */
  | { readonly kind: 'chatty' }
  | { readonly kind: 'clock'; readonly jump: number }
  | { readonly kind: 'link'; readonly live: boolean }
  | { readonly kind: 'unreadable'; readonly on: boolean }
  | { readonly kind: 'memory'; readonly full: boolean }
  /** By the server's time, or by the agent in another program. */
  | { readonly kind: 'closed'; readonly which: number; readonly code: string | null }
  | { readonly kind: 'save'; readonly which: number; readonly code: string }
  | { readonly kind: 'skip'; readonly which: number }
  | { readonly kind: 'choose'; readonly which: number; readonly mine: boolean }
  | { readonly kind: 'restart' }
  /** These are never well again. */
  | { readonly kind: 'poison'; readonly which: number }
  | { readonly kind: 'forbidden' };

const which = fc.nat({ max: 1 });
const always = <Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind }> => fc.constant({ kind });
const about = <Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind; which: number }> =>
  fc.record({ kind: fc.constant(kind), which });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: always('ring') },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('send' as const), fault: fc.constantFrom(...faults) }),
  },
  { weight: 4, arbitrary: about('event') },
  { weight: 4, arbitrary: about('bare') },
  { weight: 4, arbitrary: about('other') },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('late' as const), which, ago: fc.nat({ max: 3 }) }),
  },
  { weight: 2, arbitrary: always('chatty') },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), jump: fc.integer({ min: -300, max: 300 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('link' as const), live: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('unreadable' as const), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('memory' as const), full: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('closed' as const),
      which,
      code: fc.constantFrom(timeoutWrapupCode, 'code-1', 'code-2', 'code-3', null),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      which,
      code: fc.constantFrom('code-1', 'code-2'),
    }),
  },
  { weight: 2, arbitrary: about('skip') },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('choose' as const), which, mine: fc.boolean() }) },
  { weight: 2, arbitrary: always('restart') },
  { weight: 1, arbitrary: about('poison') },
  { weight: 1, arbitrary: always('forbidden') },
);

interface Played {
  readonly rig: Rig;
  readonly shares: readonly Share[];
  /** By share: how often the agent let their own version be sent again. */
  readonly chosen: readonly number[];
  /** There were times when nothing could be read: then an event had to do. */
  readonly wasUnreadable: boolean;
}

/** Turns in which everything is well again; what has not ended by then never will. */
const turns = 60;

/** Plays a history and then lets the world be well again for as long as anything goes on. */
async function play(history: readonly Step[]): Promise<Played> {
  const shares = [createShare('participant', 1), createShare('communication', 2)];
  const chosen = shares.map(() => 0);
  const toCome: Fault[] = [];
  let isUnreadable = false;
  let isForbidden = false;
  let isChatty = false;
  let wasUnreadable = false;
  let count = 0;

  function share(index: number): Share {
    const found = shares[index];
    if (!found) throw new Error(`There is no share ${index}`);
    return found;
  }

  function connect(rig: Rig): Rig {
    rig.onReread = () => {
      if (isUnreadable || isForbidden) return false;
      for (const one of shares) rig.fact(now(one), 50);
      if (isChatty) for (const one of shares) rig.fact(otherNews(one, (count += 1)), 50);
      return true;
    };
    for (let tries = 0; tries < 400; tries += 1)
      rig.answers.push(() => {
        const { target, command } = rig.sent.at(-1) ?? {};
        const asked = shares.find(
          ({ communication }) => communication.participantId === target?.participantId,
        );
        if (!target || !command || !asked) throw new Error('Only submissions about these are sent here');
        if (command.kind === 'wrapUp') expect(command.level).toBe(asked.level);
        return receive(asked, target, command, toCome.shift() ?? 'none');
      });
    return rig;
  }

  let rig = connect(createRig(shares.map(({ communication }) => communication)));
  const keyOf = (index: number): string => share(index).communication.key;

  async function save(index: number, code: string): Promise<void> {
    await rig.write(keyOf(index), { code, notes: `a note on ${code}` });
    await rig.outbox.submit(keyOf(index));
  }

  async function restart(): Promise<void> {
    await rig.outbox.lastTry();
    await settled();
    rig.outbox.stop();
    rig.store.stop();
    const { submissions, drafts } = await rig.notebook.recollect();
    const { communications, link } = rig.store.model.getState();
    const known = { submissions, link, drafts: Object.fromEntries(drafts.map((one) => [one.key, one])) };
    // What was still on its way to the old connection never reaches the new one.
    for (const { said } of shares) said.splice(0, said.length - 1);
    rig = connect(createRig(Object.values(communications), known, rig.notebook));
  }

  async function go(one: Step): Promise<void> {
    switch (one.kind) {
      case 'send':
        toCome.push(one.fault);
        return;
      case 'ring':
        rig.clock.ring();
        return;
      case 'event':
        rig.fact(now(share(one.which)), 50);
        return;
      case 'bare':
        rig.fact(withoutNotes(now(share(one.which))), 50);
        return;
      case 'other':
        rig.fact(otherNews(share(one.which), (count += 1)), 50);
        return;
      case 'late': {
        const { said } = share(one.which);
        rig.fact(said.at(-1 - one.ago) ?? now(share(one.which)), 50);
        return;
      }
      case 'chatty':
        isChatty = true;
        return;
      case 'clock':
        rig.now += one.jump;
        return;
      case 'link':
        rig.store.update(() => ({ link: one.live ? { kind: 'live' } : { kind: 'stale' } }));
        return;
      case 'unreadable':
        isUnreadable = one.on;
        wasUnreadable ||= one.on;
        return;
      case 'memory':
        rig.notebook.trouble = one.full ? 'full' : 'none';
        return;
      case 'closed': {
        const closing = share(one.which);
        if (closing.isClosed) return;
        close(closing, one.code === null ? null : { code: one.code });
        closing.isDeaf = one.code === null;
        return;
      }
      case 'save':
        return save(one.which, one.code);
      case 'skip':
        await rig.outbox.skip(keyOf(one.which));
        return;
      case 'choose': {
        const answer = await rig.outbox[one.mine ? 'sendMine' : 'keepTheirs'](keyOf(one.which));
        if (answer.ok && one.mine) chosen[one.which] = (chosen[one.which] ?? 0) + 1;
        return;
      }
      case 'restart':
        return rig.notebook.trouble === 'none' ? restart() : undefined;
      case 'poison':
        share(one.which).isPoisoned = true;
        return;
      case 'forbidden':
        isForbidden = true;
        wasUnreadable = true;
        return;
    }
  }

  await save(0, 'code-1');
  for (const one of history) {
    await go(one);
    await settled();
  }
  toCome.length = 0;
  isUnreadable = false;
  rig.notebook.trouble = 'none';
  rig.store.update(() => ({ link: { kind: 'live' } }));
  await settled();
  for (let turn = 0; turn < turns && rig.clock.waiting().length > 0; turn += 1) {
    rig.clock.ring();
    await settled();
  }
  return { rig, shares, chosen, wasUnreadable };
}

function expectEnded(played: Played, share: Share, submission: Submission): void {
  const { wrapup, isClosed, isSkipped, isPoisoned } = share;
  if (submission.state === 'confirmed' && submission.kind === 'skip') {
    // A code of the system says no more than that nobody chose one.
    expect(isSkipped || (isClosed && (wrapup === null || systemCodeOf(wrapup.code) !== null))).toBe(true);
    return;
  }
  if (submission.state === 'confirmed') {
    expect(wrapup?.code).toBe(submission.code);
    if (!played.wasUnreadable) expect(wrapup?.notes ?? '').toBe(submission.notes);
    return;
  }
  // What the server can never take goes on being offered, and says why it waits.
  if (isPoisoned && submission.state === 'waiting') expect(submission.problem).not.toBeNull();
  else expect(['conflict', 'failed', 'dropped']).toContain(submission.state);
}

describe('whatever goes wrong on the way', () => {
  it('a submission takes effect once, or ends where the agent sees it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 18 }), async (history) => {
        const played = await play(history);
        const { rig, shares, chosen } = played;
        const items = reading(rig.store.model.getState(), 60).outbox.items;
        shares.forEach((share, index) => {
          const { key } = share.communication;
          const submissions = [...rig.notebook.submissions.values()].filter((one) => one.key === key);
          const last = submissions.at(-1);
          const visible = items.filter((item) => item.key === key).map(({ state }) => state);
          if (last) expectEnded(played, share, last);
          const isOver = !last || last.state === 'confirmed' || last.state === 'dropped';
          expect(visible).toEqual(isOver ? [] : [last.state]);
          // Earlier ones are out of the way, and nothing changed the server twice.
          for (const earlier of submissions.slice(0, -1))
            expect(['confirmed', 'dropped']).toContain(earlier.state);
          expect(share.applied).toBeLessThanOrEqual(submissions.length + (chosen[index] ?? 0));
        });
        // What is at hand and what is in the database say the same.
        for (const { id, state, order } of rig.submissions())
          expect(rig.notebook.submissions.get(id)).toMatchObject({ state, order });
        expect(rig.store.model.getState().database.health).toBe('ok');
        rig.outbox.stop();
        // It would go on looking at the clock, with all it holds.
        rig.store.stop();
      }),
      runs('HISTORIES', 150),
    );
  });

  it('a submission that nothing stands in the way of is confirmed by one request', async () => {
    const { rig, shares } = await play([]);
    expect(rig.states()).toEqual(['confirmed']);
    expect(shares[0]).toMatchObject({
      received: 1,
      applied: 1,
      wrapup: { code: 'code-1', notes: 'a note on code-1' },
    });
  });
});
