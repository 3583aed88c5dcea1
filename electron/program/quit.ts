import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron/main';
import { say } from '../../domain/words/say.ts';
import type { Held } from '../outbox/catch-up.ts';

/** How long what is held may be offered to the database once more, and how long a question waits for its answer, ms. */
export const lastTryMs = 3_000;
export const questionMs = 60_000;

export interface LeavingParts {
  /** Offers what is held to the database once more. */
  readonly lastTry: () => Promise<void>;
  readonly held: () => Held;
  /** Asks whether to quit all the same; true also when the question is taken back. */
  readonly ask: (held: Held, takenBack: AbortSignal) => Promise<boolean>;
  /** The person would rather go on. */
  readonly stay: () => void;
  /** Calls after `ms`, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** Closes everything and ends the program. */
  readonly end: () => void;
}

export interface Leaving {
  /** @param byPerson a person asked for it here and is there to answer; else the system wants it, now */
  readonly leave: (byPerson: boolean) => void;
}

/**
 * The program is to end while words may be held in it alone, for history is paused. They are offered to the
 * database once more, and a person who quits is asked once. Whatever else ends the program waits for nobody.
 */
export function createLeaving(parts: LeavingParts): Leaving {
  let under: 'nothing' | 'try' | 'question' | 'end' = 'nothing';
  let urgent = false;
  const question = { takenBack: new AbortController() };

  function within(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = parts.after(ms, resolve);
      void work
        .catch(() => undefined)
        .then(() => {
          cancel();
          resolve();
        });
    });
  }

  async function mayEnd(): Promise<boolean> {
    await within(lastTryMs, parts.lastTry());
    const held = parts.held();
    if (urgent || held.wrapUps + held.drafts === 0) return true;
    under = 'question';
    question.takenBack = new AbortController();
    const { takenBack } = question;
    const cancel = parts.after(questionMs, () => {
      takenBack.abort();
    });
    // A question that cannot be put holds up nothing.
    const answer = await parts.ask(held, takenBack.signal).catch(() => true);
    cancel();
    return answer;
  }

  async function begin(): Promise<void> {
    under = 'try';
    if (await mayEnd()) {
      under = 'end';
      parts.end();
      return;
    }
    under = 'nothing';
    parts.stay();
  }

  return {
    leave: (byPerson) => {
      if (!byPerson) {
        urgent = true;
        question.takenBack.abort();
      }
      if (under === 'nothing') void begin();
    },
  };
}

/** Asks whether to quit although words would be lost; true also when the question is taken back. */
export async function askWhetherToQuit(
  window: BrowserWindow | null,
  { wrapUps, drafts }: Held,
  takenBack: AbortSignal,
): Promise<boolean> {
  const goOn = 1;
  const options: MessageBoxOptions = {
    type: 'warning',
    message: say('quit.held', { wrapUps, drafts }),
    detail: say('quit.held.detail'),
    buttons: [say('quit.anyway'), say('quit.goOn')],
    defaultId: goOn,
    cancelId: goOn,
    signal: takenBack,
  };
  const { response } = window
    ? await dialog.showMessageBox(window, options)
    : await dialog.showMessageBox(options);
  return takenBack.aborted || response !== goOn;
}
