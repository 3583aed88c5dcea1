import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import { listAll } from '../../../electron/store/review/listing.ts';
import { verify } from '../../../electron/store/verify.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { factOf, settled, submission } from './examples.ts';
import { commit, made } from './made.ts';

const one = '1b5f2a60-0000-4000-8000-000000000001';
const two = '9c01d7e2-0000-4000-8000-000000000002';
const unknown = 'ffffffff-0000-4000-8000-000000000003';

function wrappedUp(conversationId: string, code: string): Communication {
  const record = settled({ conversationId });
  return { ...record, screenshare: { ...record.screenshare, wrapup: { code, notes: '' } } };
}

function filled(...records: readonly Communication[]): Engine {
  const engine = made();
  for (const record of records) commit(engine, factOf(record), [record]);
  listAll(engine);
  return engine;
}

const learn = (engine: Engine, ...codes: readonly (readonly [string, string])[]): void => {
  const cached = { codes: codes.map(([id, name]) => ({ id, name })), fetchedAt: '2025-03-04T10:00:00.000Z' };
  runCall(engine, 'cacheCodes', ['queue/any', cached]);
  listAll(engine);
};

const exported = (engine: Engine): readonly (ExportedRecord['wrapup'] | undefined)[] => {
  const page = runCall(engine, 'pageOfRecords', [{}, -1, 100]) as { records: readonly ExportedRecord[] };
  return page.records.map(({ wrapup }) => wrapup);
};
const found = (engine: Engine, change: object): number =>
  runCall(engine, 'count', [{ ...everything, ...change }]) as number;
const figures = (engine: Engine): unknown => runCall(engine, 'figures', [everything, 'code']);
const lines = (engine: Engine): unknown =>
  (runCall(engine, 'find', [everything, newestFirst, 0, 100]) as { lines: unknown }).lines;

describe('a code that came as an id', () => {
  it('has its name everywhere as soon as a list has it, also one loaded later for another queue', () => {
    const engine = filled(wrappedUp('first', one.toUpperCase()));
    expect(exported(engine)).toMatchObject([{ name: null }]);
    expect(found(engine, { words: ['resolved'] })).toBe(0);
    learn(engine, [one, 'Resolved']);
    expect(exported(engine)).toMatchObject([
      { code: one.toUpperCase(), name: 'Resolved', state: 'elsewhere' },
    ]);
    expect(found(engine, { words: ['resolved'] })).toBe(1);
    expect(found(engine, { code: ['resolved'] })).toBe(1);
    expect(found(engine, { code: [one] })).toBe(1);
    expect(figures(engine)).toMatchObject([{ name: 'Resolved', code: one, shares: 1 }]);
    expect(lines(engine)).toMatchObject([{ codeName: 'Resolved' }]);
    const detail = runCall(engine, 'record', [wrappedUp('first', one).key]);
    expect(detail).toMatchObject({ codeNames: { [one]: 'Resolved' } });

    learn(engine, [one, 'Solved']);
    expect(exported(engine)).toMatchObject([{ name: 'Solved' }]);
    expect(found(engine, { words: ['resolved'] })).toBe(0);
    expect(verify(engine).problems).toEqual([]);
  });

  it('is the same one where an event gave its name', () => {
    const engine = filled(wrappedUp('first', one), wrappedUp('second', 'Resolved'));
    learn(engine, [one, 'Resolved']);
    expect(figures(engine)).toMatchObject([{ name: 'Resolved', code: one, shares: 2 }]);
    expect(exported(engine)).toMatchObject([{ code: one }, { code: one, name: 'Resolved' }]);
  });

  it('stays apart from another one of the same name', () => {
    const engine = filled(wrappedUp('first', one), wrappedUp('second', two), wrappedUp('third', two));
    learn(engine, [one, 'Resolved'], [two, 'Resolved']);
    expect(figures(engine)).toMatchObject([
      { name: 'Resolved', code: two, shares: 2 },
      { name: 'Resolved', code: one, shares: 1 },
    ]);
    expect(found(engine, { code: ['Resolved'] })).toBe(3);
    expect(found(engine, { code: [two] })).toBe(2);
  });

  it('that no list has is itself', () => {
    const engine = filled(wrappedUp('first', unknown));
    learn(engine, [one, 'Resolved']);
    expect(exported(engine)).toMatchObject([{ code: unknown, name: null }]);
    expect(figures(engine)).toMatchObject([{ name: unknown, code: unknown }]);
  });

  it('has the name an exported file gives it', () => {
    const before = filled(wrappedUp('first', one));
    learn(before, [one, 'Resolved']);
    const page = runCall(before, 'pageOfRecords', [{}, -1, 100]) as { records: readonly ExportedRecord[] };
    const engine = made();
    const text = JSON.stringify(page.records[0]);
    runCall(engine, 'addImported', [[{ number: 1, text }]]);
    expect(exported(engine)).toEqual(exported(before));
    expect(found(engine, { words: ['resolved'] })).toBe(1);
  });
});

describe('two shares in one call', () => {
  const participant = {
    conversationId: 'call',
    participantId: 'agent',
    startAcwTime: '2025-03-04T10:00:15.000Z',
  };
  const leg = (communicationId: string): Communication => {
    const record = settled({ ...participant, communicationId });
    const { wrapup: _own, ...screenshare } = record.screenshare;
    const participantWrapup = { code: one, name: 'Resolved', notes: 'ours' };
    return { ...record, screenshare, participantWrapup };
  };

  it('have one outcome: what was decided about either', () => {
    const engine = filled(leg('leg-1'), leg('leg-2'));
    const sent = submission({
      key: 'call/agent/leg-1',
      conversationId: 'call',
      participantId: 'agent',
      communicationId: 'leg-1',
      code: one,
      state: 'confirmed',
    });
    runCall(engine, 'decide', [sent]);
    listAll(engine);
    expect(exported(engine)).toMatchObject([{ state: 'sent' }, { state: 'sent' }]);
    expect(found(engine, { wrapup: 'sent' })).toBe(2);
    const detail = runCall(engine, 'record', ['call/agent/leg-2']);
    expect(detail).toMatchObject({ submissions: [{ key: 'call/agent/leg-1' }] });
    expect(verify(engine).problems).toEqual([]);
  });

  it('stay together while what was decided about one is not sent', () => {
    const engine = filled(leg('leg-1'), leg('leg-2'));
    const key = 'call/agent/leg-1';
    runCall(engine, 'decide', [
      submission({ conversationId: 'call', participantId: 'agent', key, communicationId: 'leg-1' }),
    ]);
    const step = runCall(engine, 'deletionStep', [{ kind: 'one', key: 'call/agent/leg-2' }, null, null]);
    expect(step).toMatchObject({ keys: [], staying: 1 });
  });
});
