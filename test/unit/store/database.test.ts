import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExportedRecord } from '../../../domain/record.ts';
import { openMemory, type OpenedMemory } from '../../../electron/store/client.ts';
import {
  communication,
  decision,
  draft,
  fact,
  factOf,
  settled,
  temporaryFolder,
  testKey,
} from './examples.ts';
import { builtWorker } from './worker-file.ts';

const workerFile = builtWorker();

async function opened(folder: string): Promise<OpenedMemory> {
  const memory = await openMemory({ folder, key: testKey(), workerFile: workerFile() });
  onTestFinished(() => memory.close());
  return memory;
}

async function all(records: AsyncIterable<ExportedRecord>): Promise<ExportedRecord[]> {
  const list: ExportedRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

describe('facts and communications', () => {
  it('counts what it keeps, and gives it back after a restart, field for field', async () => {
    const folder = temporaryFolder();
    const memory = await opened(folder);
    const live = communication();
    expect(await memory.commit(fact(), [live])).toEqual({ records: 1, facts: 1, quarantined: 0 });
    const changed = { ...live, revisions: 4 };
    expect(await memory.commit(fact(), [changed])).toEqual({ records: 1, facts: 2, quarantined: 0 });
    expect(await memory.commit(fact({ body: '<html>', refusal: 'not JSON' }), [])).toEqual({
      records: 1,
      facts: 3,
      quarantined: 1,
    });
    await memory.close();

    const again = await opened(folder);
    expect(await again.recollect()).toEqual({
      open: [changed],
      drafts: [],
      decisions: [],
      last: null,
      lastDecision: null,
      summary: { records: 1, facts: 3, quarantined: 1 },
    });
    expect(await again.communicationsOf('conversation-1')).toEqual([changed]);
    expect(await again.communicationsOf('conversation-2')).toEqual([]);
  });

  it('keeps any text a hostile peer may send, and can still verify it', async () => {
    const memory = await opened(temporaryFolder());
    const strange = "a\0b \ud800 \u202e 😀 '; DROP TABLE journal; --";
    const changed = communication({ conversationId: strange, peerName: strange });
    await memory.commit(fact({ body: strange, subject: strange, refusal: strange }), []);
    await memory.commit({ ...factOf(changed), subject: strange }, [changed]);
    expect(await memory.communicationsOf(strange)).toEqual([changed]);
    expect(await memory.verify()).toEqual({
      whole: true,
      facts: 2,
      deleted: 0,
      records: 1,
      rebuilt: 1,
      notRebuilt: 0,
      derived: [],
      problems: [],
    });
  });

  it('takes nothing of a commit whose communication is malformed', async () => {
    const memory = await opened(temporaryFolder());
    const malformed = { ...communication(), revisions: -1 };
    await expect(memory.commit(fact(), [malformed])).rejects.toThrow(/commit: .*revisions/s);
    expect((await memory.recollect()).summary).toEqual({ records: 0, facts: 0, quarantined: 0 });
  });
});

describe('recollect', () => {
  it('knows what is open: live, wrap-up due, a draft or an unfinished decision, newest first', async () => {
    const memory = await opened(temporaryFolder());
    const at = (minute: number): string => `2025-03-04T10:0${minute}:00.000Z`;
    const live = communication({ communicationId: 'live', alertedAt: at(1) });
    const due = settled({ communicationId: 'due', alertedAt: at(2) });
    const wrapUpDue = {
      ...due,
      screenshare: { ...due.screenshare, wrapup: null, afterCallWork: { state: 'pending' } },
    };
    const drafted = settled({ communicationId: 'drafted', alertedAt: at(3) });
    const decided = settled({ communicationId: 'decided', alertedAt: at(4) });
    const done = settled({ communicationId: 'done', alertedAt: at(5) });
    await memory.commit(fact(), [live, wrapUpDue, drafted, decided, done]);
    await memory.saveDraft(draft({ key: drafted.key }));
    await memory.decide(decision({ key: decided.key }));

    const { open } = await memory.recollect();
    expect(open.map(({ communicationId }) => communicationId)).toEqual(['decided', 'drafted', 'due', 'live']);
  });

  it('names the communication that ended last, with what was decided about it', async () => {
    const memory = await opened(temporaryFolder());
    const ended = (communicationId: string, disconnectedTime: string): ReturnType<typeof settled> => {
      const base = settled({ communicationId });
      return { ...base, screenshare: { ...base.screenshare, disconnectedTime } };
    };
    const earlier = ended('earlier', '2025-03-04T11:00:00.000Z');
    const later = ended('later', '2025-03-04T13:00:00.000+01:00');
    await memory.commit(fact(), [later, earlier, communication({ communicationId: 'live' })]);
    const stored = await memory.decide(decision({ key: later.key }));
    await memory.updateDecision({ ...stored, state: 'confirmed' });

    const { last, lastDecision, decisions } = await memory.recollect();
    expect(last?.communicationId).toBe('later');
    expect(lastDecision).toMatchObject({ id: 'decision-1', state: 'confirmed' });
    expect(decisions).toEqual([]);
  });
});

describe('drafts and decisions', () => {
  it('never lets an older revision of a draft replace a newer one', async () => {
    const folder = temporaryFolder();
    const memory = await opened(folder);
    await memory.saveDraft(draft({ revision: 5, notes: 'newer' }));
    await memory.saveDraft(draft({ revision: 4, notes: 'older' }));
    await memory.close();
    const again = await opened(folder);
    expect((await again.recollect()).drafts).toEqual([draft({ revision: 5, notes: 'newer' })]);
    await again.saveDraft(draft({ revision: 6, notes: 'newest' }));
    expect((await again.recollect()).drafts).toEqual([draft({ revision: 6, notes: 'newest' })]);
  });

  it('decides once: gives the order, removes the draft, counts the code', async () => {
    const memory = await opened(temporaryFolder());
    await memory.saveDraft(draft());
    const first = await memory.decide(decision());
    const second = await memory.decide(
      decision({ id: 'decision-2', key: 'a/b/c', createdAt: '2025-03-05T08:00:00.000Z' }),
    );
    expect([first.order, second.order]).toEqual([1, 2]);
    expect(await memory.decide(decision({ notes: 'sent again' }))).toEqual(first);

    const { drafts, decisions } = await memory.recollect();
    expect(drafts).toEqual([]);
    expect(decisions).toEqual([first, second]);
    expect(await memory.codeUses()).toEqual([
      { code: 'code-1', uses: 2, lastUsedAt: '2025-03-05T08:00:00.000Z', favourite: false },
    ]);
  });

  it('counts no code for a skip', async () => {
    const memory = await opened(temporaryFolder());
    await memory.decide(decision({ kind: 'skip', code: null, name: null, notes: '' }));
    expect(await memory.codeUses()).toEqual([]);
  });

  it('replaces a decision by id and keeps its order; an unknown one is a mistake', async () => {
    const memory = await opened(temporaryFolder());
    const stored = await memory.decide(decision());
    await memory.updateDecision({
      ...stored,
      order: 99,
      state: 'conflict',
      theirs: { code: 'x', name: null, notes: null },
    });
    expect((await memory.recollect()).decisions).toEqual([
      { ...stored, state: 'conflict', theirs: { code: 'x', name: null, notes: null } },
    ]);
    await memory.updateDecision({ ...stored, state: 'dropped' });
    expect((await memory.recollect()).decisions).toEqual([]);
    await expect(memory.updateDecision({ ...stored, id: 'nobody' })).rejects.toThrow('no decision nobody');
  });
});

describe('codes', () => {
  it('caches the codes of each scope and replaces them', async () => {
    const memory = await opened(temporaryFolder());
    const codes = {
      codes: [{ id: 'code-1', name: 'Resolved', description: 'Done' }],
      fetchedAt: '2025-03-04T10:00:00.000Z',
    };
    await memory.cacheCodes('queue/1', codes);
    await memory.cacheCodes('queue/2', { ...codes, codes: [] });
    await memory.cacheCodes('queue/1', { ...codes, fetchedAt: '2025-03-05T10:00:00.000Z' });
    expect(await memory.cachedCodes('queue/1')).toEqual({ ...codes, fetchedAt: '2025-03-05T10:00:00.000Z' });
    expect(await memory.cachedCodes('queue/2')).toEqual({ ...codes, codes: [] });
    expect(await memory.cachedCodes('queue/3')).toBeNull();
  });

  it('pins a code that was never used, and keeps the pin while it is used', async () => {
    const memory = await opened(temporaryFolder());
    await memory.setFavourite('code-1', true);
    await memory.decide(decision());
    expect(await memory.codeUses()).toMatchObject([{ code: 'code-1', uses: 1, favourite: true }]);
    await memory.setFavourite('code-1', false);
    expect(await memory.codeUses()).toMatchObject([{ code: 'code-1', uses: 1, favourite: false }]);
  });
});

describe('records', () => {
  it('joins received, written and decided, in the order they happened, within a range', async () => {
    const memory = await opened(temporaryFolder());
    const day = (number: number): string => `2025-03-0${number}T10:00:00.000Z`;
    const one = settled({ communicationId: 'one', alertedAt: day(1) });
    const two = communication({ communicationId: 'two', alertedAt: day(2) });
    const { alertedAt: _unknown, ...three } = communication({
      communicationId: 'three',
      firstSeenAt: day(3),
    });
    await memory.commit(fact(), [three, two, one]);
    await memory.saveDraft(draft({ key: two.key, notes: 'being written' }));
    await memory.decide(decision({ key: three.key, notes: 'decided' }));

    const records = await all(memory.records({}));
    expect(records.map(({ screenshare, wrapup }) => [screenshare.id, wrapup?.state, wrapup?.notes])).toEqual([
      ['one', 'sent', 'all well'],
      ['two', 'draft', 'being written'],
      ['three', 'waiting', 'decided'],
    ]);
    const range = { since: Date.parse(day(2)), until: Date.parse(day(3)) };
    expect((await all(memory.records(range))).map(({ screenshare }) => screenshare.id)).toEqual(['two']);
  });

  it('pages through more records than one page holds, each once', async () => {
    const memory = await opened(temporaryFolder());
    const many = Array.from({ length: 1_203 }, (_, index) => settled({ communicationId: `c${index}` }));
    await memory.commit(fact(), many);
    const ids = (await all(memory.records({}))).map(({ screenshare }) => screenshare.id);
    expect(ids).toHaveLength(1_203);
    expect(new Set(ids).size).toBe(1_203);
  });
});
