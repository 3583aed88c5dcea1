import type { Decision, Draft } from '../../domain/decisions.ts';
import type { Memory } from '../../domain/memory.ts';
import type { Model } from '../../domain/present/model.ts';
import type { Schedule } from './schedule.ts';

/** How often what is only held here is offered to the memory again, in ms. */
const againMs = 5000;

interface Parts {
  readonly getModel: () => Model;
  readonly attempt: <Value>(work: (memory: Memory) => Promise<Value>) => Promise<Value | null>;
  /** A held decision got its place in the memory. */
  readonly stored: (decision: Decision) => void;
  readonly schedule: Schedule;
}

/** What could not be written while history was paused, written as soon as it can be. */
export interface CatchUp {
  readonly holdDraft: (key: string) => void;
  readonly holdDecision: (id: string) => void;
}

export function createCatchUp({ getModel, attempt, stored, schedule }: Parts): CatchUp {
  const drafts = new Set<string>();
  const decisions = new Set<string>();

  async function writeDraft(draft: Draft | undefined): Promise<boolean> {
    // Gone meanwhile: it became a decision.
    if (!draft) return true;
    return (await attempt((memory) => memory.saveDraft(draft).then(() => true))) ?? false;
  }

  async function writeDecision(decision: Decision | undefined): Promise<boolean> {
    if (!decision) return true;
    const placed = await attempt((memory) => memory.decide(decision));
    if (placed) stored(placed);
    return placed !== null;
  }

  async function offer(): Promise<void> {
    const model = getModel();
    for (const key of drafts) if (await writeDraft(model.drafts[key])) drafts.delete(key);
    for (const id of decisions) {
      if (await writeDecision(model.decisions.find((decision) => decision.id === id))) decisions.delete(id);
    }
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
  };
}
