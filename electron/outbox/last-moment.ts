import { afterCallWorkOf } from '../../domain/communication/phase.ts';
import { acwDeadline } from '../../domain/communication/moments.ts';
import { submissionFor, toLocal, type Model } from '../../domain/present/model.ts';

/** How long before the server's limit a chosen but unsaved code is sent, in ms: one slow round trip. */
const marginMs = 2500;

interface Parts {
  readonly model: { getState(): Model; subscribe(listener: () => void): () => void };
  readonly submit: (key: string) => void;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** Keys whose time runs out now, and when the next one does (epoch ms). */
function dueNow(model: Model, now: number): { keys: string[]; next: number | null } {
  const keys: string[] = [];
  let next: number | null = null;
  for (const communication of Object.values(model.communications)) {
    const end = acwDeadline(communication);
    const chosen = (model.drafts[communication.key]?.code ?? null) !== null;
    // A draft beside a submission was written after it. Between two versions only the agent can choose.
    const isChoice = submissionFor(model, communication.key)?.state === 'conflict';
    if (end === null || !chosen || isChoice || afterCallWorkOf(communication) !== 'due') continue;
    const at = toLocal(model, end) - marginMs;
    if (at <= now) keys.push(communication.key);
    else next = Math.min(next ?? Infinity, at);
  }
  return { keys, next };
}

/** At the server's timeout a chosen code counts, saved or not: it is sent just before. Returns its stop. */
export function sendAtTheLastMoment({ model, submit, clock }: Parts): () => void {
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(timer);
    const { keys, next } = dueNow(model.getState(), clock());
    // Long waits are cut, because the machine's clock may jump meanwhile.
    if (next !== null) timer = setTimeout(look, Math.min(next - clock(), 30_000));
    keys.forEach(submit);
  };
  const unsubscribe = model.subscribe(look);
  look();
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
