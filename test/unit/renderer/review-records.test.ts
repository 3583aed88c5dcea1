import { beforeEach, describe, expect, it } from 'vitest';
import type { CallArguments, CallReplies, Reply } from '../../../domain/ipc/contract.ts';
import type { Listing } from '../../../domain/review/record-listing.ts';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { createRecords, lineAt, pageSize, type Records } from '../../../renderer/review/record-pages.ts';

type Find = CallArguments['findRecords'][0];

/** Main with that many records, newest first, which answers when it is told to. */
function desk(count: number) {
  const world = {
    keys: Array.from({ length: count }, (_, at) => `r${count - at}`),
    refusing: false,
    /** Records the list does not have as they are now. */
    behind: 0,
    /** So many of the next answers are left out for something that was asked later. */
    leavingOut: 0,
  };
  const asked: Find[] = [];
  const held: (() => void)[] = [];
  let holding = false;
  const answer = <Value>(value: () => Value): Promise<Reply<Value>> => {
    const reply = (): Reply<Value> => {
      if (world.leavingOut > 0) {
        world.leavingOut -= 1;
        return { ok: false, reason: 'Something else was asked for meanwhile', superseded: true };
      }
      return world.refusing ? { ok: false, reason: 'Paused.' } : { ok: true, value: value() };
    };
    if (!holding) return Promise.resolve(reply());
    return new Promise((resolve) => held.push(() => resolve(reply())));
  };
  const matching = ({ words }: { readonly words: readonly string[] }): string[] =>
    world.keys.filter((key) => words.every((word) => key.startsWith(word)));
  const records = createRecords({
    findRecords: (page) => {
      asked.push(page);
      return answer<CallReplies['findRecords']>(() => ({
        from: page.from,
        behind: world.behind,
        lines: matching(page.query)
          .slice(page.from, page.from + page.count)
          .map((key) => ({ key }) as Listing),
      }));
    },
    countRecords: ({ query }) => answer(() => matching(query).length),
  });
  return {
    records,
    world,
    asked,
    hold: () => (holding = true),
    release: async () => {
      holding = false;
      for (const let_go of held.splice(0)) let_go();
      await settled();
    },
  };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const looking = (...words: string[]) => ({ ...everything, words });
const view = (records: Records) => records.store.getState();
const keyAt = (records: Records, row: number): string | undefined => lineAt(view(records), row)?.key;

describe('the records of the archive', () => {
  /** An archive with that many records, which gives so many at a time. */
  function archive(count: number, atOnce = 97) {
    const asked: number[] = [];
    const world = { problem: '' };
    let known = 0;
    const records = createRecords({
      findRecords: ({ from, count: most }) => {
        asked.push(from);
        if (world.problem !== '') return Promise.resolve({ ok: false, reason: world.problem });
        while (known < Math.min(from + most, count)) known = Math.min(known + atOnce, count);
        return Promise.resolve({
          ok: true,
          value: {
            from,
            behind: 0,
            lines: Array.from(
              { length: Math.max(0, Math.min(most, known - from)) },
              (_, at) => ({ key: `r${from + at}` }) as Listing,
            ),
            archive: { known, rest: known < count ? 'more' : 'none', unread: 0, missing: 0 },
          },
        });
      },
      countRecords: () => Promise.resolve({ ok: true, value: known }),
    });
    return { records, asked, world };
  }

  it('are read on as somebody nears their end, and never counted before', async () => {
    const { records, asked } = archive(240);
    records.search(everything, newestFirst);
    await settled();
    expect(view(records)).toMatchObject({ state: 'ready', rows: 97, counted: false });
    records.want(0, 20);
    await settled();
    expect(asked).toEqual([0]);
    records.want(80, 97);
    await settled();
    expect(view(records)).toMatchObject({ rows: 194, counted: false });
    expect(keyAt(records, 96)).toBe('r96');
    expect(keyAt(records, 99)).toBe('r99');
    records.want(180, 194);
    await settled();
    expect(view(records)).toMatchObject({ rows: 240, counted: true });
    records.want(220, 240);
    await settled();
    expect(keyAt(records, 239)).toBe('r239');
    expect(asked).toEqual([0, 75, 175, 200, 225]);
  });

  it('are read on where the last of them fill a page', async () => {
    const { records, asked } = archive(150, 100);
    records.search(everything, newestFirst);
    await settled();
    records.want(80, 95);
    await settled();
    expect(asked).toEqual([0, 75, 100]);
    expect(view(records)).toMatchObject({ rows: 150, counted: true });
  });

  it('take the place of those of the desk at once, also where they cannot be read', async () => {
    const { records, world } = archive(10);
    records.search(everything, newestFirst);
    await settled();
    world.problem = 'The archive is away.';
    records.clear();
    records.search(everything, newestFirst);
    expect(view(records)).toMatchObject({ state: 'loading', rows: 0 });
    expect(keyAt(records, 0)).toBeUndefined();
    await settled();
    expect(view(records)).toMatchObject({ state: 'failed', problem: 'The archive is away.', rows: 0 });
    world.problem = '';
    records.tryAgain();
    await settled();
    expect(view(records)).toMatchObject({ state: 'ready', problem: '', rows: 10, counted: true });
  });
});

describe('the records of the list', () => {
  let main: ReturnType<typeof desk>;
  beforeEach(async () => {
    main = desk(1000);
    main.records.search(everything, newestFirst);
    await settled();
  });

  it('are counted, and read a page at a time as they come in sight', async () => {
    const { records, asked } = main;
    expect(view(records)).toMatchObject({ state: 'ready', rows: 1000, counted: true, search: 1 });
    expect(keyAt(records, 0)).toBe('r1000');
    expect(keyAt(records, 500)).toBeUndefined();
    records.want(495, 510);
    records.want(495, 511);
    await settled();
    expect(keyAt(records, 495)).toBe('r505');
    expect(keyAt(records, 510)).toBe('r490');
    // Each page once.
    expect(asked.map(({ from }) => from)).toEqual([0, 475, 500]);
    records.want(0, 10);
    await settled();
    expect(asked).toHaveLength(3);
  });

  it('skip what was scrolled past before anybody could read it', async () => {
    const { records, asked, hold, release } = main;
    hold();
    for (let row = 100; row < 900; row += 100) records.want(row, row + 10);
    await release();
    expect(asked.map(({ from }) => from)).toEqual([0, 100, 200, 800]);
    expect(keyAt(records, 805)).toBe('r195');
  });

  it('show the search that was typed last, and only one is under way', async () => {
    const { records, asked, hold, release } = main;
    hold();
    for (const word of ['r', 'r1', 'r10', 'r100']) records.search(looking(word), newestFirst);
    expect(asked).toHaveLength(2);
    // What was shown stays until there is something else.
    expect(keyAt(records, 0)).toBe('r1000');
    await release();
    expect(asked.slice(1).map(({ query }) => query.words)).toEqual([['r'], ['r100']]);
    expect(view(records)).toMatchObject({ rows: 2, counted: true, search: 3 });
  });

  it('are not mixed with those of another search', async () => {
    const { records, hold, release } = main;
    hold();
    records.want(500, 510);
    records.search(looking('r9'), newestFirst);
    await release();
    expect(keyAt(records, 0)).toBe('r999');
    expect(keyAt(records, 500)).toBeUndefined();
    expect(view(records).rows).toBe(111);
  });

  it('stay where they are while others come and go before them', async () => {
    const { records, world } = main;
    records.want(250, 260);
    await settled();
    world.keys = ['new3', 'new2', 'new1', ...world.keys.filter((key) => key !== 'r999')];
    const places = [
      { key: keyAt(records, 250) ?? '', row: 250 },
      { key: 'r998', row: 2 },
      { key: 'r999', row: 1 },
    ];
    const found = await records.refresh(() => places);
    expect(Object.fromEntries(found ?? [])).toEqual({ r998: 4, r750: 252 });
    expect(view(records)).toMatchObject({ rows: 1002, search: 1 });
    expect(keyAt(records, 252)).toBe('r750');
  });

  it('keep what they have when they cannot be read, and go on when asked to', async () => {
    const { records, world } = main;
    world.refusing = true;
    records.want(500, 510);
    await settled();
    expect(view(records)).toMatchObject({ state: 'ready', problem: 'Paused.', rows: 1000 });
    records.search(looking('r77'), newestFirst);
    await settled();
    expect(keyAt(records, 0)).toBe('r1000');
    world.refusing = false;
    records.tryAgain();
    await settled();
    expect(view(records)).toMatchObject({ problem: '', rows: 11 });
    expect(keyAt(records, 0)).toBe('r779');
  });

  it('are looked for again after the search that was under way', async () => {
    const { records, asked, hold, release } = main;
    hold();
    records.search(looking('r9'), newestFirst);
    const refreshed = records.refresh(() => []);
    await release();
    await refreshed;
    expect(asked.slice(1).map(({ query }) => query.words)).toEqual([['r9'], ['r9']]);
    expect(view(records)).toMatchObject({ rows: 111, counted: true, search: 2 });
  });

  it('are read again with the search that came between', async () => {
    const { records, world, hold, release } = main;
    hold();
    const refreshed = records.refresh(() => []);
    records.search(looking('r9'), newestFirst);
    await settled();
    world.keys = ['r9-new', ...world.keys];
    await release();
    expect(await refreshed).not.toBeNull();
    expect(view(records)).toMatchObject({ rows: 112, counted: true, search: 2, problem: '' });
    expect(keyAt(records, 0)).toBe('r9-new');
  });

  it('say nothing of what was left out for something else, and show what was asked for in the end', async () => {
    const { records, world } = main;
    // Scrolled through the list that goes, while the next search is on its way.
    world.leavingOut = 1;
    records.want(500, 510);
    records.search(looking('r9'), newestFirst);
    await settled();
    expect(view(records)).toMatchObject({ problem: '', rows: 111, search: 2 });
    world.leavingOut = 1;
    records.search(looking('r8'), newestFirst);
    await settled();
    expect(view(records)).toMatchObject({ problem: '', rows: 111, search: 3 });
    expect(keyAt(records, 0)).toBe('r899');
    world.leavingOut = 1;
    expect(await records.refresh(() => [])).not.toBeNull();
    expect(view(records)).toMatchObject({ problem: '', rows: 111 });
  });

  it('tell how many are behind, by the last answer', async () => {
    const { records, world } = main;
    expect(view(records).behind).toBe(0);
    world.behind = 7;
    records.want(500, 510);
    await settled();
    expect(view(records).behind).toBe(7);
    world.behind = 3;
    await records.refresh(() => []);
    expect(view(records).behind).toBe(3);
    world.behind = 0;
    records.search(looking('r9'), newestFirst);
    await settled();
    expect(view(records).behind).toBe(0);
  });

  it('tell that nothing could be read again, and why', async () => {
    const { records, world } = main;
    world.refusing = true;
    expect(await records.refresh(() => [])).toBeNull();
    expect(view(records)).toMatchObject({ problem: 'Paused.', rows: 1000 });
  });
});

describe('the first look', () => {
  it('fails with words, and can be tried again', async () => {
    const main = desk(3);
    main.world.refusing = true;
    main.records.search(everything, newestFirst);
    await settled();
    expect(view(main.records)).toMatchObject({ state: 'failed', problem: 'Paused.' });
    main.world.refusing = false;
    main.records.tryAgain();
    expect(view(main.records).state).toBe('loading');
    await settled();
    expect(view(main.records)).toMatchObject({ state: 'ready', rows: 3, counted: true });
  });

  it('knows a page that is full is not all', async () => {
    const main = desk(pageSize);
    main.hold();
    main.records.search(everything, newestFirst);
    await main.release();
    expect(view(main.records)).toMatchObject({ rows: pageSize, counted: true });
  });
});
