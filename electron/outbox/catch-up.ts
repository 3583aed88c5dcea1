import { isOpen, type Submission } from '../../domain/submissions.ts';
import type { LocalDatabase } from '../../domain/database.ts';
import type { Model } from '../../domain/present/model.ts';
import type { Schedule } from './schedule.ts';

/** How often what is only held here is offered to the database again, in ms. */
const againMs = 5000;

interface Parts {
  readonly getModel: () => Model;
  readonly attempt: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  /** A held submission got its place in the database, as it was when it was offered. */
  readonly placed: (submission: Submission) => Promise<void>;
  readonly schedule: Schedule;
}

/** How much of what a person wrote is in this program alone. */
export interface Held {
  /** Decided, and not known to be with the server either. */
  readonly wrapUps: number;
  readonly drafts: number;
}

/** What could not be written while history was paused, written as soon as it can be. */
export interface CatchUp {
  readonly holdDraft: (key: string) => void;
  readonly holdSubmission: (id: string) => void;
  readonly holdsSubmission: (id: string) => boolean;
  /** True when nothing that was decided before waits for its place any more. */
  readonly place: () => Promise<boolean>;
  /** Offers everything once, now. */
  readonly offer: () => Promise<void>;
  readonly held: () => Held;
}

export function createCatchUp({ getModel, attempt, placed, schedule }: Parts): CatchUp {
  const drafts = new Set<string>();
  const submissions = new Set<string>();

  async function writeDraft(key: string): Promise<void> {
    const draft = getModel().drafts[key];
    // Gone meanwhile: it became a submission.
    if (!draft || (await attempt((database) => database.saveDraft(draft).then(() => true))))
      drafts.delete(key);
  }

  async function writeSubmission(id: string): Promise<void> {
    const submission = getModel().submissions.find((one) => one.id === id);
    const kept = submission && (await attempt((database) => database.decide(submission)));
    if (submission && !kept) return;
    submissions.delete(id);
    // With its place the database let go of the draft it came from; newer words are written again.
    if (submission && getModel().drafts[submission.key]) drafts.add(submission.key);
    if (kept) await placed(kept);
  }

  /** The database orders submissions as they come: a later one must not get its place before an earlier one. */
  async function place(): Promise<boolean> {
    for (const id of [...submissions]) {
      await writeSubmission(id);
      if (submissions.has(id)) return false;
    }
    return submissions.size === 0;
  }

  async function offer(): Promise<void> {
    await place();
    for (const key of drafts) await writeDraft(key);
    if (drafts.size + submissions.size > 0) later();
  }

  function later(): void {
    schedule.after('catch-up', againMs, () => void offer());
  }

  return {
    holdDraft: (key) => {
      drafts.add(key);
      later();
    },
    holdSubmission: (id) => {
      submissions.add(id);
      later();
    },
    holdsSubmission: (id) => submissions.has(id),
    place,
    offer,
    held: () => {
      const model = getModel();
      return {
        wrapUps: model.submissions.filter((one) => submissions.has(one.id) && isOpen(one)).length,
        drafts: [...drafts].filter((key) => model.drafts[key] !== undefined).length,
      };
    },
  };
}
