import { expect, it, vi, onTestFinished } from 'vitest';
import type { Archived } from '../../../domain/archive/wire.ts';
import { SourceProblem, Superseded } from '../../../domain/database.ts';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, newestFirst, type ReviewQuery } from '../../../domain/review/query.ts';
import { createArchiveClient } from '../../../electron/archive/archive-client.ts';
import { createArchivedReview, type ArchivedReview } from '../../../electron/archive/archived-review.ts';
import { archived, other, pagesOf } from './archived-records.ts';
import { playArchive, type Fault, type PlayedArchive } from './played-archive.ts';

async function looking(
  records: readonly Archived[] = [archived(0)],
): Promise<{ archive: PlayedArchive; review: ArchivedReview }> {
  const archive = await playArchive(onTestFinished);
  archive.reads = pagesOf(records);
  const client = createArchiveClient({
    url: archive.url,
    access: { token: () => 'token-1' },
    fetch,
    clock: { now: Date.now },
    dated: () => undefined,
  });
  return { archive, review: createArchivedReview(client, archive.url) };
}

const page = (review: ArchivedReview, from = 0, query: ReviewQuery = everything) =>
  review.find(query, newestFirst, from, 25);

it('reads on as somebody scrolls, and asks for nothing twice', async () => {
  const { archive, review } = await looking(Array.from({ length: 230 }, (_, at) => archived(at)));
  const first = await page(review);
  expect(first.lines.map(({ key }) => key)).toEqual(Array.from({ length: 25 }, (_, at) => archived(at).key));
  expect(first.archive).toEqual({ known: 100, rest: 'more', unread: 0, missing: 2 });
  await page(review, 75);
  expect(await review.count(everything)).toBe(100);
  expect(archive.asked).toHaveLength(1);
  expect((await page(review, 100)).archive).toMatchObject({ known: 200, rest: 'more' });
  const last = await page(review, 225);
  expect(last.lines).toHaveLength(5);
  expect(last.archive).toEqual({ known: 230, rest: 'none', unread: 0, missing: 2 });
  await page(review);
  expect(archive.asked).toHaveLength(3);
});

it('asks for what was searched, and begins anew with another search', async () => {
  const { archive, review } = await looking();
  await page(review, 0, {
    ...everything,
    agent: ['ana li', 'ben'],
    queue: ['after', 'sales'],
    code: ['resolved'],
    since: Date.parse('2026-11-01T00:00:00Z'),
    until: Date.parse('2026-12-01T00:00:00Z'),
  });
  await page(review);
  expect(archive.asked.map((at) => Object.fromEntries(new URL(at, archive.url).searchParams))).toEqual([
    {
      agent: 'ana li,ben',
      queue: 'after sales',
      code: 'resolved',
      since: '2026-11-01T00:00:00.000Z',
      until: '2026-12-01T00:00:00.000Z',
      limit: '100',
    },
    { limit: '100' },
  ]);
  await expect(review.find(everything, { by: 'peer', descending: false }, 0, 25)).rejects.toThrow(
    /newest records first/,
  );
});

it('says whose a record is where it is not one’s own, and tells the same conversation of two agents apart', async () => {
  const { archive, review } = await looking([
    archived(0),
    archived(1, { agent: other }),
    archived(2, { agent: { id: 'agent-3', name: '' } }),
  ]);
  const { lines } = await page(review);
  expect(lines.map(({ agent }) => agent)).toEqual([undefined, 'Ben Ode', 'agent-3']);
  expect(new Set(lines.map(({ key }) => key)).size).toBe(3);
  const detail = await review.record(lines[1]?.key ?? '');
  expect(detail?.communication.key).toBe(lines[1]?.key);
  expect(detail?.archived).toEqual({
    agent: 'Ben Ode',
    receivedAt: archived(1).receivedAt,
    revisions: 1,
    conflicts: 0,
  });
  const asked = archive.asked.length;
  await review.record(lines[1]?.key ?? '');
  expect(archive.asked).toHaveLength(asked);
  expect(await review.record('f'.repeat(64))).toBeNull();
});

it('counts what another version sent and this one cannot read, and shows the rest', async () => {
  const strange = archived(1, { record: { conversationId: 'one', participantId: 'two', role: 'dancing' } });
  const { review } = await looking([archived(0), strange, archived(2)]);
  const { lines, archive } = await page(review);
  expect(lines).toHaveLength(2);
  expect(archive).toMatchObject({ known: 2, unread: 1, rest: 'none' });
  const unread = vi.fn();
  const exported: ExportedRecord[] = [];
  for await (const each of review.records(everything, unread)) exported.push(each);
  expect(exported.map(({ firstSeenAt }) => firstSeenAt)).toEqual([
    archived(0).receivedAt,
    archived(2).receivedAt,
  ]);
  // Each says whose it is.
  expect(exported).toMatchObject([{ agent: archived(0).agent }, { agent: archived(2).agent }]);
  expect(unread).toHaveBeenCalledExactlyOnceWith(1);
  await expect(review.record(strange.key)).rejects.toThrow(/another version/);
});

it.each<[Fault, RegExp]>([
  ['busy', /is busy\. Try again in 1 second\.$/],
  ['portal', /^Something other than an archive answers/],
  ['redirect', /^Something other than an archive answers/],
  ['version', /is of another version than this Sharelight\.$/],
  ['database', /can’t reach its records right now\.$/],
  ['schema', /has to be brought up to date by your administrator\.$/],
  ['internal', /^Something went wrong in the archive/],
  ['broken', /127\.0\.0\.1/],
])('says in one sentence what is wrong (%s), and works again after it', async (fault, words) => {
  const { archive, review } = await looking();
  archive.faults.push(fault);
  const problem: unknown = await page(review).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(SourceProblem);
  expect((problem as Error).message).toMatch(words);
  expect((problem as Error).message).not.toMatch(/wait here/);
  expect((await page(review)).lines).toHaveLength(1);
});

it('asks for another session where one has ended, and says so where the sign-in is refused', async () => {
  const { archive, review } = await looking();
  await page(review);
  archive.faults.push('session ended');
  expect((await page(review, 0, { ...everything, since: 1 })).lines).toHaveLength(1);
  const refused = await looking();
  refused.archive.unknownTokens.add('token-1');
  await expect(page(refused.review)).rejects.toThrow(/doesn’t accept your sign-in/);
});

it('keeps nobody waiting who looks at something else', async () => {
  const { archive, review } = await looking();
  await page(review);
  archive.faults.push('silence', 'silence');
  const waiting = [page(review, 0, { ...everything, since: 1 }), page(review), review.record('1'.repeat(64))];
  await vi.waitFor(() => {
    expect(archive.asked.length).toBeGreaterThanOrEqual(3);
  });
  review.close();
  for (const each of await Promise.allSettled(waiting))
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(Superseded) as unknown });
  await expect(page(review)).rejects.toThrow(Superseded);
});
