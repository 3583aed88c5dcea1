import { randomUUID } from 'node:crypto';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { archiveLimits, type RecordLine } from '../../../domain/archive/wire.ts';
import type { ArchiveCounts, ArchiveQueue } from '../../../domain/archive/queue.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { createArchiveClient } from '../../../electron/archive/archive-client.ts';
import { createUpload, type RoundEnd } from '../../../electron/archive/upload.ts';
import { forgetRecord } from '../../../electron/store/archive-queue.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import { listBatch } from '../../../electron/store/review/listing.ts';
import { runCall, type CallName } from '../../../electron/store/worker-calls.ts';
import { runs } from '../size.ts';
import { communication, factOf, settled, submission, temporaryFolder } from '../store/examples.ts';
import { commit, made } from '../store/made.ts';
import { playArchive, recordOf, type Fault, type PlayedArchive } from './played-archive.ts';

/** Time that passes when it is waited for. */
const clock: Clock = {
  now: () => Date.now(),
  after: (_ms, then) => {
    const timer = setImmediate(then);
    return () => clearImmediate(timer);
  },
};

const queueOn = (engine: Engine): ArchiveQueue => {
  const call = <Value>(name: CallName, ...args: readonly unknown[]): Promise<Value> =>
    Promise.resolve().then(() => runCall(engine, name, args) as Value);
  return {
    turnOn: (...args) => call('archiveOn', ...args),
    turnOff: () => call('archiveOff'),
    device: () => call('archiveDevice'),
    met: (...args) => call('archiveMet', ...args),
    fill: (how) => call('archiveFill', how),
    batch: (...args) => call('archiveBatch', ...args),
    answered: (outcomes) => call('archiveAnswered', outcomes),
    counts: () => call('archiveCounts'),
    offerRefused: () => call('archiveOfferRefused'),
    issues: () => call('archiveIssues'),
    preview: (...args) => call('archivePreview', ...args),
  };
};

interface Desk {
  readonly engine: Engine;
  readonly queue: ArchiveQueue;
  /** Sends until nothing waits or something is wrong. */
  readonly round: () => Promise<RoundEnd>;
  /** As if it had been killed: what was in memory is gone. */
  readonly restart: () => void;
  /** What the archive's clock was said to be off by, ms. */
  readonly offsets: number[];
  readonly missing: number[];
  token: string;
}

async function deskAt(archive: PlayedArchive, engine = newEngine()): Promise<Desk> {
  const queue = queueOn(engine);
  await queue.turnOn(archive.url, randomUUID());
  const offsets: number[] = [];
  const missing: number[] = [];
  const start = () =>
    createUpload({
      client: createArchiveClient({
        url: archive.url,
        access: { token: () => desk.token },
        fetch,
        clock,
        dated: (offsetMs) => offsets.push(offsetMs),
      }),
      queue: () => queue,
      making: () => ({ mask: 'people', now: null }),
      wait: () => Promise.resolve(null),
      newDevice: randomUUID,
      identified: () => undefined,
      counted: () => undefined,
      missing: (lines) => missing.push(lines),
      clock,
      random: () => 0.5,
      signal: new AbortController().signal,
    });
  let upload = start();
  const desk: Desk = {
    engine,
    queue,
    offsets,
    missing,
    token: 'token-1',
    round: () => upload.round(),
    restart: () => (upload = start()),
  };
  return desk;
}

function newEngine(file = path.join(temporaryFolder(), 'memory.db')): Engine {
  const engine = made(file);
  onTestFinished(() => engine.close());
  return engine;
}

const numbered = (number: number, change: Partial<Communication> = {}): Communication =>
  settled({
    conversationId: `conversation-${number}`,
    participantId: `participant-${number}`,
    communicationId: `communication-${number}`,
    key: `conversation-${number}/participant-${number}/communication-${number}`,
    peerName: `Customer ${number}`,
    ...change,
  });

function put(engine: Engine, ...communications: readonly Communication[]): void {
  for (const communication of communications) commit(engine, factOf(communication), [communication]);
  list(engine);
}

function list(engine: Engine): void {
  for (let after = listBatch(engine, -1); after !== null;) after = listBatch(engine, after);
}

const latest = (archive: PlayedArchive): Map<string, RecordLine> => {
  const found = new Map<string, RecordLine>();
  for (const line of archive.kept.values()) {
    const before = found.get(recordOf(line));
    if (!before || before.revision < line.revision) found.set(recordOf(line), line);
  }
  return found;
};

const done = { kind: 'done' };
const counts = (change: Partial<ArchiveCounts>): ArchiveCounts => ({
  archived: 0,
  waiting: 0,
  refused: 0,
  conflicts: 0,
  ...change,
});

const onTheLine = communication({
  conversationId: 'conversation-3',
  participantId: 'participant-3',
  communicationId: 'communication-3',
  key: 'conversation-3/participant-3/communication-3',
});

it('sends what is finished, masked, once; and a correction as a revision of its own', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1), numbered(2), onTheLine);
  expect(await desk.round()).toEqual(done);
  expect(await desk.queue.counts()).toEqual(counts({ archived: 2 }));
  expect(archive.bodies.join('')).not.toContain('Customer');

  desk.restart();
  expect(await desk.round()).toEqual(done);
  expect(archive.bodies).toHaveLength(1);

  put(desk.engine, numbered(1, { revisions: 9, queueName: 'After sales' }));
  expect(await desk.round()).toEqual(done);
  expect(archive.kept.size).toBe(3);
  expect([...latest(archive).values()].map(({ record }) => record.queueName)).toContain('After sales');
  expect(archive.conflicts).toEqual([]);
});
it('waits for the agent’s own words: not before they have arrived, and again when they change', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  const one = numbered(1);
  put(desk.engine, one);
  const decided = submission({ id: 'one', key: one.key, state: 'waiting', notes: 'secret words' });
  const stored = runCall(desk.engine, 'decide', [decided]) as object;
  list(desk.engine);
  await desk.round();
  expect(archive.kept.size).toBe(0);

  runCall(desk.engine, 'updateSubmission', [{ ...stored, state: 'confirmed' }]);
  list(desk.engine);
  await desk.round();
  expect(archive.kept.size).toBe(1);
  expect(archive.bodies.join('')).not.toContain('secret');
});

it('never changes a line that may have arrived', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1));
  archive.faults.push('broken', 'lost answer');
  expect(await desk.round()).toMatchObject({ kind: 'failed', problem: { kind: 'unreachable' } });
  expect(await desk.round()).toMatchObject({ kind: 'failed', problem: { kind: 'unreachable' } });
  put(desk.engine, numbered(1, { revisions: 7, queueName: 'Later' }));
  expect(await desk.round()).toEqual(done);
  expect(archive.conflicts).toEqual([]);
  expect([...archive.kept.values()].map(({ record }) => record.queueName)).toEqual(['Billing', 'Later']);
});

const problems: readonly [Fault, string, RegExp][] = [
  ['busy', 'too-many', /busy/],
  ['database', 'database', /can’t store anything right now: said database/],
  ['schema', 'schema', /brought up to date/],
  ['portal', 'foreign', /sign in first/],
  ['redirect', 'foreign', /sign in first/],
  ['version', 'version', /another version/],
  ['broken', 'unreachable', /./],
];
it.each(problems)(
  'says in one sentence what is wrong (%s), and loses nothing',
  async (fault, kind, words) => {
    const archive = await playArchive(onTestFinished);
    const desk = await deskAt(archive);
    put(desk.engine, numbered(1));
    await desk.queue.counts();
    archive.faults.push(fault);
    const end = await desk.round();
    expect(end).toMatchObject({ kind: 'failed', problem: { kind } });
    expect(end.kind === 'failed' ? end.problem.message : '').toMatch(words);
    expect(await desk.queue.counts()).toEqual(counts({ waiting: 1 }));
    expect(await desk.round()).toEqual(done);
    expect(await desk.queue.counts()).toEqual(counts({ archived: 1 }));
  },
);

it('leaves a busy archive alone for as long as it asks, and longer by chance', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  archive.faults.push('busy');
  put(desk.engine, numbered(1));
  const end = await desk.round();
  expect(end.kind === 'failed' ? end.retryMs : 0).toBeGreaterThan(1_000);
});

it('says that the sign-in is not accepted, and goes on with another one', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  archive.unknownTokens.add('token-1');
  put(desk.engine, numbered(1));
  expect(await desk.round()).toMatchObject({ kind: 'failed', problem: { kind: 'token' } });
  desk.token = 'token-2';
  expect(await desk.round()).toEqual(done);
  expect(archive.kept.size).toBe(1);
});

it('asks for another session when one ends, also where the clocks are days apart', async () => {
  const archive = await playArchive(onTestFinished);
  archive.clockMs = 3 * 24 * 3_600_000;
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1));
  expect(await desk.round()).toEqual(done);
  expect(Math.round((desk.offsets.at(-1) ?? 0) / 3_600_000)).toBe(-72);
  put(desk.engine, numbered(2));
  archive.faults.push('session ended');
  expect(await desk.round()).toEqual(done);
  expect(archive.kept.size).toBe(2);
});

it('sends the others where one is refused, or is more than the archive takes', async () => {
  const archive = await playArchive(onTestFinished);
  archive.refuses = 'Odd';
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1), numbered(2, { queueName: 'Odd' }), numbered(3));
  // Three at once are too many, then two; one alone is refused for good.
  archive.faults.push('too large', 'too large');
  expect(await desk.round()).toEqual(done);
  const found = await desk.queue.counts();
  expect(found.waiting).toBe(0);
  expect(found.archived + found.refused).toBe(3);
  const issues = await desk.queue.issues();
  expect(issues.map(({ reason }) => reason)).toContain('its queue is not taken');
});

it('sends once more what was refused, when it is asked to, and nothing that is deleted here', async () => {
  const archive = await playArchive(onTestFinished);
  archive.refuses = 'Odd';
  const desk = await deskAt(archive);
  const odd = (number: number) => numbered(number, { queueName: 'Odd' });
  put(desk.engine, odd(1), odd(2), numbered(3));
  expect(await desk.round()).toEqual(done);
  expect(await desk.queue.counts()).toMatchObject({ archived: 1, refused: 2, waiting: 0 });
  forgetRecord(desk.engine, odd(1).key);

  // Still refused: it is said as before.
  expect(await desk.queue.offerRefused()).toMatchObject({ refused: 1, waiting: 1 });
  expect(await desk.round()).toEqual(done);
  expect(await desk.queue.counts()).toMatchObject({ archived: 1, refused: 2, waiting: 0 });

  archive.refuses = null;
  await desk.queue.offerRefused();
  expect(await desk.round()).toEqual(done);
  expect(await desk.queue.counts()).toMatchObject({ archived: 2, refused: 1, waiting: 0 });
  expect(archive.kept.size).toBe(2);
  // Nothing is left to offer.
  expect(await desk.queue.offerRefused()).toMatchObject({ archived: 2, waiting: 0 });
});

it('sends at most so many at once, and so many bytes', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1), numbered(2), numbered(3));
  archive.faults.push('database');
  await desk.round();
  const all = await desk.queue.batch(archiveLimits.records, archiveLimits.bytes);
  expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const lengths = all.map(({ text }) => Buffer.byteLength(text) + 1);
  expect(await desk.queue.batch(2, archiveLimits.bytes)).toEqual(all.slice(0, 2));
  expect(await desk.queue.batch(3, (lengths[0] ?? 0) + (lengths[1] ?? 0))).toEqual(all.slice(0, 2));
  expect(await desk.queue.batch(3, 1)).toEqual(all.slice(0, 1));
});

it('offers everything again to an archive that has less than it said, and to another one', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1), numbered(2));
  await desk.round();
  archive.forget();
  desk.restart();
  put(desk.engine, numbered(3));
  expect(await desk.round()).toEqual(done);
  expect(archive.kept.size).toBe(3);

  const other = await playArchive(onTestFinished);
  await deskAt(other, desk.engine).then((moved) => moved.round());
  expect(other.kept.size).toBe(3);
});

it('goes on behind what the archive has of this desk, where an older database was put back', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1), numbered(2));
  await desk.round();
  const device = await desk.queue.device();
  // As the archive knows it from what is gone here.
  archive.lines.set(`${device} 9`, '');
  desk.restart();
  put(desk.engine, numbered(3));
  expect(await desk.round()).toEqual(done);
  expect([...archive.kept.values()].map(({ seq }) => seq)).toEqual([1, 2, 10]);
  expect(desk.missing.at(-1)).toBe(6);
});

it('forgets a record that is deleted here: what was not sent stays here, what was sent stays there', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1));
  await desk.round();
  put(desk.engine, numbered(2));
  archive.faults.push('database');
  await desk.round();
  const steps = () => runCall(desk.engine, 'deletionStep', [{ kind: 'all' }, null, null]);
  expect(steps()).toMatchObject({ keys: [numbered(1).key, numbered(2).key] });
  expect(await desk.round()).toEqual(done);
  expect(archive.kept.size).toBe(1);
  expect(await desk.queue.counts()).toEqual(counts({ archived: 1 }));
  const left = desk.engine.all('SELECT CAST(record AS BLOB) AS record FROM archived');
  expect(left.map(({ record }) => Buffer.from(record as ArrayBuffer).toString())).toEqual(['', '']);
});

it('turned off notes nothing, and turned on again sends what changed meanwhile', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1));
  await desk.round();
  await desk.queue.turnOff();
  put(desk.engine, numbered(2));
  expect(await desk.queue.counts()).toEqual(counts({ archived: 1 }));
  await desk.queue.turnOn(archive.url, randomUUID());
  expect(await desk.round()).toEqual(done);
  expect(archive.bodies).toHaveLength(2);
  expect(archive.kept.size).toBe(2);
});

it('shows the exact bytes before and after', async () => {
  const archive = await playArchive(onTestFinished);
  const desk = await deskAt(archive);
  put(desk.engine, numbered(1));
  const how = {
    agentId: 'agent-1',
    maskKey: Buffer.alloc(32, 7).toString('base64url'),
    mask: 'people',
    now: null,
  } as const;
  const before = await desk.queue.preview(how, null);
  archive.faults.push('database');
  await desk.round();
  await desk.round();
  expect(archive.bodies).toEqual([`${before?.text ?? ''}\n`]);
  expect(await desk.queue.preview(how, before?.id ?? 0)).toBeNull();
});

type Act =
  | { readonly kind: 'share'; readonly number: number }
  | { readonly kind: 'correct'; readonly number: number; readonly words: string }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'round' }
  | { readonly kind: 'kill' };

const number = fc.integer({ min: 1, max: 6 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('share' as const), number }),
  fc.record({ kind: fc.constant('correct' as const), number, words: fc.string({ maxLength: 8 }) }),
  fc.record({
    kind: fc.constant('fault' as const),
    fault: fc.constantFrom<Fault[]>('lost answer', 'busy', 'database', 'session ended', 'broken', 'portal'),
  }),
  fc.constant({ kind: 'round' as const }),
  fc.constant({ kind: 'kill' as const }),
);

it('whatever is lost, refused for now or killed: the latest of every record arrives, and none twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const archive = await playArchive(onTestFinished);
      const desk = await deskAt(archive);
      const records = new Map<number, Communication>();
      for (const each of acts) {
        switch (each.kind) {
          case 'share':
            if (!records.has(each.number)) records.set(each.number, numbered(each.number));
            break;
          case 'correct': {
            const known = records.get(each.number);
            if (known)
              records.set(each.number, {
                ...known,
                revisions: known.revisions + 1,
                queueName: each.words,
              });
            break;
          }
          case 'fault':
            archive.faults.push(each.fault);
            continue;
          case 'round':
            await desk.round();
            continue;
          case 'kill':
            desk.restart();
            continue;
        }
        put(desk.engine, ...[...records.values()].filter((one) => one === records.get(each.number)));
      }
      archive.faults.length = 0;
      expect(await desk.round()).toEqual(done);
      expect(await desk.queue.counts()).toEqual(counts({ archived: records.size }));
      const arrived = [...latest(archive).values()].map(({ record }) => record.queueName).sort();
      expect(arrived).toEqual([...records.values()].map(({ queueName }) => queueName).sort());
      expect(archive.conflicts).toEqual([]);
      // No number is skipped, and none means two things.
      const numbers = [...archive.lines.keys()].map((key) => Number(key.split(' ')[1])).sort((a, b) => a - b);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }),
    runs('ARCHIVE', 40),
  );
});
