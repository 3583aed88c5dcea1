import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, newestFirst, type ReviewQuery } from '../../../domain/review/query.ts';
import type { LongTask } from '../../../domain/state.ts';
import { done, refused } from '../../../domain/toolbox/result.ts';
import { createRecordMask } from '../../../electron/store/mask-records.ts';
import { longestLineBytes } from '../../../electron/store/file-lines.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { createOpenedFile, type OpenedFile } from '../../../electron/review/opened-file.ts';
import { createLongTasks, type LongTasks } from '../../../electron/review/long-task.ts';
import { model } from '../domain/known.ts';
import { submission, draft, settled } from '../store/values.ts';
import { builtWorker } from '../store/worker-file.ts';

const worker = builtWorker();
let folder: string;
let store: StateStore;
let work: LongTasks;
let opened: OpenedFile;

beforeEach(() => {
  folder = mkdtempSync(path.join(path.dirname(path.dirname(worker())), 'opened-'));
  mkdirSync(path.join(folder, 'main'), { recursive: true });
  copyFileSync(worker(), path.join(folder, 'main', 'store-worker.cjs'));
  store = createStateStore(model(), Date.now);
  work = createLongTasks(store, Date.now);
  opened = createOpenedFile({
    store,
    paths: { out: folder, data: folder },
    longTasks: work,
    log: () => undefined,
  });
});
afterEach(async () => {
  await work.stop();
  await opened.close();
  store.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(lines: readonly unknown[], name = 'records.ndjson'): string {
  const file = path.join(folder, name);
  writeFileSync(
    file,
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
  return file;
}
const shown = () => store.app.getState().review;
/** What is on the disk of opened files. */
const kept = (): string[] =>
  existsSync(path.join(folder, 'opened')) ? readdirSync(path.join(folder, 'opened')) : [];

function record(number: number, change: Partial<ExportedRecord> = {}): ExportedRecord {
  const one = settled({
    conversationId: `conversation-${number}`,
    alertedAt: new Date(Date.parse('2025-03-04T10:00:00.000Z') + number * 60_000).toISOString(),
  });
  return { ...exportRecord(one, undefined, undefined), ...change };
}

async function found(query: Partial<ReviewQuery>): Promise<string[]> {
  const page = await opened.review()?.find({ ...everything, ...query }, newestFirst, 0, 100);
  return page?.lines.map(({ peer, key }) => `${peer ?? '–'} ${key.split('/')[0] ?? ''}`) ?? [];
}

describe('somebody’s exported file', () => {
  it('is searched, counted and read like the own records', async () => {
    const file = write([
      record(1, { peerName: 'Bo Chen' }),
      record(2, {
        peerName: 'Ana Lima',
        wrapup: { code: 'c', name: 'Refund', notes: 'twice', state: 'draft' },
      }),
      record(3, { peerName: 'Ana Maria', queueName: 'Sales', role: 'viewing' }),
    ]);
    expect(await opened.open(file)).toEqual(done);
    expect(shown()).toMatchObject({
      file: { name: 'records.ndjson', records: 3, unreadable: 0, problems: [] },
      task: null,
    });
    expect(await found({})).toEqual([
      'Ana Maria conversation-3',
      'Ana Lima conversation-2',
      'Bo Chen conversation-1',
    ]);
    expect(await found({ words: ['ana'] })).toEqual(['Ana Maria conversation-3', 'Ana Lima conversation-2']);
    expect(await found({ words: ['ref'] })).toEqual(['Ana Lima conversation-2']);
    expect(await found({ queue: ['sales'] })).toEqual(['Ana Maria conversation-3']);
    expect(await found({ role: 'viewing' })).toEqual(['Ana Maria conversation-3']);
    expect(await opened.review()?.count(everything)).toBe(3);
    const key = 'conversation-2/participant-1/communication-1';
    expect(await opened.review()?.record(key)).toMatchObject({
      communication: { key, peerName: 'Ana Lima' },
      facts: 0,
    });
    expect(await opened.review()?.facts(key, 0)).toEqual({ facts: [], next: null });
    const days = await opened.review()?.figures(everything, 'queue');
    expect(days?.map(({ name, shares }) => [name, shares])).toEqual([
      ['Billing', 2],
      ['Sales', 1],
    ]);
  });

  it('is exported again as it came, whatever state its wrap-ups were in', async () => {
    const records = [
      exportRecord(settled({ conversationId: 'a' }), undefined, undefined),
      exportRecord(
        {
          ...settled({ conversationId: 'b' }),
          screenshare: { id: 'communication-1', state: 'disconnected' },
        },
        draft({ key: 'b/participant-1/communication-1' }),
        undefined,
      ),
      exportRecord(settled({ conversationId: 'c' }), undefined, {
        ...submission({ state: 'conflict' }),
        order: 1,
      }),
      createRecordMask(new Uint8Array(32))(
        exportRecord(settled({ conversationId: 'd' }), undefined, undefined),
      ),
      { ...record(5), ofALaterVersion: { kept: true } },
    ];
    expect(await opened.open(write(records))).toEqual(done);
    const again: ExportedRecord[] = [];
    for await (const one of opened.review()?.records(everything) ?? []) again.push(one);
    const byId = (some: readonly ExportedRecord[]) =>
      [...some].sort((one, other) => one.conversationId.localeCompare(other.conversationId));
    expect(byId(again)).toEqual(byId(records));
  });

  it('may have lines that are no record: they are counted and the first are told', async () => {
    const file = write([
      record(1),
      'not json',
      '{}',
      '',
      'a'.repeat(longestLineBytes + 1),
      record(2),
      '[1]',
      '7',
      '"seven"',
    ]);
    expect(await opened.open(file)).toEqual(done);
    expect(shown().file).toEqual({
      name: 'records.ndjson',
      records: 2,
      unreadable: 6,
      problems: [
        'Line 2: it isn’t JSON',
        'Line 3: “conversationId” is missing or wrong',
        'Line 5: it is too long',
        'Line 7: it isn’t a record',
        'Line 8: it isn’t a record',
      ],
    });
  });

  it.each([
    ['is of another kind', '{"name":"package"}\n'.repeat(3)],
    ['is an export as JSON', `[\n${JSON.stringify(record(1))},\n${JSON.stringify(record(2))}\n]\n`],
    ['is one endless line', 'x'.repeat(3 * longestLineBytes)],
    ['is no text', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 37) % 256)).toString('latin1')],
  ])('%s: that is said in one sentence, and nothing is left of it', async (_what, content) => {
    const file = path.join(folder, 'file.ndjson');
    writeFileSync(file, content);
    expect(await opened.open(file)).toEqual(
      refused('file.ndjson has no records that Sharelight exported. Choose a file exported as NDJSON.'),
    );
    expect(shown()).toMatchObject({ file: null, task: null });
    expect(opened.review()).toBeNull();
    expect(kept()).toEqual([]);
  });

  it('is empty, or not there: that is said', async () => {
    expect(await opened.open(write([]))).toEqual(refused('records.ndjson is empty.'));
    expect(await opened.open(path.join(folder, 'gone'))).toMatchObject({
      reason: 'gone couldn’t be opened: it isn’t there.',
    });
    expect(kept()).toEqual([]);
  });

  it('is closed when another is opened, stays when that cannot be read, and leaves nothing when it is closed', async () => {
    const { revision } = shown();
    await opened.open(write([record(1)], 'one.ndjson'));
    expect(kept()).toHaveLength(1);
    await opened.open(write([record(2), record(3)], 'two.ndjson'));
    expect(shown().file).toMatchObject({ name: 'two.ndjson', records: 2 });
    expect(kept()).toHaveLength(1);
    await opened.open(write(['nothing'], 'three.ndjson'));
    expect(shown().file).toMatchObject({ name: 'two.ndjson' });
    expect(await found({})).toHaveLength(2);
    await opened.close();
    expect(shown().file).toBeNull();
    expect(opened.review()).toBeNull();
    expect(kept()).toEqual([]);
    // Whoever shows it has asked again each time.
    expect(shown().revision).toBe(revision + 3);
  });

  it('can be given up while it is read', async () => {
    const file = write(Array.from({ length: 4_000 }, (_, number) => record(number)));
    const seen: (LongTask | null)[] = [];
    const begun = new Promise<void>((resolve) => {
      store.app.subscribe(({ review }) => {
        seen.push(review.task);
        if (review.task) resolve();
      });
    });
    const opening = opened.open(file);
    await begun;
    await work.stop();
    expect(await opening).toEqual(done);
    expect(seen[0]).toEqual({ kind: 'import', file: 'records.ndjson', done: 0, total: null });
    expect(shown()).toMatchObject({ file: null, task: null });
    expect(kept()).toEqual([]);
    expect(await opened.open(file)).toEqual(done);
    expect(shown().file).toMatchObject({ records: 4_000 });
  });

  it('is not opened any more when its window went while it was read', async () => {
    const file = write(Array.from({ length: 500 }, (_, number) => record(number)));
    const begun = new Promise<void>((resolve) => {
      store.app.subscribe(({ review }) => {
        if (review.task) resolve();
      });
    });
    const opening = opened.open(file);
    await begun;
    await opened.leave();
    expect(await opening).toEqual(done);
    expect(shown()).toMatchObject({ file: null, task: null });
    expect(kept()).toEqual([]);
  });

  it('of an earlier run that ended too soon is cleared away', async () => {
    mkdirSync(path.join(folder, 'opened', 'left'), { recursive: true });
    writeFileSync(path.join(folder, 'opened', 'left', 'memory.db'), 'noise');
    await opened.clearLeftovers();
    expect(existsSync(path.join(folder, 'opened'))).toBe(false);
  });
});
