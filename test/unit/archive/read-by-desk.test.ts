import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, newestFirst, type ReviewQuery } from '../../../domain/review/query.ts';
import { createArchiveClient } from '../../../electron/archive/archive-client.ts';
import { createArchivedReview, type ArchivedReview } from '../../../electron/archive/archived-review.ts';
import { lineOf, startArchive, type TestArchive } from './archive.ts';
import { tokenOf, type MadeUp } from './genesys.ts';

/** The desk's own way into the real service: over HTTP, with the sign-in's token. */

let archive: TestArchive;
let url: string;
beforeAll(async () => {
  archive = await startArchive();
  await archive.app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(archive.app.server.address() as AddressInfo).port}`;
});
afterAll(() => archive.close());

/** A desk nobody has worked at before. */
function newDesk(user: MadeUp): ArchivedReview {
  const client = createArchiveClient({
    url,
    access: { token: () => tokenOf(user) },
    fetch,
    clock: { now: Date.now },
    dated: () => undefined,
  });
  return createArchivedReview(client, url);
}
const find = (review: ArchivedReview, query: Partial<ReviewQuery> = {}, from = 0) =>
  review.find({ ...everything, ...query }, newestFirst, from, 25);

const ana: MadeUp = { id: 'ana', name: 'Ana Lima', division: 'div-1' };
const ben: MadeUp = { id: 'ben', name: 'Ben Ode', division: 'div-2' };
const boss: MadeUp = { id: 'boss', name: 'The Boss', division: 'div-1', supervises: ['div-1'] };

it('an agent finds their earlier records at a new desk; a supervisor theirs, and is seen to look', async () => {
  const from = Date.parse('2026-11-30T10:00:00Z');
  const lines = Array.from({ length: 130 }, (_, at) =>
    lineOf(at + 1, { at: new Date(from + at * 60_000).toISOString() }),
  );
  await (await archive.signIn(ana)).send(lines);
  await (await archive.signIn(ben)).send([lineOf(1)]);

  const desk = newDesk(ana);
  const first = await find(desk);
  expect(first.lines).toHaveLength(25);
  expect(first.lines[0]?.at).toBe(from + 129 * 60_000);
  expect(first.lines[0]?.agent).toBeUndefined();
  expect(first.archive).toEqual({ known: 100, rest: 'more', unread: 0, missing: 0 });
  const last = await find(desk, {}, 125);
  expect(last.lines).toHaveLength(5);
  expect(last.archive).toMatchObject({ known: 130, rest: 'none' });
  const whole = [];
  for (let at = 0; at < 130; at += 25) whole.push(...(await find(desk, {}, at)).lines);
  expect(new Set(whole.map(({ key }) => key)).size).toBe(130);
  await expect(find(desk, { agent: ['ben'] })).rejects.toThrow(/Only supervisors/);
  expect((await desk.looks(null)).access).toEqual([]);

  const office = newDesk(boss);
  const { lines: seen } = await find(office, { agent: ['lim'], queue: ['billing'] });
  expect(seen).toHaveLength(25);
  expect(new Set(seen.map(({ agent }) => agent))).toEqual(new Set(['Ana Lima']));
  expect((await find(office, { agent: ['ode'] })).lines).toEqual([]);
  const detail = await office.record(seen[0]?.key ?? '');
  expect(detail).toMatchObject({ archived: { agent: 'Ana Lima', revisions: 1, conflicts: 0 }, facts: 0 });
  expect(detail?.communication.queueName).toBe('Billing help');

  expect(await office.byAgent({ ...everything, agent: ['ana'] })).toMatchObject({
    figures: [{ agent: { name: 'Ana Lima' }, records: 130, answered: 130, conflicts: 0 }],
  });

  const { access } = await desk.looks(null);
  expect(access.map(({ by, what, records, query }) => ({ by: by.name, what, records, query }))).toEqual([
    { by: 'The Boss', what: 'figures', records: 130, query: 'agent:ana' },
    { by: 'The Boss', what: 'record', records: 1, query: seen[0]?.key },
    { by: 'The Boss', what: 'page', records: 100, query: 'agent:lim queue:billing' },
  ]);
});

it('shows the latest version, and that another came under its number', async () => {
  const eve: MadeUp = { id: 'eve', name: 'Eve' };
  const person = await archive.signIn(eve);
  const line = lineOf(1);
  const again = { ...line, record: { ...line.record, queueName: 'Another queue' } };
  await person.send([line]);
  await person.send([{ ...again, seq: 2 }]);
  await person.send([{ ...again, seq: 3, revision: 2 }]);
  const desk = newDesk(eve);
  const { lines } = await find(desk);
  expect(lines.map(({ queue }) => queue)).toEqual(['Another queue']);
  const detail = await desk.record(lines[0]?.key ?? '');
  expect(detail?.archived).toMatchObject({ agent: null, revisions: 2, conflicts: 1 });
  const exported: ExportedRecord[] = [];
  for await (const each of desk.records(everything)) exported.push(each);
  expect(exported).toMatchObject([{ queueName: 'Another queue', outcome: null }]);
});
