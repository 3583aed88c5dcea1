import type { AppState } from '../state.ts';

/**
 * The pill: all that is left of the widget while sharing, where the agent wants it small. It says that they share, who
 * can see it and for how long, and has the stop button; whatever it has no room for opens the whole widget again.
 */

/** Key of the share that may be shown as a pill now; null where something else asks for the agent. */
export function shareForPill({ status, prompt, question, reminder, gate }: AppState): string | null {
  const isAsked = (question !== null && !question.putOff) || reminder?.asks === true;
  const isWritten = prompt !== null && !prompt.connected;
  const needsAgent = status.others.some(
    ({ phase, limit }) => phase === 'alerting' || phase === 'sharing' || limit === 'near',
  );
  const isPossible = status.phase === 'sharing' && status.pressAgain === '';
  return isPossible && !gate && !isAsked && !isWritten && !needsAgent ? status.key : null;
}

/** What the agent is told beside the share, by names: one that was not there when they made it small opens it. */
export function toldBesideShare({ status, notices, database, outbox, reminder }: AppState): string[] {
  return [
    ...notices.filter(({ tone }) => tone !== 'info').map(({ id }) => `notice/${id}`),
    ...outbox.items
      .filter(({ state }) => state === 'conflict' || state === 'failed')
      .map(({ id }) => `submission/${id}`),
    ...(database.health === 'paused' ? ['paused'] : []),
    ...(status.observed === '' ? [] : [`observed/${status.observed}`]),
    ...(reminder ? [`reminder/${reminder.rung}`] : []),
  ];
}
