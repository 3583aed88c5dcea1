import type { LocalDatabase } from '../../domain/database.ts';
import type { CallReplies } from '../../domain/ipc/contract.ts';
import { fateOf } from '../../domain/outbox/reconcile.ts';
import { sharersOf, statusAfter, submissionFor, type KnownState } from '../../domain/present/known-state.ts';
import { isCorrecting } from '../../domain/present/correction.ts';
import { chosenSentAt, defaultSentAt } from '../../domain/present/work-limit.ts';
import { isBlank, type Draft, type Submission } from '../../domain/submissions.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';

/** What the outbox works with: the state, the local database and time. */
export interface Ports {
  readonly model: {
    getState(): KnownState;
    subscribe(listener: (now: KnownState, was: KnownState) => void): () => void;
  };
  readonly update: (change: (model: KnownState) => Partial<KnownState>) => void;
  /** Durable work; null when the database cannot be written now. */
  readonly attempt: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  readonly clock: Clock;
}

export interface DraftParts extends Ports {
  /** A chosen code counts at the server's limit, saved or not. */
  readonly submit: (key: string) => void;
  /** The queue's own code counts at the limit where none was chosen. */
  readonly submitDefault: (key: string, code: Pick<Draft, 'code' | 'name'>) => void;
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
  readonly unsaved: () => number;
  readonly start: () => void;
  readonly stop: () => void;
}

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

  function withNextStatus({ nextStatus: _before, ...words }: Draft): Draft {
    const nextStatus = statusAfter(model.getState(), words.key);
    return nextStatus ? { ...words, nextStatus } : words;
  }
  function keepNextStatus(): void {
    for (const draft of Object.values(model.getState().drafts)) {
      const kept = withNextStatus(draft);
      if (kept.nextStatus?.id === draft.nextStatus?.id) continue;
      show(kept);
      void write(kept);
    }
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
      // The agent has what the server has before them.
      if (isCorrecting(state, draft.key)) continue;
      const fate = fateOf(draft, communication, submissionFor(state, draft.key));
      if (fate.kind === 'goes') remove(draft);
      else if (fate.kind === 'conflict') parts.conflict(draft, fate.theirs);
      else {
        const at = chosenSentAt(state, draft, now);
        if (at <= now) parts.submit(draft.key);
        else next = Math.min(next, at);
      }
    }
    for (const communication of Object.values(model.getState().communications)) {
      const sent = defaultSentAt(model.getState(), communication, now);
      if (sent === null) continue;
      if (sent.at <= now) parts.submitDefault(communication.key, sent.code);
      else next = Math.min(next, sent.at);
    }
    // Whatever changed the state above has looked already.
    cancelTimer();
    if (next < Infinity) cancelTimer = clock.after(Math.min(next - now, lookAgainMs), look);
  }

  return {
    save: async (words) => {
      const { key, revision } = words;
      if (!isOurs(key)) return refused(say('refusal.unknown'));
      const newest = model.getState().drafts[key];
      if (newest && newest.revision > revision) return ok({ revision, durable: true, reason: '' });
      const draft = withNextStatus({ ...words, updatedAt: new Date(clock.now()).toISOString() });
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
    unsaved: () => [...unwritten.keys()].filter((key) => model.getState().drafts[key]).length,
    start: () => {
      unsubscribe = model.subscribe((state, was) => {
        if (state.nextStatus !== was.nextStatus) keepNextStatus();
        look();
      });
      look();
    },
    stop: () => {
      unsubscribe();
      cancelTimer();
    },
  };
}
