import { describe, expect, it, vi } from 'vitest';
import type { Verification } from '../../../domain/database.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { communicationsTable } from '../../../electron/store/communications.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import { submissionsTable } from '../../../electron/store/submissions.ts';
import { draftsTable } from '../../../electron/store/drafts.ts';
import { readTotals, writeTotals } from '../../../electron/store/totals.ts';
import { verify } from '../../../electron/store/verify.ts';
import { submission, draft } from './examples.ts';
import { interleaved, made, usual } from './made.ts';
import { share } from './shares.ts';

vi.setConfig({ testTimeout: 300_000 });

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

/** Of the same moment. */
const beside = (row: Row): Row => ({ ...row, id: (row.id ?? 0) + 500 });

const unnumbered = { first_fact: null, last_fact: null };
const unfounded = (key: string): string => `record ${key}: no update explains it`;

describe('a change behind the program’s back', () => {
  const cases: readonly (readonly [string, (engine: Engine) => void, string])[] = [
    [
      'of a field',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({ json: json.replace('Ana was told', 'Nobody was') })),
      'record one/participant-1/leg-one: screenshare.wrapup.notes doesn’t match its updates',
    ],
    [
      'of a field that was not there',
      (engine) => changeRow(engine, 'two', ({ json }) => ({ json: json.replace('{', '{"unheardOf":1,') })),
      'record two/participant-1/leg-two: unheardOf doesn’t match its updates',
    ],
    [
      'of what a record is found by',
      (engine) => changeRow(engine, 'three', () => ({ settled: 1 })),
      'record three/participant-1/leg-three: settled doesn’t match its updates',
    ],
    [
      'back to what it was before',
      (engine) =>
        changeRow(engine, 'one', () => {
          const [, , due] = share({ id: 'one' });
          return { json: JSON.stringify(due?.changed[0]), settled: 0, last_fact: 9 };
        }),
      'record one/participant-1/leg-one: update 13 changed it, but the record doesn’t show it',
    ],
    [
      'of where its facts begin',
      (engine) => changeRow(engine, 'two', () => ({ first_fact: 6 })),
      'record two/participant-1/leg-two: update 2 changed it, but the record doesn’t show it',
    ],
    [
      'of where its facts end',
      (engine) => changeRow(engine, 'two', () => ({ last_fact: 400 })),
      'record two/participant-1/leg-two: it names update 400 as its last, which isn’t about it',
    ],
    [
      'that takes a record away',
      (engine) => {
        communicationsTable.remove(engine, 'two/participant-1/leg-two');
        countRecords(engine, -1);
      },
      'record two/participant-1/leg-two: missing, although update 2 is about it',
    ],
    [
      'that puts a record in',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        const copy = (text: string): string => text.replaceAll('one', 'five').replace('gfive', 'gone');
        if (row)
          communicationsTable.put(engine, { ...beside(row), key: copy(row.key), json: copy(row.json) });
        countRecords(engine, 1);
      },
      'record five/participant-1/leg-five: it names update 13 as its last, which isn’t about it',
    ],
    [
      'of a field, of a record that then names no fact',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({
          json: json.replace('Ana was told', 'Nobody was'),
          ...unnumbered,
        })),
      'record one/participant-1/leg-one: update 1 changed it, but the record doesn’t show it',
    ],
    [
      'of a field, with no beginning',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({
          json: json.replace('Ana was told', 'Nobody was'),
          first_fact: null,
        })),
      'record one/participant-1/leg-one: update 1 changed it, but the record doesn’t show it',
    ],
    [
      'of a field, with a beginning and no end',
      (engine) =>
        changeRow(engine, 'one', ({ json }) => ({
          json: json.replace('Ana was told', 'Nobody was'),
          last_fact: null,
        })),
      'record one/participant-1/leg-one: update 1 changed it, but the record doesn’t show it',
    ],
    [
      'that puts a record in that names no fact',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        const copy = (text: string): string => text.replaceAll('one', 'five').replace('gfive', 'gone');
        const copied = row && { ...beside(row), ...unnumbered, key: copy(row.key), json: copy(row.json) };
        if (copied) communicationsTable.put(engine, copied);
        countRecords(engine, 1);
      },
      unfounded('five/participant-1/leg-five'),
    ],
    [
      'that puts a second leg that names no fact into a conversation',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        const copy = (text: string): string => text.replaceAll('leg-one', 'leg-five');
        const copied = row && { ...beside(row), ...unnumbered, key: copy(row.key), json: copy(row.json) };
        if (copied) communicationsTable.put(engine, copied);
        countRecords(engine, 1);
      },
      unfounded('one/participant-1/leg-five'),
    ],
    [
      'of a conversation that is deleted, put in again without facts',
      (engine) => {
        const [row] = communicationsTable.select(engine, 'WHERE key LIKE ?', 'one/%');
        runCall(engine, 'deletionStep', [{ kind: 'one', key: row?.key ?? '' }, null, null]);
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
      `drafts ${JSON.stringify(draft().key)}: revision doesn’t match the row`,
      'submissions "submission-1": unfinished doesn’t match the row',
    ]);
    engine.close();
  });
});
