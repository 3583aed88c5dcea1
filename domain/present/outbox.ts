import type { Decision } from '../submissions.ts';
import type { Outbox, OutboxItem } from '../state.ts';
import { subjectWords } from '../words/subject.ts';
import { say } from '../words/say.ts';
import type { Model } from './model.ts';

function itemOf(model: Model, decision: Decision): OutboxItem | null {
  const { state } = decision;
  if (state === 'confirmed' || state === 'dropped') return null;
  const communication = model.communications[decision.key];
  const what = decision.kind === 'skip' ? say('outbox.skip') : (decision.name ?? decision.code ?? '');
  const about = communication ? subjectWords(communication) : say('prompt.subjectUnknown');
  return {
    id: decision.id,
    key: decision.key,
    words: `${what} – ${about}`,
    state,
    problem: decision.problem ?? '',
  };
}

/** What the agent decided and the server has not confirmed, so that nothing waits unseen. */
export function presentOutbox(model: Model): Outbox {
  const items = model.decisions.map((decision) => itemOf(model, decision)).filter((item) => item !== null);
  const count = (...states: OutboxItem['state'][]): number =>
    items.filter((item) => states.includes(item.state)).length;
  const parts = [
    { key: 'outbox.conflicts' as const, count: count('conflict') },
    { key: 'outbox.failed' as const, count: count('failed') },
    { key: 'outbox.waiting' as const, count: count('waiting') },
    { key: 'outbox.accepted' as const, count: count('accepted') },
  ];
  return {
    items,
    words: parts
      .filter((part) => part.count > 0)
      .map((part) => say(part.key, { count: part.count }))
      .join(' · '),
  };
}
