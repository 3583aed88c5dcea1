import type { Submission } from '../submissions.ts';
import type { Outbox, OutboxItem } from '../state.ts';
import { subjectWords } from '../words/subject.ts';
import { say } from '../words/say.ts';
import type { Model } from './model.ts';

function itemOf(model: Model, submission: Submission): OutboxItem | null {
  const { state } = submission;
  if (state === 'confirmed' || state === 'dropped') return null;
  const communication = model.communications[submission.key];
  const what = submission.kind === 'skip' ? say('outbox.skip') : (submission.name ?? submission.code ?? '');
  const about = communication ? subjectWords(communication) : say('prompt.subjectUnknown');
  return {
    id: submission.id,
    key: submission.key,
    words: `${what} – ${about}`,
    state,
    problem: submission.problem ?? '',
  };
}

/** What the agent decided and the server has not confirmed, so that nothing waits unseen. */
export function presentOutbox(model: Model): Outbox {
  const items = model.submissions
    .map((submission) => itemOf(model, submission))
    .filter((item) => item !== null);
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
