import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseProblem, type Review, type Verification } from '../../../domain/database.ts';
import { documentLimit } from '../../../domain/exported-record.ts';
import { everything } from '../../../domain/review/query.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { ok, refused } from '../../../domain/toolbox/result.ts';
import { createLongTasks, type LongTasks } from '../../../electron/review/long-task.ts';
import { documentProblem, makeDocument, pageSizeOf } from '../../../electron/review/make-document.ts';
import type { PrintedDocument } from '../../../electron/shell/print-document.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';
import { settled } from '../store/values.ts';

const whole: Verification = {
  ...{ whole: true, facts: 4, deleted: 0, records: 2, rebuilt: 2, notRebuilt: 0 },
  ...{ problems: [], derived: [] },
};
const ana = settled({ conversationId: 'first', peerName: 'Ana Lima' });
const bo = settled({ conversationId: 'second', peerName: 'Bo Chen', alertedAt: '2025-03-05T10:00:00.000Z' });
const detailOf = (communication: typeof ana): RecordDetail => ({
  ...{ communication, draft: null, submissions: [], facts: 1, codeNames: {} },
});

let store: StateStore;
let longTasks: LongTasks;
let printed: PrintedDocument[];

beforeEach(() => {
  store = createStateStore(model(), Date.now);
  longTasks = createLongTasks(store, Date.now);
  printed = [];
});
afterEach(() => {
  store.stop();
});

/** Of these two, with whatever else a test says about it. */
function review(change: Partial<Review> = {}): Review {
  const asked: Partial<Review> = {
    count: () => Promise.resolve(2),
    find: (_query, order) => {
      expect(order).toEqual({ by: 'time', descending: false });
      return Promise.resolve({
        from: 0,
        lines: [ana, bo].map((one) => listingOf(one, undefined, undefined)),
        behind: 0,
      });
    },
    record: (key) => {
      const found = [ana, bo].find((one) => one.key === key);
      return Promise.resolve(found ? detailOf(found) : null);
    },
    maskKey: () => Promise.resolve(new Uint8Array(32)),
    ...change,
  };
  return asked as Review;
}

function make(change: Partial<Parameters<typeof makeDocument>[0]> = {}) {
  return makeDocument({
    longTasks,
    review: review(),
    records: { kind: 'found', query: everything },
    redact: false,
    target: 'records.pdf',
    verify: () => Promise.resolve(whole),
    put: (document) => {
      printed.push(document);
      return Promise.resolve(true);
    },
    failed: (reason) => `It failed: ${reason}`,
    about: {
      agent: 'Ada Agent',
      version: '1.2.3',
      reader: { now: Date.parse('2025-03-06T10:00:00Z'), locale: 'en-GB' },
      timeZone: 'UTC',
    },
    ...change,
  });
}

describe('records on paper', () => {
  it('are those the search finds, in the order they happened', async () => {
    expect(await make()).toEqual(ok({ records: 2, unread: 0 }));
    const [first] = printed;
    const { html, pageSize } = first ?? { html: '', pageSize: null };
    expect(html.indexOf('Ana Lima')).toBeGreaterThan(0);
    expect(html.indexOf('Bo Chen')).toBeGreaterThan(html.indexOf('Ana Lima'));
    expect(html).toContain('Ada Agent');
    expect(html).toContain('the chain holds');
    expect(pageSize).toBe('A4');
  });

  it('are one, where one is asked for', async () => {
    expect(await make({ records: { kind: 'one', key: bo.key } })).toEqual(ok({ records: 1, unread: 0 }));
    expect(printed[0]?.html).toContain('Bo Chen');
    expect(printed[0]?.html).not.toContain('Ana Lima');
  });

  it('name nobody where they are masked, the agent neither', async () => {
    expect(await make({ redact: true })).toMatchObject({ ok: true });
    expect(printed[0]?.html).not.toMatch(/Ana|Lima|Bo Chen|Ada/);
    expect(printed[0]?.html).toContain('[redacted]');
  });

  it('say which were damaged, and leave out what was deleted meanwhile', async () => {
    const damaged = new DatabaseProblem('damaged', 'The record is damaged.');
    const record: Review['record'] = (key) =>
      key === ana.key ? Promise.reject(damaged) : Promise.resolve(detailOf(bo));
    expect(await make({ review: review({ record }) })).toEqual(ok({ records: 1, unread: 1 }));
    expect(printed[0]?.html).toContain('1 damaged record is left out.');
    // Of one alone that is no document.
    const one = { kind: 'one', key: ana.key } as const;
    await expect(make({ review: review({ record }), records: one })).rejects.toThrow(damaged);
    const gone = review({ record: () => Promise.resolve(null) });
    expect(await make({ review: gone, records: one })).toEqual(
      refused('There is no record to put on paper.'),
    );
  });

  it('are nothing where they are stopped or the person changes their mind, and a sentence where they fail', async () => {
    const stopped = make({
      put: (_document, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('stopped'));
          });
          void longTasks.stop();
        }),
    });
    expect(await stopped).toEqual(ok(null));
    const checking = make({
      verify: () => {
        void longTasks.stop();
        return new Promise(() => undefined);
      },
    });
    expect(await checking).toEqual(ok(null));
    expect(await make({ put: () => Promise.resolve(false) })).toEqual(ok(null));
    expect(await make({ put: () => Promise.reject(new Error('the page crashed')) })).toEqual(
      refused('It failed: the page crashed'),
    );
  });

  it('prove nothing where they come from somebody’s file', async () => {
    expect(await make({ verify: null })).toMatchObject({ ok: true });
    expect(printed[0]?.html).not.toContain('the chain holds');
  });

  it('are a table where there are too many of them, and nothing where there are none', async () => {
    const found = { kind: 'found', query: null } as const;
    const counting = (count: number): Review => review({ count: () => Promise.resolve(count) });
    expect(await documentProblem(counting(documentLimit), found)).toBeNull();
    expect(await documentProblem(counting(documentLimit + 1), found)).toBe(
      'A PDF holds up to 200 records, and these are 201. Search for fewer, or export them as CSV.',
    );
    expect(await documentProblem(counting(0), found)).toBe('There is no record to put on paper.');
    expect(await documentProblem(counting(0), { kind: 'one', key: ana.key })).toBeNull();
  });

  it.each([
    ['en-GB', 'A4'],
    ['en-US', 'Letter'],
    ['en-US-u-hc-h12', 'Letter'],
    ['de', 'A4'],
    ['no locale at all', 'A4'],
  ])('are on the paper of %s', (locale, size) => {
    expect(pageSizeOf(locale)).toBe(size);
  });
});
