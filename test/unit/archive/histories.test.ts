import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordLine } from '../../../domain/archive/wire.ts';
import { startEmbedded, type EmbeddedDatabase } from '../../../archive/database/embedded.ts';
import { runs } from '../size.ts';
import { fixToday } from './database-server.ts';
import { lineOf, startArchive, type Person, type TestArchive } from './archive.ts';

/**
 * Random histories of desks before one archive, compared with a model: duplicates, reorders, answers that are lost
 * after the commit, services and databases that are killed, deletions before and after the upload, two desks of one
 * agent, clocks that are wrong by days.
 */

const agents = ['ana', 'bo'] as const;
const desks = ['desk-1', 'desk-2'] as const;

type Step =
  | { readonly kind: 'send'; readonly agent: number; readonly lines: readonly Sent[]; readonly fault: Fault }
  | { readonly kind: 'erase'; readonly agent: number; readonly record: number };
/** Which of few records, so that they meet. `daysOff`: how wrong the clock of the desk is. */
interface Sent {
  readonly desk: number;
  readonly record: number;
  readonly revision: number;
  readonly content: number;
  readonly seq: number;
  readonly daysOff: number;
}
/** The answer gets lost; the service is another one; the database is killed while it works, or before. */
type Fault = 'none' | 'lostAnswer' | 'otherService' | 'killedBefore' | 'killedWithin';

const sent: fc.Arbitrary<Sent> = fc.record({
  desk: fc.nat({ max: 1 }),
  record: fc.nat({ max: 5 }),
  revision: fc.nat({ max: 2 }),
  content: fc.nat({ max: 1 }),
  seq: fc.integer({ min: 1, max: 12 }),
  daysOff: fc.constantFrom(0, 0, 0, -40, -3, 1),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      agent: fc.nat({ max: 1 }),
      lines: fc.array(sent, { minLength: 1, maxLength: 8 }),
      fault: fc.oneof(
        { weight: 6, arbitrary: fc.constant<Fault>('none') },
        { weight: 3, arbitrary: fc.constant<Fault>('lostAnswer') },
        { weight: 2, arbitrary: fc.constant<Fault>('otherService') },
        { weight: 1, arbitrary: fc.constantFrom<Fault>('killedBefore', 'killedWithin') },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('erase' as const),
      agent: fc.nat({ max: 1 }),
      record: fc.nat({ max: 5 }),
    }),
  },
);

/** What the archive has to be, in a few lines. */
class Model {
  /** By agent and record: the first day, and by revision the content that came first. */
  readonly records = new Map<string, { day: string; readonly revisions: Map<number, string> }>();
  readonly conflicts = new Set<string>();
  readonly deleted = new Set<string>();
  readonly seqs = new Map<string, Set<number>>();

  take(agent: string, line: RecordLine): void {
    const of = `${agent} ${line.record.conversationId}`;
    const seqs = this.seqs.get(`${agent} ${line.device}`) ?? new Set<number>();
    this.seqs.set(`${agent} ${line.device}`, seqs.add(line.seq));
    if (this.deleted.has(of)) return;
    const known = this.records.get(of) ?? { day: line.day, revisions: new Map<number, string>() };
    this.records.set(of, known);
    const content = line.record.queueName ?? '';
    const first = known.revisions.get(line.revision);
    if (first === undefined) known.revisions.set(line.revision, content);
    else if (first !== content) this.conflicts.add(`${of} ${line.revision} ${content}`);
  }

  erase(agent: string, record: string): void {
    const of = `${agent} ${record}`;
    if (!this.records.delete(of)) return;
    this.deleted.add(of);
    for (const each of [...this.conflicts]) if (each.startsWith(`${of} `)) this.conflicts.delete(each);
  }

  missing(agent: string): number {
    return [...this.seqs]
      .filter(([of]) => of.startsWith(`${agent} `))
      .reduce((sum, [, seqs]) => sum + Math.max(...seqs) - seqs.size, 0);
  }
}

let folder: string;
let sockets: string;
let server: EmbeddedDatabase;

beforeAll(async () => {
  // One of its own, which may be killed.
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-histories-'));
  chmodSync(folder, 0o755);
  // It comes back at the same address.
  sockets = mkdtempSync(path.join(os.tmpdir(), 'sharelight-pg-'));
  server = await startEmbedded({ folder, sockets });
});
afterAll(async () => {
  await server.stop();
  rmSync(sockets, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const noon = Date.parse('2026-11-15T12:00:00.000Z');
function lineFor({ desk, record, revision, content, seq, daysOff }: Sent): RecordLine {
  const at = new Date(noon + daysOff * 86_400_000).toISOString();
  const line = lineOf(record, { device: desks[desk] ?? '', seq, revision, chain: `chain-${seq}`, at });
  line.record.queueName = `content ${content}`;
  // What differs is the content alone: the clock shows in the day.
  const fixed = new Date(noon).toISOString();
  return { ...line, record: { ...line.record, alertedAt: fixed, firstSeenAt: fixed, lastSeenAt: fixed } };
}

class World {
  archives: TestArchive[] = [];
  current = 0;

  /** Two services on a fresh schema. */
  async open(): Promise<void> {
    const first = await startArchive({ url: server.url });
    await fixToday(server.url);
    this.archives = [first, await startArchive({ url: server.url })];
    await first.sql(
      `truncate archive.records, archive.conflict, archive.record_key, archive.tombstone, archive.checkpoint,
         archive.gap, archive.access_log, archive.deed`,
    );
  }

  get archive(): TestArchive {
    const archive = this.archives[this.current];
    if (!archive) throw new Error('There is no archive.');
    return archive;
  }

  signIn(agent: number): Promise<Person> {
    return this.archive.signIn({ id: agents[agent] ?? '', division: 'div-1' });
  }

  async close(): Promise<void> {
    for (const archive of this.archives) await archive.close();
  }
}

async function killDatabase(): Promise<void> {
  await server.stop('SIGKILL');
  server = await startEmbedded({ folder, sockets });
}

/** As a desk does: the same again, until there is an answer. */
async function sendUntilAnswered(world: World, agent: number, lines: readonly RecordLine[], fault: Fault) {
  if (fault === 'otherService') world.current = 1 - world.current;
  let tried = 0;
  for (;;) {
    tried += 1;
    try {
      const person = await world.signIn(agent);
      if (fault === 'killedBefore' && tried === 1) await killDatabase();
      const answer = person.send(lines);
      // It may fail while the database comes back; it is looked at below.
      answer.catch(() => undefined);
      if (fault === 'killedWithin' && tried === 1) await killDatabase();
      const results = await answer;
      if (fault === 'lostAnswer' && tried === 1) continue;
      return results;
    } catch (error) {
      // Each is said in one clear sentence.
      expect(String(error)).toMatch(/database|shutting down/);
      if (tried > 20) throw error;
    }
  }
}

async function play(world: World, model: Model, one: Step): Promise<void> {
  const agent = agents[one.agent] ?? '';
  if (one.kind === 'erase') {
    const record = `conversation-${one.record}`;
    model.erase(agent, record);
    const keys = await world.archive.sql<{ key: Buffer }>(
      `select distinct key from archive.records where agent_id = $1 and record ->> 'conversationId' = $2`,
      [agent, record],
    );
    await world.archive.sql("select set_config('archive.org_id', 'org-1', false)");
    await world.archive.sql('select archive.erase($1, null, $2, $3)', [
      keys.map(({ key }) => key),
      'dpo',
      'asked',
    ]);
    return;
  }
  const lines = one.lines.map(lineFor);
  const results = await sendUntilAnswered(world, one.agent, lines, one.fault);
  expect(results).toHaveLength(lines.length);
  for (const line of lines) model.take(agent, line);
  for (const [index, { outcome }] of results.entries()) {
    const line = lines[index];
    const of = `${agent} ${line?.record.conversationId ?? ''}`;
    if (model.deleted.has(of)) expect(outcome).toBe('refused');
    else expect(['kept', 'known', 'conflict']).toContain(outcome);
  }
}

async function compare(world: World, model: Model): Promise<void> {
  interface Row {
    readonly of: string;
    readonly day: string;
    readonly revision: number;
    readonly content: string;
  }
  const columns = `agent_id || ' ' || (record ->> 'conversationId') as of, day::text, revision,
    record ->> 'queueName' as content`;
  const rows = await world.archive.sql<Row>(`select ${columns} from archive.records order by 1, 3`);
  const expected = [...model.records]
    .flatMap(([of, { day, revisions }]) =>
      [...revisions].map(([revision, content]) => ({ of, day, revision, content })),
    )
    .sort((one, other) => (`${one.of} ${one.revision}` < `${other.of} ${other.revision}` ? -1 : 1));
  expect(rows).toEqual(expected);
  const conflicts = await world.archive.sql<Row>(`select ${columns} from archive.conflict`);
  expect(conflicts.map(({ of, revision, content }) => `${of} ${revision} ${content}`).sort()).toEqual(
    [...model.conflicts].sort(),
  );
  for (const [number, agent] of agents.entries()) {
    const person = await world.signIn(number);
    const page = await person.page('?limit=100');
    const own = [...model.records.keys()].filter((of) => of.startsWith(`${agent} `));
    expect(page.records.map(({ record }) => `${agent} ${String(record['conversationId'])}`).sort()).toEqual(
      own.sort(),
    );
    expect(page.missing).toBe(model.missing(agent));
  }
}

describe('any history of desks', () => {
  it('leaves the archive as the model has it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const world = new World();
        await world.open();
        try {
          const model = new Model();
          for (const one of steps) await play(world, model, one);
          await compare(world, model);
        } finally {
          await world.close();
        }
      }),
      { ...runs('ARCHIVE', 6), endOnFailure: true },
    );
  });

  it('of many desks at once loses nothing and keeps nothing twice', async () => {
    const world = new World();
    await world.open();
    try {
      const one = await world.signIn(0);
      const lines = Array.from({ length: 60 }, (_, index) => lineOf(index + 1));
      // Every desk sends the same records, in an order of its own.
      const sends = Array.from({ length: 8 }, (_, desk) => {
        const mine = lines.map((line) => ({ ...line, device: `desk-${desk}` }));
        return one.send([...mine.slice(desk * 7), ...mine.slice(0, desk * 7)]);
      });
      const outcomes = (await Promise.all(sends)).flat().map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'kept')).toHaveLength(60);
      expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(60 * 7);
      expect((await one.page('?limit=500')).records).toHaveLength(60);
    } finally {
      await world.close();
    }
  });
});
