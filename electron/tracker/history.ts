import type { Communication } from '../../domain/communication/communication.ts';
import { reduceAgain } from '../../domain/communication/reduce-again.ts';
import type { LocalDatabase, DatabaseSummary } from '../../domain/database.ts';
import { DatabaseProblem } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import { createAnswers, stepMs, type AnswerParts } from './answers.ts';
import type { StateStore } from './state.ts';
import { createWaiting, type Waiting, type WaitingFact } from './pending-writes.ts';

type Anew = Pick<Kept, 'changed' | 'undone'>;

/** What became of a fact. */
export interface Kept {
  /** It, or every fact that had waited before it: as they are stored now. */
  readonly changed: readonly Communication[];
  /** Keys of records that were shown only because the database could not be asked: they are part of others. */
  readonly undone: readonly string[];
  /** Null while it waits. */
  readonly summary: DatabaseSummary | null;
}

/**
 * The database as a thing that may be missing or fail while the live status goes on. Whoever writes asks
 * here; a failure is shown as "history is paused" and ends with the first write that succeeds again. Facts
 * that could not be written wait, and go before anything newer.
 */
export interface History {
  /** `facts`: how many it holds, where that is known. */
  readonly attach: (database: LocalDatabase, facts?: number) => void;
  /** Why there is none yet, in words; shown until one is attached. */
  readonly missing: (reason: string) => void;
  readonly detach: () => LocalDatabase | null;
  /** Reads. A full disk can still be read: only a write that succeeds ends a pause. */
  readonly recall: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  /** Writes. The result, or `null` when it could not be done (which is then visible in the state). */
  readonly attempt: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  /**
   * Writes a fact about a conversation, or one about none (null). `fold` is given what is known of the
   * conversation; nobody writes between that and the fact. `isAll`: the database could be asked.
   */
  readonly keep: (
    conversationId: string | null,
    fold: (known: readonly Communication[], isAll: boolean) => WaitingFact | null,
  ) => Promise<Kept>;
  /** Writes what waits and then does the work, while no fact is being kept. @throws what `work` throws */
  readonly alone: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Writes what waits. */
  readonly catchUp: () => Promise<Kept>;
}

export interface HistoryParts {
  /** Told of damage that was met with: going on to write would make it worse. */
  readonly damaged: (problem: DatabaseProblem) => void;
  /** Time, for a database that may hang. */
  readonly after: AnswerParts['after'];
  /** A database that hung answers again: what waits can be written. */
  readonly answers: () => void;
  readonly waiting: Waiting;
}

/** For a database that does not hang. */
const untimed: Omit<HistoryParts, 'waiting'> = {
  damaged: () => undefined,
  after: () => () => undefined,
  answers: () => undefined,
};

const parseHeld = (body: string): readonly Communication[] => JSON.parse(body) as Communication[];

export function createHistory(store: StateStore, parts: Partial<HistoryParts> = {}): History {
  const {
    damaged,
    after,
    answers: answersAgain,
    waiting,
  } = { ...untimed, waiting: createWaiting(), ...parts };
  let database: LocalDatabase | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  /** Facts in the database as last acknowledged, and whether one was sent after that without an answer. */
  let acknowledged: number | null = null;
  let unsure = false;
  /** What facts came to that were written after all when nobody waited for that any more. */
  let writtenLate: Anew[] = [];

  function paused(detail: string): void {
    store.update((model) => ({ database: { ...model.database, health: 'paused', detail } }));
  }
  function well(): void {
    store.update((model) =>
      model.database.health === 'ok' ? {} : { database: { ...model.database, health: 'ok', detail: '' } },
    );
  }
  function failed(error: unknown): void {
    if (error instanceof DatabaseProblem && error.code === 'damaged') damaged(error);
    paused(
      error instanceof DatabaseProblem ? error.message : say('database.failed', { reason: String(error) }),
    );
  }

  const answers = createAnswers({
    after,
    failed,
    answered: () => {
      if (waiting.first() === null && writtenLate.length === 0) well();
      answersAgain();
    },
  });

  async function run<Value>(
    work: (database: LocalDatabase) => Promise<Value>,
    succeeded: () => void,
  ): Promise<Value | null> {
    if (!database || answers.areLate()) return null;
    try {
      const value = await answers.ask(work(database));
      succeeded();
      return value;
    } catch (error) {
      failed(error);
      return null;
    }
  }

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  /** @param anew what it came to, folded onto what is stored */
  async function commit(onto: LocalDatabase, fact: WaitingFact, anew: Anew): Promise<DatabaseSummary> {
    function sure({ facts }: DatabaseSummary): void {
      unsure = false;
      acknowledged = facts;
    }
    unsure = true;
    const summary = await answers.ask(onto.commit(fact.entry, anew.changed), (late) => {
      sure(late);
      waiting.drop(fact);
      writtenLate.push(anew);
    });
    sure(summary);
    return summary;
  }

  /** Folded anew onto what is stored: it may have come before the database was open. */
  async function foldedAnew(onto: LocalDatabase, { entry, changed }: WaitingFact): Promise<Anew> {
    if (!entry.context) return { changed, undone: [] };
    const stored = await answers.ask(onto.communicationsOf(entry.context.conversationId));
    const folded = reduceAgain(entry, stored, parseHeld);
    if (folded.kind !== 'reduced') return { changed, undone: [] };
    const keys = new Set([...stored, ...folded.changed].map(({ key }) => key));
    const undone = changed.filter(({ key }) => !keys.has(key)).map(({ key }) => key);
    return { changed: folded.changed, undone };
  }

  /** Writes what waits, in order; stops at the first that cannot be written. */
  async function writeWaiting(): Promise<Kept & { readonly done: boolean }> {
    const written = new Map<string, Communication>();
    const undone = new Set<string>();
    let summary: DatabaseSummary | null = null;
    function cameTo({ changed, undone: gone }: Anew): void {
      for (const one of changed) written.set(one.key, one);
      for (const key of gone) undone.add(key);
    }
    for (const anew of writtenLate) cameTo(anew);
    writtenLate = [];
    const sofar = (done: boolean): Kept & { readonly done: boolean } => ({
      changed: [...written.values()],
      undone: [...undone],
      summary,
      done,
    });
    for (;;) {
      const fact = waiting.first();
      if (!fact) return sofar(true);
      if (!database || answers.areLate()) return sofar(false);
      try {
        const anew = await foldedAnew(database, fact);
        summary = await commit(database, fact, anew);
        cameTo(anew);
      } catch (error) {
        failed(error);
        // Any other error is about this fact alone, and would hold up all others for good.
        if (error instanceof DatabaseProblem) return sofar(false);
      }
      waiting.written();
    }
  }

  async function write(onto: LocalDatabase, fact: WaitingFact): Promise<Kept> {
    const { changed } = fact;
    try {
      const summary = await commit(onto, fact, { changed, undone: [] });
      well();
      return { changed, undone: [], summary };
    } catch (error) {
      failed(error);
      return error instanceof DatabaseProblem ? wait(fact) : { changed, undone: [], summary: null };
    }
  }

  function wait(fact: WaitingFact): Kept {
    waiting.add(fact);
    return { changed: fact.changed, undone: [], summary: null };
  }

  /** What waits, over what is stored; and whether the database could be asked for that. */
  async function known(conversationId: string | null): Promise<readonly [Communication[], boolean]> {
    if (conversationId === null) return [[], true];
    const late = [...waiting.of(conversationId)];
    const stored = await run(
      (from) => from.communicationsOf(conversationId),
      () => undefined,
    );
    const others = (stored ?? []).filter(({ key }) => !late.some((one) => one.key === key));
    return [[...late, ...others], stored !== null];
  }

  return {
    attach: (attached, facts) => {
      // The thread may have died between the disk and its answer: then the first that waits is written.
      if (unsure && acknowledged !== null && facts === acknowledged + 1) waiting.written();
      unsure = false;
      acknowledged = facts ?? null;
      answers.anew();
      database = attached;
      well();
    },
    missing: paused,
    detach: () => {
      const was = database;
      answers.anew();
      database = null;
      return was;
    },
    recall: (work) => run(work, () => undefined),
    attempt: async (work) => {
      // Facts are written by whoever keeps them; here only what would overtake them has to wait.
      if (waiting.first() !== null && !(await inTurn(writeWaiting)).done) return null;
      return run(work, well);
    },
    keep: (conversationId, fold) =>
      inTurn(async () => {
        const before = await writeWaiting();
        const fact = fold(...(await known(conversationId)));
        if (!fact) return before;
        const kept = database && before.done && !answers.areLate() ? await write(database, fact) : wait(fact);
        return { ...kept, changed: [...before.changed, ...kept.changed], undone: before.undone };
      }),
    alone: (work) =>
      inTurn(async () => {
        if (!(await writeWaiting()).done)
          throw new DatabaseProblem('io', store.model.getState().database.detail || say('database.stopped'));
        return answers.ask(work(), undefined, stepMs);
      }),
    catchUp: () =>
      inTurn(async () => {
        const kept = await writeWaiting();
        if (kept.done && kept.summary !== null) well();
        return kept;
      }),
  };
}
