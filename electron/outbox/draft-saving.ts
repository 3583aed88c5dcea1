import { acwDeadline } from '../../domain/communication/moments.ts';
import { epoch } from '../../domain/clocks/time.ts';
import type { LocalDatabase } from '../../domain/database.ts';
import type { CallReplies } from '../../domain/ipc/contract.ts';
import { fateOf } from '../../domain/outbox/reconcile.ts';
import { lastDueOf, sharersOf, submissionFor, toLocal, type Model } from '../../domain/present/model.ts';
import { isBlank, type Draft, type Submission } from '../../domain/submissions.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';

/** What the outbox works with: the state, the local database and time. */
export interface Ports {
  readonly model: {
    getState(): Model;
    subscribe(listener: (now: Model, was: Model) => void): () => void;
  };
  readonly update: (change: (model: Model) => Partial<Model>) => void;
  /** Durable work; null when the database cannot be written now. */
  readonly attempt: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  readonly clock: Clock;
}

export interface DraftParts extends Ports {
  /** A chosen code counts at the server's limit, saved or not. */
  readonly submit: (key: string) => void;
  /** The server closed the wrap-up with something else. */
  readonly conflict: (draft: Draft, theirs: NonNullable<Submission['theirs']>) => void;
  /** The database cannot be written: `offer` has to be called later. */
  readonly offerLater: () => void;
}

export interface Drafts {
  /** Refused when this account has no such communication: the words are another account's. */
  readonly save: (draft: Omit<Draft, 'updatedAt'>) => Promise<Result<CallReplies['saveDraft']>>;
  /** Writes the draft of this communication once more: a submission got its place and removed an earlier one. */
  readonly rewrite: (key: string) => Promise<void>;
  /** Writes what could not be written before. */
  readonly offer: () => Promise<void>;
  /** How many are in this program alone. */
  readonly held: () => number;
  readonly start: () => void;
  readonly stop: () => void;
}

/** How long before the server's limit a chosen code is sent, in ms: one slow round trip. */
const marginMs = 2500;
/** How late a busy machine may come to that, in ms. */
const lateAtMostMs = 2500;
/** Long waits are cut, so that a clock that jumps meanwhile does not pass over the last moment; ms. */
const lookAgainMs = 2000;

/** Words the agent is still writing: durable as they are typed, and gone as soon as they are no draft any more. */
export function createDrafts(parts: DraftParts): Drafts {
  const { model, update, attempt, clock } = parts;
  /** The last state of each that could not be written, by key; a blank one has to be removed there. */
  const unwritten = new Map<string, Draft>();
  let cancelTimer = (): void => undefined;
  let unsubscribe = (): void => undefined;

  /** Judged at the last moment: another account's turn may have come while this waited for its own. */
  function isOurs(key: string): boolean {
    return model.getState().communications[key] !== undefined;
  }

  function isAboutSameWork(key: string, other: string): boolean {
    return sharersOf(model.getState(), key).some((sharer) => sharer.key === other);
  }

  async function write(draft: Draft): Promise<boolean> {
    const before = unwritten.get(draft.key);
    unwritten.delete(draft.key);
    const written = await attempt(async (database) => {
      if (!isOurs(draft.key)) return true;
      // What was erased counts its changes from the start again.
      if (before && isBlank(before)) await database.saveDraft(before);
      await database.saveDraft(draft);
      return true;
    });
    if (written) return true;
    unwritten.set(draft.key, draft);
    parts.offerLater();
    return false;
  }

  function show(draft: Draft): void {
    update(({ drafts: { [draft.key]: _before, ...others } }) => ({
      drafts: isBlank(draft) ? others : { ...others, [draft.key]: draft },
    }));
  }

  function remove(draft: Draft): void {
    const blank = { ...draft, code: null, name: null, notes: '' };
    show(blank);
    void write(blank);
  }

  /** Each draft against what the facts say by now. */
  function look(): void {
    const now = clock.now();
    let next = Infinity;
    for (const draft of Object.values(model.getState().drafts)) {
      // What was done about the one before may have changed it.
      const state = model.getState();
      const communication = state.communications[draft.key];
      if (!communication || state.drafts[draft.key] !== draft) continue;
      const fate = fateOf(draft, communication, submissionFor(state, draft.key));
      if (fate.kind === 'goes') remove(draft);
      else if (fate.kind === 'conflict') parts.conflict(draft, fate.theirs);
      else {
        const at = lastMoment(state, draft, now);
        if (at <= now) parts.submit(draft.key);
        else next = Math.min(next, at);
      }
    }
    // Whatever changed the state above has looked already.
    cancelTimer();
    if (next < Infinity) cancelTimer = clock.after(Math.min(next - now, lookAgainMs), look);
  }

  return {
    save: async (words) => {
      const { key, revision } = words;
      if (!isOurs(key)) return refused(say('refusal.unknown'));
      const held = model.getState().drafts[key];
      if (held && held.revision > revision) return ok({ revision, durable: true, reason: '' });
      const draft: Draft = { ...words, updatedAt: new Date(clock.now()).toISOString() };
      show(draft);
      // What is no draft by the facts is gone again already.
      const durable = isBlank(draft) || model.getState().drafts[key] === draft ? await write(draft) : true;
      // What was written about another leg of the same work is in this one now.
      for (const other of Object.values(model.getState().drafts))
        if (other.key !== key && isAboutSameWork(key, other.key)) remove(other);
      return ok({ revision, durable, reason: durable ? '' : say('draft.notDurable') });
    },
    rewrite: async (key) => {
      const draft = model.getState().drafts[key];
      if (draft) await write(draft);
    },
    offer: async () => {
      for (const draft of [...unwritten.values()]) {
        const current = model.getState().drafts[draft.key];
        // One that is gone without being removed became a submission, or belongs to another account.
        if (current || isBlank(draft)) await write(current ?? draft);
        else unwritten.delete(draft.key);
      }
    },
    held: () => [...unwritten.keys()].filter((key) => model.getState().drafts[key]).length,
    start: () => {
      unsubscribe = model.subscribe(look);
      look();
    },
    stop: () => {
      unsubscribe();
      cancelTimer();
    },
  };
}

/**
 * When a draft has to be sent, in epoch ms of this machine's clock; Infinity when nothing ends it. What was chosen
 * after the limit, or is found after it (a restart, a sleep), waits for the agent: the notes may not be written yet.
 */
function lastMoment(model: Model, { key, code, updatedAt }: Draft, now: number): number {
  const work = lastDueOf(model, key);
  const deadline = work ? acwDeadline(work) : null;
  // A draft beside a submission was written after it. Between two versions only the agent can choose.
  const isChoice = submissionFor(model, key)?.state === 'conflict';
  if (deadline === null || code === null || isChoice) return Infinity;
  const end = toLocal(model, deadline);
  const isTooLate = now > end + lateAtMostMs || (epoch(updatedAt) ?? 0) >= end;
  return isTooLate ? Infinity : end - marginMs;
}
