import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import type { Submission } from '../../../domain/submissions.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import {
  communication,
  submission,
  draft,
  fact,
  factOf,
  settled,
  temporaryFolder,
  testKey,
} from './examples.ts';
import { builtWorker } from './worker-file.ts';

const workerFile = builtWorker();

async function opened(folder: string): Promise<OpenedDatabase> {
  const database = await openDatabase({ folder, key: testKey(), workerFile: workerFile() });
  onTestFinished(() => database.close());
  return database;
}

async function all(records: AsyncIterable<ExportedRecord>): Promise<ExportedRecord[]> {
  const list: ExportedRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

describe('facts and communications', () => {
  it('counts what it keeps, and gives it back after a restart, field for field', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    const live = communication();
    expect(await database.commit(fact(), [live])).toEqual({ records: 1, facts: 1, quarantined: 0 });
    const changed = { ...live, revisions: 4 };
    expect(await database.commit(fact(), [changed])).toEqual({ records: 1, facts: 2, quarantined: 0 });
    expect(await database.commit(fact({ body: '<html>', refusal: 'not JSON' }), [])).toEqual({
      records: 1,
      facts: 3,
      quarantined: 1,
    });
    await database.close();

    const again = await opened(folder);
    expect(await again.recollect()).toEqual({
      open: [changed],
      drafts: [],
      submissions: [],
      last: null,
      lastSubmission: null,
      summary: { records: 1, facts: 3, quarantined: 1 },
    });
    expect(await again.communicationsOf('conversation-1')).toEqual([changed]);
    expect(await again.communicationsOf('conversation-2')).toEqual([]);
  });

  it('keeps any text a hostile peer may send, and can still verify it', async () => {
    const database = await opened(temporaryFolder());
    const strange = "a\0b \ud800 \u202e 😀 '; DROP TABLE journal; --";
    const changed = communication({ conversationId: strange, peerName: strange });
    await database.commit(fact({ body: strange, subject: strange, refusal: strange }), []);
    await database.commit({ ...factOf(changed), subject: strange }, [changed]);
    expect(await database.communicationsOf(strange)).toEqual([changed]);
    expect(await database.verify()).toEqual({
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
    const database = await opened(temporaryFolder());
    const malformed = { ...communication(), revisions: -1 };
    await expect(database.commit(fact(), [malformed])).rejects.toThrow(/commit: .*revisions/s);
    expect((await database.recollect()).summary).toEqual({ records: 0, facts: 0, quarantined: 0 });
  });
});

describe('recollect', () => {
  it('knows what is open: live, wrap-up due, a draft or an unfinished submission, newest first', async () => {
    const database = await opened(temporaryFolder());
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
    await database.commit(fact(), [live, wrapUpDue, drafted, decided, done]);
    await database.saveDraft(draft({ key: drafted.key }));
    await database.decide(submission({ key: decided.key }));

    const { open } = await database.recollect();
    expect(open.map(({ communicationId }) => communicationId)).toEqual(['decided', 'drafted', 'due', 'live']);
  });

  it('names the communication that ended last, with what was decided about it', async () => {
    const database = await opened(temporaryFolder());
    const ended = (communicationId: string, disconnectedTime: string): ReturnType<typeof settled> => {
      const base = settled({ communicationId });
      return { ...base, screenshare: { ...base.screenshare, disconnectedTime } };
    };
    const earlier = ended('earlier', '2025-03-04T11:00:00.000Z');
    const later = ended('later', '2025-03-04T13:00:00.000+01:00');
    await database.commit(fact(), [later, earlier, communication({ communicationId: 'live' })]);
    const stored = await database.decide(submission({ key: later.key }));
    await database.updateSubmission({ ...stored, state: 'confirmed' });

    const { last, lastSubmission, submissions } = await database.recollect();
    expect(last?.communicationId).toBe('later');
    expect(lastSubmission).toMatchObject({ id: 'submission-1', state: 'confirmed' });
    expect(submissions).toEqual([]);
  });
});

describe('drafts and submissions', () => {
  it('never lets an older revision of a draft replace a newer one', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    await database.saveDraft(draft({ revision: 5, notes: 'newer' }));
    await database.saveDraft(draft({ revision: 4, notes: 'older' }));
    await database.close();
    const again = await opened(folder);
    expect((await again.recollect()).drafts).toEqual([draft({ revision: 5, notes: 'newer' })]);
    await again.saveDraft(draft({ revision: 6, notes: 'newest' }));
    expect((await again.recollect()).drafts).toEqual([draft({ revision: 6, notes: 'newest' })]);
  });

  it('keeps no blank draft: one that was erased is removed', async () => {
    const database = await opened(temporaryFolder());
    await database.saveDraft(draft({ revision: 5 }));
    await database.saveDraft(draft({ revision: 4, code: null, notes: '' }));
    expect((await database.recollect()).drafts).toEqual([draft({ revision: 5 })]);
    await database.saveDraft(draft({ revision: 6, code: null, notes: '' }));
    expect((await database.recollect()).drafts).toEqual([]);
  });

  it('decides once: gives the order, removes the draft, counts the code', async () => {
    const database = await opened(temporaryFolder());
    await database.saveDraft(draft());
    const first = await database.decide(submission());
    const second = await database.decide(
      submission({ id: 'submission-2', key: 'a/b/c', createdAt: '2025-03-05T08:00:00.000Z' }),
    );
    expect([first.order, second.order]).toEqual([1, 2]);
    expect(await database.decide(submission({ notes: 'sent again' }))).toEqual(first);

    const { drafts, submissions } = await database.recollect();
    expect(drafts).toEqual([]);
    expect(submissions).toEqual([first, second]);
    expect(await database.codeUses()).toEqual([
      { code: 'code-1', uses: 2, lastUsedAt: '2025-03-05T08:00:00.000Z', favourite: false },
    ]);
  });

  it('counts no code for a skip', async () => {
    const database = await opened(temporaryFolder());
    await database.decide(submission({ kind: 'skip', code: null, name: null, notes: '' }));
    expect(await database.codeUses()).toEqual([]);
  });

  it('gives what is still to be done: also a confirmed one with a status to be set while its work goes on', async () => {
    const database = await opened(temporaryFolder());
    const nextStatus = { id: 'break', name: 'Break' };
    const stored = await database.decide(submission({ nextStatus }));
    expect((await database.recollect()).submissions).toEqual([stored]);
    await database.updateSubmission({ ...stored, state: 'confirmed' });
    expect((await database.recollect()).submissions).toEqual([]);
    const open = communication({ key: stored.key });
    await database.commit(fact(), [open]);
    expect((await database.recollect()).submissions).toEqual([{ ...stored, state: 'confirmed' }]);
    const { nextStatus: _set, ...done } = stored;
    await database.updateSubmission({ ...done, state: 'confirmed' });
    expect((await database.recollect()).submissions).toEqual([]);
  });

  it('counts no code that was taken back, before or after it had its place', async () => {
    const database = await opened(temporaryFolder());
    const uses = () => database.codeUses().then((all) => all.map(({ code, uses: count }) => [code, count]));
    await database.decide(submission());
    const stored = await database.decide(submission({ id: 'submission-2' }));
    expect(await uses()).toEqual([['code-1', 2]]);
    await database.updateSubmission({ ...stored, state: 'dropped' });
    await database.updateSubmission({ ...stored, state: 'dropped' });
    expect(await uses()).toEqual([['code-1', 1]]);
    await database.decide(submission({ id: 'submission-3', code: 'code-2', state: 'dropped' }));
    expect(await uses()).toEqual([['code-1', 1]]);
  });

  it('replaces a submission by id and keeps its order; an unknown one is a mistake', async () => {
    const database = await opened(temporaryFolder());
    const stored = await database.decide(submission());
    await database.updateSubmission({
      ...stored,
      order: 99,
      state: 'conflict',
      theirs: { code: 'x', name: null, notes: null },
    });
    expect((await database.recollect()).submissions).toEqual([
      { ...stored, state: 'conflict', theirs: { code: 'x', name: null, notes: null } },
    ]);
    await database.updateSubmission({ ...stored, state: 'dropped' });
    expect((await database.recollect()).submissions).toEqual([]);
    await expect(database.updateSubmission({ ...stored, id: 'nobody' })).rejects.toThrow(
      'no submission nobody',
    );
  });
});

describe('codes', () => {
  it('caches the codes of each scope and replaces them', async () => {
    const database = await opened(temporaryFolder());
    const codes = {
      codes: [{ id: 'code-1', name: 'Resolved', description: 'Done' }],
      fetchedAt: '2025-03-04T10:00:00.000Z',
    };
    await database.cacheCodes('queue/1', codes);
    await database.cacheCodes('queue/2', { ...codes, codes: [] });
    await database.cacheCodes('queue/1', { ...codes, fetchedAt: '2025-03-05T10:00:00.000Z' });
    expect(await database.cachedCodes('queue/1')).toEqual({
      ...codes,
      fetchedAt: '2025-03-05T10:00:00.000Z',
    });
    expect(await database.cachedCodes('queue/2')).toEqual({ ...codes, codes: [] });
    expect(await database.cachedCodes('queue/3')).toBeNull();
  });

  it('says what was chosen last, in which queue and by what letters, and what was written for it', async () => {
    const database = await opened(temporaryFolder());
    const note = (id: string, notes: string, change: Partial<Submission> = {}) =>
      database.decide(submission({ id, notes, ...change }));
    await note('1', 'the first', { letters: 'res' });
    await note('2', 'the second');
    await note('3', 'the first');
    await note('4', ' ');
    await note('5', 'of another', { code: 'code-2', conversationId: 'c9', key: 'c9/p/m' });
    await note('6', '', { kind: 'skip', code: null, name: null });
    const dropped = await note('7', 'taken back');
    await database.updateSubmission({ ...dropped, state: 'dropped' });
    const picks = await database.codePicks();
    expect(picks.map(({ code, letters }) => [code, letters])).toEqual([
      ['code-2', ''],
      ['code-1', ''],
      ['code-1', ''],
      ['code-1', ''],
      ['code-1', 'res'],
    ]);
    expect(picks[0]).toMatchObject({ scope: 'conversation/c9', at: submission().createdAt });
    expect(await database.lastNotes('code-1')).toEqual(['the first', 'the second']);
    expect(await database.lastNotes('nothing')).toEqual([]);
  });

  it('pins a code that was never used, and keeps the pin while it is used', async () => {
    const database = await opened(temporaryFolder());
    await database.setFavourite('code-1', true);
    await database.decide(submission());
    expect(await database.codeUses()).toMatchObject([{ code: 'code-1', uses: 1, favourite: true }]);
    await database.setFavourite('code-1', false);
    expect(await database.codeUses()).toMatchObject([{ code: 'code-1', uses: 1, favourite: false }]);
  });
});

describe('records', () => {
  it('joins received, written and decided, in the order they happened, within a range', async () => {
    const database = await opened(temporaryFolder());
    const day = (number: number): string => `2025-03-0${number}T10:00:00.000Z`;
    const one = settled({ communicationId: 'one', alertedAt: day(1) });
    const two = communication({ participantId: 'participant-2', communicationId: 'two', alertedAt: day(2) });
    const { alertedAt: _unknown, ...three } = communication({
      participantId: 'participant-3',
      communicationId: 'three',
      firstSeenAt: day(3),
    });
    await database.commit(fact(), [three, two, one]);
    await database.saveDraft(draft({ key: two.key, notes: 'being written' }));
    await database.decide(submission({ key: three.key, notes: 'decided' }));

    const records = await all(database.records({}));
    expect(records.map(({ screenshare, wrapup }) => [screenshare.id, wrapup?.state, wrapup?.notes])).toEqual([
      ['one', 'elsewhere', 'all well'],
      ['two', 'draft', 'being written'],
      ['three', 'waiting', 'decided'],
    ]);
    const range = { since: Date.parse(day(2)), until: Date.parse(day(3)) };
    expect((await all(database.records(range))).map(({ screenshare }) => screenshare.id)).toEqual(['two']);
  });

  it('pages through more records than one page holds, each once', async () => {
    const database = await opened(temporaryFolder());
    const many = Array.from({ length: 1_203 }, (_, index) => settled({ communicationId: `c${index}` }));
    await database.commit(fact(), many);
    const ids = (await all(database.records({}))).map(({ screenshare }) => screenshare.id);
    expect(ids).toHaveLength(1_203);
    expect(new Set(ids).size).toBe(1_203);
  });
});
