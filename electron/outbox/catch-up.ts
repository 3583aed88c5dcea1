import { isOpen, type Decision } from '../../domain/submissions.ts';
import type { Memory } from '../../domain/database.ts';
import type { Model } from '../../domain/present/model.ts';
import type { Schedule } from './schedule.ts';

/** How often what is only held here is offered to the memory again, in ms. */
const againMs = 5000;

interface Parts {
  readonly getModel: () => Model;
  readonly attempt: <Value>(work: (memory: Memory) => Promise<Value>) => Promise<Value | null>;
  /** A held decision got its place in the memory, as it was when it was offered. */
  readonly placed: (decision: Decision) => Promise<void>;
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
  readonly holdDecision: (id: string) => void;
  readonly holdsDecision: (id: string) => boolean;
  /** True when nothing that was decided before waits for its place any more. */
  readonly place: () => Promise<boolean>;
  /** Offers everything once, now. */
  readonly offer: () => Promise<void>;
  readonly held: () => Held;
}

export function createCatchUp({ getModel, attempt, placed, schedule }: Parts): CatchUp {
  const drafts = new Set<string>();
  const decisions = new Set<string>();

  async function writeDraft(key: string): Promise<void> {
    const draft = getModel().drafts[key];
    // Gone meanwhile: it became a decision.
    if (!draft || (await attempt((memory) => memory.saveDraft(draft).then(() => true)))) drafts.delete(key);
  }

  async function writeDecision(id: string): Promise<void> {
    const decision = getModel().decisions.find((one) => one.id === id);
    const kept = decision && (await attempt((memory) => memory.decide(decision)));
    if (decision && !kept) return;
    decisions.delete(id);
    // With its place the memory let go of the draft it came from; newer words are written again.
    if (decision && getModel().drafts[decision.key]) drafts.add(decision.key);
    if (kept) await placed(kept);
  }

  /** The memory orders decisions as they come: a later one must not get its place before an earlier one. */
  async function place(): Promise<boolean> {
    for (const id of [...decisions]) {
      await writeDecision(id);
      if (decisions.has(id)) return false;
    }
    return decisions.size === 0;
  }

  async function offer(): Promise<void> {
    await place();
    for (const key of drafts) await writeDraft(key);
    if (drafts.size + decisions.size > 0) later();
  }

  function later(): void {
    schedule.after('catch-up', againMs, () => void offer());
  }

  return {
    holdDraft: (key) => {
      drafts.add(key);
      later();
    },
    holdDecision: (id) => {
      decisions.add(id);
      later();
    },
    holdsDecision: (id) => decisions.has(id),
    place,
    offer,
    held: () => {
      const model = getModel();
      return {
        wrapUps: model.decisions.filter((one) => decisions.has(one.id) && isOpen(one)).length,
        drafts: [...drafts].filter((key) => model.drafts[key] !== undefined).length,
      };
    },
  };
}
