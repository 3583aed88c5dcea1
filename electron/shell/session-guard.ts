import type { AppState, Reminder, ReminderReason, StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { say } from '../../domain/words/say.ts';

/** How long sleep, or the end of the session, waits for an answer, ms: a login manager gives a program five seconds. */
const answerWithinMs = 4_000;
/** Whoever was asked and ends the session again has answered, ms. */
const askedOnceMs = 60_000;

interface SessionGuardParts {
  readonly source: StateSource;
  /** Puts the question into the widget, and brings that into sight. */
  readonly ask: (reminder: Reminder) => void;
  /** Has the system wait for a moment before it sleeps, where it can be asked to. Returns what lets it sleep. */
  readonly delaySleep: (why: string) => () => void;
  readonly clock: Clock;
}

export interface SessionGuard {
  /** The session is to end: true where a share goes on and is asked about; `then` is called with the answer, or in time. */
  readonly beforeEnd: (then: () => void) => boolean;
  readonly stop: () => void;
}

function keyOnAir({ status }: AppState): string | null {
  return status.phase === 'sharing' ? status.key : null;
}

/**
 * Asks about a share before the machine sleeps, restarts or ends the session: it would break off unseen. It waits
 * shorter than any system allows, and for nobody twice.
 */
export function startSessionGuard({ source, ask, delaySleep, clock }: SessionGuardParts): SessionGuard {
  let letSleep: (() => void) | null = null;
  let question: { readonly then: () => void; readonly cancel: () => void } | null = null;
  let askedAt = -Infinity;

  function put(key: string, reason: ReminderReason, then: () => void): void {
    question?.cancel();
    question = { then, cancel: clock.after(answerWithinMs, answered) };
    ask({ key, rung: 'modal', reason, minutes: 0, asks: true });
  }
  function answered(): void {
    const { then, cancel } = question ?? {};
    question = null;
    cancel?.();
    then?.();
  }
  function sleep(): void {
    letSleep?.();
    letSleep = null;
  }

  function follow(now: AppState, was: AppState): void {
    const { presence, reminder } = now;
    const key = keyOnAir(now);
    // Stopped, or meant to go on.
    if (question && reminder?.asks !== true) answered();
    if (key === null) sleep();
    else if (!presence.asleep) letSleep ??= delaySleep(say('guard.why'));
    if (presence.asleep === was.presence.asleep || key === null) return;
    if (presence.asleep) put(key, 'goesToSleep', sleep);
    else if (reminder?.reason === 'goesToSleep' && reminder.asks) ask({ ...reminder, reason: 'asleep' });
  }

  const unsubscribe = source.subscribe(follow);
  follow(source.getState(), source.getState());
  return {
    beforeEnd: (then) => {
      const key = keyOnAir(source.getState());
      if (key === null || clock.now() - askedAt < askedOnceMs) return false;
      askedAt = clock.now();
      put(key, 'sessionEnds', then);
      return true;
    },
    stop: () => {
      unsubscribe();
      question?.cancel();
      question = null;
      sleep();
    },
  };
}
