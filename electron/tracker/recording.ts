import type { Communication } from '../../domain/communication/communication.ts';
import { reduceAgain } from '../../domain/communication/reduce-again.ts';
import { DatabaseProblem, type DatabaseSummary, type LocalDatabase } from '../../domain/database.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { asError } from '../../domain/toolbox/result.ts';
import { createSerialQueue, type SerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import { createPendingWrites, type FactWrite, type PendingWrites } from './pending-writes.ts';
import { showCommunications, type StateStore } from './state.ts';

/** What a fact about a conversation is reduced on. */
export interface Known {
  readonly communications: readonly Communication[];
  /** The database that has exactly these; null where facts wait, or where it could not be asked. */
  readonly storedIn: LocalDatabase | null;
}

/**
 * Writes facts and what they come to into the local database, which may be missing, full, failing or hanging. Then
 * recording is paused and says so, while the live status goes on. Facts that cannot be written wait, go before anything
 * newer, and the first write that succeeds ends the pause.
 */
export interface Recording {
  /**
   * The one queue: each fact, deletion step and catching up has it for itself from beginning to end.
   * `knownOf`, `commit` and `deleteStep` are called by what runs in it.
   */
  readonly queue: SerialQueue;
  /** `facts`: how many the database holds, where that is known. */
  readonly attach: (database: LocalDatabase, facts?: number) => void;
  /** Why there is no database yet, in words; shown until one is attached. */
  readonly missing: (reason: string) => void;
  readonly detach: () => LocalDatabase | null;
  /** Reads. A full disk can still be read: only a write that succeeds ends a pause. */
  readonly recall: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  /** Writes. The result, or `null` when it could not be done (which is then visible in the state). */
  readonly attempt: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  /** Everything known of a conversation, once what waits is written; of a fact about none: nothing. */
  readonly knownOf: (conversationId: string | null) => Promise<Known>;
  /** Resolves when the fact is durable, or waits. */
  readonly commit: (fact: FactWrite, known: Known) => Promise<void>;
  /** Writes what waits, then runs a step that deletes. @throws what `step` throws */
  readonly deleteStep: <Value>(step: () => Promise<Value>) => Promise<Value>;
  /** Writes what waits. */
  readonly catchUp: () => Promise<void>;
}

export interface RecordingParts {
  /** Called when damage was found: going on to write would make it worse. */
  readonly damaged: (problem: DatabaseProblem) => void;
  /** For the time a database may take. */
  readonly clock: Pick<Clock, 'after'>;
  readonly pending: PendingWrites;
}

/** How long the database may take to answer before recording counts as paused, ms. */
const answerMs = 2_000;
/** A step of a deletion looks at much and writes much, ms. */
const deleteStepMs = 10_000;
/** More conversations than anybody has open at once. */
const cachedAtMost = 50;

const parseHeld = (body: string): readonly Communication[] => JSON.parse(body) as Communication[];

function overlay(below: readonly Communication[], above: readonly Communication[]): Communication[] {
  const byKey = new Map([...below, ...above].map((communication) => [communication.key, communication]));
  return [...byKey.values()];
}

export function createRecording(store: StateStore, parts: Partial<RecordingParts> = {}): Recording {
  const { damaged = () => undefined, pending = createPendingWrites() } = parts;
  const queue = createSerialQueue();
  let database: LocalDatabase | null = null;
  const cached = createCachedConversations();
  /** How many facts the database has by its last acknowledgement, and the one sent after that without one. */
  let acknowledged: number | null = null;
  let unacknowledged: FactWrite | null = null;
  /** What facts that waited came to when they were written, until none waits any more. */
  const written = new Map<string, Communication>();
  /** Records that were shown only because the database could not be asked: they are part of others. */
  const undone = new Set<string>();

  function paused(detail: string): void {
    store.update((model) => ({ database: { ...model.database, health: 'paused', detail } }));
  }
  function well(quarantined = store.model.getState().database.quarantined): void {
    const { health, quarantined: before } = store.model.getState().database;
    if (health !== 'ok' || quarantined !== before)
      store.update(() => ({ database: { health: 'ok', detail: '', quarantined } }));
  }
  /** An error of a database that is no longer in use changes nothing. */
  function failed(error: unknown, from: LocalDatabase | null): void {
    if (from !== database) return;
    if (error instanceof DatabaseProblem && error.code === 'damaged') damaged(error);
    paused(
      error instanceof DatabaseProblem ? error.message : say('database.failed', { reason: String(error) }),
    );
  }

  const timeout = createDatabaseTimeout({
    // Without a clock, for a database that does not hang.
    after: parts.clock?.after ?? (() => () => undefined),
    failed: (error) => failed(error, database),
    answered: () =>
      void queue.run(async () => {
        if (await writePending()) well();
      }),
  });

  const usable = (): LocalDatabase | null => (timeout.isOverdue() ? null : database);

  async function run<Value>(
    work: (database: LocalDatabase) => Promise<Value>,
    succeeded: () => void,
  ): Promise<Value | null> {
    const from = usable();
    if (!from) return null;
    try {
      const value = await timeout.ask(work(from));
      if (from === database) succeeded();
      return value;
    } catch (error) {
      failed(error, from);
      return null;
    }
  }

  /** All the database has of a conversation. @throws what it says */
  async function storedOf(from: LocalDatabase, conversationId: string): Promise<readonly Communication[]> {
    const known = cached.of(conversationId);
    if (known) return known;
    const stored = await timeout.ask(from.communicationsOf(conversationId));
    if (from === database) cached.hold(conversationId, stored);
    return stored;
  }

  /**
   * @param stored all that the database has of the conversation
   * @param changed what the fact makes of that
   * @throws what the database says: then nobody knows what it has
   */
  async function write(
    onto: LocalDatabase,
    fact: FactWrite,
    stored: readonly Communication[],
    changed: readonly Communication[],
  ): Promise<DatabaseSummary> {
    const conversationId = fact.entry.context?.conversationId ?? null;
    const noteAcknowledged = ({ facts }: DatabaseSummary): void => {
      acknowledged = facts;
      unacknowledged = null;
    };
    if (conversationId !== null) cached.forget(conversationId);
    unacknowledged = fact;
    const summary = await timeout.ask(onto.commit(fact.entry, changed), (late) => {
      noteAcknowledged(late);
      noteWritten(fact, stored, changed);
    });
    if (onto !== database) return summary;
    noteAcknowledged(summary);
    if (conversationId !== null) cached.hold(conversationId, overlay(stored, changed));
    return summary;
  }

  /** A fact that waited is in the database, and came to this. */
  function noteWritten(
    fact: FactWrite,
    stored: readonly Communication[],
    changed: readonly Communication[],
  ): void {
    pending.remove(fact);
    for (const communication of changed) written.set(communication.key, communication);
    const keys = new Set([...stored, ...changed].map(({ key }) => key));
    for (const { key } of fact.changed) if (!keys.has(key)) undone.add(key);
  }

  /** Only when no fact waits: what one of them came to is older than what is shown. */
  function showWritten(): void {
    showCommunications(store, [...written.values()], undone);
    written.clear();
    undone.clear();
  }

  /** In order; false where it stopped at one that cannot be written now. */
  async function writePending(): Promise<boolean> {
    let summary: DatabaseSummary | null = null;
    for (let fact = pending.first(); fact !== null; fact = pending.first()) {
      const onto = usable();
      if (!onto) return false;
      try {
        summary = (await reduceAndWrite(onto, fact)) ?? summary;
      } catch (error) {
        failed(error, onto);
        if (error instanceof DatabaseProblem) return false;
        // Any other error is about this fact alone, which would hold up all others for good.
        pending.remove(fact);
      }
    }
    showWritten();
    if (summary) well(summary.quarantined);
    return true;
  }

  /**
   * Reduced again: it may have come before the database was open, or been reduced on what is not there any more.
   * Null when another database is in use by then.
   */
  async function reduceAndWrite(onto: LocalDatabase, fact: FactWrite): Promise<DatabaseSummary | null> {
    const { entry } = fact;
    const stored = entry.context ? await storedOf(onto, entry.context.conversationId) : [];
    if (onto !== database) return null;
    const reduced = reduceAgain(entry, stored, parseHeld);
    const changed = reduced.kind === 'reduced' ? reduced.changed : fact.changed;
    const summary = await write(onto, fact, stored, changed);
    noteWritten(fact, stored, changed);
    return onto === database ? summary : null;
  }

  async function knownOf(conversationId: string | null): Promise<Known> {
    const isAllWritten = await writePending();
    const from = usable();
    if (conversationId === null) return { communications: [], storedIn: isAllWritten ? from : null };
    const waiting = pending.of(conversationId);
    try {
      if (from) {
        const communications = overlay(await storedOf(from, conversationId), waiting);
        return { communications, storedIn: isAllWritten ? from : null };
      }
    } catch (error) {
      failed(error, from);
    }
    const shown = Object.values(store.model.getState().communications).filter(
      (communication) => communication.conversationId === conversationId,
    );
    return { communications: overlay(shown, waiting), storedIn: null };
  }

  /** What was reduced on anything but the whole content of the database is reduced again before it is written. */
  async function commit(fact: FactWrite, { communications, storedIn }: Known): Promise<void> {
    if (storedIn && storedIn === usable()) {
      try {
        const summary = await write(storedIn, fact, communications, fact.changed);
        if (storedIn === database) well(summary.quarantined);
        return;
      } catch (error) {
        failed(error, storedIn);
        if (!(error instanceof DatabaseProblem)) return;
      }
    }
    pending.add(fact);
    if (fact.entry.refusal === null) return;
    store.update((model) => ({
      database: { ...model.database, quarantined: model.database.quarantined + 1 },
    }));
  }

  function detach(): LocalDatabase | null {
    const was = database;
    timeout.reset();
    cached.forgetAll();
    database = null;
    return was;
  }

  return {
    queue,
    attach: (attached, facts) => {
      // The thread may have died between the disk and its answer.
      const isThere = acknowledged !== null && facts === acknowledged + 1;
      if (unacknowledged && isThere) pending.remove(unacknowledged);
      unacknowledged = null;
      acknowledged = facts ?? null;
      detach();
      database = attached;
      well();
    },
    missing: paused,
    detach,
    recall: (work) => run(work, () => undefined),
    attempt: async (work) => {
      // It must not overtake what waits.
      if (pending.first() !== null && !(await queue.run(writePending))) return null;
      return run(work, well);
    },
    knownOf,
    commit,
    deleteStep: async (step) => {
      if (!(await writePending()))
        throw new DatabaseProblem('io', store.model.getState().database.detail || say('database.stopped'));
      cached.forgetAll();
      return timeout.ask(step(), undefined, deleteStepMs);
    },
    catchUp: async () => {
      await queue.run(writePending);
    },
  };
}

/** The communications of a few conversations exactly as the database has them: all of each, or nothing. */
function createCachedConversations(): {
  readonly of: (conversationId: string) => readonly Communication[] | undefined;
  readonly hold: (conversationId: string, all: readonly Communication[]) => void;
  readonly forget: (conversationId: string) => void;
  readonly forgetAll: () => void;
} {
  const cached = new Map<string, readonly Communication[]>();
  return {
    of: (conversationId) => cached.get(conversationId),
    hold: (conversationId, all) => {
      cached.delete(conversationId);
      cached.set(conversationId, all);
      const [longestUnchanged] = cached.keys();
      if (cached.size > cachedAtMost && longestUnchanged !== undefined) cached.delete(longestUnchanged);
    },
    forget: (conversationId) => void cached.delete(conversationId),
    forgetAll: () => {
      cached.clear();
    },
  };
}

interface TimeoutParts {
  readonly after: Clock['after'];
  /** What was asked came to nothing after all, late. */
  readonly failed: (error: unknown) => void;
  /** Everything that was late has been answered: the database can be asked again. */
  readonly answered: () => void;
}

interface DatabaseTimeout {
  /**
   * @param late given an answer that came after its time, while the database is still the same
   * @param ms how long it may take
   * @throws what was asked throws; DatabaseProblem `io` when there is no answer in time
   */
  readonly ask: <Value>(asked: Promise<Value>, late?: (value: Value) => void, ms?: number) => Promise<Value>;
  /** Something is not answered yet that should have been. */
  readonly isOverdue: () => boolean;
  /** Another database is in use, or none: what the former one still says is not listened to. */
  readonly reset: () => void;
}

/**
 * A disk may hang instead of failing: then the database says nothing at all. The live status does not wait for
 * that. What is not answered in time counts as not done for now, and nothing more is asked until it is.
 */
function createDatabaseTimeout({ after, failed, answered }: TimeoutParts): DatabaseTimeout {
  let overdue = new Set<unknown>();
  return {
    ask: <Value>(asked: Promise<Value>, late: (value: Value) => void = () => undefined, ms = answerMs) => {
      const ofThisDatabase = overdue;
      /** True when it was late, and is still listened to. */
      const wasOverdue = (): boolean => ofThisDatabase.delete(asked) && ofThisDatabase === overdue;
      const goOn = (): void => {
        if (ofThisDatabase.size === 0) answered();
      };
      return new Promise<Value>((resolve, reject) => {
        const cancel = after(ms, () => {
          ofThisDatabase.add(asked);
          reject(new DatabaseProblem('io', say('database.noAnswer')));
        });
        asked.then(
          (value) => {
            cancel();
            resolve(value);
            if (!wasOverdue()) return;
            late(value);
            goOn();
          },
          (error: unknown) => {
            cancel();
            reject(asError(error));
            if (!wasOverdue()) return;
            failed(error);
            goOn();
          },
        );
      });
    },
    isOverdue: () => overdue.size > 0,
    reset: () => {
      overdue = new Set();
    },
  };
}
