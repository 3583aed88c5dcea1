import { describe, expect, it } from 'vitest';
import { startPeriodicReading } from '../../../electron/tracker/rereads.ts';
import { done, refused } from '../../../domain/toolbox/result.ts';
import { conversation, live } from '../domain/wire.ts';
import { arrival, createRig, settled, type Rig } from './rig.ts';

/** How something whose end was not heard is settled, and what is claimed until then. */

const sharing = conversation({ leg: { ...live, sharing: true } });
const key = 'conversation-1/participant-1/leg-1';

const head = (rig: Rig): string => rig.store.app.getState().status.title;
const footer = (rig: Rig): string => rig.store.app.getState().link.words;

/** On air by an event, and live. */
async function onAir(): Promise<Rig> {
  const rig = createRig();
  await rig.tracker.arrived(arrival(sharing, 'socket'));
  await rig.pass(10);
  expect([head(rig), footer(rig)]).toEqual(['You are sharing', 'Live']);
  rig.rereads.length = 0;
  rig.relists = 0;
  return rig;
}

describe('a role that may not read single conversations', () => {
  it('has what a complete listing lacks settled as ended out of sight, and nothing is asked any more', async () => {
    const rig = await onAir();
    rig.onReread = () => 'forbidden';
    await rig.tracker.listed([], true);
    await settled();
    expect([head(rig), footer(rig)]).toEqual(['Not sharing', 'Live']);
    expect(rig.notebook.communications.get(key)).toMatchObject({ gone: true });
    expect(rig.notebook.journal.at(-1)).toMatchObject({ source: 'rest', body: '{"status":403}' });
    const asked = rig.rereads.length + rig.relists;
    await rig.pass(600);
    expect(rig.rereads.length + rig.relists).toBe(asked);
  });

  it('has nothing settled by a listing that may not be whole: head and footer say so', async () => {
    const rig = await onAir();
    rig.onReread = () => 'forbidden';
    await rig.tracker.listed([], false);
    expect([head(rig), footer(rig)]).toEqual(['Sharing – not confirmed', 'Checking with Genesys']);
    rig.onRelist = () => rig.tracker.listed([], true).then(() => done);
    await rig.pass(60);
    expect([head(rig), footer(rig)]).toEqual(['Not sharing', 'Live']);
  });

  it('has an alert that has only just come left alone: the listing may be behind', async () => {
    const rig = createRig();
    rig.onReread = () => 'forbidden';
    rig.onRelist = () => rig.tracker.listed([], true).then(() => done);
    await rig.tracker.arrived(arrival(sharing, 'socket'));
    await rig.pass(1);
    expect(head(rig)).toBe('Sharing – not confirmed');
    rig.onRelist = async () => {
      await rig.tracker.arrived(arrival(sharing, 'rest', rig.now));
      await rig.tracker.listed(['conversation-1'], true);
      return done;
    };
    await rig.pass(60);
    expect([head(rig), footer(rig)]).toEqual(['You are sharing', 'Live']);
  });

  it('has its events checked by the listing, and is not asked for each of them what it may not read', async () => {
    const rig = await onAir();
    rig.onReread = () => 'forbidden';
    const stopped = conversation({ leg: live });
    rig.onRelist = async () => {
      await rig.tracker.arrived(arrival(stopped, 'rest', rig.now));
      await rig.tracker.listed(['conversation-1'], true);
      return done;
    };
    await rig.tracker.arrived(arrival(stopped, 'socket', rig.now));
    await rig.pass(5);
    await rig.tracker.arrived(arrival(sharing, 'socket', rig.now));
    await rig.pass(5);
    // It came late: the listing knows better.
    expect(head(rig)).toBe('Connected');
    expect(rig.rereads).toHaveLength(1);
    expect(rig.relists).toBe(2);
  });
});

describe('an answer that is no conversation', () => {
  it('changes nothing and leaves what it was about unconfirmed, until one can be read', async () => {
    const rig = await onAir();
    rig.onReread = () => 'unreadable';
    await rig.tracker.listed([], true);
    expect([head(rig), footer(rig)]).toEqual(['Sharing – not confirmed', 'Checking with Genesys']);
    await rig.pass(120);
    expect(head(rig)).toBe('Sharing – not confirmed');
    rig.onReread = async () => {
      await rig.tracker.arrived(arrival(sharing, 'rest', rig.now));
      return true;
    };
    await rig.pass(60);
    expect([head(rig), footer(rig)]).toEqual(['You are sharing', 'Live']);
  });

  it('after an event is no confirmation of it', async () => {
    const rig = createRig();
    rig.onReread = () => 'unreadable';
    await rig.tracker.arrived(arrival(sharing, 'socket'));
    await rig.pass(1);
    expect([head(rig), footer(rig)]).toEqual(['Sharing – not confirmed', 'Checking with Genesys']);
  });

  it('is kept once, however often the same comes', async () => {
    const rig = await onAir();
    const before = rig.notebook.journal.length;
    for (let times = 0; times < 3; times += 1) {
      const content = { kind: 'unreadable', reason: 'No conversation.' } as const;
      await rig.tracker.arrived({ ...arrival({}), content });
    }
    expect(rig.notebook.journal).toHaveLength(before + 1);
  });
});

describe('a listing that cannot be read, every minute', () => {
  async function reading(rig: Rig): Promise<void> {
    startPeriodicReading({
      store: rig.store,
      relist: async () => {
        rig.relists += 1;
        return rig.onRelist();
      },
      clock: rig.clock,
    });
    await settled();
  }

  it.each([
    ['on air', sharing, 'Sharing – not confirmed', 'You are sharing'],
    ['with nothing going on', null, 'Not sharing – not confirmed', 'Not sharing'],
  ])(
    '%s confirms nothing, and is asked for again before the next minute',
    async (_what, fact, title, then) => {
      const rig = createRig();
      if (fact) await rig.tracker.arrived(arrival(fact));
      await reading(rig);
      rig.onRelist = () => refused('Genesys Cloud sent conversations in an unexpected form.');
      await rig.pass(61);
      expect(rig.store.app.getState()).toMatchObject({
        status: { title, confirmed: false },
        link: { freshness: 'stale', detail: 'Genesys Cloud sent conversations in an unexpected form.' },
      });
      expect(rig.store.app.getState().status.detail).toContain('Last confirmed');
      await rig.pass(10);
      expect(rig.relists).toBeGreaterThan(1);
      rig.onRelist = async () => {
        if (fact) await rig.tracker.arrived(arrival(fact, 'rest', rig.now));
        await rig.tracker.listed(fact ? ['conversation-1'] : [], true);
        return done;
      };
      await rig.pass(60);
      expect([head(rig), footer(rig)]).toEqual([then, 'Live']);
    },
  );

  it('leaves room: pauses grow to a minute', async () => {
    const rig = createRig();
    await reading(rig);
    rig.onRelist = () => refused('no');
    await rig.pass(600);
    expect(rig.relists).toBeLessThan(20);
  });

  it('with an entry that is no conversation may hide a share', async () => {
    const rig = createRig();
    await rig.tracker.listed([], false);
    expect([head(rig), footer(rig)]).toEqual(['Not sharing – not confirmed', 'Checking with Genesys']);
    await rig.tracker.listed([], true);
    expect([head(rig), footer(rig)]).toEqual(['Not sharing', 'Live']);
  });
});
