import { describe, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import type { Verification } from '../../../domain/database.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { communicationsTable } from '../../../electron/store/communications.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import { submissionsTable } from '../../../electron/store/submissions.ts';
import { draftsTable } from '../../../electron/store/drafts.ts';
import { readTotals, writeTotals } from '../../../electron/store/totals.ts';
import { verify } from '../../../electron/store/verify.ts';
import { at, conversation, live, read } from '../domain/wire.ts';
import { submission, draft } from './examples.ts';
import { commit, interleaved, made, usual } from './made.ts';
import { knownAt, share } from './shares.ts';

vi.setConfig({ testTimeout: 120_000 });

/** With the right key and the program's own functions, so that checksums and counts are right. */
function behindItsBack(change: (engine: Engine) => void): Verification {
  const engine = made();
  interleaved(engine, ...usual);
  change(engine);
  const verification = verify(engine);
  engine.close();
  return verification;
}

type Row = ReturnType<typeof communicationsTable.select>[number];

function changeRow(engine: Engine, id: string, change: (row: Row) => Partial<Row>): void {
  const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', `${id}/%`);
  if (!row) throw new Error(`There is no record ${id}`);
  communicationsTable.put(engine, { ...row, ...change(row) });
}

function countRecords(engine: Engine, more: number): void {
  const totals = readTotals(engine);
  writeTotals(engine, { ...totals, records: totals.records + more });
}

/** As a record older than the contexts of facts is. */
const unnumbered = { first_fact: null, last_fact: null };
const unfounded = (key: string): string =>
  `record ${key}: names no fact that made it, and the journal has none about it from before records named them`;

describe('a change behind the program’s back', () => {
  const cases: readonly (readonly [string, (engine: Engine) => void, string])[] = [
    [
      'of a field',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({ json: json.replace('Ana was told', 'Nobody was') })),
      'record one/participant-1/leg-one: screenshare.wrapup.notes is not what its facts say',
    ],
    [
      'of a field that was not there',
      (engine) => changeRow(engine, 'two', ({ json }) => ({ json: json.replace('{', '{"unheardOf":1,') })),
      'record two/participant-1/leg-two: unheardOf is not what its facts say',
    ],
    [
      'of what a record is found by',
      (engine) => changeRow(engine, 'three', () => ({ settled: 1 })),
      'record three/participant-1/leg-three: settled is not what its facts say',
    ],
    [
      'back to what it was before',
      (engine) =>
        changeRow(engine, 'one', () => {
          const [, , due] = share({ id: 'one' });
          return { json: JSON.stringify(due?.changed[0]), settled: 0, last_fact: 9 };
        }),
      'record one/participant-1/leg-one: fact 13 changed it, which it does not show',
    ],
    [
      'of where its facts begin',
      (engine) => changeRow(engine, 'two', () => ({ first_fact: 6 })),
      'record two/participant-1/leg-two: fact 2 changed it, which it does not show',
    ],
    [
      'of where its facts end',
      (engine) => changeRow(engine, 'two', () => ({ last_fact: 400 })),
      'record two/participant-1/leg-two: fact 400, its last by its own account, is not about it',
    ],
    [
      'that takes a record away',
      (engine) => {
        communicationsTable.remove(engine, 'two/participant-1/leg-two');
        countRecords(engine, -1);
      },
      'record two/participant-1/leg-two: missing; fact 2 is about it',
    ],
    [
      'that puts a record in',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        const copy = (text: string): string => text.replaceAll('one', 'five').replace('gfive', 'gone');
        if (row) communicationsTable.put(engine, { ...row, key: copy(row.key), json: copy(row.json) });
        countRecords(engine, 1);
      },
      'record five/participant-1/leg-five: fact 13, its last by its own account, is not about it',
    ],
    [
      'of a field, in the guise of a record older than the contexts',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({
          json: json.replace('Ana was told', 'Nobody was'),
          ...unnumbered,
        })),
      'record one/participant-1/leg-one: fact 1 changed it, which it does not show',
    ],
    [
      'of a field, in the guise of one whose beginning is older',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({
          json: json.replace('Ana was told', 'Nobody was'),
          first_fact: null,
        })),
      unfounded('one/participant-1/leg-one'),
    ],
    [
      'of a field, with a beginning and no end',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({
          json: json.replace('Ana was told', 'Nobody was'),
          last_fact: null,
        })),
      'record one/participant-1/leg-one: fact 1 changed it, which it does not show',
    ],
    [
      'that puts a record in, in the guise of one older than the contexts',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        const copy = (text: string): string => text.replaceAll('one', 'five').replace('gfive', 'gone');
        const copied = row && { ...row, ...unnumbered, key: copy(row.key), json: copy(row.json) };
        if (copied) communicationsTable.put(engine, copied);
        countRecords(engine, 1);
      },
      unfounded('five/participant-1/leg-five'),
    ],
    [
      'that puts a second leg into a conversation, in that guise',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        const copy = (text: string): string => text.replaceAll('leg-one', 'leg-five');
        const copied = row && { ...row, ...unnumbered, key: copy(row.key), json: copy(row.json) };
        if (copied) communicationsTable.put(engine, copied);
        countRecords(engine, 1);
      },
      unfounded('one/participant-1/leg-five'),
    ],
    [
      'of a conversation that is deleted, put in again in that guise',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        runCall(engine, 'forgetStep', [{ kind: 'one', key: row?.key ?? '' }, null]);
        if (row) communicationsTable.put(engine, { ...row, ...unnumbered });
        countRecords(engine, 1);
      },
      unfounded('one/participant-1/leg-one'),
    ],
  ];
  it.each(cases)('%s is found, and named', (_name, change, problem) => {
    const { whole, problems } = behindItsBack(change);
    expect({ whole, first: problems[0] }).toEqual({ whole: false, first: problem });
  });
});

describe('a column that is not what its row holds', () => {
  it('is found in a draft and in a submission', () => {
    const engine = made();
    runCall(engine, 'decide', [submission()]);
    runCall(engine, 'saveDraft', [draft()]);
    expect(verify(engine).problems).toEqual([]);
    const [sent] = submissionsTable.select(engine);
    const [written] = draftsTable.select(engine);
    if (sent) submissionsTable.put(engine, { ...sent, unfinished: 0 });
    if (written) draftsTable.put(engine, { ...written, revision: 7 });
    expect(verify(engine).problems).toEqual([
      `drafts ${JSON.stringify(draft().key)}: revision is not what the row holds`,
      'submissions "submission-1": unfinished is not what the row holds',
    ]);
    engine.close();
  });
});

describe('a record from before the contexts', () => {
  const steps = share({ id: 'early' });

  /** The first facts of its conversation as they were kept then; answers what they made. */
  function early(engine: Engine, facts: number): Communication {
    for (const { entry, changed } of steps.slice(0, facts))
      commit(engine, { ...entry, context: null }, changed);
    changeRow(engine, 'early', () => unnumbered);
    const [record] = steps[facts - 1]?.changed ?? [];
    if (!record) throw new Error('These facts make a record');
    return record;
  }

  it('is vouched for by facts of that time, and goes on with those of today', () => {
    const engine = made();
    early(engine, 2);
    expect(verify(engine)).toMatchObject({ whole: true, rebuilt: 0, notRebuilt: 1, problems: [] });
    for (const { entry, changed } of steps.slice(2)) commit(engine, entry, changed);
    interleaved(engine, { id: 'one' });
    expect(verify(engine)).toMatchObject({ whole: true, rebuilt: 1, notRebuilt: 1, problems: [] });
    engine.close();
  });

  it('is left alone by a fact about another leg, whose record is made anew beside it', () => {
    const engine = made();
    const known = early(engine, 4);
    const told = conversation({ conversation: { id: 'early' }, leg: { id: 'leg-later', ...live } });
    const kept = knownAt('early', 90);
    const receivedAt = at(90);
    const changed = reduceConversation([known], read(told), { ...kept, receivedAt });
    expect(changed.map(({ key }) => key)).toEqual(['early/participant-1/leg-later']);
    const body = JSON.stringify(told);
    commit(
      engine,
      { source: 'rest', subject: 'GET x', receivedAt, body, refusal: null, context: kept },
      changed,
    );
    expect(verify(engine)).toMatchObject({ whole: true, rebuilt: 1, notRebuilt: 1, problems: [] });
    engine.close();
  });

  it('is not taken back to that time once a fact of today changed it', () => {
    const engine = made();
    early(engine, 2);
    for (const { entry, changed } of steps.slice(2)) commit(engine, entry, changed);
    changeRow(engine, 'early', ({ json }) => ({
      json: json.replace('Ana was told', 'Nobody was'),
      ...unnumbered,
    }));
    expect(verify(engine).problems).toEqual([
      'record early/participant-1/leg-early: fact 3 changed it, which it does not show',
    ]);
    engine.close();
  });
});
