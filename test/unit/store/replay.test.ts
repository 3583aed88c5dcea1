import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DatabaseProblem, type LocalDatabase } from '../../../domain/database.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import type { DeletionStep } from '../../../electron/store/deletion/deletion-step.ts';
import { verify } from '../../../electron/store/verify.ts';
import { createPendingWrites } from '../../../electron/tracker/pending-writes.ts';
import { anyDay, onTheWire } from '../domain/day.ts';
import { agentId, at } from '../domain/wire.ts';
import { runs } from '../size.ts';
import { createRig } from '../tracker/rig.ts';
import { communication, context, fact, factOf } from './examples.ts';
import { commit, interleaved, made, usual } from './made.ts';
import { share } from './shares.ts';

vi.setConfig({ testTimeout: 300_000 });

describe('records made anew from their facts', () => {
  it('are what is stored', () => {
    const engine = made();
    interleaved(engine, ...usual);
    commit(engine, fact({ refusal: 'not JSON' }), []);
    const loose = communication({ conversationId: 'held', peerName: 'as it stood' });
    commit(engine, factOf(loose), [loose]);
    expect(verify(engine)).toEqual({
      whole: true,
      facts: 16,
      deleted: 0,
      records: 5,
      rebuilt: 5,
      notRebuilt: 0,
      derived: [],
      problems: [],
    });
    engine.close();
  });

  it('cannot be, where a fact was folded by other rules: that is said, and is no fault', () => {
    const engine = made();
    interleaved(engine, { id: 'one' });
    for (const [index, { entry, changed }] of share({ id: 'older' }).entries()) {
      const rules = index < 2 ? 0 : (entry.context?.rules ?? 0);
      commit(engine, { ...entry, context: { ...context(entry.context ?? {}), rules } }, changed);
    }
    expect(verify(engine)).toMatchObject({ whole: true, rebuilt: 1, notRebuilt: 1, problems: [] });
    engine.close();
  });
});

/** The real store behind the interface, as the worker has it, with a disk that may be full. */
function databaseOn(engine: Engine, isFull: () => boolean): LocalDatabase {
  const ask = <Value>(name: Parameters<typeof runCall>[1], ...args: unknown[]): Promise<Value> =>
    isFull() && name !== 'communicationsOf'
      ? Promise.reject(new DatabaseProblem('full', 'The disk is full.'))
      : Promise.resolve(runCall(engine, name, args) as Value);
  const unused = (): never => {
    throw new Error('Only facts are written here');
  };
  return {
    commit: (entry, changed) => ask('commit', entry, changed),
    communicationsOf: (id) => ask('communicationsOf', id),
    recollect: () => ask('recollect'),
    deleteRecords: async (what, inTurn = (step) => step().then(() => undefined)) => {
      await inTurn(async () => (await ask<DeletionStep>('deletionStep', what, null, null)).keys);
      return { records: 0, facts: 0, staying: 0 };
    },
    saveDraft: unused,
    decide: unused,
    updateSubmission: unused,
    cacheCodes: unused,
    cachedCodes: unused,
    codeNames: unused,
    codeUses: unused,
    codePicks: unused,
    lastNotes: unused,
    setFavourite: unused,
    close: unused,
  };
}

const anyWeather = fc.constantFrom('well', 'well', 'well', 'full', 'closed', 'restart', 'deleteRecords');

describe('whatever happened on the way', () => {
  it('the facts make the records that are stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyDay, fc.array(anyWeather, { maxLength: 12 })), { minLength: 1, maxLength: 3 }),
        async (days) => {
          const engine = made();
          let full = false;
          let open = true;
          const database = databaseOn(engine, () => full);
          const limits = { facts: 3, size: 1 << 20 };
          let rig = createRig({}, createPendingWrites(limits));
          rig.recording.detach();
          rig.recording.attach(database);
          let seconds = 10;
          for (const [number, [day, weather]] of days.entries()) {
            for (const [index, told] of day.told.entries()) {
              seconds += 7;
              rig.now = seconds;
              full = weather[index] === 'full';
              if (weather[index] === 'restart') {
                // What waited is lost with the program, and the next facts come before the database is open.
                rig = createRig({}, createPendingWrites(limits));
                open = false;
              }
              if (weather[index] === 'closed' || weather[index] === 'restart') rig.recording.detach();
              else rig.recording.attach(database);
              if (!open && !full && weather[index] === 'well') {
                await rig.tracker.catchUp();
                rig.tracker.recollect(await database.recollect());
                open = true;
              }
              if (weather[index] === 'deleteRecords')
                await database
                  .deleteRecords({ kind: 'all' }, rig.tracker.betweenFacts)
                  .catch(() => undefined);
              const content = onTheWire(day, told) as Record<string, unknown>;
              const value = { ...content, id: `conversation-${number % 2}` };
              const source = told.dialect === 'rest' ? 'rest' : 'socket';
              const body = JSON.stringify(source === 'socket' ? { topicName: 'x', eventBody: value } : value);
              const subject = source === 'rest' ? 'GET x' : `v2.users.${agentId}.conversations`;
              const receivedAt = at(seconds);
              await rig.tracker.arrived({
                source,
                subject,
                receivedAt,
                body,
                content: { kind: 'conversation', value },
              });
            }
            if (number % 2 === 1) await rig.tracker.missing(`conversation-${number % 2}`);
          }
          full = false;
          rig.recording.attach(database);
          await rig.tracker.catchUp();
          const { problems, notRebuilt } = verify(engine);
          engine.close();
          expect({ problems, notRebuilt }).toEqual({ problems: [], notRebuilt: 0 });
        },
      ),
      runs('HISTORIES', 40),
    );
  });
});
